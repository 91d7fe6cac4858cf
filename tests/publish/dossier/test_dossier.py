"""The dossiers of all campuses: traced to their queries, the same bytes each time, nothing from outside, in both languages."""

import io
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pyoxigraph as ox
import pytest

from campuskg.analysis import coverage_gaps
from campuskg.cli import main
from campuskg.cli.dossier import chosen
from campuskg.errors import InternalFault, Lang, UsageProblem
from campuskg.publish.dossier import Dossier, as_html, as_workbook, campuses, coverage, dossier, security_of
from campuskg.publish.dossier.pdf import PROGRAMS, as_pdf
from campuskg.queries import catalogue
from campuskg.release import Release, open_release
from campuskg.store import MemoryStore
from campuskg.store.engine import Term
from publish.dossier.traced import Reader, Tracer, read

SEVEN = ("ae", "agt", "amf", "itip", "mma", "msi", "ti")
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)


@pytest.fixture(scope="module")
def made(release: Release) -> dict[tuple[str, Lang], Dossier]:
    english = ("ae", "mma", "msi", "ti")
    wanted: list[tuple[str, Lang]] = [(slug, "fr") for slug in campuses(release) if slug not in english or slug == "msi"]
    wanted += [(slug, "en") for slug in english]
    return {(slug, lang): dossier(release, slug, lang) for slug, lang in wanted}


@pytest.fixture(scope="module")
def pages(made: dict[tuple[str, Lang], Dossier]) -> dict[tuple[str, Lang], str]:
    return {key: as_html(found) for key, found in made.items()}


@pytest.fixture(scope="module")
def readers(pages: dict[tuple[str, Lang], str]) -> dict[tuple[str, Lang], Reader]:
    return {key: read(page) for key, page in pages.items()}


def test_all_campuses_are_there(release: Release) -> None:
    assert set(SEVEN) <= set(campuses(release))


def test_every_figure_is_in_the_answer_it_names(
    release: Release, made: dict[tuple[str, Lang], Dossier], readers: dict[tuple[str, Lang], Reader]
) -> None:
    for (slug, lang), page in readers.items():
        tracer = Tracer(release, lang, made[slug, lang].campus)
        assert list(tracer.untraced(page)) == [], (slug, lang)
        assert len(tracer.asked) > 20


def test_a_wrong_figure_is_found(release: Release, made: dict[tuple[str, Lang], Dossier]) -> None:
    found = made["msi", "en"]
    page = as_html(found)
    assert "€71,500" in page
    assert len(list(Tracer(release, "en", found.campus).untraced(read(page.replace("€71,500", "€71,600"))))) > 2
    assert list(Tracer(release, "en", found.campus).untraced(read(page.replace(">39<", ">40<"))))


def test_the_page_is_whole_and_asks_for_nothing(
    pages: dict[tuple[str, Lang], str], readers: dict[tuple[str, Lang], Reader]
) -> None:
    for (slug, lang), page in pages.items():
        reader = readers[slug, lang]
        assert not {"script", "img", "iframe", "object"} & {tag for tag, _ in reader.elements}
        # The one link is the empty icon: it keeps a browser from asking for one.
        assert [attributes for tag, attributes in reader.elements if tag == "link"] == [{"rel": "icon", "href": "data:,"}]
        for tag, attributes in reader.elements:
            if tag == "link":
                continue
            assert "style" not in attributes
            assert not any(name.startswith("on") for name in attributes)
            assert "href" not in attributes or tag == "a"
            assert attributes.get("href", "#").startswith(("#", "https://w3id.org/cmq/"))
        assert not re.search(r"url\(|@import", page)
        assert f'<html lang="{lang}">' in page
        ids = [a["id"] for _, a in reader.elements if "id" in a]
        assert len(ids) == len(set(ids))
        assert {a["href"][1:] for _, a in reader.elements if a.get("href", "").startswith("#")} <= set(ids)


def test_pictures_are_well_formed_and_said_in_words(pages: dict[tuple[str, Lang], str]) -> None:
    pictures = [svg for page in pages.values() for svg in SVG.findall(page)]
    assert len(pictures) > 30
    for svg in pictures:
        root = ET.fromstring(svg)  # noqa: S314  our own picture
        assert root[0].tag == "{http://www.w3.org/2000/svg}title"
        assert root[0].text
        assert root.get("aria-labelledby", "").split()[0] == root[0].get("id")


def test_each_part_names_query_release_and_link(made: dict[tuple[str, Lang], Dossier]) -> None:
    found = made["msi", "fr"]
    page = as_html(found)
    for section in found.sections:
        for part in section.parts:
            if part.plan.query == coverage.NAME:
                continue
            assert part.asked.permalink.startswith(f"https://w3id.org/cmq/r/{found.digest}/queries/{part.plan.query}")
            assert part.asked.permalink.replace("&", "&amp;") in page
    assert page.count("non documenté") > 5
    assert found.digest in page
    assert "<built-in" not in page


def _names(cell: Term | None) -> int:
    return len(cell.value.split(coverage.BETWEEN)) if cell is not None else 0


def test_gaps_are_those_of_the_analysis(release: Release, made: dict[tuple[str, Lang], Dossier]) -> None:
    gaps = Counter((one.campus, one.sector) for one in coverage_gaps(release))
    for (_, lang), found in made.items():
        rows = coverage.coverage_answer(release, lang, found.campus).rows.rows
        told = Counter(
            {(found.campus, row[0].value): sum(_names(cell) for cell in row[1:]) for row in rows if row[0] is not None}
        )
        assert told == Counter({pair: count for pair, count in gaps.items() if pair[0] == found.campus})


def test_what_is_asked_in_the_plan_exists() -> None:
    from campuskg.publish.dossier.plan import plan

    for section in plan():
        for part in section.parts:
            if part.query == coverage.NAME:
                continue
            query = catalogue()[part.query]
            columns = {*part.hide, *part.blank, *part.empty, *part.dates, *part.dates.values(), *part.keep, *part.roles.values()}
            assert columns | ({part.group} if part.group else set()) <= set(query.columns), part.id
            assert set(part.values) <= set(query.parameters), part.id


def test_same_release_same_bytes(release_dir: Path, made: dict[tuple[str, Lang], Dossier]) -> None:
    again = dossier(open_release(release_dir), "msi", "fr")
    assert as_html(again) == as_html(made["msi", "fr"])
    assert as_workbook(again) == as_workbook(made["msi", "fr"])


def test_the_day_can_be_chosen(release: Release, made: dict[tuple[str, Lang], Dossier]) -> None:
    assert made["msi", "fr"].at == "2022-06-09"
    early = dossier(release, "msi", "fr", "2020-01-01")
    office = next(part for part in early.sections[1].parts if part.plan.id == "office")
    assert ox.NamedNode("https://w3id.org/cmq/id/person/sebastien-thibaud") in office.asked.column("person")
    assert "État au 1er janvier 2020" in as_html(early)


def test_the_workbook_opens_and_says_the_same(made: dict[tuple[str, Lang], Dossier]) -> None:
    for found in made.values():
        book = openpyxl.load_workbook(io.BytesIO(as_workbook(found)))
        assert len(book.sheetnames) == len(found.sections) + 3
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(made["msi", "fr"])))
    money = next(sheet for sheet in book if sheet.title.startswith("5 "))
    amounts = {cell.value for row in money.iter_rows() for cell in row if isinstance(cell.value, int | float)}
    assert {80500, 15790, 9000} <= amounts
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    sources = book[book.sheetnames[-1]]
    assert any(row[0].value == "gbm-2022" and row[1].value == "51" for row in sources.iter_rows())


def test_the_policy_lets_the_style_in_and_nothing_else(made: dict[tuple[str, Lang], Dossier]) -> None:
    policy = security_of(as_html(made["msi", "fr"]))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


@pytest.mark.usefixtures("opened_once")
def test_command_writes_and_explains(release_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["dossier", "--release", str(release_dir), "--out", str(tmp_path), "--lang", "en", "--campus"]
    with pytest.raises(SystemExit) as done:
        main([*call, "MSI"])
    assert done.value.code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dossier-msi-en.html", "dossier-msi-en.xlsx"]
    for wrong, code, said in ((["Atlantis"], 2, "parameter-entity"), (["MSI", "--at", "soon"], 2, "dossier-date")):
        with pytest.raises(SystemExit) as done:
            main([*call, *wrong])
        assert done.value.code == code
        assert said in capsys.readouterr().err


def test_a_release_without_campuses_says_so() -> None:
    with pytest.raises(UsageProblem) as refused:
        chosen(Release(Path(), {"outputs": {"dataset.nq": ""}}, MemoryStore()), "all")
    assert refused.value.code == "dossier-none"


@pytest.mark.usefixtures("opened_once")
def test_no_browser_no_pdf(release_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SystemExit) as done:
        main(["dossier", "--campus", "MSI", "--pdf", "--release", str(release_dir)])
    assert done.value.code == 3
    assert "pdf-browser" in capsys.readouterr().err


@pytest.mark.usefixtures("opened_once")
@pytest.mark.skipif(not any(map(shutil.which, PROGRAMS)), reason="Chromium is not installed")
def test_the_command_prints_a_pdf(release_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as done:
        main(["dossier", "--release", str(release_dir), "--out", str(tmp_path), "--campus", "FB", "--lang", "fr", "--pdf"])
    assert done.value.code == 0
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".html", ".pdf", ".xlsx"]
    path = tmp_path / "dossier-fb-fr.pdf"
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", data)) > 1
    assert "CMQ Forêt-Bois".encode("utf-16-be").hex().upper().encode() in data  # in its title, a text string (ISO 32000-2, 7.9.2)
    assert data.count(b"/URI (https://w3id.org/cmq/") > 10
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True, text=True).stdout
        assert "CMQ Forêt-Bois" in text


def test_a_browser_that_fails_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / PROGRAMS[0]
    program.write_text("#!/bin/sh\necho no display >&2\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(InternalFault) as refused:
        as_pdf("<!doctype html><title>x</title>")
    assert refused.value.code == "pdf-failed"
    assert "no display" in str(refused.value)
