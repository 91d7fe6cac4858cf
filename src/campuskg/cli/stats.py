"""``campuskg stats``."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.options import format_option, release_option
from campuskg.cli.table import text_table
from campuskg.errors import Lang

if TYPE_CHECKING:
    from campuskg.cli.app import Translate


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the commands of this module."""

    @click.command("stats", help=t("Compter ce que contient une livraison.", "Count what a release holds."))
    @release_option(t)
    @format_option(t, "table", "json")
    def stats_command(release: Path, form: str) -> None:
        from campuskg.ontology import expand
        from campuskg.release import open_release

        opened = open_release(release)
        counts = opened.statistics()
        if form == "json":
            click.echo(json.dumps({**counts, "digest": opened.digest}, ensure_ascii=False, indent=1))
            return
        headings = {"layers": t("Couche", "Layer"), "classes": t("Classe", "Class"), "properties": t("Propriété", "Property")}
        for part, heading in headings.items():
            rows = [
                (name, "" if part == "layers" else opened.names.name(expand(name), lang), str(number))
                for name, number in sorted(counts[part].items(), key=lambda item: (-item[1], item[0]))
            ]
            click.echo(text_table((heading, t("Libellé", "Label"), t("Nombre", "Count")), rows))
            click.echo()
        click.echo(
            t(
                f"{counts['totals']['nodes']} nœuds, {counts['totals']['quads']} quadruplets, empreinte {opened.digest}",
                f"{counts['totals']['nodes']} nodes, {counts['totals']['quads']} quads, digest {opened.digest}",
            )
        )

    return [stats_command]
