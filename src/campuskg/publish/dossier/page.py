"""A dossier as one HTML file for paper: style and pictures inside, no script, nothing asked of the network."""

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import unquote

from markupsafe import Markup

from campuskg.publish import words as said
from campuskg.publish.dossier.asked import Asked
from campuskg.publish.dossier.compose import Dossier
from campuskg.publish.dossier.plan import style, words
from campuskg.publish.dossier.sources import Passage
from campuskg.publish.pages import Frame, render
from campuskg.publish.svg.words import plain

_SHORT: Final = 12
"""Hexadecimal digits of a digest that are enough for an address of a release."""
_FEW: Final = 3
"""Values of a parameter that a note lists."""
_LONGEST_LINK: Final = 150


@dataclass(frozen=True, slots=True)
class Note:
    """What stands under a table or a figure: the query, its values, which rows are kept, where to ask again."""

    number: int
    query: str
    question: str
    values: str
    kept: str
    link: str
    shown_link: str
    given: str
    rows: int


def as_html(found: Dossier) -> str:
    """Return *found* as a page of its own."""
    frame = Frame(found.lang, f"/dossier/{found.slug}", digest=found.digest)
    return render(
        "dossier.html",
        frame,
        d=found,
        t=words(found.lang),
        style=Markup(styled(found)),  # noqa: S704  our own style sheet, and a digest that holds nothing but digits
        svg=Markup,
        note=lambda asked: note(asked, found),
        day=lambda text: said.date(text, found.lang),
        short=_hexadecimal(found.digest)[:_SHORT],
        documented=list(documented(found)),
    )


def styled(found: Dossier) -> str:
    """Return the style sheet of *found*: the head of every page names the campus and the day, its foot the release."""
    w = words(found.lang)
    digest = _hexadecimal(found.digest)[:_SHORT]
    head = f"{w['dossier']} – {found.name} – {w['state'].format(date=said.date(found.at, found.lang))}"
    return style().replace("campuskg-release", f"campuskg · {w['release_word']} {digest}").replace("campuskg-head", quoted(head))


def quoted(text: str) -> str:
    r"""Return *text* as it stands inside a string of CSS: all but letters, digits and spaces by their code (CSS Syntax 3, 4.3.7).

    >>> quoted('CMQ "</style>')
    'CMQ \\22 \\3c \\2f style\\3e '
    """
    return "".join(one if one == " " or one.isalnum() else rf"\{ord(one):x} " for one in text)


def security_of(page: str) -> str:
    """Return the Content-Security-Policy (CSP 3) under which *page* may be shown: its own style and empty icon, nothing else."""
    inside = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    held = inside[1] if inside else ""
    digest = base64.b64encode(sha256(held.encode()).digest()).decode()
    own = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:"
    return f"{own}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"


def note(asked: Asked, found: Dossier) -> Note:
    """Return what is said under what *asked* fills."""
    w, answer = words(found.lang), asked.answer
    values = []
    for name, parameter in answer.query.parameters.items():
        terms = answer.values.get(name) or parameter.default
        if terms:
            several = w["more_values"].format(count=len(terms))
            told = several if len(terms) > _FEW else ", ".join(plain(answer.shown(name, term), 80) for term in terms)
            values.append(f"{answer.text(parameter.label)}{' : ' if found.lang == 'fr' else ': '}{told}")
    link = asked.permalink
    short = unquote(link).removeprefix("https://").replace(found.digest, _hexadecimal(found.digest)[:_SHORT])
    kept = ""
    if asked.columns:
        headings = w["or"].join(answer.text(answer.column(name).label) for name in asked.columns)
        kept = w["kept"].format(columns=headings, among=w[f"among_{asked.among}"])
    shown = plain(short) if len(short) <= _LONGEST_LINK else short.partition("?")[0] + "?…"
    question = plain(answer.query.asked(found.lang))
    return Note(asked.number, asked.name, question, "; ".join(values), kept, link, shown, asked.given, len(asked.kept))


@dataclass(frozen=True, slots=True)
class Source:
    """One document of the annex."""

    key: str
    title: str
    issued: str
    publisher: str
    row: int | None
    passages: Sequence[Passage]


def documented(found: Dossier) -> Iterator[Source]:
    """Yield the documents of the annex, described as far as the graph does."""
    for document in found.documents:
        told = {"document": document.key, "issued": "", "publisher": ""}
        if document.row is not None:
            names = found.library.rows.variables
            row = found.library.rows.rows[document.row]
            told = {name: plain(found.library.answer.shown(name, term), 200) for name, term in zip(names, row, strict=True)}
        yield Source(document.key, told["document"], told["issued"], told["publisher"], document.row, document.passages)


def _hexadecimal(text: str) -> str:
    return "".join(re.findall("[0-9a-f]", text))
