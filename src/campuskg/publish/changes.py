"""What changed between two releases, in sentences: every added or removed triple of the facts is in exactly one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pyoxigraph as ox

from campuskg.errors import Lang, Text, pick
from campuskg.ontology import load_terms
from campuskg.publish.sentences import Facts, Sentences, facts_of
from campuskg.queries import Query, catalogue
from campuskg.release import Release
from campuskg.release.difference import Difference
from campuskg.release.layers import graph_name

Kind = Literal["added", "removed", "changed"]

_WORDS = {"added": Text("Ajouté", "Added"), "removed": Text("Retiré", "Removed"), "changed": Text("Modifié", "Changed")}
_LAYERS = {
    "claims": Text("assertions et preuves", "claims and evidence"),
    "sources": Text("documents et passages", "documents and passages"),
    "inferred": Text("déductions", "inferences"),
    "vocabulary": Text("vocabulaire", "vocabulary"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one thing or statement: what became of it, its sentence, the triples it covers (added, removed)."""

    kind: Kind
    node: str
    sentence: str
    added: int
    removed: int

    def say(self, lang: Lang) -> str:
        """Return the sentence after what became of it."""
        return f"{pick(_WORDS[self.kind], lang)}{' : ' if lang == 'fr' else ': '}{self.sentence}"


@dataclass(frozen=True, slots=True)
class QueryImpact:
    """A query of the catalogue whose answer changed: rows that only the newer answer has, rows that only the older one has."""

    query: Query
    added: int
    removed: int


def changes(found: Difference, old: Release, new: Release, lang: Lang) -> list[Change]:
    """Return the changes of the facts, by thing, statements after the things; in *lang*."""
    added, removed = (facts_of(q for q in quads if q.graph_name == graph_name("facts")) for quads in found.quads())
    return [
        _change(_Node(node, added.get(node, {}), removed.get(node, {})), old, new, lang)
        for node in sorted({*added, *removed}, key=lambda node: (_is_statement(node, old, new), node.value))
    ]


def consequences(found: Difference, lang: Lang) -> list[str]:
    """Return one sentence for each other layer that changed: what the facts drew along."""
    added, removed = (Counter(q.graph_name for q in quads) for quads in found.quads())
    colon = " : " if lang == "fr" else ": "
    return [
        f"{pick(words, lang).capitalize()}{colon}+{added[graph_name(layer)]} −{removed[graph_name(layer)]}"
        for layer, words in _LAYERS.items()
        if added[graph_name(layer)] or removed[graph_name(layer)]
    ]


def query_impact(old: Release, new: Release) -> Iterator[QueryImpact]:
    """Yield the queries of the catalogue whose answer, with their default parameters, is not the same in both releases."""
    for query in catalogue().values():
        before, after = (_answer(release, query) for release in (old, new))
        if before != after:
            yield QueryImpact(query, (after - before).total(), (before - after).total())


def _answer(release: Release, query: Query) -> Counter[str]:
    answer = release.store.run(query.sparql)
    rows = answer if isinstance(answer, Sequence) else getattr(answer, "rows", [answer])
    return Counter(str(row) for row in rows)


@dataclass(frozen=True, slots=True)
class _Node:
    """A node of the facts, with the values it gained and lost."""

    iri: ox.NamedNode
    added: Facts
    removed: Facts


def _change(node: _Node, old: Release, new: Release, lang: Lang) -> Change:
    before, after = _facts(node.iri, old), _facts(node.iri, new)
    kind: Kind = "changed" if before and after else "added" if after else "removed"
    says = Sentences((new if after else old).names, lang)
    earlier = Sentences(old.names, lang)
    if _is_statement(node.iri, old, new):
        sentence = says.statement(after or before)
    else:
        sentence = (
            f"{says.thing(node.iri)} ({', '.join(says.value('rdf:type', v) for v in (after or before).get('rdf:type', ()))})"
        )
    if kind == "changed" or not _is_statement(node.iri, old, new):
        details = " ; ".join(_details(node, says, earlier, kind))
        sentence = f"{sentence} — {details}" if details else sentence
    return Change(kind, node.iri.value, sentence, _count(node.added), _count(node.removed))


def _details(node: _Node, says: Sentences, earlier: Sentences, kind: Kind) -> Iterator[str]:
    """Yield ``property: old → new`` for each property that changed."""
    for name in sorted({*node.added, *node.removed}):
        if name == "rdf:type" and kind != "changed":
            continue
        gained = ", ".join(says.value(name, value) for value in node.added.get(name, ()))
        lost = ", ".join(earlier.value(name, value) for value in node.removed.get(name, ()))
        shown = gained or lost if kind != "changed" else f"{lost or '∅'} → {gained or '∅'}"
        yield f"{says.property(name)} : {shown}"


def _facts(node: ox.NamedNode, release: Release) -> Facts:
    quads: Iterable[ox.Quad] = (q for q in release.store.about(node) if q.graph_name == graph_name("facts"))
    return facts_of(quads).get(node, {})


def _is_statement(node: ox.NamedNode, *releases: Release) -> bool:
    terms = load_terms()
    return any(
        isinstance(cls, ox.NamedNode) and cls.value in terms.classes and terms.is_statement(cls.value)
        for release in releases
        for cls in _facts(node, release).get("rdf:type", ())
    )


def _count(facts: Facts) -> int:
    return sum(len(values) for values in facts.values())
