"""What reviewers decided: kept by the next run, refused when it is not signed, and part of a release once accepted."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.cli import main
from campuskg.errors import ProblemsFound
from campuskg.ingest.link import as_yaml, link, link_quads, read_review
from campuskg.ontology import expand
from campuskg.release import open_release
from ingest.test_link import HAAG, HUGO, KNOWN, thing

ID = "https://w3id.org/cmq/id/"
NEWS = [thing("x-1", "Lycée Jules Haag", uai="0250011B"), thing("x-2", "LYCEE VICTOR HUGO"), thing("x-3", "Lycée Hugo Victor")]


def written(tmp_path: Path, *changes: tuple[str, str], by: str = "équipe de curation") -> Path:
    """Return the file of proposals as a reviewer leaves it."""
    text = as_yaml(link(NEWS, KNOWN), "fr", release="abc", files={"a.nt": "12"})
    for old, new in (('by: ""', f'by: "{by}"'), ('date: ""', "date: 2026-11-22"), *changes):
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "liens.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def decided(entry: str, decision: str) -> tuple[str, str]:
    """Return the change that decides on the entry of the imported thing *entry*, whose proposal was to accept."""
    (block,) = (
        part
        for part in as_yaml(link(NEWS, KNOWN), "fr", release="abc", files={}).split("  - imported: ")
        if part.startswith(entry)
    )
    head, _, _ = block.partition("    decision: ")
    changed = head + f"    decision: {decision}\n" + block.split("\n", 5)[5].replace("reviewed: false", "reviewed: true")
    return block, changed


def test_nothing_holds_before_someone_has_reviewed_it(tmp_path: Path) -> None:
    review = read_review(written(tmp_path))
    assert review.waiting >= 1
    assert link_quads([review]) == []


def test_accepted_links_become_triples_with_who_when_and_why(tmp_path: Path) -> None:
    path = written(tmp_path, decided("organisation/x-1", "accept"))
    review = read_review(path)
    store = ox.Store()
    store.load("".join(link_quads([review])), ox.RdfFormat.N_QUADS)
    facts = list(store.quads_for_pattern(None, None, None, ox.NamedNode("https://w3id.org/cmq/graph/facts")))
    assert [str(quad.triple) for quad in facts] == [
        f"<{HAAG.iri}> <{expand('skos:exactMatch')}> <{ID}organisation/x-1>",
    ]
    (claim,) = (quad.subject for quad in store.quads_for_pattern(None, ox.NamedNode(expand("rdf:predicate")), None))

    def said(node: ox.NamedNode, term: str) -> set[str]:
        return {quad.object.value for quad in store.quads_for_pattern(node, ox.NamedNode(term), None)}

    assert said(claim, "https://w3id.org/sssom/reviewer_label") == {"équipe de curation"}
    assert said(claim, "https://w3id.org/sssom/mapping_date") == {"2026-11-22"}
    assert {float(score) for score in said(claim, "https://w3id.org/sssom/confidence")} == {1.0}
    assert said(claim, expand("skos:note")) == {"même UAI", "same UAI"}
    (passage,) = said(claim, expand("cmq:sourcePassage"))
    first, last = (int(next(iter(said(ox.NamedNode(passage), expand(f"cmq:{name}Line"))))) for name in ("start", "end"))
    cited = path.read_text(encoding="utf-8").splitlines()[first - 1 : last]
    assert cited[0] == "  - imported: organisation/x-1"
    assert cited[-1] == "    reviewed: true"
    assert sum("imported:" in line for line in cited) == 1


def test_a_rule_may_be_reviewed_at_once(tmp_path: Path) -> None:
    review = read_review(written(tmp_path, ("rules: []", "rules: [same-uai]")))
    assert [entry.imported for entry in review.accepted] == ["organisation/x-1"]


def test_a_second_run_keeps_the_decisions_and_proposes_nothing_rejected(tmp_path: Path) -> None:
    path = written(tmp_path, decided("organisation/x-1", "reject"))
    again = as_yaml(link(NEWS, KNOWN), "fr", release="def", files={}, earlier=read_review(path))
    path.write_text(again, encoding="utf-8")
    review = read_review(path)
    (kept,) = review.decided
    assert (kept.imported, kept.decision, kept.by, kept.date) == (
        "organisation/x-1",
        "reject",
        "équipe de curation",
        "2026-11-22",
    )
    assert sum(entry.pair == kept.pair for entry in review.entries) == 1
    assert as_yaml(link(NEWS, KNOWN), "fr", release="def", files={}, earlier=review) == again
    assert link_quads([review]) == []


def test_what_was_accepted_leaves_no_other_proposal(tmp_path: Path) -> None:
    path = written(tmp_path, ("rules: []", "rules: [same-uai]"))
    again = as_yaml([*link(NEWS, KNOWN), *link([NEWS[0]], [HUGO])], "fr", release="def", files={}, earlier=read_review(path))
    assert again.count("imported: organisation/x-1\n") == 1
    assert "rules: []" in again
    assert "reviewed: true" in again


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("decision: accept", "decision: accepted"), "link-entry"),
        (("imported: organisation/x-1", "imported: person/x"), "link-entry"),
        (("imported: organisation/x-1", 'imported: "organisation/x> <http://a"'), "link-entry"),
        (("reviewed: false", "reviewed: maybe"), "link-entry"),
        (("rules: []", "rules: [same-name]"), "link-entry"),
        (("links:\n", "liens:\n"), "link-file"),
        (('by: "équipe de curation"', 'by: ""\nrules: [same-uai]\nx:'), "yaml-duplicate-key"),
        (("    reviewed: false", "    reviewed: [false"), "yaml"),
    ],
)
def test_a_file_that_is_wrong_is_refused_at_its_place(tmp_path: Path, change: tuple[str, str], code: str) -> None:
    with pytest.raises(ProblemsFound, match=code):
        read_review(written(tmp_path, change))


@pytest.mark.parametrize(("by", "date"), [("", "2026-11-22"), ("jeanne@example.org", "2026-11-22"), ("rectorat", "hier")])
def test_a_decision_is_signed_by_a_role_and_a_day(tmp_path: Path, by: str, date: str) -> None:
    with pytest.raises(ProblemsFound, match="link-reviewer"):
        read_review(written(tmp_path, ("rules: []", "rules: [same-uai]"), ("date: 2026-11-22", f"date: {date}"), by=by))


def test_reviews_that_contradict_each_other(tmp_path: Path) -> None:
    yes = read_review(written(tmp_path, decided("organisation/x-1", "accept")))
    no = read_review(written(tmp_path, decided("organisation/x-1", "reject")))
    with pytest.raises(ProblemsFound, match="link-against"):
        link_quads([yes, no])
    both = written(tmp_path, decided("organisation/x-1", "accept"))
    text = both.read_text(encoding="utf-8")
    second = text[text.index("  - imported: organisation/x-1") : text.index("  - imported: organisation/x-2")]
    both.write_text(text + second.replace(HAAG.id, HUGO.id), encoding="utf-8")
    with pytest.raises(ProblemsFound, match="link-twice"):
        read_review(both)


def called(*arguments: object) -> int:
    """Run the command; return how it ended."""
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "en", *map(str, arguments)])
    return int(ended.value.code or 0)


def test_from_a_table_to_a_release(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Import, match, review, build: the link is in the release with its proof; without the data set it is refused."""
    table, triples, links, out = (tmp_path / name for name in ("p.csv", "p.nt.gz", "links.yaml", "out"))
    table.write_text("nom;uai;code_insee\nLycée Vauban;0250011B;25056\nAutre;;25056\n", encoding="utf-8")
    assert called("import", "partners", table, "--out", triples) == 0
    assert called("build", "--graph", small, "--out", tmp_path / "first") == 0
    assert called("link", tmp_path / "first", triples, "--out", links) == 0
    text = links.read_text(encoding="utf-8")
    links.write_text(
        text.replace('by: ""', "by: team").replace('date: ""', "date: 2026-11-22").replace("rules: []", "rules: [same-uai]"),
        encoding="utf-8",
    )
    assert called("build", "--graph", small, "--links", links, "--out", out) == 1
    assert "dangling-link" in capsys.readouterr().err
    assert not out.exists()
    assert called("build", "--graph", small, "--with", triples, "--links", links, "--out", out) == 0
    said = capsys.readouterr()
    assert "'place/commune-25056', which nothing describes" in said.err
    store = open_release(out).store
    link = f"?claim <{expand('rdf:predicate')}> <{expand('skos:exactMatch')}> ; <{expand('rdf:object')}> <{ID}organisation/{{}}>"
    proof = f"?claim <{expand('cmq:sourcePassage')}>/<{expand('oa:hasSource')}> ?document"
    sources = f"GRAPH <https://w3id.org/cmq/graph/sources> {{ ?document a <{expand('cmq:SourceDocument')}> }}"
    found = store.select(f"SELECT ?document {{ {link.format('partners-lycee-vauban')} . {proof} . {sources} }}").dicts()
    assert len(found) == 1
    assert called("link", out, triples, "--out", links) == 0
    assert "0 matches proposed, 0 doubtful, 0 set aside; 1 decisions kept" in capsys.readouterr().out
