"""The pages of what shares a page: each claim, inference or passage under its anchor, in words, with its links."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import pyoxigraph as ox
from markupsafe import Markup

from campuskg.content import BASE_IRI
from campuskg.errors import Lang
from campuskg.ontology import compact, expand
from campuskg.publish.drawn import address, capital
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
_REMEMBERED: Final = 1 << 14
"""Things that are remembered as links: most stand on several pages."""

Value = ox.NamedNode | ox.Literal


class _Said(NamedTuple):
    """What a page says of a member, before it is put in words."""

    values: Sequence[tuple[str, Sequence[Value]]]
    """Property and its values, in the order of the page."""
    proved: Sequence[tuple[ox.NamedNode, tuple[Value, ...]]]
    """What a passage proves: a claim with its subject, predicate and object, or another thing."""


class GroupPages:
    """Makes the pages of groups: lists of a hundred thousand values, written without a template."""

    def __init__(self, release: Release) -> None:
        """Prepare for *release*."""
        self._release = release
        self._names = release.names
        self._read: dict[str, _Said] = {}
        self._labels: dict[tuple[str, Lang], str] = {}
        self._things: dict[tuple[str, Lang], str] = {}

    def page(self, document: str, paths: Sequence[str], frame: Frame, forms: Sequence[str]) -> str:
        """Return the page of the group *document*, which holds the things at *paths*; its data have *forms*."""
        lang, words = frame.lang, said_words(frame.lang)
        if not self._read.keys() >= set(paths):  # the pages of a group follow each other, one for each language
            self._read = {path: self._said(path) for path in paths}
        kind = document.split("/")[1]
        members = Markup("".join(part for path in paths for part in self._member(path, lang)))  # noqa: S704  escaped part by part
        data = {"s": words, "kind_key": kind, "what": words[f"{kind}_what"], "document": document, "members": members}
        return render("site_group.html", frame, forms=[RDF_FORMS[form] for form in forms], **data)

    def _member(self, path: str, lang: Lang) -> Iterator[str]:
        """Yield one thing of a group as a section: under its anchor what is said of it, and what it proves."""
        where, said = place(path), self._read[path]
        anchor = escaped(where.anchor if where else "")
        yield f'<section aria-labelledby="{anchor}">\n  <h2 id="{anchor}"><code>{escaped(path)}</code></h2>\n'
        yield '  <dl class="facts">\n'
        for predicate, values in said.values:
            yield f"    <dt>{self._label(predicate, lang)}</dt>\n"
            for value in values:
                yield f"    <dd>{self._value(predicate, value, lang)}</dd>\n"
        if said.proved:
            yield f"    <dt>{escaped(said_words(lang)['proves'])}</dt>\n"
            found = sorted({self._proved(*one, lang) for one in said.proved})
            yield from (f'    <dd><a href="{escaped(href)}">{escaped(text)}</a></dd>\n' for text, href in found[:_MOST])
            if len(found) > _MOST:
                yield f'<dd class="muted">{escaped(said_words(lang)["more"].format(count=len(found) - _MOST))}</dd>'
        yield "  </dl>\n</section>\n"

    def _label(self, predicate: str, lang: Lang) -> str:
        """Return the name of a property; those of RDF, which the ontology does not name, in the words of the pages of claims."""
        if (predicate, lang) not in self._labels:
            part = _PARTS.get(compact(predicate))
            name = interface_words(lang)[part] if part else self._names.name(predicate, lang)
            self._labels[predicate, lang] = escaped(capital(name))
        return self._labels[predicate, lang]

    def _value(self, predicate: str, value: Value, lang: Lang) -> str:
        if isinstance(value, ox.Literal):
            return escaped(shown(predicate, value, self._names, lang))
        iri = value.value
        known = self._things.get((iri, lang))
        if known is None:
            if len(self._things) >= _REMEMBERED:
                self._things.clear()
            known = self._things[iri, lang] = self._thing(iri, lang)
        return known

    def _thing(self, iri: str, lang: Lang) -> str:
        name = self._names.name(iri, lang)
        text, href = escaped(name if name != iri else compact(iri)), address(iri)
        return f'<a href="{escaped(href)}">{text}</a>' if href else text

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


_FIRST: Final = ("rdf:subject", "rdf:predicate", "rdf:object", "oa:hasSource", "cmq:startLine", "cmq:endLine")


def _order(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
