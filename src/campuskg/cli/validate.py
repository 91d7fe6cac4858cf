"""``campuskg validate``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.options import format_option, graph_option, sources_option, strict_option
from campuskg.errors import Lang, ProblemsFound, Severity, no_file

if TYPE_CHECKING:
    from campuskg.cli.app import Translate


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the commands of this module."""

    @click.command(
        "validate",
        help=t(
            "Vérifier le graphe curé, ou seulement les fichiers donnés, sans rien écrire.",
            "Check the curated graph, or only the files given, without writing anything.",
        ),
    )
    @click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar=t("[FICHIER]...", "[FILE]..."))
    @graph_option(t)
    @sources_option(t)
    @format_option(t, "text", "json")
    @strict_option(t)
    def validate_command(files: tuple[Path, ...], folder: Path | None, sources: Path | None, form: str, *, strict: bool) -> int:
        from campuskg.release import validate

        for file in files:
            if not file.is_file():
                raise no_file(file)
        found = ProblemsFound(validate(folder, files, sources))
        if form == "json":
            import json

            click.echo(json.dumps([p.as_json() for p in found.problems], ensure_ascii=False, indent=1))
        elif found.problems:
            click.echo(found.say(lang), err=True)
        else:
            click.echo(t("Aucun problème.", "No problem."))
        return int(any(strict or p.severity is Severity.ERROR for p in found.problems))

    return [validate_command]
