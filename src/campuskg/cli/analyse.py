"""``campuskg analyse``: what the network and the money say of dependence, bridges and gaps."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.elsewhere import elsewhere_option
from campuskg.cli.options import format_option, release_option
from campuskg.cli.results import as_csv, as_json, say
from campuskg.cli.table import text_table
from campuskg.errors import Lang

if TYPE_CHECKING:
    from campuskg.analysis import Report
    from campuskg.cli.app import Translate


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the commands of this module."""

    @click.command(
        "analyse",
        help=t(
            "Analyser le réseau et les financements. NOM : bridges (ponts), standings (place de chacun), groups (groupes), "
            "funding (concentration), single (un seul financeur, une seule personne), overlap (campus en commun), "
            "isolated (membres isolés), coverage (manques) ; sans NOM, la liste.",
            "Analyse the network and the funding. NAME: bridges, standings, groups, funding (concentration), single (one funder, "
            "one person), overlap (of campuses), isolated (members), coverage (gaps); without NAME, the list.",
        ),
    )
    @click.argument("name", metavar=t("NOM", "NAME"), required=False)
    @release_option(t)
    @elsewhere_option(t)
    @click.option(
        "--minimum",
        type=click.IntRange(min=1),
        default=1,
        help=t("Activités communes au moins pour un lien.", "Shared activities at least for a link."),
    )
    @click.option(
        "--limit",
        type=click.IntRange(min=1),
        default=None,
        show_default=False,
        help=t("Nombre de lignes au plus.", "Number of rows at most."),
    )
    @format_option(t, "table", "json", "csv")
    def analyse_command(name: str | None, release: Path, minimum: int, limit: int | None, form: str) -> None:
        from campuskg.analysis import REPORTS, report
        from campuskg.analysis.sentences import patterns
        from campuskg.release import open_release

        if name is None:
            rows = [(one, patterns()["report"][one][lang]) for one in REPORTS]
            click.echo(text_table((t("Nom", "Name"), t("Analyse", "Analysis")), rows))
            return
        found = report(name, open_release(release), lang, minimum)
        _write(found, form, limit, t)

    return [analyse_command]


def _write(found: "Report", form: str, limit: int | None, t: "Translate") -> None:
    lines = found.lines[:limit]
    if form == "json":
        head = {"analysis": found.name, "title": found.title, "caveats": found.caveats, "figures": found.figures}
        click.echo(as_json({**head, "count": len(found.lines), "results": [line.record() for line in lines]}))
        return
    if form == "csv":
        headings = (*found.columns, t("Phrase", "Sentence"), t("Preuve", "Evidence"))
        rows = [(*line.cells, line.sentence, " ".join(line.passages)) for line in lines]
        click.echo(as_csv(headings, rows), nl=False)
        return
    parts = [found.title, "\n".join(found.caveats)]
    if lines:
        proof = (*found.columns, t("Preuve", "Evidence"))
        parts.append(text_table(proof, [(*line.cells, _few(line.passages)) for line in lines]))
        parts.append("\n".join(line.sentence for line in lines[:_SAID]))
    else:
        from campuskg.analysis.sentences import patterns

        empty = patterns()["answer"]["empty"]
        parts.append(t(empty["fr"], empty["en"]))
    say("\n\n".join(parts))


_SAID = 5
"""How many rows are said in sentences below the table."""


def _few(passages: tuple[str, ...]) -> str:
    return passages[0] + (f" +{len(passages) - 1}" if len(passages) > 1 else "") if passages else ""
