"""Changes in sentences: a planted edit of the real graph is told, wholly and once."""

import shutil
from pathlib import Path

import pytest

from campuskg.publish.changes import changes, consequences, query_impact
from campuskg.release import Release, build, open_release
from campuskg.release.difference import Difference, difference
from campuskg.release.layers import graph_name

ROOT = Path(__file__).resolve().parents[2]
FILE = "activities/deliberation-gbm-2022.yaml"
NEW_LYCEE = """
- id: organisation/lycee-de-demain
  type: Lycee
  label: Lycée de demain
  src: gbm-2022:31
  stated:
    - {partnerCategory: partnercat:school-education, src: editorial:classification}
  participations:
    - {role: prole:partner, participationIn: campus/msi, src: gbm-2022:31}
"""


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the project's graph where an amount differs and a lycée is new."""
    base = tmp_path_factory.mktemp("edited")
    graph = Path(shutil.copytree(ROOT / "graph", base / "graph"))
    text = (graph / FILE).read_text(encoding="utf-8")
    line = "planned, amount: 5790, on: 2022"
    assert text.count(line) == 1
    text = text.replace(line, "planned, amount: 5800, on: 2022").replace("totalIncome: 15790", "totalIncome: 15800")
    (graph / FILE).write_text(text + NEW_LYCEE, encoding="utf-8")
    build(base / "release", folder=graph)
    return open_release(base / "release")


@pytest.fixture(scope="module")
def found(release_dir: Path, edited: Release) -> Difference:
    return difference(release_dir, edited.folder)


def test_each_change_is_said_in_both_languages(found: Difference, release: Release, edited: Release) -> None:
    french = [change.say("fr") for change in changes(found, release, edited, "fr")]
    english = [change.say("en") for change in changes(found, release, edited, "en")]
    assert any(s.startswith("Ajouté : Lycée de demain (") for s in french)
    assert "Ajouté : Lycée de demain participe à CMQ Microtechniques et Systèmes Intelligents (Partenaire)" in french
    assert any(
        s.startswith("Modifié : Ligne de budget : ") and s.endswith("5\u202f790\u202f€ → 5\u202f800\u202f€") for s in french
    )
    assert any(s.startswith("Added: Lycée de demain takes part in ") for s in english)
    assert any("€5,790 → €5,800" in s for s in english)


def test_every_changed_fact_is_in_exactly_one_sentence(found: Difference, release: Release, edited: Release) -> None:
    added, removed = ([q for q in quads if q.graph_name == graph_name("facts")] for quads in found.quads())
    said = changes(found, release, edited, "fr")
    assert sum(change.added for change in said) == len(added)
    assert sum(change.removed for change in said) == len(removed)
    assert len({change.node for change in said}) == len(said)


def test_what_followed_is_counted(found: Difference) -> None:
    said = consequences(found, "en")
    assert any(line.startswith("Claims and evidence: +") for line in said)
    assert any(line.startswith("Inferences: +") for line in said)


def test_the_queries_whose_answer_changed_are_named(release: Release, edited: Release) -> None:
    names = {impact.query.name for impact in query_impact(release, edited)}
    assert {"programme-funders", "campus-members"} <= names
    assert not names & {"contradictions", "mandates-at-date"}
    assert not list(query_impact(release, release))


def test_the_way_back_takes_away_what_was_added(release_dir: Path, release: Release, edited: Release) -> None:
    back = changes(difference(edited.folder, release_dir), edited, release, "fr")
    assert any(change.say("fr").startswith("Retiré : Lycée de demain participe à") for change in back)
