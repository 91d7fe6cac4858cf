"""``campuskg sparql``."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.options import endpoint_option, release_option
from campuskg.cli.table import text_table
from campuskg.errors import Lang, UsageProblem, no_file

if TYPE_CHECKING:
    import pyoxigraph as ox

    from campuskg.cli.app import Translate
    from campuskg.store import Rows

_TABULAR = ("table", "csv", "json")
_GRAPHS = ("ttl", "nt")


def commands(t: "Translate", lang: Lang) -> list[click.Command]:  # noqa: ARG001  the signature of all command modules
    """Return the commands of this module."""

    @click.command(
        "sparql",
        help=t(
            "Poser une requête SPARQL à une livraison. REQUÊTE : le texte, un fichier .rq, ou - pour l'entrée standard.",
            "Ask a SPARQL query to a release. QUERY: the text, a .rq file, or - for standard input.",
        ),
    )
    @click.argument("query", metavar=t("REQUÊTE", "QUERY"))
    @release_option(t)
    @endpoint_option(t)
    @click.option(
        "--format",
        "form",
        type=click.Choice([*_TABULAR, *_GRAPHS]),
        default=None,
        show_default=False,
        help=t("Forme de la sortie (table, ou ttl pour un CONSTRUCT).", "Form of the output (table, or ttl for a CONSTRUCT)."),
    )
    def sparql_command(query: str, release: Path, endpoint: str | None, form: str | None) -> None:
        from campuskg.cli.source import open_store
        from campuskg.ontology import prefixes

        text = _query_text(query)
        _print_answer(open_store(release, endpoint).run(text, prefixes=prefixes()), form)

    return [sparql_command]


def _query_text(query: str) -> str:
    if query == "-":
        return sys.stdin.read()
    if "{" in query:
        return query
    path = Path(query)
    if not path.is_file():
        raise no_file(path)
    return path.read_text(encoding="utf-8")


def _print_answer(answer: "Rows | bool | Sequence[ox.Triple]", form: str | None) -> None:
    import pyoxigraph as ox

    from campuskg.release import turtle
    from campuskg.store import Rows

    if isinstance(answer, bool):
        _allowed(form, _TABULAR)
        click.echo(json.dumps({"head": {}, "boolean": answer}) if form == "json" else str(answer).lower())
    elif isinstance(answer, Rows):
        _allowed(form, _TABULAR)
        _print_rows(answer, form or "table")
    else:
        _allowed(form, _GRAPHS)
        data = turtle(answer) if form != "nt" else ox.serialize(sorted(set(answer), key=str), format=ox.RdfFormat.N_TRIPLES)
        click.echo((data or b"").decode().rstrip("\n"))


def _allowed(form: str | None, known: Sequence[str]) -> None:
    if form is not None and form not in known:
        raise UsageProblem("query-format", format=form, known=", ".join(known))


def _print_rows(rows: "Rows", form: str) -> None:
    from campuskg.publish.results import as_csv, as_json

    if form == "json":
        click.echo(as_json(rows))
    elif form == "csv":
        click.echo(as_csv(rows), nl=False)
    else:
        from campuskg.ontology import compact
        from campuskg.release.layers import ID

        def cell(term: "ox.NamedNode | ox.Literal | ox.BlankNode | None") -> str:
            value = "" if term is None else term.value
            return value.removeprefix(ID) if value.startswith(ID) else compact(value) if value.startswith("http") else value

        click.echo(text_table(rows.variables, [[cell(term) for term in row] for row in rows.rows]))
