"""The parts of the static export: rules, addresses, links, files, search index."""

import json
import re
from pathlib import Path

import pytest

from campuskg.errors import Lang, MissingInput, UsageProblem
from campuskg.publish.documents import Documents
from campuskg.publish.published import Published
from campuskg.publish.site import files, hosts, rules
from campuskg.publish.site.addresses import Site, relative
from campuskg.publish.site.leads import Leads
from campuskg.publish.site.links import localised
from campuskg.publish.site.paths import paths
from campuskg.publish.site.search_index import search_index
from campuskg.release import Release
from hardening.disks import contents, disk, fill

_SITE = Site("https://example.org/kg")


@pytest.fixture(scope="module")
def published(release: Release) -> Published:
    return Published(release, _SITE.base)


@pytest.mark.parametrize(
    ("path", "document", "page"),
    [
        ("id/organisation/ensmm", "id/organisation/ensmm", "page/id/organisation/ensmm.html#"),
        ("id/claim/00015b17d396ece5", "id/claim/00", "page/id/claim/00.html#00015b17d396ece5"),
        ("id/inference/00031ec9792fe306", "id/inference/00", "page/id/inference/00.html#00031ec9792fe306"),
        ("id/passage/gbm-2022/304-306", "id/passage/gbm-2022/lines~30x", "page/id/passage/gbm-2022/lines~30x.html#304-306"),
        ("id/passage/gbm-2022/7", "id/passage/gbm-2022/lines~x", "page/id/passage/gbm-2022/lines~x.html#7"),
        ("id/passage/identifiers/3-il", "id/passage/identifiers/rows~3", "page/id/passage/identifiers/rows~3.html#3-il"),
        ("id/passage/cog/a", "id/passage/cog/rows~a", "page/id/passage/cog/rows~a.html#a"),
        ("id/passage/cog/rows~a", "id/passage/cog/rows~a", "page/id/passage/cog/rows~a.html#"),
        ("query/campuses", "query/campuses", "queries/campuses.html#"),
        ("query/parameter", "query/parameter", "queries.html#"),
        ("ontology", "ontology", "ontology.html#"),
        ("scheme/rank/normal", "scheme/rank/normal", "page/scheme/rank/normal.html#"),
    ],
)
def test_a_rule_says_where_each_iri_is_answered_for(path: str, document: str, page: str) -> None:
    found = rules.place(path)
    assert found is not None
    assert (found.document, f"{found.page}#{found.anchor}") == (document, page)


def test_what_no_iri_has_has_no_place() -> None:
    assert rules.place("sparql") is None
    assert rules.place("") is None


def test_every_document_of_the_release_is_among_the_paths(published: Published, release: Release) -> None:
    assert set(paths(published)) >= set(Documents(release, published._publication(())).paths()) - {""}
    assert all(rules.place(path) is not None for path in paths(published))


def test_members_of_a_group_have_different_anchors(published: Published) -> None:
    for document, members in rules.grouped(paths(published)).items():
        places = [rules.place(path) for path in members]
        assert {found.document for found in places if found} == {document}
        assert len({found.anchor for found in places if found}) == len(members)


@pytest.mark.parametrize(
    ("address", "lang", "file"),
    [
        ("/", "fr", "fr/index.html"),
        ("/kg/", "en", "en/index.html"),
        ("https://example.org/kg/queries", "fr", "fr/queries.html"),
        ("/queries/campuses?lang=en", "fr", "en/queries/campuses.html"),
        ("/queries/campuses?evidence=1&lang=en#answer", "fr", "en/queries/campuses~evidence=1.html#answer"),
        ("/queries/campuses.csv?lang=fr", "fr", "fr/queries/campuses.csv"),
        ("/page/id/campus/msi?section=a&from=100#a", "fr", "fr/page/id/campus/msi~from=100~section=a.html#a"),
        ("https://w3id.org/cmq/id/campus/msi", "en", "en/page/id/campus/msi.html"),
        ("https://w3id.org/cmq/ontology#Campus", "en", "en/ontology.html#Campus"),
        ("/data/id/claim/00015b17d396ece5.ttl", "fr", "data/id/claim/00.ttl"),
        ("/ontology.ttl", "fr", "data/ontology.ttl"),
        ("/ontology/0.2.0", "fr", "fr/ontology/0.2.0.html"),
        ("/r/0123/queries/campuses", "fr", "fr/queries/campuses.html"),
        ("/sparql?query=ASK%20%7B%7D", "fr", "fr/sparql.html#query=ASK%20%7B%7D"),
        ("/search?q=haag", "en", "en/search.html?q=haag"),
        ("/static/site.css", "en", "static/site.css"),
        ("/openapi.json", "en", None),
        ("/limits", "en", None),
        ("https://example.org/kgb/", "en", None),
        ("//example.org/kg/", "en", None),
        ("https://www.wikidata.org/entity/Q1", "en", None),
        ("javascript:alert(1)", "en", None),
    ],
)  # fmt: skip
def test_addresses_of_the_server_become_files(address: str, lang: Lang, file: str | None) -> None:
    found = _SITE.target(address, lang)
    assert (found and found.file + found.suffix) == file


def test_a_form_that_the_site_has_not_leads_nowhere() -> None:
    site = Site("https://example.org", ("ttl",))
    assert site.target("/data/id/campus/msi.rdf", "fr") is None
    assert site.target("/data/id/campus/msi.ttl", "fr") is not None


@pytest.mark.parametrize(
    ("file", "origin", "link"),
    [
        ("a.css", "index.html", "a.css"),
        ("static/a.css", "fr/x/y.html", "../../static/a.css"),
        ("fr/a~b=%2F.html", "fr/c", "a~b=%252F.html"),
    ],
)  # fmt: skip
def test_links_are_relative(file: str, origin: str, link: str) -> None:
    assert relative(file, origin) == link


_PAGE = """<!doctype html>
<html lang="fr" data-root="/kg">
<head>
<meta charset="utf-8">
<link rel="alternate" href="/kg/data/id/campus/msi.rdf">
<link rel="stylesheet" href="/kg/static/site.css">
</head>
<body><a href="/kg/page/id/campus/msi#main">ici</a> <a href="#main">là</a> <a href="https://example.com/?a=1&amp;b=2">dehors</a>
<p><a href="/kg/limits">Limites</a></p><p>Voir <a class="x" href="/kg/limits">les limites</a>.</p>
<a href="/kg/page/id/campus/msi?section=a&amp;lang=fr">tout</a> &lt;a href="/kg/"&gt;</body></html>"""


def test_a_page_of_the_server_becomes_a_file() -> None:
    site = Site(_SITE.base, ("ttl",))
    found = localised(
        _PAGE, "fr/page/id/campus/msi.html", "fr", site, head=['<link rel="cite-as" href="https://w3id.org/cmq/x">']
    )
    assert '<html lang="fr" data-root="../../.." data-static>' in found.html
    assert "Content-Security-Policy" in found.html.partition("<link")[0]
    assert '<link rel="stylesheet" href="../../../../static/site.css">' in found.html
    assert ".rdf" not in found.html
    assert '<a href="#main">ici</a> <a href="#main">là</a> <a href="https://example.com/?a=1&amp;b=2">dehors</a>' in found.html
    assert "<p>Voir les limites.</p>" in found.html
    assert "Limites" not in found.html
    assert 'href="msi~section=a.html"' in found.html
    assert found.led["fr/page/id/campus/msi~section=a.html"] == "/page/id/campus/msi?section=a"


def test_a_page_shown_anywhere_has_links_from_the_root() -> None:
    found = localised(_PAGE, "404.html", "fr", _SITE, anywhere=True)
    assert 'data-root="/kg/fr"' in found.html
    assert 'href="/kg/static/site.css"' in found.html


def test_what_pages_lead_to_is_made_once_and_states_of_planned_pages_at_the_end() -> None:
    leads = Leads({"fr/page/id/campus/msi.html", "fr/queries/a.json"})
    led = {
        "fr/views/money.html": "/views/money",
        "fr/views/money.json": "/views/money.json",
        "fr/queries/a.json": "/queries/a.json",
        "fr/page/id/campus/msi~section=x.html": "/page/id/campus/msi?section=x",
    }
    first = leads.more(led, {}, last=False)
    assert first == [("led", ("/views/money", "fr/views/money.json /views/money.json"))]
    assert leads.more(led, {}, last=False) == []
    made = {"fr/queries/a.json"}
    assert leads.more({}, made, last=True) == [("led", ("/page/id/campus/msi?section=x",))]
    assert leads.more({}, made, last=True) == []


def test_files_are_written_once_and_stale_ones_removed(tmp_path: Path) -> None:
    out = tmp_path / "site"

    def run(made: dict[str, bytes]) -> files.Counted:
        known = files.opened(out)
        folder = files.Folder(out, known, waiting=files.begun(out))
        for name, body in made.items():
            folder.put(name, body)
        return files.finished(folder, known)

    first = run({"a/b.html": b"1", "a/c/d.html": b"2"})
    assert (first.written, first.unchanged, first.removed, first.bytes) == (2, 0, 0, 2)
    stamp = (out / "a/b.html").stat().st_mtime_ns
    second = run({"a/b.html": b"1", "a/e.html": b"3"})
    assert (second.written, second.unchanged, second.removed) == (1, 1, 1)
    assert (out / "a/b.html").stat().st_mtime_ns == stamp
    assert not (out / "a/c").exists()
    assert {path.name for path in out.iterdir()} == {"a", files.MANIFEST}


def test_a_run_that_was_killed_is_made_good(tmp_path: Path) -> None:
    out = tmp_path / "site"
    first = _begun(out)
    first.put("a.html", b"1")  # and no more: nothing tells of it
    again = _begun(out)
    again.put("a.html", b"2")
    files.finished(again, {})
    assert (out / "a.html").read_bytes() == b"2"
    killed = _begun(out)
    killed.put("a.html", b"3")
    assert (out / "a.html").read_bytes() == b"2"
    assert files.standing(out, "") is not None
    assert {path.name for path in out.iterdir()} == {"a.html", files.MANIFEST}


def test_a_run_that_fails_while_it_replaces_files_is_made_good(tmp_path: Path) -> None:
    out = tmp_path / "site"
    first = _begun(out)
    first.put("a.html", b"1")
    files.finished(first, {})
    (out / "c.html").mkdir()  # in the way of a file
    second = _begun(out)
    for name in ("a.html", "b.html", "c.html"):
        second.put(name, b"2")
    with pytest.raises(MissingInput, match="site-unwritable"):
        files.finished(second, files.opened(out))
    files.given_up(out)
    assert files.standing(out, "") is None
    (out / "c.html").rmdir()
    known = files.opened(out)
    third = files.Folder(out, known, waiting=files.begun(out))
    third.put("a.html", b"1")
    done = files.finished(third, known)
    assert (done.written, done.unchanged, done.removed) == (1, 0, 1)  # b.html was of the run that failed
    assert {path.name for path in out.iterdir()} == {"a.html", files.MANIFEST}
    assert files.standing(out, "") is not None


def test_a_full_disk_leaves_the_old_site(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", kib=512) as place:
        out = place / "site"
        old = _begun(out)
        for number in range(8):
            old.put(f"{number}.html", bytes(16 * 1024))
        files.finished(old, {})
        before = contents(out)
        fill(place, leave=48 * 1024)
        new = _begun(out)
        new.put("0.html", b"1" * 16 * 1024)
        with pytest.raises(MissingInput, match="site-intact"):
            new.put("new/1.html", b"1" * 64 * 1024)
        files.given_up(out)
        assert contents(out) == before
        assert files.standing(out, "") is not None


def _begun(out: Path) -> files.Folder:
    known = files.opened(out)
    return files.Folder(out, known, waiting=files.begun(out))


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(UsageProblem):
        files.opened(tmp_path)
    with pytest.raises(UsageProblem):
        files.opened(tmp_path / "mine.txt")


def test_a_manifest_never_removes_what_is_outside(tmp_path: Path) -> None:
    outside, out = tmp_path / "outside.txt", tmp_path / "site"
    outside.touch()
    assert files.opened(out) == {}
    files.finished(files.Folder(out, {}), {"../outside.txt": ("0", 0)})
    assert outside.exists()


def test_the_rules_for_hosts_name_every_rule() -> None:
    apache, nginx = hosts.htaccess(_SITE, ["id/organisation/old"]), hosts.nginx(_SITE, ["id/organisation/old"])
    for rule in rules.RULES:
        assert f"RewriteRule ^{rule.pattern}$ data/{rule.document}.%{{ENV:CMQ_FORM}} [R=303,L]" in apache
        assert f'location ~ "^/kg/{rule.pattern}$" {{' in nginx
    assert "RewriteRule ^id/organisation/old$ - [G,L]" in apache
    assert "location = /kg/id/organisation/old { return 410; }" in nginx


def test_the_rules_for_scripts_are_those_of_the_site() -> None:
    told = rules.as_json()
    for path in ("id/claim/00015b17d396ece5", "query/campuses", "id/passage/gbm-2022/304-306", "ontology/0.2.0"):
        found = rules.place(path)
        rule = next(one for one in told if re.fullmatch(one["pattern"], path))
        as_rule = rules.Rule(rule["pattern"], "", rule["page"], rule["anchor"]).place(path)
        assert found is not None
        assert as_rule is not None
        assert (as_rule.page, as_rule.anchor) == (found.page, found.anchor)


def test_the_search_index_holds_things_and_questions(release: Release) -> None:
    found = json.loads(search_index(release))
    ids = {thing[0] for thing in found["things"]}
    assert "organisation/lycee-jules-haag" in ids
    assert not any(name.startswith(("claim/", "passage/", "participation/")) for name in ids)
    haag = next(thing for thing in found["things"] if thing[0] == "organisation/lycee-jules-haag")
    assert "Haag" in haag[1]
    assert "org:Organization" in found["classes"][haag[3]]["is"]
    assert any(question[0] == "programme-funders" for question in found["questions"])
