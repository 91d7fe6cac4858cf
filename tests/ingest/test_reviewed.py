"""What reviewers decided: kept by the next run, refused when it is not signed, and part of a release once accepted."""

from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.cli import main
from campuskg.errors import ProblemsFound
from campuskg.graph.yaml_source import MAX_BYTES
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


def longer(tmp_path: Path, entries: int, *, each: int, tail: str = "") -> Path:
    """Return a file of links with so many more entries, of *each* bytes or so, each accepted by the rule at its head."""
    path = written(tmp_path, ("rules: []", "rules: [same-uai]"))
    head = path.read_text(encoding="utf-8").partition("links:\n")[0]
    said = "é" * (each // 2)
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{head}links:\n# they come\n")
        for number in range(entries):
            file.write(f"  - imported: organisation/x-{number}\n    curated: organisation/{HAAG.id.rpartition('/')[2]}\n")
            file.write(f"    decision: accept\n    rule: same-uai\n    because:\n      - {said}\n    # {number}\n\n")
        file.write(tail)
    return path


def test_a_long_file_is_read_in_blocks(tmp_path: Path) -> None:
    """Longer than a file of YAML may be: the same entries with the same lines, whatever the blocks."""
    review = read_review(longer(tmp_path, 300, each=32_000))
    assert (tmp_path / "liens.yaml").stat().st_size > MAX_BYTES
    start = review.entries[0].lines[0]
    assert [entry.imported for entry in review.accepted] == [f"organisation/x-{number}" for number in range(300)]
    assert [entry.lines for entry in review.entries] == [(start + 8 * n, start + 8 * n + 7) for n in range(300)]
    assert {entry.by for entry in review.entries} == {"équipe de curation"}
    assert review.sha256 == sha256((tmp_path / "liens.yaml").read_bytes()).hexdigest()
    short = read_review(longer(tmp_path, 30, each=32_000))
    assert short.entries == review.entries[:30]


@pytest.mark.parametrize(
    ("tail", "code", "line"),
    [
        ("  - imported: organisation/x\n    curated: person/x\n    decision: accept\n", "link-entry", 2),
        ("  - imported: organisation/x\n    curated: [x\n", "yaml-unclosed", 2),
        ("  - \udcff\n", "bad-encoding", 1),
        ("other: x\nlinks: []\n", "yaml-duplicate-key", 2),
        ("other:\n  - &a x\n  - <<: *b\n", "yaml-unknown-alias", 3),
    ],
)
def test_what_is_wrong_in_a_long_file_has_its_place(tmp_path: Path, tail: str, code: str, line: int) -> None:
    path = longer(tmp_path, 80, each=32_000)
    before = path.read_bytes()
    path.write_bytes(before + tail.encode(errors="surrogateescape"))
    with pytest.raises(ProblemsFound, match=code) as found:
        read_review(path)
    assert [problem.place.line for problem in found.value.problems] == [before.count(b"\n") + line]


def called(*arguments: object) -> int:
    """Run the command; return how it ended."""
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "en", *map(str, arguments)])
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("register", "rows"),
    [
        ("lycees-geo", ("uai,nom,code_insee,lat,lon,adresse,type_lycee", "0250011B,Un,25056,,,,", "0250011B,Deux,25056,,,,")),
        ("partners", ("nom,uai", "Un,0250011B", "Un,0250010A")),
    ],
)
def test_two_editions_of_a_register_are_refused_with_what_to_do(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], register: str, rows: tuple[str, str, str]
) -> None:
    """They are named in both languages; where a thing has one row, they go into a release when they are read in one call."""
    head, older, newer = rows
    old, new, other = (tmp_path / f"p-{year}-01-01.csv" for year in (2024, 2025, 2026))
    for table, row in ((old, older), (new, newer), (other, newer.replace("Un", "X").replace("Deux", "X").replace("00", "99"))):
        table.write_text(f"{head}\n{row}\n", encoding="utf-8")
        assert called("import", register, table, "--out", table.with_suffix(".nt.gz")) == 0
    first, second, third = (table.with_suffix(".nt.gz") for table in (old, new, other))
    capsys.readouterr()
    arguments = ("build", "--graph", small, "--out", tmp_path / "out", "--with", third, "--with", second, "--with", first)
    one_row = register == "lycees-geo"
    code = "added-editions-rows" if one_row else "added-editions"
    for lang in ("en", "fr"):
        assert called(*arguments, "--lang", lang) == 1
        said = [line for line in capsys.readouterr().err.splitlines() if line.endswith(f"[{code}]")]
        assert len(said) == 1
        assert f"{second} {'et' if lang == 'fr' else 'and'} {first} " in said[0]
        assert str(third) not in said[0]
        assert (f"campuskg import {register} " in said[0]) == one_row
    if one_row:
        assert called("import", register, new, old, "--out", tmp_path / "both.nt") == 0
        second = tmp_path / "both.nt"
    assert called("build", "--graph", small, "--out", tmp_path / "out", "--with", second, "--with", third) == 0


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
