"""Picture = query = table: what is drawn is exactly what the query answers, in both languages."""

from collections import Counter, defaultdict
from decimal import Decimal

import pyoxigraph as ox
import pytest

from campuskg.content import content
from campuskg.errors import Lang, UsageProblem
from campuskg.queries import find_query, read_values
from campuskg.release import Release
from campuskg.store import Rows
from campuskg.viz import SECTIONS, Picture, find_view, picture, picture_of, views
from campuskg.viz.links import roles_of
from campuskg.viz.picture import own_values

LANGS: tuple[Lang, ...] = ("fr", "en")
BASE = "https://w3id.org/cmq/"
NEEDED = {
    "partnerships", "ecosystem", "funding", "participation", "pathways", "mandates", "events", "territory", "adjacency",
    "coverage", "campus-links", "co-organised", "ontology",
}  # fmt: skip


def drawn(release: Release, name: str, lang: Lang = "fr", **given: str) -> Picture:
    view = find_view(name)
    values = read_values(find_query(view.query), {key: [text] for key, text in given.items()}, release.store, release.names)
    return picture(release, view, lang, values)


def test_the_views_are_there_in_the_order_of_the_sections() -> None:
    assert set(views()) >= NEEDED
    places = [(SECTIONS.index(view.section), view.name) for view in views().values()]
    assert places == sorted(places)


@pytest.mark.parametrize("name", list(views()))
def test_a_view_says_what_it_shows_in_both_languages_and_names_columns_that_exist(name: str) -> None:
    view = views()[name]
    query = find_query(view.query)
    for text in (view.title, view.about, view.size_words):
        assert text.fr
        assert text.en
        assert text.fr != text.en
    assert set(roles_of(view, query.view.roles).values()) <= set(query.columns)
    assert set(view.apart) <= set(query.columns)
    assert set(view.values) <= set(query.parameters)
    if view.proof:
        assert (content("viz") / "views" / "proofs" / f"{view.proof}.rq").is_file()


def test_no_query_of_proofs_is_left_over() -> None:
    files = {path.stem for path in (content("viz") / "views" / "proofs").glob("*.rq")}
    assert files == {view.proof for view in views().values() if view.proof}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", list(views()))
def test_the_drawn_sets_are_those_of_the_query_shown(release: Release, name: str, lang: Lang) -> None:
    """The query is run again as the page shows it, and its rows are read here by hand."""
    found = drawn(release, name, lang)
    rows = release.store.select(found.query.bound(found.values))
    assert rows.rows == found.rows.rows
    assert rows.rows, "an empty picture shows nothing"
    roles = roles_of(found.view, found.query.view.roles)
    ends = [roles[role] for role in (("source", "target") if "source" in roles else ("label",))]
    named = [tuple(row.get(column, "") for column in ends) for row in rows.dicts()]
    assert {node.id for node in found.nodes} == {iri for row in named for iri in row if iri}
    assert len({node.id for node in found.nodes}) == len(found.nodes)
    for node in found.nodes:
        assert list(node.rows) == [i for i, row in enumerate(named) if node.id in row]
    if len(ends) == 1:
        assert not found.edges
        return
    held = Counter(row for edge in found.edges for row in edge.rows)
    assert set(held.values()) <= {1}
    assert set(held) == {i for i, row in enumerate(named) if all(row)}
    assert all(edge.rows for edge in found.edges)
    for edge in found.edges:
        assert {named[row] for row in edge.rows} == {(edge.source, edge.target)}
    assert len({edge.id for edge in found.edges}) == len(found.edges)


@pytest.mark.parametrize("name", list(views()))
def test_the_language_changes_words_only(release: Release, name: str) -> None:
    fr, en = drawn(release, name, "fr"), drawn(release, name, "en")
    assert [(n.id, n.x, n.y, n.size, n.group) for n in fr.nodes] == [(n.id, n.x, n.y, n.size, n.group) for n in en.nodes]
    assert [(e.id, e.weight, e.passages) for e in fr.edges] == [(e.id, e.weight, e.passages) for e in en.edges]
    assert [(g.key, g.count) for g in fr.groups] == [(g.key, g.count) for g in en.groups]


@pytest.mark.parametrize("name", list(views()))
def test_the_legend_counts_every_thing_and_tells_groups_apart_twice(release: Release, name: str) -> None:
    found = drawn(release, name)
    assert {group.key: group.count for group in found.groups} == Counter(node.group for node in found.nodes)
    assert len({(group.colour, group.shape) for group in found.groups}) == len(found.groups) <= 8


@pytest.mark.parametrize("name", sorted(NEEDED - {"events", "ontology"}))
def test_links_are_proved_by_passages_of_the_release(release: Release, name: str) -> None:
    known = {
        quad.object.value.removeprefix(f"{BASE}id/passage/").replace("/", ":", 1)
        for quad in release.store.matching(f"{BASE}ontology#sourcePassage")
        if isinstance(quad.object, ox.NamedNode)
    }
    for edge in drawn(release, name).edges:
        assert set(edge.passages) <= known
        assert edge.passages or not edge.weight, edge.id


def test_a_partnership_is_made_by_as_many_activities_as_its_weight_says(release: Release) -> None:
    for edge in drawn(release, "partnerships", minimum="1").edges:
        assert len(edge.via) == edge.weight


def test_campuses_are_linked_by_as_many_organisations_as_the_weight_says(release: Release) -> None:
    for edge in drawn(release, "campus-links").edges:
        assert len(edge.via) == edge.weight


def test_coverage_counts_the_trainings_it_names(release: Release) -> None:
    for edge in drawn(release, "coverage").edges:
        assert len(edge.via) == edge.weight


_AMOUNTS = """PREFIX cmq: <https://w3id.org/cmq/ontology#>
SELECT DISTINCT ?funding ?stage ?amount WHERE {
  GRAPH <https://w3id.org/cmq/graph/facts> {
    ?funding cmq:fundingStage ?stage ; ?property ?amount .
    { ?funding cmq:funder|cmq:fundingProgramme|cmq:fundingKind ?someone }
    { ?funding cmq:beneficiary|cmq:fundedItem ?something }
  }
  BIND(CONCAT(STRAFTER(STR(?stage), "funding-stage/"), "Amount") AS ?wanted)
  FILTER(STRENDS(STR(?property), CONCAT("ontology#", ?wanted)))
}"""


def test_the_money_of_a_stage_is_that_of_its_distinct_fundings(release: Release) -> None:
    """The sum over the ribbons of a stage is the sum over fundings, each once: nothing counts twice, stages never mix."""
    found = drawn(release, "funding")
    expected: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in release.store.select(_AMOUNTS).dicts():
        expected[row["stage"]] += Decimal(row["amount"])
    ribbons: defaultdict[str, Decimal] = defaultdict(Decimal)
    for edge in found.edges:
        ribbons[edge.stage] += Decimal(edge.amount)
        assert {found.rows.dicts()[row]["stage"] for row in edge.rows} == {edge.stage}
        assert edge.via
    assert dict(ribbons) == dict(expected)
    assert len(ribbons) >= 3
    made = Counter(funding for edge in found.edges for funding in edge.via)
    assert set(made.values()) == {1}


def test_values_are_those_of_the_reader_before_those_of_the_view(release: Release) -> None:
    view = find_view("ecosystem")
    assert own_values(view, find_query(view.query), release) == {"campus": [ox.NamedNode(f"{BASE}id/campus/msi")]}
    other = drawn(release, "ecosystem", campus="campus/ti")
    assert {edge.target for edge in other.edges} == {f"{BASE}id/campus/ti"}


def test_rows_at_hand_are_drawn_without_asking_again(release: Release) -> None:
    view, query = find_view("partnerships"), find_query("partnerships")
    whole = picture(release, view)
    some = Rows(whole.rows.variables, whole.rows.rows[:5])
    found = picture_of(view, query, {}, some, release, "fr")
    assert [edge.id for edge in found.edges] == [edge.id for edge in whole.edges[:5]]
    assert {node.id for node in found.nodes} == {end for edge in found.edges for end in (edge.source, edge.target)}


def test_a_row_without_one_end_belongs_to_the_other_alone(release: Release) -> None:
    view, query = find_view("coverage"), find_query("sector-coverage")
    campus = ox.NamedNode(f"{BASE}id/campus/msi")
    rows = Rows(("campus", "sector", "level", "trainings"), [(campus, None, None, ox.Literal(2))])
    found = picture_of(view, query, {}, rows, release, "fr")
    assert [(node.id, node.rows) for node in found.nodes] == [(campus.value, (0,))]
    assert not found.edges


def test_an_empty_answer_is_an_empty_picture(release: Release) -> None:
    for view in views().values():
        query = find_query(view.query)
        found = picture_of(view, query, {}, Rows(tuple(query.columns), []), release, "fr")
        assert (list(found.nodes), list(found.edges), list(found.groups)) == ([], [], [])


def test_an_unknown_view_is_refused_with_near_names() -> None:
    with pytest.raises(UsageProblem) as refused:
        find_view("partnership")
    assert "partnerships" in refused.value.say("en")


def test_facets_are_facts_of_the_graph(release: Release) -> None:
    lycee = next(n for n in drawn(release, "partnerships").nodes if n.id.endswith("/lycee-jules-haag"))
    assert lycee.facets["type"] == (f"{BASE}ontology#Lycee",)
    assert lycee.facets["commune"] == (f"{BASE}id/place/besancon",)
    assert lycee.facets["departement"] == (f"{BASE}id/place/doubs",)
    assert lycee.facets["campus"] == (f"{BASE}id/campus/msi",)
    assert lycee.point is not None
