"""The files of the ontology: canonical Turtle, one prefix table, no undeclared term."""

import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.content import content
from campuskg.ontology import load_terms, prefixes
from campuskg.ontology.canonical import canonical_turtle

FILES = sorted(content("ontology").rglob("*.ttl"))
QUERIES = sorted([*content("ontology").rglob("*.rq"), *content("queries").rglob("*.rq")])
CMQ = "https://w3id.org/cmq/ontology#"
_DECLARED = re.compile(r"(?mi)^\s*PREFIX\s+([\w.-]*):\s*<([^>]*)>")


def _name(path: Path) -> str:
    return path.relative_to(content("ontology").parent).as_posix()


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_file_is_canonical(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert canonical_turtle(text) == text, f"repair with: python -m campuskg.ontology {_name(path)}"


def test_canonical_form_is_stable_and_says_the_same() -> None:
    text = (
        "@prefix ex: <http://example.org/> . @prefix no: <http://unused.org/> .\n"
        'ex:b a ex:C ; ex:p "é\\n\\"", 1.50, true, "x"@fr ; ex:l ( 1 2 ) . # gone\n[] ex:p ex:b .'
    )
    once = canonical_turtle(text)
    assert canonical_turtle(once) == once
    assert "unused" not in once
    one, other = (ox.Dataset(ox.parse(t.encode(), format=ox.RdfFormat.TURTLE)) for t in (text, once))
    one.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    other.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert one == other


def test_the_command_rewrites_in_place_and_leaves_canonical_files_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("@prefix ex: <http://example.org/> . ex:b a ex:C .", encoding="utf-8")
    for _ in range(2):
        subprocess.run([sys.executable, "-m", "campuskg.ontology", path], check=True)
        assert path.read_bytes() == b"PREFIX ex: <http://example.org/>\n\nex:b\n    a ex:C ;\n.\n"
        path.chmod(0o444)  # the second run must not write
    assert subprocess.run([sys.executable, "-m", "campuskg.ontology"], check=False, capture_output=True).returncode == 1


def test_rdflib_has_one_door(root: Path) -> None:
    users = [
        path.name
        for path in (root / "src").rglob("*.py")
        if re.search(r"(?m)^\s*(from|import) rdflib\b", path.read_text(encoding="utf-8"))
    ]
    assert users == ["canonical.py"]


@pytest.mark.parametrize("path", [*FILES, *QUERIES], ids=_name)
def test_prefixes_are_those_of_the_table(path: Path) -> None:
    table = prefixes()
    declared = _DECLARED.findall(path.read_text(encoding="utf-8"))
    assert {(p, iri) for p, iri in declared if table.get(p) != iri} == set()


def test_table_is_one_to_one() -> None:
    table = prefixes()
    assert len(set(table.values())) == len(table)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*", prefix) for prefix in table)


def test_every_code_list_has_a_prefix() -> None:
    assert {f"{scheme}/" for scheme in load_terms().concepts} <= set(prefixes().values())


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_no_undeclared_term_in_turtle(path: Path) -> None:
    used: set[str] = set()
    for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
        used |= {term.value for term in (quad.subject, quad.predicate, quad.object) if isinstance(term, ox.NamedNode)}
        if isinstance(quad.object, ox.Literal) and quad.predicate.value.endswith("#select"):
            used |= _iris(quad.object.value)
    assert _undeclared(used) == set()


@pytest.mark.parametrize("path", QUERIES, ids=_name)
def test_no_undeclared_term_in_queries(path: Path) -> None:
    assert _undeclared(_iris(path.read_text(encoding="utf-8"))) == set()


def _iris(sparql: str) -> set[str]:
    """Return the IRIs of the compact names in the code of *sparql*."""
    code = re.sub(r'#[+ ].*|"[^"\n]*"|<[^>\s]*>', " ", sparql)
    table = prefixes()
    return {table[p] + local for p, local in re.findall(r"(?<![\w?$:-])([a-z][a-z0-9]*):([\w-]+)", code) if p in table}


def _undeclared(used: set[str]) -> set[str]:
    terms = load_terms()
    codes = {concept for members in terms.concepts.values() for concept in members} | set(terms.concepts)
    scheme = "https://w3id.org/cmq/scheme/"
    wrong = {iri for iri in used if iri.startswith(CMQ) and iri.removeprefix(CMQ) not in terms.names}
    return wrong | {iri for iri in used if iri.startswith(scheme) and iri not in codes and iri not in prefixes().values()}
