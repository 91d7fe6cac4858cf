"""Fingerprints of graphs: no order changes them, every lost or changed triple does, spellings of one value only the exact one."""

import random

import pyoxigraph as ox
import pytest

from campuskg.store.fingerprint import Fingerprints, fingerprints
from campuskg.store.spelling import in_sparql, quoted

XSD = "http://www.w3.org/2001/XMLSchema#"


def triple(number: int, term: ox.Literal | ox.NamedNode | None = None) -> ox.Triple:
    return ox.Triple(ox.NamedNode(f"urn:s{number}"), ox.NamedNode("urn:p"), term or ox.Literal(str(number)))


def test_order_and_repetition_change_nothing_and_parts_add_up() -> None:
    triples = [triple(number) for number in range(200)]
    whole = fingerprints(triples)
    shuffled = triples * 2
    random.Random(4).shuffle(shuffled)  # noqa: S311  not for secrets
    assert fingerprints(shuffled) == whole
    assert fingerprints(triples[:70]) + fingerprints(triples[70:]) == whole
    assert Fingerprints() + whole == whole
    assert whole.exact.count == 200


def test_each_triple_counts() -> None:
    triples = [triple(number) for number in range(50)]
    seen = {str(fingerprints(triples[:left] + triples[left + 1 :]).exact) for left in range(50)}
    assert len(seen) == 50


@pytest.mark.parametrize(
    ("one", "other", "kind", "same"),
    [
        ("1.50", "1.5", "decimal", True),
        ("01", "1", "integer", True),
        ("1", "true", "boolean", True),
        ("1E3", "1000.0", "double", True),
        ("1", "2", "integer", False),
        ("2021", "2021-01-01", "gYear", False),
        ("many", "1", "integer", False),
    ],
)
def test_spellings_of_a_value(one: str, other: str, kind: str, same: bool) -> None:  # noqa: FBT001  a parameter
    a, b = (fingerprints([triple(1, ox.Literal(text, datatype=ox.NamedNode(XSD + kind)))]) for text in (one, other))
    assert a.exact != b.exact
    assert (a.values == b.values) == same


def test_language_tags_have_no_case_and_datatypes_count() -> None:
    assert (
        fingerprints([triple(1, ox.Literal("x", language="fr-FR"))]).values
        == fingerprints([triple(1, ox.Literal("x", language="fr-fr"))]).values
    )
    integer, decimal = (ox.Literal("1", datatype=ox.NamedNode(XSD + kind)) for kind in ("integer", "decimal"))
    assert fingerprints([triple(1, integer)]).values != fingerprints([triple(1, decimal)]).values


@pytest.mark.parametrize("iri", ["", "urn:a b", "urn:a>", 'urn:"', "urn:{a}", "urn:\\u0041", "urn:\n"])
def test_what_is_no_iri_is_not_quoted(iri: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        quoted(iri)


def test_only_a_u_after_a_backslash_is_escaped() -> None:
    assert in_sparql(r'"a\nb\"c\u0041\\n"') == r'"a\nb\"c\u0041\\n"'
    assert in_sparql(r'"\\u0041"') == r'"\\\U000000750041"'
