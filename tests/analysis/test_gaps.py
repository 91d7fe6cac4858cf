"""The gap finder: rules as data, reasons with proof, existing partners left out, ties in a fixed order."""

from dataclasses import replace
from itertools import combinations
from math import asin, cos, log, radians, sin, sqrt

import pytest

from analysis.planted import ID, graph, member, sector, together
from campuskg.analysis import default_rules, finder, gaps, partnerships, surroundings
from campuskg.analysis.surroundings import Point, kilometres
from campuskg.errors import UsageProblem
from campuskg.release import Release

PLANTED = "\n".join(
    [
        "<campus/one> a cmq:Campus . <organisation/school> a cmq:Lycee . <organisation/firm> a cmq:Company .",
        "<organisation/lab> a cmq:ResearchUnit . <organisation/far> a cmq:Company . <organisation/silent> a org:Organization .",
        "<organisation/branch> a cmq:Company ; org:subOrganizationOf <organisation/firm> .",
        "<organisation/old> a cmq:Company . <change/1> cmq:originalOrganisation <organisation/old> ;",
        "  cmq:resultingOrganisation <organisation/firm> .",
        "<organisation/school> cmq:latitude 47.24 ; cmq:longitude 6.02 .",
        "<organisation/firm> cmq:latitude 47.30 ; cmq:longitude 6.1 .",
        "<organisation/far> cmq:latitude 44.0 ; cmq:longitude 1.0 .",
        sector("organisation/school", "microtechnics"),
        sector("organisation/firm", "microtechnics"),
        sector("organisation/lab", "energy"),
        member("organisation/school", "campus/one"),
        member("organisation/firm", "campus/one"),
        together("project/p", "organisation/school", "organisation/lab"),
        together("project/q", "organisation/firm", "organisation/lab"),
        together("project/r", "organisation/lab", "campus/one"),
    ]
)
SCHOOL, FIRM, LAB, FAR, SILENT = (f"{ID}organisation/{name}" for name in ("school", "firm", "lab", "far", "silent"))


def test_the_planted_pair_comes_first_with_every_reason_and_its_proof() -> None:
    best = gaps(graph(PLANTED))[0]
    assert {best.a, best.b} == {SCHOOL, FIRM}
    reasons = {reason.rule: reason for reason in best.reasons}
    pull = 1 / log(3)
    assert reasons["partners"].value == pytest.approx(pull / (default_rules().much + pull))
    assert reasons["partners"].things == (LAB,)
    assert reasons["partners"].via == (f"{ID}project/p", f"{ID}project/q")
    assert reasons["partners"].passages == ("text:1", "text:2")
    assert reasons["campus"].passages == ("text:90",)
    assert reasons["sector"].value == 1
    assert reasons["sector"].passages == ("text:70",)
    assert reasons["category"].things == ("company", "school") or reasons["category"].things == ("school", "company")
    assert reasons["distance"].measure == pytest.approx(9.03, abs=0.1)
    assert reasons["new"].passages == ()
    assert best.unknown == ()
    total = sum(reason.weight * reason.value for reason in best.reasons) / default_rules().total
    assert best.score == pytest.approx(total)


def test_a_shared_partner_with_whom_both_do_much_counts_more() -> None:
    more = "\n".join([PLANTED, together("project/p2", "organisation/school", "organisation/lab")])
    twice = "\n".join([more, together("project/q2", "organisation/firm", "organisation/lab")])
    once, half, both = (finder(graph(text)).value("partners", SCHOOL, FIRM) or 0 for text in (PLANTED, more, twice))
    assert 0 < once == half < both < 1


def test_partners_houses_members_and_the_departed_are_left_out() -> None:
    store = graph(PLANTED)
    pairs = {frozenset(pair) for pair in finder(store).pairs()}
    for a, b in (
        ("organisation/school", "organisation/lab"),
        ("organisation/branch", "organisation/firm"),
        ("campus/one", "organisation/school"),
    ):
        assert frozenset((ID + a, ID + b)) not in pairs
    assert not any(ID + "organisation/old" in pair for pair in pairs)
    assert frozenset((SCHOOL, FIRM)) in pairs
    assert not any("project" in end for pair in pairs for end in pair)


def test_what_is_not_documented_is_neither_for_nor_against() -> None:
    found = finder(graph(PLANTED))
    one = found.suggestion(SCHOOL, SILENT)
    assert one.score == 0
    assert set(one.unknown) == {"partners", "campus", "sector", "distance", "category", "new", "active"}
    assert found.value("distance", SCHOOL, FAR) == 0  # known, and too far
    assert found.value("distance", SCHOOL, SILENT) is None
    assert found.value("sector", SCHOOL, LAB) == 0


def test_weights_and_distance_change_the_answer_and_zero_leaves_a_rule_out() -> None:
    store = graph(PLANTED)
    near = default_rules().adjusted({name: 0 for name in default_rules().rules if name != "distance"}, km=20)
    (only,) = gaps(store, near)
    assert [reason.rule for reason in only.reasons] == ["distance"]
    assert only.score == pytest.approx(1 - only.reasons[0].measure / 20 if only.reasons[0].measure else 0)
    assert gaps(store, near.adjusted(km=5)) == []


@pytest.mark.parametrize(
    ("weights", "km", "code"),
    [
        ({"distanse": 1}, None, "rule-unknown"),
        ({"distance": -1}, None, "rule-weight"),
        ({"distance": float("nan")}, None, "rule-weight"),
        ({"distance": float("inf")}, None, "rule-weight"),
        ({}, 0.0, "rule-distance"),
        ({}, float("nan"), "rule-distance"),
        (dict.fromkeys(default_rules().rules, 0.0), None, "rule-none"),
    ],
)
def test_senseless_numbers_are_refused(weights: dict[str, float], km: float | None, code: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        default_rules().adjusted(weights, km)
    assert refused.value.code == code


def test_equal_scores_come_in_the_order_of_names() -> None:
    names = [f"organisation/{letter}" for letter in "dbca"]
    store = graph("\n".join([f"<{name}> a cmq:Lycee ." + sector(name, "energy") for name in names]))
    found = gaps(store, limit=100)
    assert [(one.a, one.b) for one in found] == list(combinations(sorted(ID + name for name in names), 2))
    assert gaps(store, limit=2) == found[:2]


def test_focus_on_an_organisation_and_on_a_campus_with_its_members(release: Release) -> None:
    ensmm, msi = f"{ID}organisation/ensmm", f"{ID}campus/msi"
    found = finder(release)
    assert all(one.a == ensmm for one in found.best(ensmm, 30))
    members = surroundings(release).members(msi) | {msi}
    assert all(one.a in members for one in found.best(msi, 50))


def test_no_suggestion_of_the_real_graph_is_a_partner_and_each_reason_but_of_data_is_proved(release: Release) -> None:
    linked = {frozenset((link.a, link.b)) for link in partnerships(release).links}
    for one in gaps(release, limit=200):
        assert frozenset((one.a, one.b)) not in linked
        for reason in one.reasons:
            if reason.rule in ("partners", "campus", "sector", "distance"):
                assert reason.passages, (one.a, one.b, reason.rule)


def test_the_values_of_every_rule_are_shares(release: Release) -> None:
    found = finder(release)
    pairs = list(found.pairs())[::37]
    for rule in found.rules.rules:
        values = [value for a, b in pairs if (value := found.value(rule, a, b)) is not None]
        assert values
        assert all(0 <= value <= 1 for value in values)
        assert [found.value(rule, b, a) for a, b in pairs[:50]] == pytest.approx([found.value(rule, a, b) for a, b in pairs[:50]])


def test_a_finder_with_other_rules_looks_at_the_same_graph(release: Release) -> None:
    found = finder(release)
    other = replace(found, rules=found.rules.adjusted({"sector": 9}))
    assert other.best(limit=5) == gaps(release, other.rules, limit=5)


@pytest.mark.parametrize(
    ("one", "other"), [((47.24, 6.02), (47.64, 6.86)), ((0.0, 0.0), (0.0, 180.0)), ((48.0, 2.0), (48.0, 2.0))]
)
def test_distance_is_that_of_the_great_circle(one: tuple[float, float], other: tuple[float, float]) -> None:
    found = kilometres(Point(*one, "", ()), Point(*other, "", ()))
    chords = [
        (cos(radians(lat)) * cos(radians(long)), cos(radians(lat)) * sin(radians(long)), sin(radians(lat)))
        for lat, long in (one, other)
    ]
    chord = sqrt(sum((a - b) ** 2 for a, b in zip(*chords, strict=True)))
    assert found == pytest.approx(2 * 6371.0088 * asin(min(1.0, chord / 2)))
