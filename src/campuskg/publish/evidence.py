"""Evidence on demand: for each row of an answer, the passages that prove it, found on the same engine as the answer.

A row is proved by the claims (and inferences) whose subject and object both stand in it, and by the qualified statements
(participations, mandates, fundings…) that join at least two of its things.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import permutations
from typing import Final, Protocol, runtime_checkable
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.ontology import expand, load_terms
from campuskg.publish.answers import Answer
from campuskg.queries import written
from campuskg.queries.choices import Engine
from campuskg.store import Rows
from campuskg.store.engine import Term

_BATCH: Final = 400
"""Terms in one query: short enough for any endpoint."""
_PASSAGE: Final = BASE_IRI + "id/passage/"
_ENTITY: Final = BASE_IRI + "id/"
_MOST: Final = 10_000
"""Terms whose proofs are kept of one store."""
_CLAIMS: Final = """PREFIX cmq: <{cmq}>
PREFIX rdf: <{rdf}>
SELECT DISTINCT ?subject ?object ?passage
WHERE {{
  VALUES ?subject {{ {values} }}
  ?claim rdf:subject ?subject ; rdf:object ?object ; cmq:sourcePassage ?passage .
}}"""
_STATEMENTS: Final = """PREFIX cmq: <{cmq}>
SELECT DISTINCT ?term ?statement ?passage
WHERE {{
  VALUES ?term {{ {values} }}
  GRAPH <{facts}> {{ ?statement ?property ?term ; a ?kind ; cmq:sourcePassage ?passage }}
  FILTER(?kind IN ({kinds}))
}}"""


@dataclass(slots=True)
class _Proofs:
    """What the graph says about the terms of an answer."""

    claims: dict[tuple[Term, Term], set[str]] = field(default_factory=lambda: defaultdict(set))
    joined: dict[Term, set[Term]] = field(default_factory=lambda: defaultdict(set))
    """Term -> the qualified statements that hold it."""
    passages: dict[Term, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Qualified statement -> its passages."""
    known: set[Term] = field(default_factory=set)
    """The terms that were asked about."""


@runtime_checkable
class Remembering(Protocol):
    """A store that keeps what was found for an answer: the same rows are shown in many forms, in two languages."""

    def proofs(self, key: Hashable, find: Callable[[], list[tuple[str, ...]]], /) -> list[tuple[str, ...]]:
        """Return what *find* found for *key*."""


_KEPT: "Final[WeakKeyDictionary[Remembering, _Proofs]]" = WeakKeyDictionary()
"""What was found about the terms of earlier answers: other questions are answered with the same things and codes."""


def evidence(rows: Rows, store: Engine, given: Iterable[Term] = ()) -> list[tuple[str, ...]]:
    """Return for each row the locators of its passages, such as ``gbm-2022:304-306``, in the order of the texts.

    *given* are the things that hold for every row: the entities that the parameters name.
    """
    constants = frozenset(given)
    if isinstance(store, Remembering):
        return store.proofs((rows.variables, tuple(rows.rows), constants), lambda: _evidence(rows, store, constants))
    return _evidence(rows, store, constants)


def _evidence(rows: Rows, store: Engine, constants: frozenset[Term]) -> list[tuple[str, ...]]:
    lines = [frozenset(term for term in row if term is not None and not isinstance(term, ox.BlankNode)) for row in rows.rows]
    proofs = _proofs(frozenset(constants.union(*lines)), store)
    return [tuple(sorted(_of_row(line, constants, proofs), key=_reading_order)) for line in lines]


def given_things(answer: Answer) -> list[Term]:
    """Return the entities that the parameters of *answer* name: each where it is alone, for then it holds for every row."""
    values = [answer.values.get(name) or parameter.default for name, parameter in answer.query.parameters.items()]
    return [terms[0] for terms in values if len(terms) == 1 and isinstance(terms[0], ox.NamedNode)]


def _kept(store: Remembering) -> _Proofs:
    """Return what is kept of *store*."""
    found = _KEPT.get(store)
    if found is None or len(found.known) > _MOST:
        found = _KEPT[store] = _Proofs()
    return found


def _proofs(terms: frozenset[Term], store: Engine) -> _Proofs:
    """Return what *store* says about *terms* at least: where answers are kept, no term is asked about twice."""
    found = _kept(store) if isinstance(store, Remembering) else _Proofs()
    ordered = sorted(terms - found.known, key=str)
    things = [term for term in ordered if isinstance(term, ox.NamedNode)]
    for subject, value, passage in _asked(_CLAIMS, things, store):
        if subject is not None and value is not None:
            found.claims[subject, value].add(_locator(passage))
    for alike in _by_kind(ordered):
        for term, statement, passage in _asked(_STATEMENTS, alike, store):
            if term is not None and statement is not None:
                found.joined[term].add(statement)
                found.passages[statement].add(_locator(passage))
    found.known.update(ordered)
    return found


def _by_kind(terms: Iterable[Term]) -> Iterable[Sequence[Term]]:
    """Return *terms* apart, IRIs and each datatype: Virtuoso compares no value of VALUES with one of another kind."""
    found: defaultdict[str, list[Term]] = defaultdict(list)
    for term in terms:
        found[term.datatype.value if isinstance(term, ox.Literal) else ""].append(term)
    return found.values()


def _asked(query: str, terms: Sequence[Term], store: Engine) -> Iterator[Sequence[Term | None]]:
    names: Mapping[str, str] = {prefix: expand(f"{prefix}:") for prefix in ("cmq", "rdf")} | {"kinds": _kinds()}
    for start in range(0, len(terms), _BATCH):
        values = " ".join(map(written, terms[start : start + _BATCH]))
        yield from store.select(query.format(values=values, facts=f"{BASE_IRI}graph/facts", **names)).rows


@cache
def _kinds() -> str:
    """Return the classes of qualified statements as a list of SPARQL: beside VALUES, Virtuoso finds none by a path."""
    terms = load_terms()
    return ", ".join(f"<{cls}>" for cls in sorted(terms.classes) if terms.is_statement(cls))


def _of_row(line: frozenset[Term], constants: frozenset[Term], proofs: _Proofs) -> set[str]:
    found: set[str] = set()
    for pair in permutations(line | constants, 2):
        if pair in proofs.claims and not constants.issuperset(pair):
            found |= proofs.claims[pair]
    joining = {s: terms for s, terms in _held(line | constants, proofs).items() if _joins(terms) and terms & line}
    for statement, terms in joining.items():
        # A statement that holds fewer of the row's values than another is about another row.
        if not any(terms < others for others in joining.values()):
            found |= proofs.passages[statement]
    return found


def _held(terms: frozenset[Term], proofs: _Proofs) -> dict[Term, set[Term]]:
    """Return the statements that hold an entity among *terms*, each with those that it holds."""
    held: dict[Term, set[Term]] = {}
    rest = []
    for term in terms & proofs.joined.keys():
        if isinstance(term, ox.NamedNode) and term.value.startswith(_ENTITY):
            for statement in proofs.joined[term]:
                held.setdefault(statement, set()).add(term)
        else:
            rest.append(term)
    for term in rest:  # codes and numbers, which thousands of statements hold
        for statement in proofs.joined[term].intersection(held):
            held[statement].add(term)
    return held


def _joins(terms: Iterable[Term]) -> bool:
    """Tell whether *terms*, one of them an entity, hold another thing: an entity and a number prove nothing."""
    return sum(isinstance(term, ox.NamedNode) for term in terms) > 1


def _locator(passage: Term | None) -> str:
    source, _, lines = ("" if passage is None else passage.value).removeprefix(_PASSAGE).partition("/")
    return f"{source}:{lines}"


def _reading_order(locator: str) -> tuple[str, int, str]:
    source, _, lines = locator.partition(":")
    first = re.match(r"\d+", lines)
    return source, int(first[0]) if first else 0, lines
