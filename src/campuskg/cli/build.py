"""``campuskg build``."""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.options import RELEASE_FOLDER, Decorator, graph_option, sources_option, stacked, strict_option
from campuskg.errors import Lang, Text, pick

if TYPE_CHECKING:
    from campuskg.cli.app import Translate
    from campuskg.release.build import BuildReport


def _added_options(t: "Translate") -> Decorator:
    """Return the options of what goes into the release beside the curated graph."""
    return stacked(
        click.option(
            "--with",
            "added",
            type=click.Path(path_type=Path),
            metavar=t("FICHIER", "FILE"),
            multiple=True,
            help=t(
                "N-Quads ou N-Triples (.nq, .nt, aussi .gz) à joindre : données importées. Peut être répétée.",
                "N-Quads or N-Triples (.nq, .nt, also .gz) to go with it: imported data. May be repeated.",
            ),
        ),
        click.option(
            "--links",
            type=click.Path(path_type=Path),
            metavar=t("FICHIER", "FILE"),
            multiple=True,
            help=t(
                "Fichier de campuskg link, relu : ce qui y est accepté entre dans la livraison. Peut être répétée.",
                "File of campuskg link, reviewed: what is accepted in it goes into the release. May be repeated.",
            ),
        ),
    )


def _running_options(t: "Translate") -> Decorator:
    """Return the options of how the build runs."""
    return stacked(
        click.option(
            "--memory-budget",
            "memory",
            type=click.IntRange(min=1),
            metavar="MIB",
            default=None,
            help=t(
                "Mémoire que la construction peut prendre, en MiB (par défaut : ce qui est libre) ; "
                "sinon elle n'est pas commencée.",
                "Memory that the build may take, in MiB (by default: what is free); a build that needs more is not begun.",
            ),
        ),
        click.option(
            "--times", is_flag=True, help=t("Donner aussi la durée de chaque étape.", "Also give the time of each stage.")
        ),
    )


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
    @_added_options(t)
    @strict_option(t)
    @_running_options(t)
    def build_command(  # noqa: PLR0913  one parameter an option
        out: Path,
        folder: Path | None,
        sources: Path | None,
        added: tuple[Path, ...],
        links: tuple[Path, ...],
        memory: int | None,
        *,
        strict: bool,
        times: bool,
    ) -> None:
        from campuskg.release import build
        from campuskg.release.room import check_memory

        check_memory(added, memory)
        shown = Stages(lang)
        with _accepted(links, t) as reviewed:
            report = build(out, folder=folder, sources=sources, added=(*added, *reviewed), strict=strict, progress=shown)
        shown.done()
        for problem in report.warnings:
            click.echo(problem.say(lang), err=True)
        _say(out, report, t)
        if times:
            _say_times(report, t)

    return [build_command]


def _say(out: Path, report: "BuildReport", t: "Translate") -> None:
    """Say what was built."""
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


def _say_times(report: "BuildReport", t: "Translate") -> None:
    stages = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in report.seconds.items())
    total = sum(report.seconds.values())
    click.echo(t(f"Durées : {stages} ; en tout {total:.2f} s", f"Times: {stages}; {total:.2f} s in all"), err=True)


@contextmanager
def _accepted(files: Sequence[Path], t: "Translate") -> Iterator[Sequence[Path]]:
    """Give the accepted links of reviewed *files* as a file of quads; say what nobody has reviewed, for it is left out."""
    if not files:
        yield ()
        return
    from campuskg.ingest.link import link_quads, read_review

    reviews = [read_review(file) for file in files]
    quads = link_quads(reviews)
    for file, review in zip(files, reviews, strict=True):
        if review.waiting:
            click.echo(
                t(
                    f"{file} : {review.waiting} rapprochement(s) à accepter que personne n'a relu(s) : laissé(s) de côté.",
                    f"{file}: {review.waiting} match(es) to accept that nobody has reviewed: left out.",
                ),
                err=True,
            )
    with tempfile.TemporaryDirectory(prefix="campuskg-links-") as folder:
        path = Path(folder) / "links.nq"
        path.write_text("".join(quads), encoding="utf-8")
        yield (path,)


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
