"""Whole static sites, made by the command: links, data, every IRI, what a second run writes.

That of a small graph, and of the project's own among the thorough tests: both have pages of every kind.
"""

import gzip
import json
import random
import re
import shutil
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.content import BASE_IRI
from campuskg.publish.published import Published
from campuskg.publish.site import rules
from campuskg.publish.site.addresses import Site
from campuskg.publish.site.builder import Builder
from campuskg.publish.site.files import MANIFEST
from campuskg.publish.site.links import WITH_WASM
from campuskg.publish.site.paths import paths
from campuskg.publish.site.site import pieces
from campuskg.release import Release, build, open_release
from campuskg.server.inside import Inside
from publish.site_files import SiteFiles, Small, built, publish, small_built

_FORMS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}


_LOADED = re.compile(r'(?:<script [^<>]*src|<link rel="stylesheet" href)="[./]*static/([^"]+)"')
_PARTS = re.compile(r'import"\./([^"]+)"')
_LINE = "label: Lycée Vauban\n"


@pytest.fixture(scope="module")
def small(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Small:
    return small_built(root / "tests" / "graph" / "faults" / "base", tmp_path_factory)


@pytest.fixture(scope="module", params=["small", pytest.param("whole", marks=pytest.mark.thorough)])
def release_of(request: pytest.FixtureRequest, small: Small) -> Path:
    folder: Path = small.release if request.param == "small" else request.getfixturevalue("release_dir")
    return folder


@pytest.fixture(scope="module")
def release(release_of: Path) -> Release:
    return open_release(release_of)


@pytest.fixture(scope="module")
def site(release_of: Path, small: Small, tmp_path_factory: pytest.TempPathFactory) -> SiteFiles:
    return SiteFiles(small.host / "kg" if release_of == small.release else built(release_of, tmp_path_factory))


@pytest.fixture(scope="module")
def published(release: Release) -> Published:
    return Published(release, "http://127.0.0.1/kg")


def test_every_link_leads_to_a_file_and_every_anchor_is_there(site: SiteFiles) -> None:
    broken = list(site.broken())
    assert broken[:20] == []
    assert len(site.pages) > 2000


def test_what_is_planned_is_made(site: SiteFiles, release: Release, published: Published) -> None:
    every = paths(published)
    groups = rules.grouped(every)
    inside = Inside(release, published.base)
    builder = Builder(published, inside, Site(published.base), every, groups)
    planned = builder.planned(pieces(every, groups))
    assert len(planned) > 2000
    assert sorted(planned - site.names)[:20] == []


def test_every_iri_has_a_page_in_both_languages_its_anchor_and_its_data(site: SiteFiles, published: Published) -> None:
    for path in paths(published):
        found = rules.place(path)
        assert found is not None
        for lang in ("fr", "en"):
            page = site.pages.get(f"{lang}/{found.page}")
            assert page is not None, path
            assert not found.anchor or found.anchor in page.anchors, path
        assert all(f"data/{found.document}.{form}" in site.names for form in _FORMS), path


def test_every_page_states_its_policy_and_holds_no_code(site: SiteFiles) -> None:
    for name, page in site.pages.items():
        assert page.policy, name
        if name.endswith("~alone.html"):  # one file that goes by mail: its policy names its own scripts by their digests
            assert "script-src 'sha256-" in page.policy, name
            continue
        assert page.inline == [], name
        assert ("wasm" in page.policy) == name.endswith("/sparql.html"), name
    assert site.pages["fr/sparql.html"].policy == WITH_WASM


def test_pages_are_light(site: SiteFiles) -> None:
    """A page of a thing weighs at most 100 kB with its styles and scripts; answers and the ontology are as long as they are."""

    @cache
    def size(file: str) -> int:
        return (site.folder / file).stat().st_size

    heavy = []
    for name in (name for name in site.names if "/page/" in name and name.endswith(".html")):
        html = (site.folder / name).read_text(encoding="utf-8")
        loaded = {f"static/{file}" for file in _LOADED.findall(html)}
        for file in list(loaded):
            loaded |= {f"static/{part}" for part in _PARTS.findall((site.folder / file).read_text(encoding="utf-8"))}
        weight = size(name) + sum(size(file) for file in loaded)
        if weight > 100_000:
            heavy.append((name, weight))
    assert heavy == []


def test_nothing_tells_of_the_machine_that_made_it(site: SiteFiles, release_of: Path) -> None:
    told = str(release_of.parent).encode()
    small = [name for name in site.names if not name.startswith(("dumps/", "static/dataset"))]
    assert [name for name in small if told in (site.folder / name).read_bytes()] == []


def test_the_data_say_the_same_in_every_form_as_the_documents(site: SiteFiles, published: Published) -> None:
    groups = rules.grouped(paths(published))
    members = {path for found in groups.values() for path in found}
    alone = [path for path in paths(published) if path not in members and not path.startswith(("catalogue", "dataset", "graph/"))]
    chosen = random.Random(5)  # noqa: S311  a sample, the same each time
    documents = [*chosen.sample(alone, 120), *chosen.sample(sorted(groups), min(len(groups), 40))]
    for document in documents:
        expected = {t for path in groups.get(document, [document]) for t in published.triples(path)}
        assert expected
        if any(isinstance(term, ox.BlankNode) for t in expected for term in (t.subject, t.object)):
            continue  # the ontology: its nodes have no names to compare
        for form, format_ in _FORMS.items():
            body = (site.folder / f"data/{document}.{form}").read_bytes()
            assert {quad.triple for quad in ox.parse(body, format=format_)} == expected, f"{document}.{form}"


def test_the_dumps_have_the_digests_that_are_told(site: SiteFiles, release: Release) -> None:
    from hashlib import sha256

    sums = (site.folder / "dumps" / "SHA256SUMS").read_text().split("\n")
    for digest, name in (line.split("  ") for line in sums if line):
        assert sha256((site.folder / "dumps" / name).read_bytes()).hexdigest() == digest
    packed = site.folder / "static" / f"dataset-{release.digest[:16]}.nq.gz"
    assert gzip.decompress(packed.read_bytes()) == (release.folder / "dataset.nq").read_bytes()


def test_the_metadata_name_the_site_and_no_endpoint(site: SiteFiles, release: Release) -> None:
    void = list(ox.parse((site.folder / ".well-known" / "void").read_bytes(), format=ox.RdfFormat.TURTLE))
    dataset = ox.NamedNode(f"{BASE_IRI}dataset/{release.digest[:16]}")
    assert any(quad.subject == dataset for quad in void)
    catalogue = (site.folder / "data" / "catalogue.nt").read_text()
    assert "/sparql>" not in catalogue
    assert "<http://127.0.0.1/kg/dumps/dataset.nq>" in catalogue
    located = [
        line.partition("<loc>")[2].partition("</loc>")[0] for line in (site.folder / "sitemap.xml").read_text().splitlines()
    ]
    files = [url.removeprefix("http://127.0.0.1/kg/") for url in located if url]
    assert len(files) > 1000
    assert [name for name in files if name not in site.names] == []


def test_a_site_of_the_same_is_left_alone(small: Small, tmp_path: Path) -> None:
    out = _copied(small, tmp_path)
    stamps = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    assert "nothing to do" in publish(small.release, out)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == stamps


def test_a_file_that_was_lost_or_changed_in_size_comes_back(small: Small, tmp_path: Path) -> None:
    out = _copied(small, tmp_path)
    (out / "robots.txt").unlink()
    (out / "fr" / "index.html").write_bytes(b"")
    said = publish(small.release, out)
    assert " 2 written, " in said
    assert (out / "fr" / "index.html").read_bytes() == (small.host / "kg" / "fr" / "index.html").read_bytes()
    assert "nothing to do" in publish(small.release, out)


def test_an_edit_rewrites_only_what_it_must(small: Small, tmp_path: Path) -> None:
    out = _copied(small, tmp_path)
    before = json.loads((out / MANIFEST).read_bytes())["files"]
    stamps = {name: (out / name).stat().st_mtime_ns for name in before}
    graph = Path(shutil.copytree(small.graph, tmp_path / "graph"))
    file = graph / "organisations.yaml"
    text = file.read_text(encoding="utf-8")
    assert _LINE in text
    file.write_text(text.replace(_LINE, _LINE.replace("\n", " bis\n"), 1), encoding="utf-8")
    build(tmp_path / "edited", folder=graph)
    publish(tmp_path / "edited", out)
    after = json.loads((out / MANIFEST).read_bytes())["files"]
    data = {name for name in after if name.startswith(("data/scheme/", "linkset/scheme/"))}
    assert data
    assert all(before[name] == after[name] for name in data)
    assert any(before.get(name) != after[name] for name in after if name.startswith("data/id/organisation/"))
    untouched = [name for name in after if before.get(name) == after[name]]
    assert all((out / name).stat().st_mtime_ns == stamps[name] for name in untouched)


def _copied(small: Small, folder: Path) -> Path:
    """Return a copy of the small site in a *folder* of one's own."""
    return Path(shutil.copytree(small.host / "kg", folder / "kg"))
