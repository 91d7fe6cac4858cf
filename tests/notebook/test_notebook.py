"""The graph in Python: answers as frames, views as networks and pictures; the notebook of the documentation runs."""

import datetime as dt
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import networkx as nx
import pytest

import campuskg
from campuskg.errors import MissingInput, UsageProblem
from campuskg.notebook import Graph
from campuskg.viz.standalone import data_of


@pytest.fixture(scope="module")
def graph(release_dir: Path) -> Graph:
    return campuskg.open_release(release_dir, lang="en")


def test_nothing_heavy_is_loaded_before_a_release_is_opened() -> None:
    code = "import campuskg, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded & {"numpy", "pandas", "polars", "networkx", "pyvis", "pyoxigraph", "jinja2"} == set()


def test_a_missing_release_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingInput):
        campuskg.open_release(tmp_path)


def test_an_answer_has_typed_cells_and_says_what_it_is(graph: Graph) -> None:
    answer = graph.query("programme-funders")
    assert len(answer) == len(answer.records()) == 3 or len(answer) > 0
    assert answer.columns == list(answer.records()[0])
    assert "SELECT" in answer.sparql
    assert graph.release.digest[:8] in answer.cite()
    people = graph.query("mandates-over-time", organisation="campus/ti").records()
    assert {type(row["from"]) for row in people} <= {dt.date, type(None)}
    assert "Laurence Mangeot" in {row["person"] for row in people}
    assert list(graph.query("mandates-over-time", organisation="campus/ti")) == people


def test_values_are_read_as_people_write_them(graph: Graph) -> None:
    assert len(graph.query("partnerships", minimum=4)) < len(graph.query("partnerships"))
    with pytest.raises(UsageProblem):
        graph.query("partnerships", most=4)
    with pytest.raises(UsageProblem):
        graph.query("partnership")
    with pytest.raises(UsageProblem):
        graph.view("partnership")


def test_frames_of_both_libraries_hold_the_same_rows(graph: Graph) -> None:
    answer = graph.query("partnerships")
    pandas, polars = answer.to_pandas(), answer.to_polars()
    assert list(pandas.columns) == polars.columns == answer.columns
    assert pandas["activities"].tolist() == polars["activities"].to_list() == [r["activities"] for r in answer.records()]
    assert pandas["activities"].dtype == "int64"
    iris = answer.to_pandas(names=False)
    assert iris["source"].str.startswith("https://w3id.org/cmq/id/").all()
    assert graph.name(iris["source"][0]) == pandas["source"][0]
    dated = graph.query("mandates-over-time").to_polars()
    assert str(dated["from"].dtype) == "Date"


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_without_its_library_says_what_to_install(graph: Graph, monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr("campuskg.notebook.table.find_spec", lambda name: None if name == library else real(name))
    answer = graph.query("partnerships")
    with pytest.raises(MissingInput) as refused:
        getattr(answer, f"to_{library}")()
    assert "campuskg[notebook]" in refused.value.say("en")


def test_a_view_is_a_networkx_graph_of_the_same_sets(graph: Graph) -> None:
    drawn, network = graph.picture("partnerships"), graph.network("partnerships")
    assert type(network) is nx.MultiGraph
    assert set(network) == {node.id for node in drawn.nodes}
    assert {key for _, _, key in network.edges(keys=True)} == {edge.id for edge in drawn.edges}
    assert all(data["passages"] for _, _, data in network.edges(data=True))
    money = graph.network("funding")
    assert type(money) is nx.MultiDiGraph
    assert money.number_of_edges() == len(graph.picture("funding").edges)


def test_a_view_shows_itself_in_a_frame_that_reaches_nothing(graph: Graph, tmp_path: Path) -> None:
    shown = graph.view("campus-links")
    html = shown._repr_html_()
    assert html.startswith('<iframe sandbox="allow-scripts" title="What links the campuses"')
    assert html.count('"') == 2 * html.count('="'), "the page is escaped whole"
    assert "allow-same-origin" not in html
    assert repr(shown) == "<What links the campuses: 8 nodes, 21 edges>"
    page = shown.save(tmp_path / "page.html").read_bytes()
    assert len(data_of(page)["edges"]) == 21


def test_an_answer_shows_itself_escaped(graph: Graph) -> None:
    html = graph.query("partnerships")._repr_html_()
    assert html.count("<tr>") == len(graph.query("partnerships")) + 1
    assert "Which organisations work together" in html
    assert "<script" not in html


def test_views_are_listed(graph: Graph) -> None:
    assert "partnerships" in graph.views()


def test_the_notebook_of_the_documentation_runs(
    root: Path, release_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CAMPUSKG_RELEASE", str(release_dir))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    monkeypatch.setenv("PATH", os.environ.get("PATH", ""))
    path = root / "docs" / "notebook.ipynb"
    notebook = nbformat.reads(path.read_text("utf-8"), as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    assert all(
        not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells if cell.cell_type == "code"
    )
    nbclient.NotebookClient(
        notebook, timeout=180, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "error"]
    shown = [str(output.data.get("text/html", "")) for output in outputs if "data" in output]
    assert any("<iframe sandbox" in html for html in shown)
    assert any("<table" in html for html in shown)
