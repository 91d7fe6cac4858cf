"""The home page and « À propos »: every figure is that of the question that it leads to."""

import re
import tomllib
from html import unescape
from pathlib import Path

import pytest

from campuskg.publish import pages_home
from campuskg.publish.campus_cards import CATEGORIES, cards
from campuskg.publish.coverage import coverage
from campuskg.publish.home_pictures import money, places, ring
from campuskg.publish.pages import Frame
from campuskg.publish.pages_about import render_about
from campuskg.publish.published import Published
from campuskg.queries import catalogue
from campuskg.release import Release


def rows(release: Release, name: str) -> list[dict[str, str]]:
    return release.store.select(catalogue()[name].sparql).dicts()


def test_the_cards_say_what_the_questions_answer(release: Release) -> None:
    found = {card.id: card for card in cards(release, "fr")}
    assert len(found) >= 7
    msi = found["campus/msi"]
    assert (msi.category, msi.expiry, msi.acronym) == ("Catégorie Excellence", "4 février 2024", "MSI")
    assert list(msi.sectors) == ["Microtechniques", "Systèmes intelligents"]
    counted = {
        row["category"].rpartition("/")[2]: row["organisations"]
        for row in rows(release, "members-by-category")
        if row["campus"].endswith("/msi") and "category" in row
    }
    assert [bar.count for bar in msi.bars] == [counted[key] for key in CATEGORIES]
    assert max(bar.width for card in found.values() for bar in card.bars) == 100
    assert found["campus/ti"].category == ""
    assert all(card.spark for card in found.values())


def test_the_bars_have_the_colours_of_the_other_pictures(root: Path) -> None:
    groups = tomllib.loads((root / "viz" / "groups.toml").read_text(encoding="utf-8"))["category"]
    assert {key: groups[key]["colour"] for key in CATEGORIES} == dict(CATEGORIES)


def test_the_pictures_draw_the_answers(release: Release) -> None:
    known = cards(release, "en")
    drawn, where, sums = ring(release, known, "en"), places(release, "en"), money(release, "en")
    assert drawn is not None
    assert where is not None
    assert sums is not None
    assert len(drawn.spots) == len(known)
    assert len(drawn.ties) == len(rows(release, "campus-links"))
    located = {row["commune"] for row in rows(release, "organisations-by-commune") if "latitude" in row}
    assert 0 < len(where.spots) <= len(located)
    assert "Besançon, 17" in {spot.title for spot in where.spots}
    granted = [r for r in rows(release, "funding-flows") if r["stage"].endswith("/granted") and "amount" in r]
    assert sums.flows[0].amount == f"€{max(float(r['amount']) for r in granted):,.0f}"
    assert [flow.width for flow in sums.flows] == sorted((flow.width for flow in sums.flows), reverse=True)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_home_page_has_three_doors_and_says_what_it_does_not_know(release: Release, lang: str) -> None:
    frame = Frame("en" if lang == "en" else "fr", "/")
    text = unescape(pages_home.render_home(frame, pages_home.home(release, frame.lang), catalogue()))
    assert len(re.findall(r'<div class="door">', text)) == 3
    assert {"fr": "non documenté", "en": "not documented"}[lang] in text
    assert 'href="/queries/unsourced-statements"' in text
    assert len(text.encode()) < 80_000
    empty = pages_home.render_home(frame, pages_home.Home(), catalogue())
    assert 'class="campus-cards"' not in empty


def test_every_statement_of_the_project_is_proved(release: Release) -> None:
    covered = coverage(release)
    assert covered.share == 100
    assert covered.contradictions == len(rows(release, "contradictions"))
    assert covered.kinds["campus"] == covered.classes["cmq:Campus"]
    text = unescape(render_about(Frame("fr", "/about"), Published(release, "https://example.org")))
    assert all(f'href="/page/id/document/{name}"' in text for name in ("cmq-bfc-2021", "gbm-2022"))
    assert "@misc{dataset-" in text
    assert "Sources et couverture" not in render_about(Frame("fr", "/about"), None)
