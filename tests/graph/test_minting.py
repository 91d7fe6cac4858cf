"""IRIs of nested nodes come from their parts, and stay the same."""

import re

import pytest

from campuskg.errors import ProblemsFound
from campuskg.graph import load_curated
from campuskg.graph.context import load_context
from campuskg.graph.minting import mint, node_rules
from campuskg.graph.schema import definitions
from conftest import Curate

OWNER = ("participationIn", "project/horizon")


def test_parts_make_the_iri() -> None:
    node = {"participant": "organisation/lycee-vauban", "role": "prole:partner"}
    assert mint("Participation", dict(node), OWNER) == "participation/horizon--lycee-vauban--partner"
    assert mint("Participation", {**node, "key": "2021"}, OWNER) == "participation/horizon--lycee-vauban--partner--2021"


def test_a_missing_part_is_skipped_and_a_list_gives_its_first() -> None:
    assert mint("Participation", {"role": ["prole:partner", "prole:member"]}, OWNER) == "participation/horizon--partner"


def test_the_order_of_keys_does_not_matter() -> None:
    one = mint("Participation", {"participant": "organisation/a", "role": "prole:partner"}, OWNER)
    other = mint("Participation", {"role": "prole:partner", "participant": "organisation/a"}, OWNER)
    assert one == other


def test_every_class_of_records_has_a_rule_and_back() -> None:
    classes = {name for name in definitions() if "." not in name and name != "src"}
    assert classes == set(node_rules())
    assert set(node_rules()) <= set(load_context().classes)


@pytest.mark.parametrize("name", sorted(node_rules()))
def test_parts_are_keys_of_the_class(name: str) -> None:
    rule = node_rules()[name]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.kind)
    keys = load_context().keys
    reversed_ = {key.iri.rsplit("#", 1)[-1] for key in keys.values() if key.reverse}
    assert [part for part in rule.parts if part not in keys and part not in reversed_] == []


def test_two_nested_ids_of_one_name_are_refused_unless_they_have_a_key(curated: Curate) -> None:
    text = (
        "- id: organisation/a\n  type: Lycee\n  label: A\n  src: gbm-2022:1\n  observations:\n"
        "    - {indicator: ind:jobs, observedValue: 1, src: gbm-2022:1}\n"
        "    - {indicator: ind:jobs, observedValue: 2, src: gbm-2022:1}\n"
    )
    found = load_curated(curated({"a.yaml": text}))
    assert [(p.code, p.place.line) for p in ProblemsFound(found.problems).problems] == [("same-iri", 7)]


def test_more_can_be_said_on_a_nested_thing_with_an_id(curated: Curate) -> None:
    text = (
        "- id: organisation/a\n  type: Lycee\n  label: A\n  src: gbm-2022:1\n  trainings:\n"
        "    - {id: training/bts, label: BTS, src: gbm-2022:1}\n"
        "- about: training/bts\n  src: gbm-2022:2\n  note: en plus\n"
    )
    found = load_curated(curated({"a.yaml": text}))
    assert list(found.problems) == []
    assert any(getattr(s.triple.object, "value", "") == "en plus" for s in found.statements)
