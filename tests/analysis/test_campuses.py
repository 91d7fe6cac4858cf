"""Campuses side by side: overlap, isolated members, coverage."""

from analysis.planted import ID, graph, member, sector, together
from campuskg.analysis import coverage, coverage_gaps, isolated, overlap, partnerships, shared_by_campuses, surroundings
from campuskg.analysis.coverage import STATES
from campuskg.ontology import load_terms
from campuskg.queries import find_query
from campuskg.release import Release

PLANTED = "\n".join(
    [
        "<campus/one> a cmq:Campus . <campus/two> a cmq:Campus . <campus/three> a cmq:Campus .",
        "<organisation/a> a cmq:Lycee . <organisation/b> a cmq:Company . <organisation/c> a cmq:Company .",
        member("organisation/a", "campus/one"),
        member("organisation/b", "campus/one"),
        member("organisation/c", "campus/one"),
        member("organisation/b", "campus/two"),
        together("project/p", "campus/two", "organisation/a"),
        together("project/q", "organisation/a", "organisation/b"),
        sector("campus/one", "energy"),
        sector("organisation/b", "energy"),
        "<training/t> a cmq:TrainingProgramme ; cmq:developedBy <campus/one> ; cmq:sector field:energy ;",
        "  cmq:leadsTo <qualification/x> ; cmq:sourcePassage <passage/text/5> .",
        "<qualification/x> cmq:level <https://w3id.org/cmq/scheme/cncp-level/5> .",
        "<training/u> a cmq:TrainingProgramme ; cmq:developedBy <campus/one> ; cmq:sector field:energy .",
    ]
)


def test_overlap_by_hand() -> None:
    found = {(one.a.rsplit("/", 1)[-1], one.b.rsplit("/", 1)[-1]): one for one in overlap(graph(PLANTED))}
    assert set(found) == {("one", "two"), ("one", "three"), ("three", "two")}
    both = found["one", "two"]
    assert set(both.shared) == {f"{ID}organisation/a", f"{ID}organisation/b"}
    assert (both.size_a, both.size_b, both.share) == (3, 2, 2 / 3)
    assert both.shared[f"{ID}organisation/b"] == ("text:90",)
    assert found["one", "three"].share == 0
    assert list(shared_by_campuses(graph(PLANTED))) == [f"{ID}organisation/a", f"{ID}organisation/b"]


def test_nothing_documented_is_no_share() -> None:
    (one,) = overlap(graph("<campus/one> a cmq:Campus . <campus/two> a cmq:Campus ."))
    assert one.share is None


def test_isolated_members_by_hand() -> None:
    found = [(one.campus.rsplit("/", 1)[-1], one.node.rsplit("/", 1)[-1], one.elsewhere) for one in isolated(graph(PLANTED))]
    assert found == [("one", "c", 0), ("two", "b", 1)]


def test_coverage_by_hand() -> None:
    cells = coverage(graph(PLANTED))
    levels = {cell.level.rsplit("/", 1)[-1]: cell for cell in cells if cell.level}
    assert levels["5"].things == (f"{ID}training/t",)
    assert levels["5"].passages == ("text:5",)
    assert levels["4"].things == ()
    assert levels["4"].perhaps == (f"{ID}training/u",)
    assert levels["4"].passages == ("text:70",)
    partners = {cell.category: cell for cell in cells if cell.category}
    assert partners["company"].things == (f"{ID}organisation/b",)
    assert partners["school"].things == ()
    assert partners["school"].perhaps == (f"{ID}organisation/a",)
    found = list(coverage_gaps(graph(PLANTED)))
    assert sorted(found, key=cells.index) == [cell for cell in cells if not cell.things]
    assert [cell.state for cell in found] == sorted((cell.state for cell in found), key=STATES.index)


def test_a_gap_is_not_a_silence() -> None:
    more = "\n".join([PLANTED, sector("campus/one", "wood"), sector("organisation/a", "energy")])
    cells = {(cell.sector.rsplit("/", 1)[-1], cell.level[-1:] or cell.category): cell.state for cell in coverage(graph(more))}
    assert cells["energy", "5"] == cells["energy", "company"] == "documented"
    assert cells["energy", "4"] == "perhaps"  # the level of a training of that sector is not told
    assert cells["energy", "laboratory"] == "gap"  # other partners of that sector are
    assert cells["wood", "4"] == cells["wood", "laboratory"] == "silent"


def test_the_organisations_of_several_campuses_are_those_of_the_catalogue(release: Release) -> None:
    rows = release.store.select(find_query("bridging-organisations").bound({})).dicts()
    expected = {row["organisation"]: int(row["campuses"]) for row in rows}
    assert {iri: len(campuses) for iri, campuses in shared_by_campuses(release).items()} == expected


def test_isolated_members_have_no_partner_in_their_campus(release: Release) -> None:
    network, around = partnerships(release), surroundings(release)
    found = isolated(release)
    assert found
    for one in found:
        assert one.passages
        inside = around.members(one.campus) | {one.campus}
        assert not set(network.links_of.get(one.node, {})) & inside


def test_every_sector_of_a_campus_has_a_cell_for_each_level(release: Release) -> None:
    levels = load_terms().concepts["https://w3id.org/cmq/scheme/cncp-level"]
    cells = [cell for cell in coverage(release) if cell.level]
    pairs = {(cell.campus, cell.sector) for cell in cells}
    assert len(cells) == len(pairs) * len(levels)
    assert all(cell.passages for cell in cells)
