"""From what a reader types to terms, on the real graph."""

import pytest

from campuskg.errors import Text, UsageProblem
from campuskg.ontology import expand
from campuskg.queries import Parameter, ParameterType, Query, choices, read_values
from campuskg.queries.parameters import MAX_LENGTH
from campuskg.release import Release

ID = "https://w3id.org/cmq/id/"
MSI = ID + "campus/msi"


def _query(kind: ParameterType, **more: object) -> Query:
    sparql = 'SELECT ?x { VALUES ?x { "a" } }'
    parameter = Parameter("x", Text("X", "X"), kind, **more)  # type: ignore[arg-type]
    return Query("essai", Text("Q ?", "Q?"), sparql, parameters={"x": parameter})


CAMPUS = _query("entity", classes=(expand("cmq:Campus"),))
THING = _query("entity", classes=(expand("org:Organization"), expand("cmq:Campus")), many=True)
STAGE = _query("code", scheme="https://w3id.org/cmq/scheme/funding-stage")
DATE, INTEGER, AMOUNT, TEXT = (_query(kind) for kind in ("date", "integer", "amount", "text"))  # type: ignore[arg-type]


def _values(query: Query, release: Release, *texts: str) -> list[str]:
    return [term.value for term in read_values(query, {"x": texts}, release.store, release.names).get("x", [])]


def _refusal(query: Query, release: Release, *texts: str) -> UsageProblem:
    with pytest.raises(UsageProblem) as refused:
        read_values(query, {"x": texts}, release.store, release.names)
    for lang in ("fr", "en"):
        assert "{" not in refused.value.say(lang).replace(texts[0].strip(), "")  # type: ignore[arg-type]
    return refused.value


@pytest.mark.parametrize(
    "text",
    [
        MSI,
        "campus/msi",
        "msi",
        "CMQ MSI",
        "cmq msi",
        "CMQ Microtechniques et Systèmes Intelligents",
        "  cmq microtechniques et systemes intelligents ",
    ],
)
def test_an_entity_by_any_of_its_names(release: Release, text: str) -> None:
    assert _values(CAMPUS, release, text) == [MSI]


def test_subclasses_and_several_classes(release: Release) -> None:
    haag = ID + "organisation/lycee-jules-haag"
    assert _values(THING, release, "Lycée Jules Haag", "campus/msi", "lycee-jules-haag") == [haag, MSI]


def test_an_entity_of_another_class_or_unknown_is_refused_with_near_names(release: Release) -> None:
    refused = _refusal(CAMPUS, release, "Lycée Jules Haag")
    assert refused.code == "parameter-entity"
    assert "Campus des métiers et des qualifications" in refused.say("fr")
    assert "campus/msi" in _refusal(CAMPUS, release, "microtecniques").say("fr")
    assert _refusal(CAMPUS, release, ID + "campus/absent").code == "parameter-entity"
    assert _refusal(CAMPUS, release, expand("cmq:Campus")).code == "parameter-entity"


def test_an_ambiguous_name_lists_the_candidates(release: Release) -> None:
    refused = _refusal(THING, release, "UIMM")
    assert refused.code == "parameter-ambiguous"
    assert all(name in refused.say("en") for name in ("organisation/uimm-71", "organisation/uimm-franche-comte"))


def test_the_thing_that_bears_a_name_as_its_own_comes_before_its_aliases(release: Release) -> None:
    shared = "Région académique Bourgogne-Franche-Comté"
    assert len(release.names.find(shared)) > 1
    assert _values(THING, release, shared) == [ID + "organisation/region-academique-bfc"]


@pytest.mark.parametrize("text", ["granted", "stage:granted", expand("stage:granted"), "Accordé", "accorde", "GRANTED"])
def test_a_code_by_notation_or_label(release: Release, text: str) -> None:
    assert _values(STAGE, release, text) == [expand("stage:granted")]


def test_an_unknown_code_lists_the_codes(release: Release) -> None:
    refused = _refusal(STAGE, release, "grantd")
    assert (refused.code, "granted" in refused.say("fr")) == ("parameter-code", True)
    assert _refusal(STAGE, release, "rk:normal").code == "parameter-code"


@pytest.mark.parametrize("text", ["2021-09-01", "01/09/2021", "1/9/2021"])
def test_a_date(release: Release, text: str) -> None:
    (term,) = read_values(DATE, {"x": [text]}, release.store, release.names)["x"]
    assert str(term) == '"2021-09-01"^^<http://www.w3.org/2001/XMLSchema#date>'


@pytest.mark.parametrize("text", ["2021", "2021-09", "2021-02-30", "31/02/2021", "hier", "2021-09-01T00:00:00", "²021-09-01"])
def test_what_is_no_whole_date(release: Release, text: str) -> None:
    assert _refusal(DATE, release, text).code == "parameter-date"


@pytest.mark.parametrize(
    ("query", "text", "value"),
    [
        (INTEGER, "12", "12"),
        (INTEGER, "1 200", "1200"),
        (INTEGER, "-3", "-3"),
        (AMOUNT, "15 000,50", "15000.50"),
        (AMOUNT, "15\u202f000,50\u00a0€", "15000.50"),
        (AMOUNT, "15000.50", "15000.50"),
        (AMOUNT, "15,000.50", "15000.50"),
        (AMOUNT, "1.234.567,89", "1234567.89"),
        (AMOUNT, "15000", "15000"),
        (AMOUNT, "0,5", "0.5"),
        (TEXT, " L'été ", "L'été"),
    ],
)
def test_numbers_and_texts(release: Release, query: Query, text: str, value: str) -> None:
    assert _values(query, release, text) == [value]


@pytest.mark.parametrize(
    ("query", "text", "code"),
    [
        (INTEGER, "1.5", "parameter-integer"),
        (INTEGER, "٣", "parameter-integer"),
        (INTEGER, "1" * 30, "parameter-integer"),
        (AMOUNT, "15,000", "parameter-amount"),
        (AMOUNT, "15.000", "parameter-amount"),
        (AMOUNT, "1,2.3,4", "parameter-amount"),
        (AMOUNT, "1.2.3", "parameter-amount"),
        (AMOUNT, "NaN", "parameter-amount"),
        (AMOUNT, "1e9", "parameter-amount"),
        (TEXT, "x" * (MAX_LENGTH + 1), "parameter-long"),
        (TEXT, "a\u202eb", "parameter-control"),
        (TEXT, "a\x00b", "parameter-control"),
        (CAMPUS, "a\nb", "parameter-control"),
    ],
)
def test_refusals(release: Release, query: Query, text: str, code: str) -> None:
    assert _refusal(query, release, text).code == code


def test_how_many_values(release: Release) -> None:
    assert _refusal(CAMPUS, release, "msi", "itip").code == "parameter-many"
    assert len(_values(THING, release, "campus/msi", "campus/itip", "campus/msi")) == 2
    assert _refusal(THING, release, *["campus/msi"] * 51).code == "parameter-many"


def test_empty_texts_count_as_not_given(release: Release) -> None:
    assert read_values(CAMPUS, {"x": ["", "  "]}, release.store, release.names) == {}


def test_an_unknown_parameter_names_the_near_one(release: Release) -> None:
    with pytest.raises(UsageProblem) as refused:
        read_values(
            Query("q", Text("?", "?"), "", parameters={"campus": CAMPUS.parameters["x"]}),
            {"campu": ["x"]},
            release.store,
            release.names,
        )
    assert (refused.value.code, "campus" in refused.value.say("fr")) == ("parameter-unknown", True)


@pytest.mark.parametrize("text", ["> } ; DROP ALL #", '" } #', "\\u003e", '"""', "' OR 1=1", "<urn:a>", "?x", "{}", "${jndi}"])
@pytest.mark.parametrize("query", [CAMPUS, THING, STAGE, DATE, INTEGER, AMOUNT], ids=lambda query: query.parameters["x"].type)
def test_hostile_texts_name_nothing(release: Release, query: Query, text: str) -> None:
    assert _refusal(query, release, text).code.startswith("parameter-")


def test_choices_come_from_the_graph(release: Release) -> None:
    campuses = choices(release.store, CAMPUS.parameters["x"])
    assert MSI in {choice.term.value for choice in campuses}
    assert [choice.label.fr.casefold() for choice in campuses] == sorted(choice.label.fr.casefold() for choice in campuses)
    stages = {choice.term.value for choice in choices(release.store, STAGE.parameters["x"])}
    used = {q.object.value for q in release.store.matching(expand("cmq:fundingStage"))}  # type: ignore[union-attr]
    assert stages == used
    assert choices(release.store, DATE.parameters["x"]) == []
    assert all(choice.name("en") and choice.name("fr") for choice in campuses)
