"""What was made of a question, in words: which query and why, what was filled in, and what nobody knows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from campuskg.ask.answer import Outcome, Question
from campuskg.ask.match import Candidate
from campuskg.errors import Lang, Text, pick
from campuskg.queries import catalogue, tags
from campuskg.store.engine import Term

_MESSAGES = {
    "chosen": Text("Voici la question du catalogue qui y répond.", "Here is the question of the catalogue that answers it."),
    "offered": Text("Plusieurs questions du catalogue s'en approchent :", "Several questions of the catalogue come near it:"),
    "unknown": Text(
        "Je ne sais pas répondre à cette question : rien dans le catalogue n'en parle.",
        "I do not know how to answer this question: nothing in the catalogue speaks about it.",
    ),
    "private": Text(
        "Le graphe ne contient pas de données personnelles ({because}) ; je ne réponds pas à cette question.",
        "The graph holds no personal data ({because}); I do not answer this question.",
    ),
    "elsewhere": Text(
        "Le graphe ne couvre pas « {because} » : il décrit les campus de Bourgogne-Franche-Comté.",
        "The graph does not cover '{because}': it describes the campuses of Bourgogne-Franche-Comté.",
    ),
}


Shown = Callable[[Term], str]
"""Says one value in words: a name for a thing, a date as the reader writes it."""


@dataclass(frozen=True, slots=True)
class Told:
    """An outcome in words: the message, the reasons for each candidate, the themes to ask about instead."""

    message: str
    reasons: Sequence[Sequence[str]]
    themes: Sequence[str]


def told(outcome: Outcome, shown: Shown, lang: Lang) -> Told:
    """Return *outcome* in words of *lang*; *shown* says the values."""
    message = pick(_MESSAGES[outcome.verdict], lang).format(because=outcome.because)
    if outcome.verdict == "unknown" and outcome.because:
        message += pick(Text(" Mots inconnus : {0}.", " Unknown words: {0}."), lang).format(outcome.because)
    reasons = [tuple(_reasons(outcome.question, candidate, shown, lang)) for candidate in outcome.candidates]
    return Told(message, reasons, () if outcome.candidates else themes(lang))


def _reasons(question: Question, candidate: Candidate, shown: Shown, lang: Lang) -> list[str]:
    """Return why *candidate* may answer: the words it speaks about, the parameters filled, those left, what has no place."""
    found = []
    if candidate.matched:
        said = ", ".join(dict.fromkeys(question.said(unit) for unit in candidate.matched))
        found.append(pick(Text("mots reconnus : {0}", "words recognised: {0}"), lang).format(said))
    for name, terms in candidate.filling.values.items():
        found.append(f"{_label(candidate, name, lang)}{_colon(lang)}{', '.join(map(shown, terms))}")
    for name in candidate.unfilled:
        terms = candidate.card.query.parameters[name].default
        by_default = pick(Text("par défaut", "by default"), lang)
        found.append(f"{by_default}{_colon(lang)}{_label(candidate, name, lang)} {', '.join(map(shown, terms))}")
    if candidate.filling.homeless:
        said = ", ".join(candidate.filling.homeless)
        found.append(pick(Text("sans place ici : {0}", "no place for it here: {0}"), lang).format(said))
    return found


def _label(candidate: Candidate, name: str, lang: Lang) -> str:
    return pick(candidate.card.query.parameters[name].label, lang)


def _colon(lang: Lang) -> str:
    return " : " if lang == "fr" else ": "


def themes(lang: Lang) -> Sequence[str]:
    """Return what the catalogue is about, for whoever asked something else."""
    used = {tag for query in catalogue().values() for tag in query.tags}
    return [pick(known, lang) for tag, known in tags().items() if tag in used]
