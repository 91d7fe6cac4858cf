"""The campuses as cards of the home page: sectors, label, partners by official category, where the sources speak of each."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import Lang
from campuskg.ontology import expand
from campuskg.publish import words
from campuskg.publish.drawn import address
from campuskg.publish.pages import interface_words
from campuskg.queries import catalogue
from campuskg.release import Release
from campuskg.release.description import Describer, Evidence

CATEGORIES: Final[Mapping[str, int]] = {
    "institutional": 4,
    "school-education": 3,
    "higher-education-research": 1,
    "socio-economic": 2,
}
"""The official categories of partners, with their colours in the palette, as in every other picture."""
_BINS: Final = 60
_HEIGHT: Final = 20
_WIDE: Final = 4
"""Units of one bin of the sparkline."""

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Bar:
    """One category: its words, how many organisations, how long the bar is (per cent of the longest of all cards)."""

    label: str
    count: str
    width: float
    colour: int


@dataclass(frozen=True, slots=True)
class Card:
    """One campus."""

    id: str
    name: str
    acronym: str
    href: str
    sectors: Sequence[str]
    category: str
    expiry: str
    status: str
    bars: Sequence[Bar]
    evidence: str
    spark: str
    """A path: how many passages of the document speak of the campus, from its first line to its last."""
    spark_title: str
    weight: int
    """How many statements speak of it: the order of the cards."""


def cards(release: Release, lang: Lang) -> list[Card]:
    """Return the cards of the campuses that have partners, the best documented first."""
    rows = _by_campus(release, "campuses")
    partners = {iri: _counts(found) for iri, found in _by_campus(release, "members-by-category").items()}
    longest = max((count for counts in partners.values() for count in counts.values()), default=1)
    describer = Describer(release)
    proofs = {iri: _Proofs.of(describer, iri) for iri in partners if iri in rows}
    most = Counter(source for proof in proofs.values() for source in proof.sources).most_common(1)
    source = most[0][0] if most else ""
    scale = _Scale.of(source, proofs.values())
    maker = _Maker(release, lang, source, scale, longest)
    return sorted(
        (maker.card(iri, rows[iri], partners[iri], proofs[iri]) for iri in proofs), key=lambda card: (-card.weight, card.name)
    )


def others(release: Release, known: Iterable[Card]) -> list[str]:
    """Return the campuses that have no card: those that the sources only mention."""
    shown = {card.id for card in known}
    return sorted(iri for iri in _by_campus(release, "campuses") if iri.removeprefix(BASE_IRI + "id/") not in shown)


def _by_campus(release: Release, name: str) -> dict[str, list[Values]]:
    """Return the rows of a query of the catalogue, by campus; none where the catalogue has no such question."""
    found: defaultdict[str, list[Values]] = defaultdict(list)
    if name in catalogue():
        for row in release.store.select(catalogue()[name].sparql).dicts():
            found[row["campus"]].append(row)
    return dict(found)


def _counts(rows: Iterable[Values]) -> dict[str, int]:
    return {row["category"].rpartition("/")[2]: int(row["organisations"]) for row in rows if row.get("category")}


@dataclass(frozen=True, slots=True)
class _Proofs:
    """What proves a campus: how many statements, and the passages."""

    statements: int
    passages: frozenset[Evidence]

    @classmethod
    def of(cls, describer: Describer, iri: str) -> "_Proofs":
        found = describer.describe(iri)
        evidence = (one for fact in (*found.names, *found.facts, *found.incoming) for one in fact.evidence)
        more = (one for view in found.statements for one in view.evidence)
        passages = {(one.source, one.locator): one for one in (*evidence, *more)}
        return cls(len(found.facts) + len(found.statements), frozenset(passages.values()))

    @property
    def sources(self) -> list[str]:
        return [one.source for one in self.passages]

    def lines(self, source: str) -> list[int]:
        """Return the first lines of the passages of *source*."""
        starts = (one.locator.partition("-")[0] for one in self.passages if one.source == source)
        return [int(start) for start in starts if start.isdigit()]


@dataclass(frozen=True, slots=True)
class _Scale:
    """The scale that all sparklines share: lines of one bin, passages of the highest one."""

    step: int
    most: int

    @classmethod
    def of(cls, source: str, proofs: Iterable[_Proofs]) -> "_Scale":
        lines = [proof.lines(source) for proof in proofs]
        last = max((line for some in lines for line in some), default=_BINS)
        step = last // _BINS + 1
        return cls(step, max((n for some in lines for n in Counter(line // step for line in some).values()), default=1))

    def path(self, lines: Sequence[int]) -> str:
        """Return one bar for each bin that has passages."""
        counts = sorted(Counter(line // self.step for line in lines).items())
        heights = [(number, max(_HEIGHT * count / self.most, 1.5)) for number, count in counts]
        return "".join(f"M{number * _WIDE} {_HEIGHT}v-{height:.1f}h{_WIDE - 1}V{_HEIGHT}z" for number, height in heights)


@dataclass(frozen=True, slots=True)
class _Maker:
    release: Release
    lang: Lang
    source: str
    scale: _Scale
    longest: int

    def card(self, iri: str, rows: Sequence[Values], partners: Mapping[str, int], proofs: _Proofs) -> Card:
        said = interface_words(self.lang)
        document = self._name(f"{BASE_IRI}id/document/{self.source}") if self.source else ""
        expiry = max((row.get("expiry", "") for row in rows), default="")
        return Card(
            id=iri.removeprefix(BASE_IRI + "id/"),
            name=self._name(iri),
            acronym=self._one(iri, "cmq:acronym"),
            href=address(iri),
            sectors=self._codes(rows, "sector"),
            category=", ".join(self._codes(rows, "category")),
            expiry=words.date(expiry, self.lang) if expiry else "",
            status=self._status(iri),
            bars=[self._bar(colour, key, partners.get(key, 0)) for key, colour in CATEGORIES.items()],
            evidence=said["card_evidence"].format(
                statements=words.number(str(proofs.statements), self.lang),
                passages=words.number(str(len(proofs.passages)), self.lang),
            ),
            spark=self.scale.path(proofs.lines(self.source)),
            spark_title=said["card_spark"].format(document=document, count=len(proofs.lines(self.source))),
            weight=proofs.statements,
        )

    def _bar(self, colour: int, key: str, count: int) -> Bar:
        label = interface_words(self.lang)[f"category_{key.replace('-', '_')}"]
        return Bar(label, words.number(str(count), self.lang), round(100 * count / self.longest, 1), colour)

    def _codes(self, rows: Sequence[Values], name: str) -> list[str]:
        return sorted({self._name(row[name]) for row in rows if row.get(name)})

    def _status(self, iri: str) -> str:
        found = self._values(iri, "cmq:status")
        return ", ".join(sorted(self._name(value) for value in found))

    def _one(self, iri: str, name: str) -> str:
        return min(self._values(iri, name), key=lambda value: (len(value), value), default="")

    def _values(self, iri: str, name: str) -> set[str]:
        wanted = expand(name)
        quads = self.release.store.about(ox.NamedNode(iri))
        found = (quad.object for quad in quads if quad.predicate.value == wanted)
        return {value.value for value in found if isinstance(value, (ox.NamedNode, ox.Literal))}

    def _name(self, iri: str) -> str:
        return self.release.names.name(iri, self.lang)
