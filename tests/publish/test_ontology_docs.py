"""The documentation of the ontology: every term is there in both languages, and its rules, counts and examples are true."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import html5rdf  # type: ignore[import-untyped]  # the package ships no types
import pyoxigraph as ox
import pytest

from campuskg.errors import Lang
from campuskg.ontology import CMQ, compact, expand
from campuskg.publish.ontology_diagram import GATHERING, diagram
from campuskg.publish.ontology_docs import OntologyDocs, term_path
from campuskg.publish.ontology_terms import OURS, local, vocabulary
from campuskg.publish.ontology_words import bands
from campuskg.publish.pages import Frame
from campuskg.publish.pages_ontology import OntologyView, path_of_term, render_ontology, render_term, term_paths
from campuskg.queries import catalogue
from campuskg.release import Release

LANGS: tuple[Lang, ...] = ("fr", "en")
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def docs(release: Release) -> OntologyDocs:
    return OntologyDocs(release)


@pytest.fixture(scope="module")
def index(release: Release) -> dict[Lang, str]:
    return {lang: render_ontology(release, Frame(lang, "/ontology", digest=release.digest)) for lang in LANGS}


@pytest.fixture(scope="module")
def pages(release: Release, docs: OntologyDocs) -> dict[tuple[Lang, str], str]:
    """Return the page of every term in both languages."""
    found = {}
    for lang in LANGS:
        for iri in docs.names:
            path = term_path(docs.terms, iri)
            page = render_term(release, Frame(lang, path, digest=release.digest), *path.split("/")[2:])
            assert page is not None
            found[lang, iri] = page
    return found


@cache
def parsed(page: str) -> Any:  # noqa: ANN401  the parser has no types
    """Return *page* as a tree; an error of HTML is an error of the test."""
    parser = html5rdf.HTMLParser(strict=True)
    return parser.parse(page)


def texts(tree: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the texts of *tree* for readers: not those of examples in Turtle."""
    if tree.tag in (f"{XHTML}pre", f"{XHTML}script", f"{XHTML}style") or not isinstance(tree.tag, str):
        return
    yield tree.text or ""
    for child in tree:
        yield from texts(child)
        yield child.tail or ""


@cache
def said(page: str) -> str:
    """Return what *page* says to readers, its spaces run together, its apostrophes as they are typed."""
    return plain("".join(texts(parsed(page))))


def plain(text: str) -> str:
    """Return *text* with single spaces and straight apostrophes: pages set them as printers do."""
    return " ".join(text.split()).replace("’", "'")


@pytest.mark.parametrize("lang", LANGS)
def test_every_term_has_its_anchor_and_its_definition(docs: OntologyDocs, index: dict[Lang, str], lang: Lang) -> None:
    tree = parsed(index[lang])
    anchors = Counter(node.get("id") for node in tree.iter() if isinstance(node.tag, str) and node.get("id"))
    assert [name for name, count in anchors.items() if count > 1] == []
    shown = said(index[lang])
    for iri in docs.names:
        assert iri == OURS + local(iri)
        assert anchors[local(iri)] == 1
        definition = docs.terms.text(iri, "skos:definition", lang)
        assert definition
        assert plain(definition) in shown
        heading = next(node for node in tree.iter() if isinstance(node.tag, str) and node.get("id") == local(iri))
        assert plain("".join(heading.itertext())).startswith(plain(docs.terms.label(iri, lang)))


@pytest.mark.parametrize("lang", LANGS)
def test_no_page_speaks_the_other_language(
    docs: OntologyDocs, index: dict[Lang, str], pages: dict[tuple[Lang, str], str], lang: Lang
) -> None:
    other: Lang = "en" if lang == "fr" else "fr"
    foreign = {docs.terms.text(iri, "skos:definition", other) for iri in docs.names}
    foreign |= {rule.message(other) for rule in docs.shapes.rules}
    foreign |= {docs.terms.text(OURS.rstrip("#"), name, other) for name in ("dcterms:title", "dcterms:description")}
    own = {docs.terms.text(iri, "skos:definition", lang) for iri in docs.names} | {
        rule.message(lang) for rule in docs.shapes.rules
    }
    for page in (index[lang], *(pages[lang, iri] for iri in docs.names)):
        shown = said(page)
        assert [text for text in foreign - own if text and text in shown] == []


def test_words_are_in_both_languages_used_and_known(root: Path) -> None:
    folder = root / "src/campuskg/publish"
    table = tomllib.loads((folder / "ontology_docs.toml").read_text(encoding="utf-8"))["word"]
    assert all(set(words) == {"fr", "en"} and all(words.values()) for words in table.values())
    python = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*ontology*.py"))
    templates = "".join(path.read_text(encoding="utf-8") for path in (folder / "templates").glob("ontology*.html"))
    used = set(re.findall(r"\bs\.(\w+)", templates)) | set(re.findall(r"""["'](\w+)["']""", python))
    computed = {f"layer_{name}" for name in ("facts", "claims", "sources", "inferred", "vocabulary")}
    computed |= {
        "things_one",
        "uses_one",
        "testing",
        "stable",
        "unstable",
        "archaic",
        "Violation",
        "Warning",
        "Info",
        "class",
        "annotation",
    }
    computed |= {name for name in table if name.startswith(("xsd_", "rdf_", "rdfs_", "owl_", "skos_"))}
    assert set(table) - used - computed == set()
    assert set(re.findall(r"\bs\.(\w+)", templates)) <= set(table)


def test_counts_are_those_of_sparql(docs: OntologyDocs, release: Release) -> None:
    ids = "https://w3id.org/cmq/id/"
    of_class = release.store.select(
        f'SELECT ?c (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s a ?c }} FILTER(STRSTARTS(STR(?s), "{ids}")) }} GROUP BY ?c'
    )
    of_property = release.store.select(
        f'SELECT ?p (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?s), "{ids}")) }} GROUP BY ?p'
    )
    counts = {row[0].value: int(row[1].value) for rows in (of_class, of_property) for row in rows.rows if row[0] and row[1]}
    assert {iri: docs.count(iri) for iri in docs.names} == {iri: counts.get(iri, 0) for iri in docs.names}
    below = release.store.select(
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
        f'SELECT ?c (COUNT(DISTINCT ?s) AS ?n) {{ ?s a/rdfs:subClassOf* ?c FILTER(STRSTARTS(STR(?s), "{ids}")) }} GROUP BY ?c'
    )
    totals = {row[0].value: int(row[1].value) for row in below.rows if row[0] and row[1]}
    assert {cls: docs.total(cls) for cls in docs.terms.classes} == {cls: totals.get(cls, 0) for cls in docs.terms.classes}


@pytest.mark.parametrize("lang", LANGS)
def test_rules_cover_every_property_shape(
    docs: OntologyDocs, index: dict[Lang, str], pages: dict[tuple[Lang, str], str], lang: Lang
) -> None:
    stated = {rule.shape for rule in docs.shapes.rules} | docs.shapes.membership_shapes().keys()
    assert docs.shapes.property_shapes() - stated == set()
    assert {one.shape for one in docs.code_lists()} == docs.shapes.membership_shapes().keys()
    shown = said(index[lang])
    for rule in docs.shapes.rules:
        assert rule.message(lang)
        sentence = rule.sentence(lang, docs.terms)
        if rule.targets:
            assert plain(sentence) in shown
        if rule.path.startswith(OURS):
            assert rule.count(lang) in said(pages[lang, rule.path])
            assert rule.message(lang) in said(pages[lang, rule.path])


def test_a_rule_in_plain_words(docs: OntologyDocs) -> None:
    rules = {rule.shape.rpartition("/")[2]: rule for rule in docs.shapes.rules}
    share, stage = rules["Funding-sharePercent"], rules["Funding-fundingStage"]
    assert share.sentence("en", docs.terms) == "share of total cost (%): at most one, decimal number, from 0 to 100"
    assert stage.kind("fr", docs.terms).startswith("code de la liste «\u00a0")
    assert stage.count("fr") == "exactement une"
    assert rules["Organization-siren"].kind("en", docs.terms) == "nine digits"
    assert rules["Concept-label"].count("en") == "exactly 2"
    inherited = {parent: rule.shape for parent, rule in docs.shapes.inherited(CMQ.Lycee.value, docs.terms)}
    assert expand("org:Organization") in inherited
    assert docs.shapes.of_class(CMQ.Lycee.value) == []


def test_examples_are_turtle_and_in_the_release(docs: OntologyDocs, release: Release) -> None:
    missing = []
    for iri in docs.names:
        example = docs.example(iri)
        if example is None:
            missing.append(iri)
            continue
        assert len(example.lines) <= 12
        found = {quad.triple for quad in ox.parse(example.turtle.encode(), format=ox.RdfFormat.TURTLE)}
        assert found == set(example.triples)
        assert all(
            any(q.triple == t for q in release.store.about(t.subject)) for t in found if isinstance(t.subject, ox.NamedNode)
        )
        assert all(any(True for _ in release.store.about(ox.NamedNode(passage))) for passage in example.passages)
        if iri in docs.terms.classes:
            below = docs.terms.down(iri)
            assert any(compact(t.predicate.value) == "rdf:type" and t.object.value in below for t in found)
        else:
            assert [t.predicate.value for t in found] == [iri]
    assert [iri for iri in missing if docs.count(iri)] == []


def test_facts_and_statements_of_the_examples_are_proved(docs: OntologyDocs) -> None:
    for name in ("Lycee", "Funding", "Participation", "Campus", "participant", "funds", "partnerOf", "grantedAmount"):
        example = docs.example(OURS + name)
        assert example is not None
        assert example.passages
        assert all(re.fullmatch(r"[\w-]+:.+", piece.text) for piece in example.locators())


def test_questions_are_those_whose_text_uses_the_term(docs: OntologyDocs) -> None:
    for iri in (CMQ.participant.value, CMQ.Campus.value):
        using = {query.name for query in docs.queries[iri]}
        word = re.compile(rf"{compact(iri)}(?![\w-])")
        assert len(using) > 1
        assert using == {name for name, query in catalogue().items() if word.search(re.sub(r"(?m)#.*$|<[^>]*>", "", query.body))}


def test_a_class_is_asked_about_through_its_own_properties_too(docs: OntologyDocs) -> None:
    asked = {query.name for query in docs.asked(CMQ.Funding.value)}
    assert {query.name for query in docs.queries[CMQ.fundingStage.value]} <= asked
    assert not {query.name for query in docs.queries[CMQ.sector.value]} <= asked


@pytest.mark.parametrize("lang", LANGS)
def test_links_lead_to_anchors_and_pages_that_are_there(
    docs: OntologyDocs, index: dict[Lang, str], pages: dict[tuple[Lang, str], str], lang: Lang
) -> None:
    anchors = set(re.findall(r' id="([^"]+)"', index[lang]))
    known = set(term_paths(docs))
    for page in (index[lang], *(page for (of, _), page in pages.items() if of == lang)):
        parsed(page)
        hrefs = set(re.findall(r'href="([^"]+)"', page))
        assert {h.partition("#")[2] for h in hrefs if h.startswith("/ontology#")} <= anchors
        assert {h for h in hrefs if re.match(r"/ontology/(class|property)/[^?]*$", h)} <= known
    assert {h[1:] for h in re.findall(r'href="(#[^"]+)"', index[lang])} <= anchors
    lower = Counter(path.lower() for path in known)
    assert max(lower.values()) == 1


def test_the_page_is_light(index: dict[Lang, str]) -> None:
    assert all(len(page.encode()) <= 300_000 for page in index.values())


def test_the_diagram_is_the_same_each_time_and_true() -> None:
    terms = vocabulary()
    first, again = diagram(terms, "fr"), diagram(terms, "fr")
    assert first == again
    boxes = [drawn.box for drawn in first.boxes]
    assert len(boxes) <= 20
    assert {box.iri for box in boxes} == {expand(name) for band in bands() for column in band["columns"] for name in column}
    assert {expand(name) for name in GATHERING} <= {box.iri for box in boxes}
    funding = next(box for box in boxes if box.iri == CMQ.Funding.value)
    assert funding.ports["left"] == sorted([CMQ.beneficiary.value, CMQ.funder.value])
    for box in boxes:
        assert box.x >= 0
        assert box.x + box.width <= first.width
        assert box.y + box.height <= first.height
    for one in boxes:
        for other in boxes:
            apart = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert one is other or one.column != other.column or apart


def test_the_terms_are_documented_without_a_release() -> None:
    page = render_ontology(None, Frame("en", "/ontology"))
    assert " in the data ·" not in said(page)
    assert "24,659" not in said(page)
    term = render_term(None, Frame("en", "/ontology/class/Campus"), "class", "Campus")
    assert term is not None
    assert "Example from the data" not in term
    assert render_term(None, Frame("en", "/ontology/class/campus"), "class", "campus") is None


def test_other_pages_find_the_page_of_a_term() -> None:
    assert path_of_term(CMQ.Indicator.value) == "/ontology/class/Indicator"
    assert path_of_term(CMQ.indicator.value) == "/ontology/property/indicator"
    assert path_of_term(expand("org:Organization")) == ""


def test_terms_are_links_with_their_labels(docs: OntologyDocs) -> None:
    view = OntologyView(docs, "en")
    assert view.name(CMQ.Campus.value) == ("/ontology#Campus", "Campus of trades and qualifications", "cmq:Campus")
    assert view.name(expand("xsd:date")) == ("", "date", "xsd:date")
    assert view.name(expand("org:Organization")).href == "/ontology#org-Organization"
    assert view.amount(CMQ.JointEndeavour.value).endswith("of them directly")
    assert view.amount(CMQ.Indicator.value).endswith(" codes")
