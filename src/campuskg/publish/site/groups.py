"""The pages of what shares a page: each claim, inference or passage under its anchor, in words, with its links."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import Lang
from campuskg.ontology import compact, expand
from campuskg.publish.pages import Frame, render
from campuskg.publish.rdf_forms import RDF_FORMS
from campuskg.publish.site.rules import place
from campuskg.publish.site.words import said
from campuskg.publish.values import shown
from campuskg.release import Release

_LEFT_OUT: Final = frozenset({"rdf:type", "oa:exact"})
_LAST: Final = ("cmq:sourcePassage",)
_MOST: Final = 12
"""Links to what a passage proves; the data hold them all."""


@dataclass(frozen=True, slots=True)
class Term:
    """A value in words, with its address where it is a thing."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A property and its values."""

    label: str
    values: Sequence[Term]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """One thing of a group: its anchor, its path, what is said of it."""

    anchor: str
    path: str
    lines: Sequence[Line]


class GroupPages:
    """Makes the pages of groups."""

    def __init__(self, release: Release) -> None:
        """Prepare for *release*."""
        self._release = release
        self._names = release.names

    def page(self, document: str, paths: Sequence[str], frame: Frame, forms: Sequence[str]) -> str:
        """Return the page of the group *document*, which holds the things at *paths*; its data have *forms*."""
        lang, words = frame.lang, said(frame.lang)
        kind = document.split("/")[1]
        members = [Member(self._anchor(path), path, list(self._lines(path, lang))) for path in paths]
        data = {"s": words, "kind_key": kind, "what": words[f"{kind}_what"], "document": document, "members": members}
        return render("site_group.html", frame, forms=[RDF_FORMS[form] for form in forms], **data)

    def _anchor(self, path: str) -> str:
        found = place(path)
        return found.anchor if found else ""

    def _lines(self, path: str, lang: Lang) -> Iterator[Line]:
        node = ox.NamedNode(BASE_IRI + path)
        values: dict[str, list[ox.NamedNode | ox.Literal]] = {}
        for quad in sorted(self._release.store.about(node), key=str):
            if isinstance(quad.object, (ox.NamedNode, ox.Literal)):
                values.setdefault(quad.predicate.value, []).append(quad.object)
        for predicate in sorted(values, key=lambda iri: (compact(iri) in _LAST, _order(compact(iri)), iri)):
            if compact(predicate) not in _LEFT_OUT:
                terms = [self._term(predicate, value, lang) for value in dict.fromkeys(values[predicate])]
                yield Line(self._names.name(predicate, lang), terms)
        if path.startswith("id/passage/"):
            yield from self._proves(node, lang)

    def _proves(self, node: ox.NamedNode, lang: Lang) -> Iterator[Line]:
        """Yield what the passage *node* proves."""
        passage = expand("cmq:sourcePassage")
        proved = {q.subject for q in self._release.store.to(node) if q.predicate.value == passage}
        found = sorted({self._proved(one, lang) for one in proved if isinstance(one, ox.NamedNode)})
        if found:
            yield Line(said(lang)["proves"], [Term(*one) for one in found[:_MOST]], max(len(found) - _MOST, 0))

    def _proved(self, node: ox.NamedNode, lang: Lang) -> tuple[str, str]:
        """Return a claim as « subject, property, value », another thing by its name; with its address."""
        parts = {compact(q.predicate.value): q.object for q in self._release.store.about(node)}
        href = f"/page/{node.value.removeprefix(BASE_IRI)}"
        if "rdf:subject" not in parts:
            return self._names.name(node.value, lang), href
        subject, predicate, value = (parts[f"rdf:{name}"] for name in ("subject", "predicate", "object"))
        words = [self._name(subject, lang), self._name(predicate, lang)]
        assert isinstance(predicate, ox.NamedNode) and isinstance(value, (ox.NamedNode, ox.Literal))  # noqa: S101, PT018
        return " · ".join([*words, shown(predicate.value, value, self._names, lang)]), href

    def _name(self, term: object, lang: Lang) -> str:
        return self._names.name(term.value, lang) if isinstance(term, ox.NamedNode) else str(term)

    def _term(self, predicate: str, value: ox.NamedNode | ox.Literal, lang: Lang) -> Term:
        text = shown(predicate, value, self._names, lang)
        if isinstance(value, ox.Literal):
            return Term(text)
        ours = value.value.startswith(BASE_IRI)
        path = value.value.removeprefix(BASE_IRI)
        href = (f"/{path}" if path.startswith("ontology") else f"/page/{path}") if ours else value.value
        return Term(text if text != value.value else compact(value.value), href if ours or href.startswith("http") else "")


_FIRST: Final = ("rdf:subject", "rdf:predicate", "rdf:object", "oa:hasSource", "cmq:startLine", "cmq:endLine")


def _order(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
