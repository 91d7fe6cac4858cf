"""Every IRI that we publish resolves: through the tasks of the workers all of them, over real HTTP a sample in every form."""

import gzip
import hashlib
import io
import json
import random
import shutil
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from signposting import find_signposting_http_link

from campuskg.content import BASE_IRI
from campuskg.publish.published import Published
from campuskg.publish.rdf_forms import RDF_FORMS
from campuskg.release import Release
from campuskg.release.directory import MANIFEST, digest, read_manifest, sealed
from campuskg.server.problem import Refusal
from campuskg.server.resource_tasks import about_task, data_task
from campuskg.server.tasks import Context
from campuskg.server.thing_tasks import page_task
from server.conftest import linux_only
from server.served import Served, serving

BASE = "https://example.org/kg"
ROOT = "/kg"  # a proxy takes it off before the request comes in
SAMPLE = 150
OX_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD, "rdf": ox.RdfFormat.RDF_XML,
}  # fmt: skip
RDFLIB = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def context(release: Release) -> Context:
    return Context(release.store, release, release.digest, BASE)


@pytest.fixture(scope="module")
def published(release: Release) -> Published:
    return Published(release, BASE)


@pytest.fixture(scope="module")
def paths(published: Published) -> list[str]:
    return published.metadata.paths()


def sampled(paths: list[str], count: int = SAMPLE) -> list[str]:
    """A seeded sample in which every kind of path has its share."""
    kinds: dict[str, list[str]] = {}
    for path in paths:
        kinds.setdefault("/".join(path.split("/")[:2]) if path.startswith("id/") else path.split("/")[0], []).append(path)
    rng = random.Random(20261122)  # noqa: S311  a sample, not a secret
    share = max(count // len(kinds), 1)
    found = [path for _, some in sorted(kinds.items()) for path in rng.sample(some, min(share, len(some)))]
    rest = sorted(set(paths) - set(found))
    return sorted(found + rng.sample(rest, max(count - len(found), 0)))


def test_every_published_iri_resolves_with_its_links(context: Context, published: Published, paths: list[str]) -> None:
    assert len(paths) > 15_000
    lost = []
    for path in paths:
        if not path:
            continue  # the address of the site itself, the home page
        link = about_task(context, {"path": path}).meta["link"]
        if f'<{BASE_IRI}{path}>; rel="cite-as"' not in link or not published.triples(path):
            lost.append(path)
    assert not lost


def test_every_kind_of_resource_has_a_page_in_both_languages(context: Context, paths: list[str]) -> None:
    kinds = {"/".join(path.split("/")[:2]): path for path in paths if path.startswith(("id/", "graph/", "scheme/"))}
    for path in (*kinds.values(), "dataset", "catalogue"):
        for lang in ("fr", "en"):
            frame = {"lang": lang, "path": f"/page/{path}", "query": []}
            text = page_task(context, {"path": path, "frame": frame}).body.decode()
            assert f'<html lang="{lang}"' in text
            assert "<h1" in text


@linux_only
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the library's own parser of RDF/XML warns about itself
def test_each_form_of_a_document_says_the_same_over_http(
    server: Served, paths: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    monkeypatch.setattr("rdflib.term.NORMALIZE_LITERALS", False, raising=False)
    for path in sampled([path for path in paths if path.startswith(("id/", "scheme/", "graph/", "query/"))]):
        answers = {}
        for form, media in ((form.extension, form.media_type) for form in RDF_FORMS.values()):
            seen = server.client.get(f"/{path}", headers={"accept": media})
            assert (seen.status_code, seen.headers["vary"]) == (303, "Accept"), path
            answer = server.client.get(seen.headers["location"].removeprefix(ROOT))
            assert answer.status_code == 200, path
            assert answer.headers["content-type"].partition(";")[0] == media
            answers[form] = answer.content
        said = {form: {str(t.triple) for t in ox.parse(body, format=OX_FORMATS[form])} for form, body in answers.items()}
        assert said["nt"], path
        assert all(triples == said["nt"] for triples in said.values()), path
        for form, body in answers.items():
            read = rdflib.Graph().parse(data=body, format=RDFLIB[form]).serialize(format="nt").encode()
            assert {str(t.triple) for t in ox.parse(read, format=ox.RdfFormat.N_TRIPLES)} == said["nt"], (path, form)


@linux_only
def test_a_thing_sends_readers_to_its_page_and_programs_to_its_data(server: Served) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    cases = {
        browser: "/page/id/campus/msi",
        "text/turtle": "/data/id/campus/msi.ttl",
        "application/ld+json;q=0.9, text/html;q=0.1": "/data/id/campus/msi.jsonld",
        "application/rdf+xml": "/data/id/campus/msi.rdf",
        "*/*": "/data/id/campus/msi.ttl",
    }
    for accept, place in cases.items():
        answer = server.client.get("/id/campus/msi", headers={"accept": accept})
        assert (answer.status_code, answer.headers["location"]) == (303, ROOT + place)
    refused = server.client.get("/id/campus/msi", headers={"accept": "image/png"})
    assert refused.status_code == 406
    assert all(form.media_type in refused.json()["known"] for form in RDF_FORMS.values())
    assert server.client.get("/query/contradictions", headers=HTML).headers["location"] == f"{ROOT}/queries/contradictions"
    assert server.client.get("/.well-known/void").headers["location"].startswith(f"{ROOT}/dataset/")


@linux_only
@pytest.mark.parametrize(
    ("path", "status", "place"),
    [
        ("/id/campus/msi.ttl", 303, "/data/id/campus/msi.ttl"),
        ("/id/campus/msi.html", 303, "/page/id/campus/msi"),
        ("/page/id/campus/msi.html", 303, "/page/id/campus/msi"),
        ("/id/campus/msi.html?lang=en", 303, "/page/id/campus/msi?lang=en"),
        ("/id/campus/msi/?lang=en&utm_source=letter", 308, "/id/campus/msi?lang=en&utm_source=letter"),
        ("/id/campus/msi?lang=en&utm_source=letter", 303, "/page/id/campus/msi?lang=en"),
        ("/queries/", 308, "/queries"),
        ("/ontology/Campus", 303, "/ontology/class/Campus"),
        ("/ontology/amount.ttl", 303, "/ontology.ttl"),
    ],
)
def test_an_address_written_otherwise_leads_to_its_document(server: Served, path: str, status: int, place: str) -> None:
    answer = server.client.get(path, headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (status, ROOT + place)


@linux_only
def test_how_to_cite_is_a_file(server: Served, release: Release) -> None:
    answer = server.client.get("/CITATION.cff")
    assert answer.headers["content-type"] == "application/yaml"
    assert f"sha256:{release.digest}" in answer.text
    assert f'url: "{BASE}/"' in answer.text


@linux_only
@pytest.mark.parametrize(
    "path", ["/page/id/campus/msi", "/data/id/campus/msi.ttl", "/ontology.nt", "/dataset", "/dumps/dataset.ttl"]
)
def test_a_document_is_asked_for_again_only_when_it_changed(server: Served, path: str) -> None:
    plain = {**HTML, "accept-encoding": "identity"}
    first = server.client.get(path, headers=plain)
    assert first.status_code == 200
    head = server.client.head(path, headers=plain)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == first.headers["etag"]
    assert head.headers["content-length"] == first.headers["content-length"]
    again = server.client.get(path, headers={**plain, "if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@linux_only
def test_documents_that_are_their_own_description_answer_by_accept(server: Served) -> None:
    for path in ("/ontology", "/ontology/0.2.0", "/ontology/alignments", "/ontology/prefixes", "/dataset", "/catalogue"):
        assert server.client.get(path, headers=HTML).headers["content-type"].startswith("text/html"), path
        for form, media in ((form.extension, form.media_type) for form in RDF_FORMS.values()):
            answer = server.client.get(path, headers={"accept": media})
            assert answer.status_code == 200, path
            assert answer.headers["content-location"] == f"{ROOT}/data{path}.{form}"
            assert any(True for _ in ox.parse(answer.content, format=OX_FORMATS[form])), (path, form)
            assert server.client.get(f"{path}.{form}").content == answer.content


@linux_only
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("id/campus/msi", "https://schema.org/Organization"),
        ("id/organisation/lycee-jules-haag", "https://schema.org/HighSchool"),
        ("dataset", "https://schema.org/Dataset"),
        ("scheme/funding-stage", "http://www.w3.org/2004/02/skos/core#ConceptScheme"),
    ],
)
def test_the_signposting_library_reads_our_links(server: Served, path: str, kind: str) -> None:
    place = f"/page/{path}" if path.startswith(("id/", "scheme/")) else f"/{path}"
    answer = server.client.get(place, headers=HTML)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns about relations that it does not know
        found = find_signposting_http_link(answer.headers.get_list("link"), f"{BASE}{place}")
    assert found.citeAs is not None
    assert found.citeAs.target == BASE_IRI + path
    assert {str(sign.type) for sign in found.describedBy} == {form.media_type for form in RDF_FORMS.values()}
    assert found.license is not None
    assert {str(sign.target) for sign in found.types} >= {kind, "https://schema.org/AboutPage"}
    assert {str(sign.target) for sign in found.linksets} == {f"{BASE}/linkset/{path}"}
    links = server.client.get(f"/linkset/{path}")
    assert links.headers["content-type"] == "application/linkset+json"
    whole = links.json()
    page = next(one for one in whole["linkset"] if one["anchor"] == f"{BASE}{place}")
    assert {one["href"] for one in page["describedby"]} == {str(sign.target) for sign in found.describedBy}
    if path in ("dataset", "scheme/funding-stage"):
        assert page["item"]
        assert page["collection"]


@pytest.fixture(scope="module")
def retiring(release_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of a release that retired two ids, of a folder that a test may spoil."""
    folder = tmp_path_factory.mktemp("retired") / "release"
    shutil.copytree(release_dir, folder)
    why = {"on": "2026-11-01", "fr": "Deux fiches pour un même lycée", "en": "Two records of one school"}
    retired = {"organisation/haag": {**why, "replacedBy": "organisation/lycee-jules-haag"}, "organisation/nobody": why}
    written = json.dumps(retired).encode()
    (folder / "retired.json").write_bytes(written)
    manifest = {key: value for key, value in read_manifest(folder).items() if key != "seal"}
    manifest["outputs"]["retired.json"] = digest(written)
    (folder / MANIFEST).write_bytes(sealed(manifest))
    with serving(folder, "--corrections", "mailto:fix@example.org") as served:
        yield served


@linux_only
def test_a_retired_id_says_when_why_and_what_replaces_it(retiring: Served) -> None:
    other = f"{BASE_IRI}id/organisation/lycee-jules-haag"
    for path in ("/id/organisation/haag", "/page/id/organisation/haag"):
        page = retiring.client.get(path, headers={**HTML, "accept-language": "en"})
        assert page.status_code == 410
        assert f'<{other}>; rel="successor-version"' in page.headers["link"]
        for words in ("1 November 2026", "Two records of one school", "/page/id/organisation/lycee-jules-haag"):
            assert words in page.text
    problem = retiring.client.get("/id/organisation/haag", headers={"accept": "text/turtle"})
    assert (problem.status_code, problem.json()["code"], problem.json()["other"]) == (410, "resource-replaced", other)
    assert "successor-version" in problem.headers["link"]
    alone = retiring.client.get("/data/id/organisation/nobody.ttl")
    assert (alone.status_code, alone.json()["code"]) == (410, "resource-gone")


@linux_only
def test_an_unknown_id_offers_near_names(server: Served) -> None:
    page = server.client.get("/id/organisation/lycee-jules-hagg", headers=HTML)
    assert page.status_code == 404
    assert f'href="{ROOT}/page/id/organisation/lycee-jules-haag"' in page.text
    assert 'value="lycee jules hagg"' in page.text
    problem = server.client.get("/data/id/organisation/lycee-jules-hagg.ttl")
    assert (problem.status_code, problem.json()["code"]) == (404, "resource-near")
    assert "Lycée Jules Haag" in problem.json()["known"]
    assert server.client.get("/graph/none", headers={"accept": "text/turtle"}).status_code == 404


@linux_only
def test_corrections_go_where_the_operator_said(retiring: Served, server: Served) -> None:
    page = retiring.client.get("/page/id/campus/msi", headers=HTML).text
    assert 'href="mailto:fix@example.org?subject=Correction%20%3A%20CMQ' in page
    assert "campus%2Fmsi" in page
    assert "mailto:" not in server.client.get("/page/id/campus/msi", headers=HTML).text


@linux_only
def test_the_dumps_are_what_their_digests_say_and_say_the_same(server: Served, release: Release) -> None:
    sums = dict(reversed(line.split("  ")) for line in server.client.get("/dumps/SHA256SUMS").text.splitlines())
    bodies = {name: server.client.get(f"/dumps/{name}").content for name in sums}
    assert {name: hashlib.sha256(body).hexdigest() for name, body in bodies.items()} == sums
    assert server.client.get("/dumps/dataset.nt.gz.sha256").text == f"{sums['dataset.nt.gz']}  dataset.nt.gz\n"
    formats = {"nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD}
    quads = {name: set(ox.parse(bodies[f"dataset.{name}"], format=form)) for name, form in formats.items()}
    assert quads["nq"] == quads["trig"] == quads["jsonld"]
    triples = {quad.triple for quad in quads["nq"]}
    assert {q.triple for q in ox.parse(bodies["dataset.ttl"], format=ox.RdfFormat.TURTLE)} == triples
    plain = gzip.GzipFile(fileobj=io.BytesIO(bodies["dataset.nt.gz"]))
    assert {q.triple for q in ox.parse(plain.read(), format=ox.RdfFormat.N_TRIPLES)} == triples
    assert release.digest == sums["dataset.nq"]
    told = server.client.get("/catalogue.nt").text
    assert all(digest in told for digest in sums.values())
    assert server.client.get("/dumps/secret.nq").status_code == 404
    assert server.client.get("/data/dataset.trig").headers["location"] == f"{ROOT}/dumps/dataset.trig"


@linux_only
def test_a_dump_that_is_no_longer_the_release_is_refused(retiring: Served) -> None:
    assert retiring.client.get("/dumps/dataset.ttl").status_code == 200
    command = Path(f"/proc/{retiring.process.pid}/cmdline").read_text().split("\0")
    folder = Path(next(part for part in command if part.endswith("/release")))
    (folder / "dataset.ttl").write_text("# another release\n", encoding="utf-8")
    answer = retiring.client.get("/dumps/dataset.ttl")
    assert (answer.status_code, answer.json()["code"]) == (503, "dump-changed")


@linux_only
def test_quotations_of_the_sources_are_in_no_data(server: Served, published: Published, paths: list[str]) -> None:
    passages = [path for path in paths if path.startswith("id/passage/")]
    for path in random.Random(7).sample(passages, 100):  # noqa: S311
        assert not [t for t in published.triples(path) if t.predicate.value.endswith("oa#exact")]
    assert b"oa#exact" not in server.client.get("/dumps/dataset.trig").content


@linux_only
def test_the_site_map_names_pages_that_are_there(server: Served) -> None:
    tree = ET.fromstring(server.client.get("/sitemap.xml").content)  # noqa: S314  our own answer
    places = [node.text or "" for node in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert 1500 < len(places) < 50_000
    for place in random.Random(11).sample(places, 60):  # noqa: S311
        assert server.client.get(place.removeprefix(BASE), headers=HTML).status_code == 200, place
    assert f"Sitemap: {BASE}/sitemap.xml" in server.client.get("/robots.txt").text


def test_a_plain_file_has_no_pages_of_things(release: Release) -> None:
    plain = Context(release.store, None, release.digest, BASE)
    with pytest.raises(Refusal) as refused:
        data_task(plain, {"path": "id/campus/msi", "form": "ttl"})
    assert (refused.value.status, refused.value.code) == (404, "resource-no-release")


@linux_only
def test_a_download_goes_on_where_it_stopped(server: Served) -> None:
    whole = server.client.get("/dumps/dataset.nt.gz")
    size, etag = len(whole.content), whole.headers["etag"]
    assert whole.headers["accept-ranges"] == "bytes"
    for asked, start, end in (("bytes=0-9", 0, 10), (f"bytes={size - 5}-", size - 5, size), ("bytes=-7", size - 7, size)):
        part = server.client.get("/dumps/dataset.nt.gz", headers={"range": asked, "if-range": etag})
        assert (part.status_code, part.content) == (206, whole.content[start:end]), asked
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
    for headers in ({"range": "bytes=0-9", "if-range": '"other"'}, {"range": "lines=1-2"}, {"range": "bytes=0-1,4-5"}):
        answer = server.client.get("/dumps/dataset.nt.gz", headers=headers)
        assert (answer.status_code, len(answer.content)) == (200, size), headers
    for asked in (f"bytes={size}-", "bytes=-0", "bytes=9-3"):
        beyond = server.client.get("/dumps/dataset.nt.gz", headers={"range": asked})
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}"), asked
    assert server.client.get("/dumps/dataset.nt.gz", headers={"range": "bytes=0-9", "if-none-match": etag}).status_code == 304
