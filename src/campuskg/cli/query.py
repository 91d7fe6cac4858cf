"""``campuskg query``: the catalogue, listed, shown, run and checked."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.options import endpoint_option, format_option, release_option
from campuskg.cli.table import text_table
from campuskg.cli.written import write_file
from campuskg.errors import Lang, MissingInput, ProblemsFound, UsageProblem, pick

if TYPE_CHECKING:
    from campuskg.cli.app import Translate
    from campuskg.publish.answers import Answer
    from campuskg.queries import Query

FORMS = ("table", "csv", "json", "xlsx", "ttl", "md")


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the commands of this module."""
    group = click.Group(
        "query",
        help=t(
            "Lister, lire, poser et vérifier les questions du catalogue.",
            "List, read, run and check the questions of the catalogue.",
        ),
    )
    for make in (_list_command, _show_command, _run_command, _check_command):
        group.add_command(make(t, lang))
    return [group]


def _list_command(t: "Translate", lang: Lang) -> click.Command:
    @click.command("list", help=t("Lister les questions du catalogue.", "List the questions of the catalogue."))
    @click.option("--tag", default=None, help=t("Seulement ce thème.", "Only this theme."))
    @click.option(
        "--search",
        default="",
        metavar=t("MOTS", "WORDS"),
        help=t("Seulement les questions qui contiennent ces mots.", "Only the questions that hold these words."),
    )
    @format_option(t, "table", "json")
    def list_command(tag: str | None, search: str, form: str) -> None:
        from campuskg.errors import nearest
        from campuskg.queries import tags
        from campuskg.queries.index import found_queries

        if tag is not None and tag not in tags():
            raise UsageProblem("tag-unknown", tag=tag, known=nearest(tag, tags()) or ", ".join(tags()))
        found = found_queries(tag, search)
        if form == "json":
            _print_json([_described(query) for query in found])
            return
        rows = [(query.name, query.asked(lang), ", ".join(query.tags)) for query in found]
        if rows:
            click.echo(text_table((t("Nom", "Name"), "Question", t("Thèmes", "Themes")), rows))
        else:
            click.echo(t("Aucune question ne correspond.", "No question matches."))

    return list_command


def _show_command(t: "Translate", lang: Lang) -> click.Command:
    @click.command(
        "show",
        help=t(
            "Montrer une question : ce qu'elle demande, ses paramètres et leurs valeurs possibles, ses colonnes, son texte.",
            "Show a question: what it asks, its parameters and what they can be, its columns, its text.",
        ),
    )
    @click.argument("name", metavar=t("NOM", "NAME"))
    @click.option(
        "--sparql",
        is_flag=True,
        help=t("Donner seulement le texte SPARQL, sans en-tête.", "Give only the SPARQL text, no header."),
    )
    @format_option(t, "text", "json")
    @release_option(t)
    def show_query(name: str, release: Path, form: str, *, sparql: bool) -> None:
        from campuskg.queries import find_query

        query = find_query(name)
        if sparql:
            click.echo(query.body.rstrip("\n"))
            return
        if form == "json":
            _print_json({**_described(query), "sparql": query.body})
            return
        from campuskg.cli.query_page import QueryPage

        try:
            from campuskg.release import open_release

            store = open_release(release).store
        except MissingInput:
            store = None  # the choices are left out: a question can be read before there is a release
        click.echo(QueryPage(t, lang).text(query, store))

    return show_query


def _run_command(t: "Translate", lang: Lang) -> click.Command:
    @click.command("run", help=t("Poser une question du catalogue.", "Run a question of the catalogue."))
    @click.argument("name", metavar=t("NOM", "NAME"))
    @click.option(
        "--param",
        "given",
        multiple=True,
        metavar=t("nom=valeur", "name=value"),
        help=t(
            "Valeur d'un paramètre : nom, sigle, identifiant, date, montant ou code ; plusieurs fois si le paramètre le permet.",
            "Value of a parameter: name, acronym, id, date, amount or code; several times where the parameter allows it.",
        ),
    )
    @release_option(t)
    @endpoint_option(t)
    @click.option(
        "--format",
        "form",
        type=click.Choice(FORMS),
        default=None,
        show_default=False,
        help=t("Forme de la sortie (table, ou celle du fichier).", "Form of the output (table, or that of the file)."),
    )
    @click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=None,
        help=t("Fichier où écrire la réponse.", "File to write the answer to."),
    )
    @click.option(
        "--evidence",
        is_flag=True,
        help=t(
            "Ajouter une colonne : les passages qui prouvent chaque ligne.", "Add a column: the passages that prove each row."
        ),
    )
    def run_query(  # noqa: PLR0913  the options of the command
        name: str,
        given: tuple[str, ...],
        release: Path,
        endpoint: str | None,
        form: str | None,
        out: Path | None,
        *,
        evidence: bool,
    ) -> None:
        from campuskg.cli.source import open_source
        from campuskg.publish.answers import answer_query
        from campuskg.queries import find_query, read_values

        chosen = chosen_form(form, out)
        query = find_query(name)
        texts = texts_given(given)
        source = open_source(release, endpoint)
        values = read_values(query, texts, source.store, source.names)
        answer = answer_query(query, source.store, source.names, lang, values=values, digest=source.digest, issued=source.issued)
        if evidence:
            from campuskg.publish.evidence import evidence as proofs
            from campuskg.publish.evidence import given_things

            answer = answer.with_evidence(proofs(answer.rows, source.store, given_things(answer)))
        write_answer(answer, chosen, out)

    return run_query


def _check_command(t: "Translate", lang: Lang) -> click.Command:
    @click.command(
        "check",
        help=t(
            "Poser toutes les questions et dire lesquelles ne donnent plus la réponse que leur auteur a écrite ; "
            "avec --against, dire aussi lesquelles ne répondent plus comme une autre livraison.",
            "Run all questions and say which no longer give the answer that their author wrote; "
            "with --against, also say which no longer answer as another release does.",
        ),
    )
    @release_option(t)
    @endpoint_option(t)
    @click.option(
        "--against",
        type=click.Path(path_type=Path),
        default=None,
        help=t("Livraison à laquelle comparer les réponses.", "Release to compare the answers with."),
    )
    def check_command(release: Path, endpoint: str | None, against: Path | None) -> int:
        from campuskg.cli.source import open_store
        from campuskg.queries import catalogue
        from campuskg.queries.asserted import changed_answer, check_answer

        store = open_store(release, endpoint)
        other = open_store(against) if against else None
        problems = []
        for query in catalogue().values():
            answer = store.run(query.sparql)
            problems += check_answer(query, answer)
            problems += changed_answer(query, answer, other.run(query.sparql)) if other else []
        if problems:
            click.echo(ProblemsFound(problems).say(lang), err=True)
            return ProblemsFound.exit_code
        click.echo(t(f"{len(catalogue())} questions, aucune différence.", f"{len(catalogue())} questions, no difference."))
        return 0

    return check_command


def _described(query: "Query") -> dict[str, object]:
    from campuskg.publish.described import described

    return described(query, None)


def _print_json(told: object) -> None:
    click.echo(json.dumps(told, ensure_ascii=False, indent=1))


def texts_given(given: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the values as typed, by parameter."""
    found: dict[str, list[str]] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageProblem("parameter-pair", value=pair)
        found.setdefault(name.strip(), []).append(value)
    return found


def chosen_form(form: str | None, out: Path | None) -> str:
    """Return the form asked for, or that of the file's name; a workbook needs a file or a pipe."""
    suffix = out.suffix.removeprefix(".").lower() if out else ""
    chosen = form or (suffix if suffix in FORMS else "table")
    if chosen == "xlsx" and out is None and sys.stdout.isatty():
        raise UsageProblem("query-needs-file", format=chosen)
    return chosen


def write_answer(answer: "Answer", form: str, out: Path | None) -> None:
    """Write *answer* to *out* or to the terminal."""
    data = _table(answer).encode() if form == "table" else _rendered(answer, form)
    if out is None:
        click.echo(data if form == "xlsx" else data.decode(), nl=False)
        return
    write_file(out, data)


def _rendered(answer: "Answer", form: str) -> bytes:
    from campuskg.publish.formats import render

    return render(answer, form)


def _table(answer: "Answer") -> str:
    """Return the answer for a terminal: question, values, rows or why there is none, note."""
    from campuskg.publish.answers import empty_reason

    if not answer.is_table:
        return _rendered(answer, "ttl").decode()
    colon = " :" if answer.lang == "fr" else ":"
    head = [answer.query.asked(answer.lang), *(f"{label}{colon} {value}" for label, value in answer.parameters())]
    rows = answer.cells()
    parts = ["\n".join(head), text_table(answer.headings(), rows) if rows else empty_reason(answer)]
    parts += [note] if (note := pick(answer.query.note, answer.lang)) else []
    return "\n\n".join(parts) + "\n"
