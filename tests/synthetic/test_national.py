"""The made-up ecosystem: same seed same bytes, valid, no identifier of a real thing, hubs between territories."""

import re
from collections import Counter
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.cli import main
from campuskg.ontology import expand
from campuskg.release import build, open_release
from campuskg.synthetic import generate

ID = "https://w3id.org/cmq/id/"


@pytest.fixture(scope="module")
def territories(release_dir: Path) -> list[str]:
    """Return one territory's worth of statements."""
    return list(generate(release_dir, 105_000, seed=3))


def test_the_same_seed_gives_the_same_bytes(release_dir: Path, territories: list[str]) -> None:
    start = territories[:20_000]
    assert list(islice(generate(release_dir, 105_000, seed=3), len(start))) == start
    assert list(islice(generate(release_dir, 105_000, seed=4), len(start))) != start


def test_a_small_part_leads_nowhere_outside_itself(release_dir: Path) -> None:
    quads = list(ox.parse("".join(generate(release_dir, 10_000)), format=ox.RdfFormat.N_QUADS))
    known = {quad.subject for quad in quads}
    inferred = expand("prov:wasDerivedFrom")
    dangling = {
        quad.object.value
        for quad in quads
        if isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(ID) and quad.object not in known
        if quad.predicate.value != inferred
    }
    assert dangling == set()
    stated = [quad for quad in quads if not str(quad.graph_name).endswith("vocabulary>")]
    assert 10_000 <= len(stated) < 15_000


def test_made_up_things_have_no_real_identifier_and_share_hubs(territories: list[str]) -> None:
    text = "".join(territories)
    for name in ("uai", "siret", "rorId", "wikidataId", "inseeCode"):
        assert f"<{expand('cmq:' + name)}>" not in text
    taking_part = re.findall(rf"<{re.escape(expand('cmq:participant'))}> <{re.escape(ID)}organisation/([^>]*)>", text)
    assert Counter(bool(re.search(r"-000[12]$", name)) for name in taking_part)[False] > 0  # real ones


@pytest.mark.thorough
def test_the_real_graph_with_another_territory_is_valid_and_answers(tmp_path: Path, territories: list[str]) -> None:
    added, out = tmp_path / "national.nq", tmp_path / "release"
    added.write_text("".join(territories), encoding="utf-8")
    report = build(out, added=[added])
    assert report.warnings == []
    release = open_release(out)
    campuses = release.store.select(f"SELECT (COUNT(DISTINCT ?c) AS ?n) {{ ?c a <{expand('cmq:Campus')}> }}").dicts()[0]["n"]
    assert int(campuses) >= 14
    assert any(name.endswith("/national.nq") for name in release.manifest["inputs"])


def test_a_small_graph_with_other_territories_is_valid_and_answers(tmp_path: Path, small: Path) -> None:
    build(tmp_path / "alone", folder=small)
    alone = open_release(tmp_path / "alone")
    (tmp_path / "national.nq").write_text("".join(generate(tmp_path / "alone", 2 * len(alone.store))), encoding="utf-8")
    report = build(tmp_path / "release", folder=small, added=[tmp_path / "national.nq"])
    assert report.warnings == []
    release = open_release(tmp_path / "release")
    count = f"SELECT (COUNT(DISTINCT ?c) AS ?n) {{ ?c a <{expand('cmq:Campus')}> }}"
    before, after = (int(one.store.select(count).dicts()[0]["n"]) for one in (alone, release))
    assert after >= 3 * before > 0
    assert any(name.endswith("/national.nq") for name in release.manifest["inputs"])


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.ttl", "", "format connu"),
        ("a.nt", "<a> <b> .\n", "ligne 1"),
        ("a.nq", "<http://a/> <http://b/> <http://c/> <http://elsewhere/> .\n", "http://elsewhere/"),
        ("a.nt.gz", "not gzip", "ne peut pas être lu"),
    ],
)
def test_added_data_that_cannot_be_used_are_said_and_nothing_is_written(
    tmp_path: Path, small: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "fr", "build", "--graph", str(small), "--with", str(tmp_path / name), "--out", str(tmp_path / "out")])
    assert ended.value.code in (2, 3)
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_command_writes_the_file_whole(tmp_path: Path, release_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "small.nq"
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "en", "generate", str(release_dir), "--triples", "2000", "--out", str(out)])
    assert ended.value.code == 0
    assert f"{len(out.read_text(encoding='utf-8').splitlines())} statements" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["small.nq"]
