"""Concentration of funding and single points: counted by hand on a planted graph, and against the catalogue on the real one."""

from collections import defaultdict
from decimal import Decimal

import pytest

from analysis.planted import ID, graph
from campuskg.analysis import concentration, hhi, single_funders, single_people, single_points
from campuskg.queries import find_query
from campuskg.release import Release

PROOF = "cmq:sourcePassage <passage/t/7>"
STAGE = "https://w3id.org/cmq/scheme/funding-stage/"


def funding(name: str, stage: str, holder: str, more: str) -> str:
    return f"<funding/{name}> cmq:fundingStage <{STAGE}{stage}> ; cmq:beneficiary <{holder}> ; {PROOF} ; {more} ."


PLANTED = "\n".join(
    [
        "<campus/one> a cmq:Campus . <organisation/body> cmq:legalBodyOf <campus/one> .",
        funding("1", "granted", "campus/one", "cmq:funder <organisation/a> ; cmq:grantedAmount 600"),
        funding("2", "granted", "organisation/body", "cmq:funder <organisation/b> ; cmq:grantedAmount 300"),
        funding("3", "granted", "campus/one", "cmq:funder <organisation/b> ; cmq:grantedAmount 100"),
        funding("4", "granted", "campus/one", "cmq:funder <organisation/c>"),
        funding("5", "granted", "campus/one", "cmq:grantedAmount 5000"),
        funding("6", "requested", "campus/one", "cmq:funder <organisation/a> ; cmq:requestedAmount 9000"),
        funding("7", "paid", "campus/one", "cmq:funder <organisation/a> , <organisation/b> ; cmq:paidAmount 50"),
        funding("8", "planned", "campus/one", "cmq:funder <organisation/a> ; cmq:grantedAmount 40"),
    ]
)


def test_shares_index_and_what_is_not_known_by_hand() -> None:
    found = {(one.holder, one.stage): one for one in concentration(graph(PLANTED))}
    granted = found[f"{ID}campus/one", f"{STAGE}granted"]
    assert [(share.funder.rsplit("/", 1)[-1], share.amount, share.percent) for share in granted.shares] == [
        ("a", Decimal(600), Decimal(60)),
        ("b", Decimal(400), Decimal(40)),
        ("c", None, None),
    ]
    assert granted.total == 1000
    assert granted.hhi == 60 * 60 + 40 * 40
    assert (granted.unpriced, granted.unnamed, granted.high, granted.single) == (1, 1, True, None)
    assert granted.shares[1].fundings == (f"{ID}funding/2", f"{ID}funding/3")
    assert granted.passages == ("t:7",)


def test_stages_are_never_mixed_and_shared_or_misplaced_amounts_are_not_guessed() -> None:
    found = {one.stage.rsplit("/", 1)[-1]: one for one in concentration(graph(PLANTED)) if one.holder.endswith("one")}
    assert found["requested"].total == 9000
    assert found["requested"].hhi == 10000
    assert (found["paid"].total, found["paid"].hhi, found["paid"].unpriced) == (None, None, 1)
    assert (found["planned"].total, found["planned"].high) == (None, None)
    assert {point.stage.rsplit("/", 1)[-1] for point in single_funders(found.values())} == {"requested", "planned"}


def test_the_association_counts_for_the_campus_and_for_itself() -> None:
    body = next(one for one in concentration(graph(PLANTED)) if one.holder.endswith("body"))
    assert body.total == 300
    assert body.hhi == 10000


def test_the_index_of_nothing_is_not_zero() -> None:
    assert hhi([]) is None
    assert hhi([Decimal(0)]) is None
    assert hhi([Decimal(1)] * 4) == 2500


def test_the_campuses_of_the_real_graph_are_those_of_the_catalogue(release: Release) -> None:
    rows = release.store.select(find_query("funder-dependency").bound({})).dicts()
    found = {(one.holder, one.stage): one for one in concentration(release)}
    assert rows
    for row in rows:
        one = found[row["campus"], row["stage"]]
        assert one.total == Decimal(row["total"])
        assert round(one.hhi or 0) == round(Decimal(row["index"]))
        assert sum(share.amount is not None for share in one.shares) == int(row["funders"])


MANDATES = """
<campus/one> a cmq:Campus . <campus/two> a cmq:Campus . <organisation/body> cmq:legalBodyOf <campus/one> .
<mandate/1> a cmq:Mandate ; cmq:holder <person/p> ; cmq:mandateIn <campus/one> ; cmq:sourcePassage <passage/t/1> .
<mandate/2> a cmq:Mandate ; cmq:holder <person/p> ; cmq:mandateIn <organisation/body> ; cmq:sourcePassage <passage/t/2> .
<mandate/3> a cmq:Mandate ; cmq:holder <person/q> ; cmq:mandateIn <campus/one> ; cmq:validUntil "2021-08-31"^^xsd:date .
<mandate/4> a cmq:Mandate ; cmq:holder <person/q> ; cmq:mandateIn <organisation/elsewhere> .
<mandate/7> a cmq:Mandate ; cmq:holder <person/s> ; cmq:mandateIn <campus/one> ; cmq:validFrom "2023-01-01"^^xsd:date ;
  cmq:validUntil "2024-01-01"^^xsd:date .
<mandate/5> a cmq:Mandate ; cmq:holder <person/r> ; cmq:mandateIn <organisation/elsewhere> .
<mandate/6> a cmq:Mandate ; cmq:holder <person/r> ; cmq:mandateIn <organisation/other> .
"""


@pytest.mark.parametrize(
    ("at", "alone", "several"),
    [("", ["one"], ["p"]), ("2021-06-01", [], ["p", "q"]), ("2022-01-01", ["one"], ["p"]), ("2023-05-01", [], ["p"])],
)
def test_single_people_at_a_date(at: str, alone: list[str], several: list[str]) -> None:
    told = defaultdict(list)
    for point in single_people(graph(MANDATES), at):
        told[point.kind].append(point)
    assert [point.node.rsplit("/", 1)[-1] for point in told["person"]] == alone
    assert [point.on.rsplit("/", 1)[-1] for point in told["several"]] == several
    for point in told["person"]:
        assert point.passages == ("t:1", "t:2")


def test_single_points_of_the_real_graph_are_proved(release: Release) -> None:
    found = single_points(release)
    assert {point.kind for point in found} == {"funder", "person", "several", "partner"}
    assert all(point.passages and point.via for point in found)
