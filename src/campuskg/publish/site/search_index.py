"""The index that the search of a static site loads: every thing with its names and classes, every question of the catalogue."""

import json
from collections.abc import Iterable

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.ontology import compact, expand, load_terms
from campuskg.queries import catalogue
from campuskg.release import Release
from campuskg.release.layers import ID, graph_name

_NAMES = ("skos:altLabel", "skos:hiddenLabel", "cmq:acronym")


def search_index(release: Release) -> bytes:
    """Return the index as JSON: ``classes`` (name, labels, broader classes), ``things`` and ``questions``.

    A thing is its path below ``id/``, its French name, its English name where it differs, its narrowest class (a number in
    ``classes``), its other names. What no one calls by name (claims, passages, statements) is not in it.
    """
    terms = load_terms()
    narrow = {iri: cls for iri, cls in _narrowest(release).items() if not terms.is_statement(cls)}
    classes = sorted(set(narrow.values()))
    number = {cls: index for index, cls in enumerate(classes)}
    others = _others(release)
    things = []
    for iri, cls in sorted(narrow.items()):
        fr, en = (release.names.name(iri, lang) for lang in ("fr", "en"))
        rest = sorted(others.get(iri, set()) - {fr, en})
        things.append([iri.removeprefix(ID), fr, "" if en == fr else en, number[cls], *rest])
    found = {"classes": [_class(cls) for cls in classes], "things": things, "questions": list(_questions())}
    return (json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _class(iri: str) -> dict[str, object]:
    terms = load_terms()
    above = sorted({compact(iri), *(compact(one) for one in terms.ancestors(iri))})
    return {"name": compact(iri), **{lang: terms.labels.get(iri, {}).get(lang, "") for lang in ("fr", "en")}, "is": above}


def _narrowest(release: Release) -> dict[str, str]:
    """Return the narrowest class of ours of every thing that has a name."""
    terms = load_terms()
    kinds: dict[str, set[str]] = {}
    for quad in release.store.matching(expand("rdf:type")):
        if quad.graph_name == graph_name("facts") and isinstance(quad.subject, ox.NamedNode):
            kinds.setdefault(quad.subject.value, set()).add(str(quad.object)[1:-1])
    named = {q.subject.value for q in release.store.matching(expand("skos:prefLabel")) if isinstance(q.subject, ox.NamedNode)}
    found = {}
    for iri in named & kinds.keys():
        if iri.startswith(ID):
            above = {parent for cls in kinds[iri] for parent in terms.ancestors(cls) - {cls}}
            found[iri] = min(kinds[iri] - above, key=lambda cls: (not cls.startswith(BASE_IRI), cls))
    return found


def _others(release: Release) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name in _NAMES:
        for quad in release.store.matching(expand(name)):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                found.setdefault(quad.subject.value, set()).add(quad.object.value)
    return found


def _questions() -> Iterable[list[str]]:
    for query in catalogue().values():
        phrases = [phrase for said in query.phrases.values() for phrase in said]
        yield [query.name, query.question.fr, query.question.en, " ".join(phrases)]
