"""Who depends on which money: the concentration of funding, one stage at a time, on the amounts that are known.

Requested, planned, granted and paid money are never added up; a funding without an amount, or without a funder, is counted as
such and stays out of the index, which would take it for zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from campuskg.analysis.asked import Source, asked, in_order, locator, once

_HIGH: Final = Decimal(2500)
"""Above this the index is usually called high (merger guidelines of competition authorities)."""

# Of a campus: what it receives itself, through its association, or for what is part of it; as in the query funder-dependency.
_FUNDINGS: Final = """
SELECT DISTINCT ?holder ?stage ?funding ?funder ?amount ?passage ?row
WHERE {
  GRAPH <https://w3id.org/cmq/graph/facts> {
    { ?funding cmq:beneficiary ?holder }
    UNION { ?holder a cmq:Campus . ?body cmq:legalBodyOf ?holder . ?funding cmq:beneficiary ?body }
    UNION { ?holder a cmq:Campus . ?item cmq:partOf ?holder . ?funding cmq:fundedItem ?item }
    ?funding cmq:fundingStage ?stage .
    OPTIONAL { ?funding cmq:funder ?funder }
    OPTIONAL {
      VALUES (?stage ?property) {
        (<https://w3id.org/cmq/scheme/funding-stage/requested> cmq:requestedAmount)
        (<https://w3id.org/cmq/scheme/funding-stage/planned> cmq:plannedAmount)
        (<https://w3id.org/cmq/scheme/funding-stage/granted> cmq:grantedAmount)
        (<https://w3id.org/cmq/scheme/funding-stage/paid> cmq:paidAmount)
      }
      ?funding ?property ?amount
    }
    OPTIONAL { ?funding cmq:sourcePassage ?passage OPTIONAL { ?passage cmq:rowKey ?row } }
  }
}"""


@dataclass(frozen=True, slots=True)
class Share:
    """What one funder gives: *amount* and *percent* are None where no amount is known."""

    funder: str
    amount: Decimal | None
    percent: Decimal | None
    fundings: tuple[str, ...]
    """IRIs of the statements."""
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concentration:
    """The funding of one holder at one stage."""

    holder: str
    stage: str
    shares: tuple[Share, ...]
    """Every documented funder, the largest known amount first."""
    total: Decimal | None
    """Sum of the known amounts of named funders; None when none is known."""
    hhi: Decimal | None
    """Herfindahl–Hirschman index of the known shares, 0 to 10,000; None when none is known."""
    unpriced: int
    """Fundings of a named funder without an amount."""
    unnamed: int
    """Fundings whose funder no source names."""

    @property
    def high(self) -> bool | None:
        """Whether the index is high; None when it is not known."""
        return None if self.hhi is None else self.hhi > _HIGH

    @property
    def single(self) -> Share | None:
        """The only funder that any source names, when there is but one."""
        return self.shares[0] if len(self.shares) == 1 and not self.unnamed else None

    @property
    def passages(self) -> tuple[str, ...]:
        """What proves all of it."""
        return in_order(p for share in self.shares for p in share.passages)


@dataclass(slots=True)
class _Funding:
    """One statement of funding, as read; it may name several funders and, where sources differ, several amounts."""

    funders: set[str]
    amounts: set[str]
    passages: set[str]

    @property
    def amount(self) -> Decimal | None:
        """The amount; where sources differ the largest. That of several funders together is known of none of them."""
        known = [Decimal(amount) for amount in self.amounts]
        return max(known) if known and len(self.funders) == 1 else None


@once
def concentration(source: Source) -> Sequence[Concentration]:
    """Return the concentration of funding of each campus and each beneficiary, stage by stage, in the order of IRIs."""
    return [
        _concentration(holder, stage, fundings)
        for (holder, stage), fundings in sorted(_grouped(asked(source, _FUNDINGS)).items())
    ]


def hhi(amounts: Iterable[Decimal]) -> Decimal | None:
    """Return the Herfindahl–Hirschman index of *amounts*: the sum of the squared percentage shares.

    >>> hhi([Decimal(50), Decimal(50)])
    Decimal('5000')
    """
    known = list(amounts)
    total = sum(known, Decimal(0))
    if not total:
        return None
    return 10000 * sum((amount * amount for amount in known), Decimal(0)) / (total * total)


def _grouped(rows: Iterable[Mapping[str, str]]) -> Mapping[tuple[str, str], Mapping[str, _Funding]]:
    found: defaultdict[tuple[str, str], dict[str, _Funding]] = defaultdict(dict)
    for row in rows:
        one = found[row["holder"], row["stage"]].setdefault(row["funding"], _Funding(set(), set(), set()))
        if "funder" in row:
            one.funders.add(row["funder"])
        if "amount" in row:
            one.amounts.add(row["amount"])
        if "passage" in row:
            one.passages.add(locator(row["passage"], row.get("row", "")))
    return found


def _concentration(holder: str, stage: str, fundings: Mapping[str, _Funding]) -> Concentration:
    given: defaultdict[str, dict[str, _Funding]] = defaultdict(dict)
    for iri, one in sorted(fundings.items()):
        for funder in one.funders:
            given[funder][iri] = one
    amounts = {funder: _sum(one.amount for one in found.values()) for funder, found in given.items()}
    known = [amount for amount in amounts.values() if amount is not None]
    total = sum(known, Decimal(0)) if known else None
    shares = [
        Share(
            funder,
            amounts[funder],
            None if not total or (amount := amounts[funder]) is None else 100 * amount / total,
            tuple(found),
            in_order(p for one in found.values() for p in one.passages),
        )
        for funder, found in given.items()
    ]
    shares.sort(key=lambda share: (share.amount is None, -(share.amount or 0), share.funder))
    unpriced = sum(bool(one.funders) and one.amount is None for one in fundings.values())
    unnamed = sum(not one.funders for one in fundings.values())
    return Concentration(holder, stage, tuple(shares), total, hhi(known), unpriced, unnamed)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum of the known amounts; None when there is none."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
