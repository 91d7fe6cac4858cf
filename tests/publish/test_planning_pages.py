"""The planners' pages: figures equal to those of the questions, proofs within reach, both languages, labels that are text."""

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterable
from html import unescape
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from openpyxl import load_workbook

from campuskg.errors import UsageProblem
from campuskg.publish.pages import Frame, load_templates
from campuskg.publish.planning.block import query_address
from campuskg.publish.planning.desk import Desk, day, integer, rows, value
from campuskg.publish.planning.page import Made, file, render_planning
from campuskg.publish.planning.pages import PAGES
from campuskg.release import Release
from campuskg.release.names import NameIndex
from campuskg.store import MemoryStore
from campuskg.store.engine import Term

ID = "https://w3id.org/cmq/id/"
STATES = (
    ("board", "date=2022-06-30"),
    ("board", "campus=msi"),
    ("at", ""),
    ("at", "date=2022-06-09&with=2021-06-01"),
    ("compare", ""),
    ("compare", "a=campus/msi&b=campus/agt"),
    ("compare", "a=ENSMM&b=organisation/utbm"),
    ("path", ""),
    ("path", "from=ENSMM&to=campus/itip"),
    ("gaps", "focus=campus/msi&limit=5"),
    ("analysis", ""),
    ("analysis", "section=bridges"),
)


@pytest.fixture(scope="module")
def french(release: Release) -> Desk:
    return Desk(release.store, release.names, "fr", release.digest)


@pytest.fixture(scope="module")
def english(release: Release) -> Desk:
    return Desk(release.store, release.names, "en", release.digest)


def pairs(query: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, _, text in (part.partition("=") for part in query.split("&") if part))


def page(desk: Desk, name: str, query: str = "") -> tuple[str, int]:
    return render_planning(PAGES[name], Frame(desk.lang, f"/{name}", pairs(query), desk.digest, "https://example.org"), desk)


def made(desk: Desk, name: str, **values: Term) -> Made:
    return PAGES[name].make(desk, {key: [value] for key, value in values.items()})


def groups(built: Made) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = list(built.data["groups"])  # type: ignore[call-overload]
    return found


def data(desk: Desk, name: str, query: str = "") -> dict[str, Any]:
    body, _ = file(PAGES[name], pairs(query), desk, "json")
    found: dict[str, Any] = json.loads(body)
    return found


def node(path: str) -> ox.NamedNode:
    return ox.NamedNode(ID + path)


class _Document(HTMLParser):
    """What a page holds: links, ids, headings, tables."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.events: list[str] = []
        self.unnamed = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.links += [found[name] or "" for name in ("href", "src", "action") if found.get(name)]
        self.ids += [found["id"] or ""] if "id" in found else []
        self.levels += [int(tag[1])] if re.fullmatch(r"h[1-6]", tag) else []
        self.events += [name for name in found if name.startswith("on") or name == "style"]


@pytest.mark.parametrize(("name", "query"), STATES)
def test_every_page_is_whole_in_both_languages(french: Desk, english: Desk, name: str, query: str) -> None:
    for desk in (french, english):
        text, status = page(desk, name, query)
        found = _Document(text)
        assert status == 200
        assert len(found.ids) == len(set(found.ids)), sorted(one for one in found.ids if found.ids.count(one) > 1)
        assert found.levels[0] == 1
        assert all(after <= before + 1 for before, after in zip(found.levels, found.levels[1:], strict=False))
        assert found.events == []
        anchors = {link[1:] for link in found.links if link.startswith("#")}
        assert anchors <= set(found.ids)
        assert all(link.startswith(("/", "#", "http://id.insee.fr/", "http://www.w3.org/")) for link in found.links), [
            link for link in found.links if not link.startswith(("/", "#"))
        ]


def test_the_words_are_in_both_languages_and_used(root: Path) -> None:
    table = tomllib.loads(resources.files("campuskg.publish.planning").joinpath("words.toml").read_text(encoding="utf-8"))
    for part, entries in table.items():
        assert all(set(said) == {"fr", "en"} and all(said.values()) for said in entries.values()), part
        assert all(
            sorted(re.findall(r"\{\w+\}", said["fr"])) == sorted(re.findall(r"\{\w+\}", said["en"])) for said in entries.values()
        )
    folder = root / "src/campuskg/publish"
    templates = "".join((folder / "templates" / f"{name}.html").read_text(encoding="utf-8") for name in ("planning", *PAGES))
    python = "".join(path.read_text(encoding="utf-8") for path in (folder / "planning").glob("*.py"))
    used = {*re.findall(r"\bp\.(\w+)", templates), *re.findall(r'"([\w-]+)"', python), *re.findall(r"said\['(\w+)'\]", python)}
    stems = ("mark_", "figure_", "grid_", "label_", "agreement_", "step_")
    suffixes = ("_lead", "_note")
    unused = {
        key
        for entries in table.values()
        for key in entries
        if key not in used and not key.startswith(stems) and not key.endswith(suffixes)
    }
    assert unused == set()


@pytest.mark.parametrize(("name", "query"), STATES)
def test_tables_drawn_from_one_question_have_exactly_its_rows(french: Desk, name: str, query: str) -> None:
    values = dict(pairs(query))
    state = {key: text for key, text in values.items() if key in PAGES[name].parameters}
    asked = "&".join(f"{key}={text}" for key, text in state.items())
    if set(PAGES[name].needed) - set(state):
        with pytest.raises(UsageProblem) as refused:
            data(french, name, asked)
        assert refused.value.code == "planning-missing"
        return
    told = data(french, name, asked)
    assert told["release"] == french.digest
    for table in told["tables"]:
        assert all(question["href"].startswith("/queries/") for question in table["questions"])
        assert table["questions"], table["key"]


def test_the_board_tells_every_row_of_its_questions(french: Desk) -> None:
    built = made(french, "board", date=day("2022-06-30"))
    cards = [one["card"] for group in groups(built) for one in group["cards"]]
    tables = {block.key: block for block in built.blocks}
    for name in ("programme-warnings", "commitments-due", "promise-and-evidence", "contradictions", "doubtful-readings"):
        assert tables[name].count == len(tables[name].sources[0].rows.rows)
        assert query_address(tables[name].sources[0], "csv").startswith(f"/queries/{name}.csv")
    levels = {level: [card for card in cards if card.level == level] for level in {card.level for card in cards}}
    promises = rows(french.ask("promise-and-evidence"))
    assert len(levels["proved"]) == sum(1 for row in promises if row["observed"] is not None)
    assert len(levels["unproved"]) == sum(1 for row in promises if row["observed"] is None)
    assert len(levels["contradicted"]) == len(french.ask("contradictions").rows.rows)
    assert len(levels["doubtful"]) == len(french.ask("doubtful-readings").rows.rows)
    due = {value(row["due"]) for row in rows(french.ask("commitments-due", date=day("2022-06-30")))}
    shown = {card.due for card in cards if card.due}
    assert {one for one in due if one <= "2023-06-30"} <= shown
    silent = [card for card in cards if not card.proofs]
    assert {card.unknown for card in silent} == {True}
    assert all(card.sources for card in cards)


def test_the_board_says_unknown_where_sources_end(french: Desk) -> None:
    text = unescape(page(french, "board")[0])
    assert "Les documents lus s’arrêtent au 9 juin 2022" in text
    assert "Aucun renouvellement n’est documenté" in text
    assert "suite inconnue" in text
    late = {card["card"].thing for group in groups(made(french, "board")) if group["key"] == "late" for card in group["cards"]}
    assert node("campus/msi").value in late


def test_the_board_of_a_campus_holds_only_what_is_its_own(french: Desk) -> None:
    built = made(french, "board", date=day("2022-06-30"), campus=node("campus/ti"))
    cards = [one["card"] for group in groups(built) for one in group["cards"]]
    assert cards
    assert all(node("campus/ti").value in card.campuses for card in cards)
    everywhere = groups(made(french, "board", date=day("2022-06-30")))
    assert len(cards) < sum(len(group["cards"]) for group in everywhere)


def test_the_state_at_a_date_is_that_of_the_questions(french: Desk) -> None:
    tables = {table["key"]: table for table in data(french, "at", "date=2021-12-01")["tables"]}
    date = day("2021-12-01")
    for key, query in (
        ("people", "mandates-at-date"),
        ("agreements", "agreements-in-force"),
        ("activities", "activities-at-date"),
    ):
        assert len(tables[key]["rows"]) == len(french.ask(query, date=date).rows.rows)
    labels = rows(french.ask("label-chain"))
    held = [
        row
        for row in labels
        if value(row["start"]) <= "2021-12-01" and (not row["expiry"] or value(row["expiry"]) > "2021-12-01")
    ]
    assert len(tables["labels"]["rows"]) == len(held)


def test_between_two_dates_what_went_came_and_stayed_adds_up(french: Desk) -> None:
    first, last = "2021-06-01", "2022-06-09"
    found = {table["key"]: table["rows"] for table in data(french, "at", f"date={last}&with={first}")["tables"]}
    for key, query in (
        ("people", "mandates-at-date"),
        ("activities", "activities-at-date"),
        ("agreements", "agreements-in-force"),
    ):
        by = {"people": ("organisation", "person", "role"), "activities": ("activity",), "agreements": ("agreement",)}[key]
        before, after = (
            {tuple(value(row[name]) for name in by) for row in rows(french.ask(query, date=day(date)))} for date in (first, last)
        )
        assert len(found[f"{key}-came"]) == len(after - before)
        assert len(found[f"{key}-went"]) == len(before - after)
        assert len(found[f"{key}-stayed"]) == len(before & after)
    names = [row["person"]["text"] for row in found["people-came"]]
    assert "Mme Walz" in names
    swapped = {table["key"]: table["rows"] for table in data(french, "at", f"date={first}&with={last}")["tables"]}
    assert swapped["people-came"] == found["people-came"]


def test_a_comparison_is_the_same_from_both_sides(french: Desk) -> None:
    one, other = (
        {table["key"]: table for table in data(french, "compare", f"a={a}&b={b}")["tables"]}
        for a, b in (("campus/msi", "campus/agt"), ("campus/agt", "campus/msi"))
    )
    for key in ("partners", "activities"):
        assert len(one[key]["rows"]) == len(other[key]["rows"])
    members = [
        {value(row["organisation"]) for row in rows(french.ask("campus-members", campus=node(f"campus/{name}")))}
        for name in ("msi", "agt")
    ]
    assert {row["organisation"]["value"] for row in one["partners"]["rows"]} == members[0] | members[1]
    both = {row["organisation"]["value"] for row in one["partners"]["rows"] if row["where"]["text"] == "les deux"}
    assert both == members[0] & members[1]
    stages = french.ask("funding-by-stage", campus=[node("campus/msi"), node("campus/agt")])
    assert len(one["money"]["rows"]) == len(stages.rows.rows)


def test_a_path_is_told_hop_by_hop_with_its_proof(french: Desk) -> None:
    told = data(french, "path", "from=ENSMM&to=campus/itip&k=2")["tables"][0]
    hops = [row for row in told["rows"] if row["chain"]["value"] == "1"]
    assert hops[0]["source"]["value"].endswith("ensmm")
    assert hops[-1]["target"]["value"].endswith("campus/itip")
    assert all(row["evidence"]["value"] for row in told["rows"])
    known = rows(french.ask("partnerships", minimum=integer(1)))
    links = {frozenset((value(row["source"]), value(row["target"]))): value(row["activities"]) for row in known}
    for row in told["rows"]:
        assert links[frozenset((row["source"]["value"], row["target"]["value"]))] == row["activities"]["value"]


def test_no_path_says_why(french: Desk, english: Desk) -> None:
    text, status = page(english, "path", "from=ENSMM&to=ENSMM")
    assert status == 200
    assert "No chain" in text
    assert data(french, "path", "from=ENSMM&to=campus/itip")["tables"]
    with pytest.raises(UsageProblem):
        data(french, "path", "from=ENSMM&to=ENSMM&table=chains")


def test_suggestions_follow_the_weights_and_their_points_add_up(french: Desk) -> None:
    told = data(french, "gaps", "focus=campus/msi&limit=8&weight-distance=0")
    suggestions, reasons = (table["rows"] for table in told["tables"])
    assert len(suggestions) == 8
    for one in suggestions:
        parts = [float(row["points"]["value"]) for row in reasons if row["rank"]["value"] == one["rank"]["value"]]
        assert sum(parts) == pytest.approx(float(one["score"]["value"]), abs=0.05 * (len(parts) + 1))
    assert "Proximité" not in {row["rule"]["text"] for row in reasons}
    known = {frozenset((value(r["source"]), value(r["target"]))) for r in rows(french.ask("partnerships", minimum=integer(1)))}
    assert all(frozenset((row["a"]["value"], row["b"]["value"])) not in known for row in suggestions)


def test_the_evaluation_on_the_page_is_that_of_the_benchmark(english: Desk, root: Path) -> None:
    found = json.loads((root / "src/campuskg/analysis/evaluation.json").read_text(encoding="utf-8"))
    text = unescape(page(english, "gaps", "limit=1")[0])
    for one in found["methods"].values():
        row = re.search(rf'<th scope="row">{re.escape(one["label"]["en"])}</th><td class="number">([^<]*)</td>', text)
        assert row is not None
        assert row[1] == f"{100 * one['recall@20']:.1f}%"


def test_the_analysis_says_its_cautions_and_shows_every_campus(english: Desk) -> None:
    text = unescape(page(english, "analysis")[0])
    assert text.count('<div class="message"><p><strong>Note</strong>') == 8
    tables = {table["key"]: table for table in data(english, "analysis")["tables"]}
    assert len(tables["coverage"]["rows"]) > 12
    assert len(tables["standings"]["rows"]) == len(
        {value(row[end]) for row in rows(english.ask("partnerships", minimum=integer(1))) for end in ("source", "target")}
    )


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("board", "campus=Besanson", "CMQ"),
        ("board", "date=hier", "date"),
        ("at", "with=2021-13-40", "date"),
        ("compare", "a=ENSM&b=UTBM", "École nationale supérieure de mécanique"),
        ("path", "from=nobody at all&to=ENSMM", "nobody at all"),
        ("path", "from=ENSMM&to=UTBM&k=500", "10"),
        ("gaps", "weight-partners=-2", "partners"),
        ("analysis", "section=bridge", "bridges"),
    ],
)
def test_what_cannot_be_read_is_said_on_the_page(french: Desk, name: str, query: str, said: str) -> None:
    text, status = page(french, name, query)
    assert status == 400
    assert 'role="alert"' in text
    assert said in unescape(text)


HOSTILE = (
    '<img src=x onerror="alert(1)">',
    "</script><script>alert(1)</script>",
    "=HYPERLINK(A1)",
    "\u202eevil\u202c",
    "x" * 10_000,
)


@pytest.fixture(scope="module")
def planted(release_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return the project's graph with companies of hostile names that take part in a campus and in a project of it."""
    lines: list[str] = []
    for number, label in enumerate(HOSTILE):
        org = node(f"organisation/hostile-{number}")
        lines += _quads(org, {"a": _cmq("Company"), "label": ox.Literal(label, language="fr")})
        for at, (thing, role) in enumerate((("campus/msi", "member"), ("project/technilab", "partner"))):
            lines += _quads(
                node(f"participation/hostile-{number}-{at}"),
                {"a": _cmq("Participation"), "participant": org, "participationIn": node(thing),
                 "role": ox.NamedNode(f"https://w3id.org/cmq/scheme/participation-role/{role}"),
                 "sourcePassage": node("passage/gbm-2022/51")},
            )  # fmt: skip
    lines += _quads(node("agreement/hostile"), {"a": _cmq("Agreement"), "kind": ox.NamedNode("javascript:alert(1)")})
    path = tmp_path_factory.mktemp("planted") / "planted.nq"
    path.write_text((release_dir / "dataset.nq").read_text(encoding="utf-8") + "".join(lines), encoding="utf-8")
    store = MemoryStore.open(path)
    return Desk(store, NameIndex(store), "fr", "planted")


def _cmq(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://w3id.org/cmq/ontology#{name}")


def _quads(subject: ox.NamedNode, said: dict[str, ox.NamedNode | ox.Literal]) -> Iterable[str]:
    facts = "<https://w3id.org/cmq/graph/facts>"
    names = {"a": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "label": "http://www.w3.org/2004/02/skos/core#prefLabel"}
    for name, term in said.items():
        yield f"{subject} <{names.get(name, _cmq(name).value)}> {term} {facts} .\n"


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("board", "date=2022-06-30"),
        ("at", "date=2022-06-09"),
        ("compare", "a=campus/msi&b=organisation/hostile-0"),
        ("compare", "a=campus/msi&b=campus/ti"),
        ("path", "from=organisation/hostile-0&to=organisation/hostile-1"),
        ("gaps", "focus=organisation/hostile-0"),
        ("analysis", ""),
        ("path", 'from=<script>alert("x")</script>&to=ENSMM'),
    ],
)
def test_hostile_labels_are_text(planted: Desk, name: str, query: str) -> None:
    text, _ = page(planted, name, query)
    found = _Document(text)
    assert found.events == []
    assert "<img" not in text
    assert text.count("<script") == text.count("<script src") + text.count('<script type="module"')
    assert not [link for link in found.links if link.lower().startswith("javascript:")]


def test_hostile_labels_do_not_become_formulas(planted: Desk) -> None:
    body, name = file(PAGES["compare"], pairs("a=campus/msi&b=organisation/hostile-0&table=partners"), planted, "xlsx")
    assert name == "compare-partners.xlsx"
    cells = [cell for row in load_workbook(io.BytesIO(body)).worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert "=HYPERLINK(A1)" in {cell.value for cell in cells}
    body, _ = file(PAGES["path"], pairs("from=organisation/hostile-0&to=organisation/hostile-2"), planted, "csv")
    assert body
    assert not [cell for row in csv.reader(io.StringIO(body.decode())) for cell in row if cell.startswith(("=", "@", "\t"))]


def test_templates_load_for_processes_that_cannot_open_files() -> None:
    load_templates()
