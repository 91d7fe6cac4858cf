"""From records to statements: evidence, places, dates, ranks."""

import pyoxigraph as ox

from campuskg.errors import Place
from campuskg.graph import Locator, Statement, load_curated
from campuskg.ontology import CMQ, expand
from conftest import Curate

ID = "https://w3id.org/cmq/id/"
HEAD = "- id: organisation/a\n  type: Lycee\n  label: Lycée A\n  src: [gbm-2022:1, gbm-2022:3-4]\n"


def _read(curated: Curate, text: str) -> list[Statement]:
    found = load_curated(curated({"a.yaml": text}))
    assert list(found.problems) == []
    return list(found.statements)


def _about(statements: list[Statement], predicate: ox.NamedNode) -> list[Statement]:
    return [s for s in statements if s.triple.predicate == predicate]


def test_a_fact_carries_its_evidence_and_place(curated: Curate) -> None:
    (label,) = _about(_read(curated, HEAD), ox.NamedNode(expand("skos:prefLabel")))
    assert label.triple == ox.Triple(
        ox.NamedNode(ID + "organisation/a"), ox.NamedNode(expand("skos:prefLabel")), ox.Literal("Lycée A", language="fr")
    )
    assert label.evidence == (Locator("gbm-2022", 1, 1), Locator("gbm-2022", 3, 4))
    assert label.place == Place("graph/a.yaml", 3, 10)
    assert label.reified


def test_a_block_has_its_own_evidence(curated: Curate) -> None:
    statements = _read(curated, HEAD + "  stated:\n    - {acronym: A, src: gbm-2022:7}\n    - {note: n, src: gbm-2022:8}\n")
    (acronym,) = _about(statements, CMQ.acronym)
    assert acronym.evidence == (Locator("gbm-2022", 7, 7),)
    assert acronym.place == Place("graph/a.yaml", 6, 17)


def test_a_nested_statement_is_not_reified_and_has_passages(curated: Curate) -> None:
    statements = _read(
        curated, HEAD + "  observations:\n    - {indicator: ind:jobs, observedValue: 1.50, on: 2021-02, src: gbm-2022:9}\n"
    )
    node = ox.NamedNode(ID + "observation/a--jobs")
    mine = [s for s in statements if s.triple.subject == node]
    assert not any(s.reified for s in mine)
    found = {(s.triple.predicate, s.triple.object) for s in mine}
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert {
        (CMQ.observedEntity, ox.NamedNode(ID + "organisation/a")),
        (CMQ.observedValue, ox.Literal("1.50", datatype=ox.NamedNode(xsd + "decimal"))),
        (CMQ.validFrom, ox.Literal("2021-02-01", datatype=ox.NamedNode(xsd + "date"))),
        (CMQ.validUntil, ox.Literal("2021-02-28", datatype=ox.NamedNode(xsd + "date"))),
        (CMQ.fromPrecision, ox.Literal("month")),
        (CMQ.untilPrecision, ox.Literal("month")),
        (CMQ.sourcePassage, ox.NamedNode(ID + "passage/gbm-2022/9")),
    } <= found


def test_rank_and_reason_of_a_claim(curated: Curate) -> None:
    statements = _read(
        curated, HEAD + "  stated:\n    - {acronym: A, claimRank: rk:deprecated, claimReason: ancien sigle, src: gbm-2022:7}\n"
    )
    (acronym,) = _about(statements, CMQ.acronym)
    assert (acronym.rank, acronym.reason) == ("rk:deprecated", "ancien sigle")


def test_about_adds_to_a_record_of_another_file(curated: Curate) -> None:
    folder = curated({"a.yaml": HEAD, "sous/b.yaml": "- about: organisation/a\n  src: gbm-2022:5\n  acronym: LA\n"})
    found = load_curated(folder)
    assert list(found.problems) == []
    (acronym,) = _about(list(found.statements), CMQ.acronym)
    assert acronym.place == Place("graph/sous/b.yaml", 3, 12)
    assert found.records == 2


def test_every_statement_of_the_project_has_evidence() -> None:
    found = load_curated()
    assert list(found.problems) == []
    unproven = [s for s in found.statements if s.reified and not s.evidence]
    assert unproven == []
    assert all(s.place.file.startswith("graph/") and s.place.line > 0 for s in found.statements)


def test_only_the_chosen_files_are_complained_of(curated: Curate) -> None:
    folder = curated({"a.yaml": HEAD, "b.yaml": "- id: x\n", "c.yaml": "- id: y\n"})
    assert {p.place.file for p in load_curated(folder).problems} == {"graph/b.yaml", "graph/c.yaml"}
    assert {p.place.file for p in load_curated(folder, [folder / "b.yaml"]).problems} == {"graph/b.yaml"}
    assert not load_curated(folder, [folder / "a.yaml"]).problems


def test_hostile_values_stay_values(curated: Curate) -> None:
    hostile = '"> } INSERT <urn:x> \\"@context\\": @id'
    statements = _read(curated, HEAD + f"  stated:\n    - note: '{hostile}'\n      src: gbm-2022:7\n")
    (note,) = _about(statements, ox.NamedNode(expand("skos:note")))
    assert isinstance(note.triple.object, ox.Literal)
    assert note.triple.object.value == hostile
