"""``campuskg ask``: a question in one's own words, to the queries of the catalogue."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.elsewhere import elsewhere_option
from campuskg.cli.options import release_option
from campuskg.cli.query import FORMS, chosen_form, write_answer
from campuskg.errors import Lang

if TYPE_CHECKING:
    from campuskg.ask import Outcome, Told
    from campuskg.cli.app import Translate
    from campuskg.release import Release
    from campuskg.store.engine import Term

_SECOND = 2
_UNKNOWN = 1
"""Exit code when nobody knows: the call was right, the answer is that there is none."""


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the command of this module."""

    @click.command(
        "ask",
        help=t(
            "Poser une question en français ou en anglais : la question du catalogue qui y répond est montrée et posée ; "
            "sinon trois sont proposées.",
            "Ask a question in French or English: the question of the catalogue that answers it is chosen, shown and run; "
            "otherwise three are offered.",
        ),
    )
    @click.argument("question", nargs=-1, required=True, metavar="QUESTION")
    @release_option(t)
    @elsewhere_option(t)
    @click.option(
        "--run/--no-run",
        "run",
        default=True,
        help=t("Poser la question choisie, ou seulement la montrer.", "Run the chosen question, or only show it."),
    )
    @click.option(
        "--format",
        "form",
        type=click.Choice(FORMS),
        default=None,
        show_default=False,
        help=t("Forme de la réponse (table).", "Form of the answer (table)."),
    )
    def ask_command(question: tuple[str, ...], release: Path, form: str | None, *, run: bool) -> int:
        from campuskg.ask import Asker, told
        from campuskg.release import open_release

        chosen = chosen_form(form, None)
        opened = open_release(release)
        outcome = Asker(opened.store).ask(" ".join(question))
        words = told(outcome, lambda term: _shown(opened, term, lang), lang)
        click.echo(_text(outcome, words, t, lang), err=chosen != "table")
        if outcome.verdict == "chosen" and run:
            _run(outcome, opened, chosen, lang)
        return 0 if outcome.candidates else _UNKNOWN

    return [ask_command]


def _text(outcome: "Outcome", words: "Told", t: "Translate", lang: Lang) -> str:
    """Return what is said before the answer: the queries with the reasons for each, or what one can ask about."""
    lines = [words.message]
    for number, candidate in enumerate(outcome.candidates, 1):
        if number == _SECOND and outcome.verdict == "chosen":
            lines += [t("Autres questions proches :", "Other questions near it:")]
        lines += [f"{number}. {candidate.card.query.asked(lang)} [{candidate.name}]"]
        lines += [f"   {reason}" for reason in words.reasons[number - 1]] if number == 1 or outcome.verdict == "offered" else []
    if outcome.verdict == "offered":
        lines += [t("Pour en poser une : campuskg query run NOM", "To run one: campuskg query run NAME")]
    if words.themes:
        lines += [t("On peut demander : ", "One can ask about: ") + ", ".join(words.themes)]
    return "\n".join(lines) + "\n"


def _shown(release: "Release", term: "Term", lang: Lang) -> str:
    import pyoxigraph as ox

    from campuskg.publish.words import date

    if isinstance(term, ox.NamedNode):
        return release.names.name(term.value, lang)
    return date(term.value, lang) if isinstance(term, ox.Literal) and term.datatype.value.endswith("#date") else term.value


def _run(outcome: "Outcome", release: "Release", form: str, lang: Lang) -> None:
    from campuskg.publish.answers import answer_query

    best = outcome.candidates[0]
    values = best.filling.values
    issued = release.date
    answer = answer_query(
        best.card.query, release.store, release.names, lang, values=values, digest=release.digest, issued=issued
    )
    write_answer(answer, form, None)
