"""Pages as text, without a server: words, colours, tables, the index; and the sources of their scripts."""

import json
import re
import tomllib
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.errors import Text
from campuskg.publish import pages
from campuskg.publish.answers import Answer
from campuskg.publish.pages import Frame, interface_words
from campuskg.publish.pages_answer import MOST_ROWS, answer_table, cut_note, thing_address
from campuskg.publish.pages_query import render_index
from campuskg.queries import Column, Query, catalogue
from campuskg.release import Release
from campuskg.store import Rows

_XSD = "http://www.w3.org/2001/XMLSchema#"


def answer(release: Release, rows: Rows, **columns: Column) -> Answer:
    return Answer(Query("essai", Text("?", "?"), "SELECT * {}", columns=columns), rows, release.names, "fr")


def test_words_are_in_both_languages_used_and_known(root: Path) -> None:
    table = tomllib.loads((root / "viz" / "words.toml").read_text(encoding="utf-8"))
    assert all(set(words) == {"fr", "en"} and all(words.values()) for part in table.values() for words in part.values())
    python = "".join(path.read_text(encoding="utf-8") for path in (root / "src/campuskg/publish").glob("*.py"))
    templates = "".join(path.read_text(encoding="utf-8") for path in (root / "src/campuskg/publish/templates").glob("*.html"))
    used = set(re.findall(r"\bw\.(\w+)", templates)) | set(re.findall(r'"(\w+)"', python))
    stems = tuple(re.findall(r'f"(\w+_)\{', python))  # keys put together from a stem and a name of the data
    scripts = "".join(path.read_text(encoding="utf-8") for path in (root / "viz/web/src").rglob("*.ts"))
    in_scripts = {key for key in table["page"] if key.startswith("explorer_")}  # sent to the explorer with its page
    stems += tuple(re.findall(r"`(explorer_(?:\w+_)?)\$\{", scripts))
    used |= set(re.findall(r'"(explorer_\w+)"', scripts))
    assert {key for key in set(table["page"]) - used if not key.startswith(stems)} == set()
    assert set(re.findall(r"\bw\.(\w+)", templates)) <= set(table["page"])
    assert set(re.findall(r'say\(\s*"(\w+)"', scripts)) <= set(table["script"]) | in_scripts


def _luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_palette_stands_out_from_the_page(root: Path) -> None:
    palette = tomllib.loads((root / "viz" / "palette.toml").read_text(encoding="utf-8"))["colour"]
    tokens = (root / "viz/web/src/style/tokens.css").read_text(encoding="utf-8")
    found = re.search(r"--page: light-dark\((#\w{6}), (#\w{6})\)", tokens)
    assert found is not None
    assert len(palette) == 8
    for colour in palette:
        assert _contrast(colour["light"], found[1]) >= 3, colour
        assert _contrast(colour["dark"], found[2]) >= 3, colour


def test_the_lock_names_no_registry_and_the_sources_no_other_site(root: Path) -> None:
    lock = json.loads((root / "viz/web/package-lock.json").read_text(encoding="utf-8"))
    assert all("resolved" not in package for package in lock["packages"].values())
    for path in [*(root / "viz/web/src").rglob("*.ts"), *(root / "viz/web/src").rglob("*.css")]:
        text = path.read_text(encoding="utf-8")
        sites = set(re.findall(r"https?://([\w.]+)", text))
        assert sites <= {"www.w3.org", "w3id.org", "gexf.net", "graphml.graphdrawing.org"}, path  # names of vocabularies only
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text), path


def test_templates_escape_everything(root: Path) -> None:
    for path in (root / "src/campuskg/publish/templates").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", ""), path
        assert "autoescape" not in text, path


@pytest.mark.parametrize(
    ("iri", "address"),
    [
        ("https://w3id.org/cmq/id/campus/msi", "/page/id/campus/msi"),
        ("http://id.insee.fr/geo/commune/25056", "http://id.insee.fr/geo/commune/25056"),
        ("javascript:alert(1)", ""),
        ("urn:x:y", ""),
    ],
)
def test_links_lead_to_things_of_ours_or_to_the_web(iri: str, address: str) -> None:
    assert thing_address(iri) == address


def test_cells_are_words_with_the_plain_value_beside(release: Release) -> None:
    rows = Rows(
        ("campus", "amount", "day", "known", "other"),
        [
            (
                ox.NamedNode("https://w3id.org/cmq/id/campus/msi"),
                ox.Literal("15790", datatype=ox.NamedNode(_XSD + "decimal")),
                ox.Literal("2021-02-04", datatype=ox.NamedNode(_XSD + "date")),
                ox.Literal("true", datatype=ox.NamedNode(_XSD + "boolean")),
                None,
            )
        ],
    )
    table = answer_table(answer(release, rows, amount=Column("amount", Text("Montant", "Amount"), "euro")))
    assert [cell.text for cell in table.rows[0].cells] == [
        "CMQ Microtechniques et Systèmes Intelligents",
        "15\u202f790\u202f€",
        "4 février 2021",
        "oui",
        "",
    ]
    assert [cell.value for cell in table.rows[0].cells][1:3] == ["15790", "2021-02-04"]
    assert [column.kind for column in table.columns] == ["link", "number", "date", "text", "text"]


def test_long_answers_say_what_is_not_shown(release: Release) -> None:
    table = answer_table(answer(release, Rows(("n",), [(ox.Literal(n),) for n in range(MOST_ROWS + 5)])))
    assert len(table.rows) == MOST_ROWS
    assert "2\u202f005" in cut_note(table, "fr")


def test_the_index_lists_each_question_once_and_finds_by_words() -> None:
    frame = Frame("fr", "/queries")
    whole = render_index(frame, catalogue())
    assert all(whole.count(f'href="/queries/{name}"') == 1 for name in catalogue())
    found = render_index(frame, catalogue(), "FINANCE programme")
    assert 'href="/queries/programme-funders"' in found
    assert 'href="/queries/same-name"' not in found
    assert interface_words("fr")["index_none"] in render_index(frame, catalogue(), "zzz qqq")


def test_addresses_keep_the_state_of_the_page() -> None:
    frame = Frame("fr", "/queries/x", (("a", "é"), ("lang", "fr")), base="https://example.org/kg")
    assert frame.in_language("en") == "/kg/queries/x?a=%C3%A9&lang=en"
    assert frame.with_query("a", "") == "/kg/queries/x?lang=fr"
    assert frame.link("https://example.org/") == "https://example.org/"
    assert frame.within("/queries")
    assert not frame.within("/")


def test_pages_do_without_the_built_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "built_assets", dict)
    text = render_index(Frame("en", "/queries"), catalogue())
    assert "<script" not in text
    assert 'href="/static/source/site.css"' in text


@pytest.mark.parametrize("section", ["", "money", "network"])
@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/network",
            "/page/id/campus",
            "/page/id/campus/msi",
            "/page/id/document/x",
            "/page/scheme/a/b",
            "/page/graph/facts",
        ),
        *("/queries", "/queries/a", "/catalogue", "/dataset/abc", "/ontology", "/ontology/class/X", "/views/x"),
    ],
)
def test_the_pages_of_a_folder_share_how_the_main_entries_stand(path: str, section: str) -> None:
    frame = Frame("fr", path, section=section)
    told = [f'aria-current="{how}"' for entry, _ in frame.navigation if (how := frame.current(entry))]
    assert re.findall(r'aria-current="\w+"', frame.shared("navigation.html")) == told
