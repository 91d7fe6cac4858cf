"""The pages of what shares a page: each claim, inference or passage under its anchor, in words, with its links."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import pyoxigraph as ox
from markupsafe import Markup

from campuskg.content import BASE_IRI
from campuskg.errors import Lang
from campuskg.ontology import compact, expand
from campuskg.publish.marks import escaped
from campuskg.publish.pages import Frame, interface_words, render
from campuskg.publish.rdf_forms import RDF_FORMS
from campuskg.publish.site.rules import place
from campuskg.publish.site.words import said as said_words
from campuskg.publish.values import shown
from campuskg.release import Release

_LEFT_OUT: Final = frozenset({"rdf:type", "oa:exact"})
_LAST: Final = ("cmq:sourcePassage",)
_PARTS: Final = {"rdf:subject": "part_subject", "rdf:predicate": "part_predicate", "rdf:object": "part_object"}
_MOST: Final = 12
"""Links to what a passage proves; the data hold them all."""


class Term(NamedTuple):
    """A value in words, with its address where it is a thing."""

    text: str
    href: str = ""


class Line(NamedTuple):
    """A property and its values."""

    label: str
    values: Sequence[Term]
    more: int = 0


class Member(NamedTuple):
    """One thing of a group: its anchor, its path, what is said of it."""

    anchor: str
    path: str
    lines: Sequence[Line]


Value = ox.NamedNode | ox.Literal


class _Said(NamedTuple):
    """What a page says of a member, before it is put in words."""

    values: Sequence[tuple[str, Sequence[Value]]]
    """Property and its values, in the order of the page."""
    proved: Sequence[tuple[ox.NamedNode, tuple[Value, ...]]]
    """What a passage proves: a claim with its subject, predicate and object, or another thing."""


class GroupPages:
    """Makes the pages of groups."""

    def __init__(self, release: Release) -> None:
        """Prepare for *release*."""
        self._release = release
        self._names = release.names
        self._read: dict[str, _Said] = {}

    def page(self, document: str, paths: Sequence[str], frame: Frame, forms: Sequence[str]) -> str:
        """Return the page of the group *document*, which holds the things at *paths*; its data have *forms*."""
        lang, words = frame.lang, said_words(frame.lang)
        if not self._read.keys() >= set(paths):  # the pages of a group follow each other, one for each language
            self._read.clear()
        kind = document.split("/")[1]
        members = _written((Member(self._anchor(path), path, list(self._lines(path, lang))) for path in paths), words["more"])
        data = {"s": words, "kind_key": kind, "what": words[f"{kind}_what"], "document": document, "members": members}
        return render("site_group.html", frame, forms=[RDF_FORMS[form] for form in forms], **data)

    def _anchor(self, path: str) -> str:
        found = place(path)
        return found.anchor if found else ""

    def _lines(self, path: str, lang: Lang) -> Iterator[Line]:
        said = self._read.get(path)
        if said is None:
            said = self._read[path] = self._said(path)
        for predicate, values in said.values:
            yield Line(self._label(predicate, lang), [self._term(predicate, value, lang) for value in values])
        if said.proved:
            found = sorted({self._proved(*one, lang) for one in said.proved})
            yield Line(said_words(lang)["proves"], [Term(*one) for one in found[:_MOST]], max(len(found) - _MOST, 0))

    def _label(self, predicate: str, lang: Lang) -> str:
        """Return the name of a property; those of RDF, which the ontology does not name, in the words of the pages of claims."""
        part = _PARTS.get(compact(predicate))
        return interface_words(lang)[part] if part else self._names.name(predicate, lang)

    def _said(self, path: str) -> _Said:
        """Return what is said of the thing at *path*, and for a passage what it proves: the same in both languages."""
        node = ox.NamedNode(BASE_IRI + path)
        values: dict[str, list[Value]] = {}
        for quad in sorted(self._release.store.about(node), key=str):
            if isinstance(quad.object, (ox.NamedNode, ox.Literal)):
                values.setdefault(quad.predicate.value, []).append(quad.object)
        told = [iri for iri in values if compact(iri) not in _LEFT_OUT]
        told.sort(key=lambda iri: (compact(iri) in _LAST, _order(compact(iri)), iri))
        proved: set[ox.NamedNode] = set()
        if path.startswith("id/passage/"):
            passage = expand("cmq:sourcePassage")
            proved = {
                quad.subject
                for quad in self._release.store.to(node)
                if quad.predicate.value == passage and isinstance(quad.subject, ox.NamedNode)
            }
        return _Said([(iri, list(dict.fromkeys(values[iri]))) for iri in told], [(one, self._claim(one)) for one in proved])

    def _claim(self, node: ox.NamedNode) -> tuple[Value, ...]:
        """Return subject, predicate and object of a claim; nothing for another thing."""
        parts = {quad.predicate.value: quad.object for quad in self._release.store.about(node)}
        found = [parts.get(expand(f"rdf:{name}")) for name in ("subject", "predicate", "object")]
        return tuple(part for part in found if isinstance(part, (ox.NamedNode, ox.Literal)))

    def _proved(self, node: ox.NamedNode, claim: tuple[Value, ...], lang: Lang) -> tuple[str, str]:
        """Return a claim as « subject, property, value », another thing by its name; with its address."""
        href = f"/page/{node.value.removeprefix(BASE_IRI)}"
        if not claim:
            return self._names.name(node.value, lang), href
        subject, predicate, value = claim
        words = [self._names.name(subject.value, lang), self._names.name(predicate.value, lang)]
        return " · ".join([*words, shown(predicate.value, value, self._names, lang)]), href

    def _term(self, predicate: str, value: ox.NamedNode | ox.Literal, lang: Lang) -> Term:
        text = shown(predicate, value, self._names, lang)
        if isinstance(value, ox.Literal):
            return Term(text)
        ours = value.value.startswith(BASE_IRI)
        path = value.value.removeprefix(BASE_IRI)
        href = (f"/{path}" if path.startswith("ontology") else f"/page/{path}") if ours else value.value
        return Term(text if text != value.value else compact(value.value), href if ours or href.startswith("http") else "")


def _written(members: Iterable[Member], more: str) -> Markup:
    """Return *members* as HTML, one section each; *more* says how many values are left out."""
    parts: list[str] = []
    for anchor, path, lines in members:
        parts.append(
            f'<section aria-labelledby="{escaped(anchor)}">\n  <h2 id="{escaped(anchor)}"><code>{escaped(path)}</code></h2>\n'
        )
        parts.append('  <dl class="facts">\n')
        for line in lines:
            parts.append(f"    <dt>{escaped(line.label)}</dt>\n")
            parts += [f"    <dd>{_linked(value)}</dd>\n" for value in line.values]
            if line.more:
                parts.append(f'<dd class="muted">{escaped(more.format(count=line.more))}</dd>')
        parts.append("  </dl>\n</section>\n")
    return Markup("".join(parts))  # noqa: S704  every part of it is escaped


def _linked(value: Term) -> str:
    text = escaped(value.text)
    return f'<a href="{escaped(value.href)}">{text}</a>' if value.href else text


_FIRST: Final = ("rdf:subject", "rdf:predicate", "rdf:object", "oa:hasSource", "cmq:startLine", "cmq:endLine")


def _order(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
