"""The ``#+`` header of a query: what it may say, and every fault at its line."""

import pytest

from campuskg.errors import ProblemsFound, Text
from campuskg.ontology import expand
from campuskg.queries import Query, read_query
from campuskg.queries.header import header_yaml

HEADER = """question: {fr: Qui finance ?, en: Who funds?}
why: {fr: Pour voir., en: To see.}
phrases: {fr: [Qui paie ?], en: [Who pays?]}
tags: [money]
audience: [researcher, planner]
view:
  type: bar
  label: funder
  value: amount
parameters:
  programme: {fr: Programme, en: Programme, type: entity, class: "cmq:Programme", many: true}
  stage: {fr: Stade, en: Stage, type: code, scheme: funding-stage, optional: true}
columns:
  funder: {fr: Financeur, en: Funder}
  amount:
    fr: Montant
    en: Amount
    form: euro
    means: {fr: Hors taxes, en: Without tax}
answer:
  rows: 2
  has:
    - {funder: organisation/a, amount: "9000"}
"""
BODY = """PREFIX stage: <https://w3id.org/cmq/scheme/funding-stage/>
SELECT ?funder (SUM(?a) AS ?amount)
WHERE {
  VALUES ?programme { <https://w3id.org/cmq/id/programme/x> }
  #? VALUES ?stage { stage:granted }
  ?funder ?programme ?a ; ?b ?stage .
}
GROUP BY ?funder
"""


def _file(header: str, body: str = BODY) -> str:
    return "".join(f"#+ {line}\n" for line in header.splitlines()) + body


def _read(header: str = HEADER, body: str = BODY) -> Query:
    return read_query("essai", _file(header, body), "queries/catalogue/essai.rq", themes=["money", "events"])


def _faults(header: str = HEADER, body: str = BODY) -> set[tuple[str, int]]:
    with pytest.raises(ProblemsFound) as found:
        _read(header, body)
    for lang in ("fr", "en"):
        assert "{" not in found.value.say(lang).replace("{ … }", "")  # type: ignore[arg-type]
    return {(problem.code, problem.place.line) for problem in found.value.problems}


def test_a_whole_header() -> None:
    query = _read()
    assert query.question == Text("Qui finance ?", "Who funds?")
    assert query.form == "SELECT"
    assert query.phrases == {"fr": ("Qui paie ?",), "en": ("Who pays?",)}
    assert (query.tags, query.audience) == (("money",), ("researcher", "planner"))
    assert (query.view.type, query.view.roles) == ("bar", {"label": "funder", "value": "amount"})
    assert list(query.columns) == ["funder", "amount"]
    assert query.columns["amount"].form == "euro"
    assert query.columns["amount"].means == Text("Hors taxes", "Without tax")
    assert query.heading("funder", "en") == "Funder"
    assert query.heading("other", "en") == "other"
    assert query.answer.rows == 2
    assert query.answer.has == ({"funder": "organisation/a", "amount": "9000"},)


def test_parameters_have_their_terms_from_the_text() -> None:
    query = _read()
    programme, stage = query.parameters["programme"], query.parameters["stage"]
    assert programme.classes == (expand("cmq:Programme"),)
    assert (programme.many, programme.optional, stage.optional) == (True, False, True)
    assert [term.value for term in programme.default] == ["https://w3id.org/cmq/id/programme/x"]
    assert stage.default == ()
    assert [term.value for term in stage.example] == [expand("stage:granted")]
    assert stage.scheme == "https://w3id.org/cmq/scheme/funding-stage"


@pytest.mark.parametrize("scheme", ["funding-stage", '"stage:"', "stage", '"https://w3id.org/cmq/scheme/funding-stage"'])
def test_a_code_list_is_named_in_three_ways(scheme: str) -> None:
    query = _read(HEADER.replace("scheme: funding-stage", f"scheme: {scheme}"))
    assert query.parameters["stage"].scheme == "https://w3id.org/cmq/scheme/funding-stage"


def test_the_body_has_no_header_and_keeps_optional_lines() -> None:
    assert _read().body == BODY


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("why: {fr: Pour voir., en: To see.}\n", "", ("header-missing", 1)),
        ("why: {fr: Pour voir., en: To see.}", "why: {fr: Pour voir.}", ("header-missing", 2)),
        ("why: {fr: Pour voir., en: To see.}", 'why: {fr: Pour voir., en: ""}', ("header-form", 2)),
        ("why:", "wyh:", ("header-unknown-key", 2)),
        ("tags: [money]", "tags: [monnaie]", ("header-choice", 4)),
        ("audience: [researcher, planner]", "audience: [chef]", ("header-choice", 5)),
        ("type: bar", "type: pie", ("header-choice", 7)),
        ("  value: amount", "  value: money", ("header-choice", 9)),
        ("  value: amount\n", "", ("header-missing", 6)),
        ("  value: amount", "  value: amount\n  colour: funder", ("header-unknown-key", 10)),
        ("type: entity", "type: thing", ("header-choice", 11)),
        ('class: "cmq:Programme"', 'class: "cmq:Program"', ("header-choice", 11)),
        (', class: "cmq:Programme"', "", ("header-missing", 11)),
        ("scheme: funding-stage", "scheme: funding-stages", ("header-choice", 12)),
        (", scheme: funding-stage", "", ("header-missing", 12)),
        ("optional: true", "optional: yes", ("header-choice", 12)),
        ("optional: true", "optional: false", ("header-parameter-line", 12)),
        ("many: true", "optional: true", ("header-parameter-line", 11)),
        ("  funder: {fr: Financeur, en: Funder}\n", "", ("header-column-missing", 13)),
        ("  funder: {", "  funders: {", ("header-column-unknown", 14)),
        ("form: euro", "form: dollar", ("header-choice", 18)),
        ("rows: 2", "rows: deux", ("header-form", 21)),
        ("rows: 2", "rows: 0", ("header-missing", 20)),
        ("- {funder:", "- {payer:", ("header-unknown-key", 23)),
        ("fr: Montant", "fr: Montant : net", ("yaml-misplaced-colon", 16)),
        ("tags: [money]", "tags: [money]\ntags: [events]", ("yaml-duplicate-key", 5)),
        ("why: {fr: Pour voir., en: To see.}", "why: !!python/none x", ("yaml-tag", 2)),
    ],
)
def test_faults_of_the_header(old: str, new: str, fault: tuple[str, int]) -> None:
    assert old in HEADER
    assert fault in _faults(HEADER.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("  VALUES ?programme", "  VALUES ?programs", ("header-parameter-line", 11)),
        ("  VALUES ?programme", "  # VALUES ?programme", ("header-parameter-line", 11)),
        ("#? VALUES ?stage", "VALUES ?stage", ("header-parameter-line", 12)),
        ("<https://w3id.org/cmq/id/programme/x>", "UNDEF", ("header-parameter-default", 11)),
        ("<https://w3id.org/cmq/id/programme/x>", "unknown:x", ("header-parameter-default", 11)),
        ("SELECT ?funder", "SELECT ?funder ?b", ("header-column-missing", 13)),
        ("SELECT", "SELCT", ("header-form", 1)),
    ],
)
def test_faults_between_header_and_text(old: str, new: str, fault: tuple[str, int]) -> None:
    assert fault in _faults(body=BODY.replace(old, new, 1))


def test_a_block_may_be_repeated_with_the_same_default_only() -> None:
    twice = BODY.replace("  #?", "  { VALUES ?programme { <https://w3id.org/cmq/id/programme/x> } }\n  #?")
    assert _read(body=twice).parameters["programme"].default
    assert ("header-parameter-line", 11) in _faults(body=twice.replace("programme/x> } }", "programme/y> } }"))


def test_a_check_needs_its_question_only() -> None:
    query = read_query("c", "#+ question: {fr: Q ?, en: Q?}\nSELECT ?entity {}", "queries/checks/c.rq", themes=None)
    assert (query.severity, query.columns, query.answer.rows) == ("error", {}, None)
    with pytest.raises(ProblemsFound):
        read_query("c", "SELECT ?entity {}", "queries/checks/c.rq", themes=None)


def test_scalars_stay_text_and_other_comments_are_no_header() -> None:
    assert header_yaml("# a: b\n#+ n: 01\nSELECT * {}\n#+ c: d") == "\n   n: 01"
    query = _read(HEADER.replace("Pour voir.", "NO"))
    assert query.why.fr == "NO"
