"""``campuskg viz``: list, show, draw to files, lay out."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest

from campuskg.cli import main
from campuskg.viz import views

pytestmark = pytest.mark.usefixtures("opened_once")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, release_dir: Path, tmp_path: Path) -> Run:
    monkeypatch.setenv("CAMPUSKG_RELEASE", str(release_dir))
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["viz", *arguments])
        out, err = capsysbinary.readouterr()
        assert b"Traceback" not in out + err
        code = stopped.value.code
        assert isinstance(code, int)
        return code, out.decode(), err.decode()

    return call


def test_list_names_every_view_in_both_languages(run: Run) -> None:
    fr, en = run("list")[1], run("list", "--lang", "en")[1]
    for name, view in views().items():
        assert name in fr
        assert view.title.fr in fr
        assert view.title.en in en


def test_show_is_the_table_of_the_picture(run: Run) -> None:
    code, out, _ = run("show", "campus-links", "--lang", "en")
    assert code == 0
    assert "What links the campuses" in out
    assert "8 items, 21 links" in out
    assert "shares organisations with" in out


def test_the_name_of_a_view_is_enough(run: Run) -> None:
    assert run("campus-links")[1] == run("show", "campus-links")[1] == run("draw", "campus-links")[1]


def test_show_things_without_links(run: Run) -> None:
    assert "81 éléments, 0 liens" in run("show", "events")[1]


def test_files_of_one_run_agree(run: Run, tmp_path: Path) -> None:
    wanted = [part for form in ("html", "gexf", "graphml", "json", "csv") for part in (f"--{form}", f"out.{form}")]
    code, out, err = run("partnerships", *wanted, "--lang", "en")
    assert (code, out) == (0, "")
    assert err.count("written") == 6
    page = (tmp_path / "out.html").read_text()
    assert '<html lang="en">' in page
    assert "Who works with whom" in page
    gexf, graphml = nx.read_gexf(tmp_path / "out.gexf"), nx.read_graphml(tmp_path / "out.graphml")
    data = json.loads((tmp_path / "out.json").read_bytes())
    assert set(gexf) == set(graphml) == {node["id"] for node in data["nodes"]}
    assert gexf.number_of_edges() == graphml.number_of_edges() == len(data["edges"])
    assert len((tmp_path / "out.csv").read_text().splitlines()) == len(data["edges"]) + 1
    assert len((tmp_path / "out.nodes.csv").read_text().splitlines()) == len(data["nodes"]) + 1


def test_parameters_are_those_of_the_query(run: Run, tmp_path: Path) -> None:
    assert run("partnerships", "--param", "minimum=4", "--json", "four.json")[0] == 0
    four = json.loads((tmp_path / "four.json").read_bytes())
    assert four["edges"]
    assert all(edge["weight"] >= 4 for edge in four["edges"])
    code, _, err = run("partnerships", "--param", "least=4")
    assert code == 2
    assert "minimum" in err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("partnership",), 2, "partnerships"),
        (("show", "nowhere"), 2, "view-unknown"),
        (("partnerships", "--html", "missing/out.html"), 3, "missing/out.html"),
        (("partnerships", "--release", "nowhere"), 3, "nowhere"),
        (("partnerships", "--param", "minimum"), 2, "minimum"),
    ],
)
def test_refusals_say_what_would_do(run: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    found, _, err = run(*arguments)
    assert found == code
    assert said in err


def test_layout_writes_the_places_of_the_release(run: Run, release_dir: Path, root: Path, tmp_path: Path) -> None:
    code, out, _ = run("layout", "--write", str(release_dir), "--out", "places", "--lang", "en")
    assert code == 0
    assert "new place(s)" in out
    for path in (tmp_path / "places").glob("*.json"):
        assert path.read_bytes() == (root / "viz" / "layouts" / path.name).read_bytes()
    assert {path.name for path in (tmp_path / "places").glob("*")} == {path.name for path in (root / "viz" / "layouts").glob("*")}
    shutil.rmtree(tmp_path / "places")


def test_help_is_in_both_languages(run: Run) -> None:
    assert "Lister les vues" in run("--help")[1]
    assert "List the views" in run("--help", "--lang", "en")[1]
