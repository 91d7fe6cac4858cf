"""``campuskg build``."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.options import RELEASE_FOLDER, graph_option, sources_option, strict_option
from campuskg.errors import Lang, Text, pick

if TYPE_CHECKING:
    from campuskg.cli.app import Translate


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the commands of this module."""

    @click.command(
        "build",
        help=t(
            "Construire une livraison : lire, vérifier, déduire, valider, écrire. Rien n'est écrit si une erreur est trouvée.",
            "Build a release: read, check, infer, validate, write. Nothing is written when an error is found.",
        ),
    )
    @click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=Path(RELEASE_FOLDER),
        help=t("Dossier de la livraison.", "Folder of the release."),
    )
    @graph_option(t)
    @sources_option(t)
    @click.option(
        "--with",
        "added",
        type=click.Path(path_type=Path, dir_okay=False),
        multiple=True,
        help=t(
            "N-Quads ou N-Triples (.nq, .nt, aussi .gz) à joindre : données importées. Peut être répétée.",
            "N-Quads or N-Triples (.nq, .nt, also .gz) to go with it: imported data. May be repeated.",
        ),
    )
    @strict_option(t)
    @click.option("--times", is_flag=True, help=t("Donner aussi la durée de chaque étape.", "Also give the time of each stage."))
    def build_command(
        out: Path, folder: Path | None, sources: Path | None, added: tuple[Path, ...], *, strict: bool, times: bool
    ) -> None:
        from campuskg.release import build

        shown = Stages(lang)
        report = build(out, folder=folder, sources=sources, added=added, strict=strict, progress=shown)
        shown.done()
        for problem in report.warnings:
            click.echo(problem.say(lang), err=True)
        totals, classes = report.counts["totals"], report.counts["classes"]
        claims, warnings = classes.get("cmq:Claim", 0), len(report.warnings)
        click.echo(
            t(
                f"{out} : {totals['quads']} quadruplets, "
                f"{report.records} enregistrements, {claims} assertions, {warnings} avertissement(s).",
                f"{out}: {totals['quads']} quads, {report.records} records, {claims} claims, {warnings} warning(s).",
            )
        )
        click.echo(t(f"Empreinte {report.digest}", f"Digest {report.digest}"))
        if times:
            stages = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in report.seconds.items())
            total = sum(report.seconds.values())
            click.echo(t(f"Durées : {stages} ; en tout {total:.2f} s", f"Times: {stages}; {total:.2f} s in all"), err=True)

    return [build_command]


class Stages:
    """Shows the stages of a build with their seconds on a terminal; silent in a pipe."""

    def __init__(self, lang: Lang) -> None:
        """Show words in *lang*."""
        self._lang = lang
        self._live = sys.stderr.isatty()
        self._start: float | None = None

    def __call__(self, stage: Text) -> None:
        """Show that *stage* begins."""
        self.done()
        if self._live:
            self._start = time.perf_counter()
            click.echo(f"  {pick(stage, self._lang)} … ", nl=False, err=True)

    def done(self) -> None:
        """Show that the current stage is over."""
        if self._live and self._start is not None:
            click.echo(f"{time.perf_counter() - self._start:.2f} s", err=True)
            self._start = None
