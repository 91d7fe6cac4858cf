"""``campuskg coverage``, ``campuskg find`` and ``campuskg new``: tools that make the next report cheap to curate."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.options import graph_option
from campuskg.cli.table import text_table
from campuskg.cli.written import write_file
from campuskg.errors import Lang, ProblemsFound, Severity

if TYPE_CHECKING:
    from campuskg.cli.app import Translate
    from campuskg.curation import Coverage


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the commands of this module."""

    @click.command(
        "coverage",
        help=t(
            "Montrer quelles lignes de chaque texte sont citées, par section, et les silences.",
            "Show which lines of each text are cited, by section, and the silences.",
        ),
    )
    @click.option(
        "--html", type=click.Path(path_type=Path), default=None, help=t("Écrire aussi une page HTML.", "Also write an HTML page.")
    )
    @graph_option(t)
    def coverage_command(html: Path | None, folder: Path | None) -> int:
        from campuskg.curation import coverage_html, measure_coverage
        from campuskg.graph import load_curated

        curated = load_curated(folder)
        if any(p.severity is Severity.ERROR for p in curated.problems):
            raise ProblemsFound(curated.problems)
        found = measure_coverage(curated, folder)
        silences = sum(_print_coverage(coverage, t, lang) for coverage in found)
        if html is not None:
            write_file(html, coverage_html(found, lang).encode())
            click.echo(t(f"Page écrite : {html}", f"Page written: {html}"))
        return int(silences > 0)

    @click.command("find", help=t("Chercher des mots dans les fichiers curés.", "Search words in the curated files."))
    @click.argument("words", nargs=-1, required=True, metavar=t("MOT...", "WORD..."))
    def find_command(words: tuple[str, ...]) -> int:
        from campuskg.curation import find_text

        hits = list(find_text(" ".join(words)))
        for hit in hits:
            click.echo(f"{hit.place}: {hit.record}: {hit.line}")
        if not hits:
            click.echo(t("Rien trouvé.", "Nothing found."), err=True)
        return int(not hits)

    @click.command(
        "new",
        help=t(
            "Écrire le début d'un enregistrement, avec un identifiant libre. CLASSE : Lycee, Company, Project, Event…",
            "Write the beginning of a record, with a free id. CLASS: Lycee, Company, Project, Event…",
        ),
    )
    @click.argument("class_name", metavar=t("CLASSE", "CLASS"))
    @click.argument("label", metavar=t("NOM", "NAME"))
    def new_command(class_name: str, label: str) -> None:
        from campuskg.curation import scaffold

        click.echo(scaffold(class_name, label), nl=False)

    return [coverage_command, find_command, new_command]


def _print_coverage(coverage: "Coverage", t: "Translate", lang: Lang) -> int:
    """Print the coverage of one text; return the number of silences that have no recorded reason."""
    from campuskg.curation import LONGEST_SILENCE

    title = coverage.source.title if lang == "fr" else coverage.source.title_en
    click.echo(f"{title} — {coverage.share():.0%}\n")
    rows = [(f"{s.first}–{s.last}", s.title, coverage.bar(s), f"{coverage.share(s):.0%}") for s in coverage.sections]
    click.echo(text_table((t("Lignes", "Lines"), "Section", t("Citées", "Cited"), t("Part", "Share")), rows))
    silences = [gap for gap in coverage.gaps(LONGEST_SILENCE) if gap.section.narrative]
    for gap in silences:
        where = f"{coverage.source.id}:{gap.first}-{gap.last}"
        click.echo(t(f"  silence de {gap.lines} lignes : {where}", f"  silence of {gap.lines} lines: {where}"))
    click.echo()
    return len(silences)
