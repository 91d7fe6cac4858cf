"""From the model of a page to what its template draws: values as links, evidence as passages one can open."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from campuskg.content import BASE_IRI
from campuskg.errors import Lang, pick
from campuskg.ontology import compact
from campuskg.publish import entity
from campuskg.publish.authorities import authorities
from campuskg.publish.layout import layout
from campuskg.publish.pages import interface_words
from campuskg.publish.sheet import Conflict, Entry, Grid, Item, Line, Proof
from campuskg.release import NameIndex
from campuskg.release.description import Evidence

_ID: Final = BASE_IRI + "id/"
_QUOTED: Final = 150
"""Characters of a quotation beside what it proves; the page of the passage has it whole."""
_REMEMBERED: Final = 256
"""Letters of an IRI that is not worth remembering: what visitors ask for may be long."""
_NUMBERS: Final = ("Montant", "Amount", "Valeur", "Value")


def address(iri: str) -> str:
    """Return where a link to *iri* leads: its page here for ours, itself for the web's, nothing for anything else.

    >>> address("https://w3id.org/cmq/id/campus/msi"), address("javascript:alert(1)")
    ('/page/id/campus/msi', '')
    """
    return _short(iri) if len(iri) < _REMEMBERED else _address(iri)


def _address(iri: str) -> str:
    if not iri.startswith(BASE_IRI):
        return iri if iri.startswith(("http://", "https://")) else ""
    path, hash_, fragment = iri.removeprefix(BASE_IRI).partition("#")
    own = path.partition("/")[0] in ("ontology", "dataset", "catalogue") or not path
    return ("/" if own else "/page/") + path + hash_ + fragment


_short = lru_cache(maxsize=1 << 14)(_address)  # the same things are named on many pages


def capital(label: str) -> str:
    """Return *label* as a heading begins: with a capital, the rest as it is."""
    return label[:1].upper() + label[1:]


def shortened(text: str, most: int) -> str:
    """Return the beginning of *text*, cut between words.

    >>> shortened("un texte trop long", 12)
    'un texte…'
    """
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


@dataclass(frozen=True, slots=True)
class Drawer:
    """Draws values in one language, with the names of one release."""

    names: NameIndex
    lang: Lang

    def proof(self, evidence: Evidence, most: int = _QUOTED) -> Proof:
        """Return one passage as a link that says document and lines, and the beginning of its words."""
        return _proof(evidence, most, self.lang)

    def proofs(self, evidence: Iterable[Evidence]) -> tuple[Proof, ...]:
        """Return passages in the order of the sources."""
        return tuple(self.proof(one) for one in evidence)

    def item(self, value: entity.Value, name: str = "") -> Item:
        """Return one value of the property *name* (compact)."""
        deprecated, proofs = value.rank == "deprecated", self.proofs(value.evidence)
        authority = authorities().get(name)
        if authority is not None and not value.iri:
            return Item(value.text, authority.link(value.text), pick(authority.name, self.lang), proofs, deprecated)
        return Item(value.text, address(value.iri), proofs=proofs, deprecated=deprecated)

    def entry(self, row: entity.Row) -> Entry:
        """Return one property with its values."""
        name = compact(row.property)
        return Entry(self.label(row.label, name), [self.item(value, name) for value in row.values])

    def label(self, label: str, name: str) -> str:
        """Return the label of the property *name* (compact) as a heading; some of other vocabularies have only our words."""
        if label.startswith("http") and name in layout().inverse:
            return pick(layout().inverse[name], self.lang)
        return capital(label)

    def grid(self, table: entity.Table) -> Grid:
        """Return a table of statements."""
        lines = [
            Line(
                [[self.item(value) for value in cell] for cell in line.cells],
                address(line.iri),
                self.proofs(line.evidence),
                [Conflict(c.text, address(c.iri), self.proofs(c.evidence)) for c in line.conflicts],
            )
            for line in table.lines
        ]
        return Grid(
            [capital(heading) for heading in table.headings], lines, numbers=[heading in _NUMBERS for heading in table.headings]
        )

    def thing(self, iri: str, note: str = "") -> Item:
        """Return a thing by its name."""
        return Item(self.names.name(iri, self.lang), address(iri), note)


@lru_cache(maxsize=1 << 13)  # a passage proves many statements
def _proof(evidence: Evidence, most: int, lang: Lang) -> Proof:
    said = interface_words(lang)
    lines = evidence.locator.replace("-", "–")
    plain = lines.replace("–", "").isdigit()
    where = said["proof_lines" if "–" in lines else "proof_line"].format(lines=lines) if plain else evidence.locator
    href = address(_ID + evidence.path) if evidence.path else ""
    return Proof(f"{evidence.source}, {where}", href, shortened(evidence.quote, most))
