"""``campuskg sparql`` and ``campuskg query``."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.options import release_option
from campuskg.cli.table import text_table
from campuskg.errors import Lang, MissingInput, UsageProblem
from campuskg.publish import words

if TYPE_CHECKING:
    import pyoxigraph as ox

    from campuskg.cli.app import Translate
    from campuskg.queries import Query
    from campuskg.release.opened import Release
    from campuskg.store import Rows

_TABULAR = ("table", "csv", "json")
_GRAPHS = ("ttl", "nt")


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
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
    @click.option(
        "--format",
        "form",
        type=click.Choice([*_TABULAR, *_GRAPHS]),
        default=None,
        show_default=False,
        help=t("Forme de la sortie (table, ou ttl pour un CONSTRUCT).", "Form of the output (table, or ttl for a CONSTRUCT)."),
    )
    def sparql_command(query: str, release: Path, form: str | None) -> None:
        from campuskg.release import open_release

        text = _query_text(query)
        _print_answer(open_release(release), text, form)

    @click.group(
        "query", help=t("Lister, lire et poser les questions du catalogue.", "List, read and run the questions of the catalogue.")
    )
    def query_group() -> None:
        pass

    @query_group.command("list", help=t("Lister les questions du catalogue.", "List the questions of the catalogue."))
    def list_command() -> None:
        from campuskg.queries import catalogue

        rows = [(query.name, query.asked(lang)) for query in catalogue().values()]
        click.echo(text_table((t("Nom", "Name"), "Question"), rows))

    @query_group.command("show", help=t("Montrer le texte d'une question.", "Show the text of a question."))
    @click.argument("name", metavar=t("NOM", "NAME"))
    def show_query(name: str) -> None:
        from campuskg.queries import find_query

        click.echo(find_query(name).sparql.rstrip("\n"))

    @query_group.command("run", help=t("Poser une question du catalogue.", "Run a question of the catalogue."))
    @click.argument("name", metavar=t("NOM", "NAME"))
    @release_option(t)
    @click.option(
        "--format", "form", type=click.Choice(_TABULAR), default="table", help=t("Forme de la sortie.", "Form of the output.")
    )
    def run_query(name: str, release: Path, form: str) -> None:
        from campuskg.queries import find_query
        from campuskg.release import open_release

        query = find_query(name)
        opened = open_release(release)
        rows = opened.store.select(query.sparql)
        if form == "table":
            click.echo(query.asked(lang))
            click.echo()
            click.echo(answer_table(query, rows, opened, lang))
            note = query.text("note", lang)
            if note:
                click.echo(f"\n{note}")
        else:
            _print_rows(rows, form)

    return [sparql_command, query_group]


def _query_text(query: str) -> str:
    if query == "-":
        return sys.stdin.read()
    if "{" in query:
        return query
    path = Path(query)
    if not path.is_file():
        raise MissingInput("file-missing", file=query)
    return path.read_text(encoding="utf-8")


def _print_answer(release: "Release", text: str, form: str | None) -> None:
    import pyoxigraph as ox

    from campuskg.ontology import prefixes
    from campuskg.release import turtle
    from campuskg.store import Rows

    answer = release.store.run(text, prefixes=prefixes())
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
    if form == "json":
        click.echo(
            json.dumps(
                {"head": {"vars": list(rows.variables)}, "results": {"bindings": _bindings(rows)}}, ensure_ascii=False, indent=1
            )
        )
    elif form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(rows.variables)
        writer.writerows([term.value if term is not None else "" for term in row] for row in rows.rows)
        click.echo(out.getvalue(), nl=False)
    else:
        from campuskg.ontology import compact
        from campuskg.release.layers import ID

        def cell(term: "ox.NamedNode | ox.Literal | ox.BlankNode | None") -> str:
            value = "" if term is None else term.value
            return value.removeprefix(ID) if value.startswith(ID) else compact(value) if value.startswith("http") else value

        click.echo(text_table(rows.variables, [[cell(term) for term in row] for row in rows.rows]))


def _bindings(rows: "Rows") -> list[dict[str, dict[str, str]]]:
    """Return the bindings in the SPARQL 1.1 Query Results JSON form."""
    import pyoxigraph as ox

    def term(value: "ox.NamedNode | ox.Literal | ox.BlankNode") -> dict[str, str]:
        if isinstance(value, ox.NamedNode):
            return {"type": "uri", "value": value.value}
        if isinstance(value, ox.BlankNode):
            return {"type": "bnode", "value": value.value}
        extra = {"xml:lang": value.language} if value.language else {}
        if not extra and not value.datatype.value.endswith("#string"):
            extra = {"datatype": value.datatype.value}
        return {"type": "literal", "value": value.value, **extra}

    return [
        {name: term(value) for name, value in zip(rows.variables, row, strict=True) if value is not None} for row in rows.rows
    ]


def answer_table(query: "Query", rows: "Rows", release: "Release", lang: Lang) -> str:
    """Return the answer to a catalogue query as a table: names for IRIs, numbers by the form of their column."""
    import pyoxigraph as ox

    forms = {"euro": words.euro, "percent": words.percent, "number": words.number, "date": words.date}

    def cell(name: str, term: "ox.NamedNode | ox.Literal | ox.BlankNode | None") -> str:
        if term is None:
            return ""
        if isinstance(term, ox.NamedNode):
            return release.names.name(term.value, lang)
        form = forms.get(query.header.get(f"columns.{name}.form", ""))
        return form(term.value, lang) if form else term.value

    shown = [[cell(name, term) for name, term in zip(rows.variables, row, strict=True)] for row in rows.rows]
    return text_table([query.column(name, lang) for name in rows.variables], shown)
