"""Every real extract imports, every row is accounted for, and what comes out is RDF in our terms."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from campuskg.content import content
from campuskg.ingest.engine import run
from campuskg.ingest.mapping import importer, importers
from campuskg.ontology import expand, prefixes

IMPORTERS = sorted(importers())
# Geographic codes without a département (Saint-Martin, foreign countries …) and one body without a name: all others come in.
# Three schools of the annuaire, and most bodies of the older edition of the register of higher education, have two rows.
REJECTED = {"departements": 14, "etablissements-superieur": 236, "annuaire-education": 3}
# Well-known properties that the ontology does not declare, each of the vocabulary named by its prefix.
FOREIGN = {expand(f"dcterms:{name}") for name in ("subject", "replaces", "created")}


def rows_of(file: Path) -> int:
    """Return how many rows a file has, by other means than ours."""
    data = file.read_bytes()
    text = data.decode("latin-1" if file.name.startswith("ACCE") else "utf-8-sig")
    if file.suffix == ".jsonl":
        return len(text.splitlines())
    return sum(1 for _ in csv.reader(text.splitlines(keepends=True), delimiter=";" if ";" in text.split("\n")[0] else ",")) - 1


@pytest.mark.parametrize("name", IMPORTERS)
def test_every_row_is_accounted_for(name: str, datasets: Mapping[str, list[Path]], tmp_path: Path) -> None:
    out, report = tmp_path / "out.nt", tmp_path / "report.csv"
    accounts = run(importer(name), datasets[name], out, report=report)
    assert datasets[name]
    assert accounts.rows == sum(map(rows_of, datasets[name]))
    assert accounts.imported + accounts.rejected == accounts.rows
    assert accounts.rejected == REJECTED.get(name, 0)
    with report.open(encoding="utf-8", newline="") as lines:
        told = list(csv.DictReader(lines))
    assert len({(row["file"], row["row"]) for row in told if row["effect"] == "rejected"}) == accounts.rejected
    assert len([row for row in told if row["effect"] == "dropped"]) == accounts.dropped.total()
    assert all(row["fr"] and row["en"] and "{" not in row["fr"] for row in told)
    triples = list(ox.parse(path=out, format=ox.RdfFormat.N_TRIPLES))
    assert len(triples) == out.read_bytes().count(b"\n") == accounts.triples
    passages = {t.subject for t in triples if t.object == ox.NamedNode(expand("cmq:Passage"))}
    proved = {t.object for t in triples if t.predicate == ox.NamedNode(expand("cmq:sourcePassage"))}
    assert proved == passages


def test_two_readers_agree(datasets: Mapping[str, list[Path]], tmp_path: Path) -> None:
    out = tmp_path / "out.nt"
    run(importer("rncp-standard"), datasets["rncp-standard"], out)
    ours = {str(quad.triple) for quad in ox.parse(path=out, format=ox.RdfFormat.N_TRIPLES)}
    theirs = rdflib.Graph().parse(out, format="nt")
    assert len(theirs) == len(ours)


@pytest.mark.parametrize("name", IMPORTERS)
def test_only_known_terms(name: str) -> None:
    """A mapping uses terms of the ontology, of its code lists, or of the few named here."""
    declared = {
        quad.subject.value for quad in ox.parse(path=content("ontology") / "campus.ttl") if isinstance(quad.subject, ox.NamedNode)
    }
    made = importer(name)
    classes = [thing.of.constant.strip("<>") for thing in (*made.things, *made.constants) if thing.of and thing.of.constant]
    used = {predicate for thing in (*made.things, *made.constants) for predicate, _ in thing.says} | set(classes)
    used |= {expand(term) for column in made.columns.values() for term in column.values.values()}
    schemes = tuple(ns for ns in prefixes().values() if ns.startswith("https://w3id.org/cmq/scheme/"))
    unknown = {term for term in used - declared - FOREIGN if not term.startswith(schemes)}
    assert unknown <= {expand("rdf:type")}
    listed = {quad.subject.value for file in (content("ontology") / "codelists").glob("*.ttl") for quad in ox.parse(path=file)}
    own = {thing.iri.pieces[0] for thing in made.constants}
    constants = {value.constant.strip("<>") for thing in made.things for _, value in thing.says if value.constant.startswith("<")}
    codes = {term for term in used | constants if term.startswith(schemes)}
    assert codes - own <= listed


def test_same_file_same_bytes(datasets: Mapping[str, list[Path]], tmp_path: Path) -> None:
    for name in ("a.nt.gz", "b.nt.gz"):
        run(importer("annuaire-education"), datasets["annuaire-education"], tmp_path / name)
    assert (tmp_path / "a.nt.gz").read_bytes() == (tmp_path / "b.nt.gz").read_bytes()
