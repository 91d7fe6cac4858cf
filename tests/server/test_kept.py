"""An earlier release that a server keeps: its answers, and its description as a dataset, keep their addresses."""

import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.content import BASE_IRI
from campuskg.ontology import expand
from campuskg.release import build
from server.served import Served, serving


def test_an_earlier_release_stays_described_and_citable(root: Path, tmp_path: Path) -> None:
    graph = Path(shutil.copytree(root / "tests" / "graph" / "faults" / "base", tmp_path / "graph"))
    digests = []
    for name in ("earlier", "served"):
        build(tmp_path / "kept" / name, folder=graph)
        digests.append(_digest(tmp_path / "kept" / name))
        file = graph / "organisations.yaml"
        text = file.read_text(encoding="utf-8").replace("label: Lycée Vauban\n", "label: Lycée Vauban bis\n")
        file.write_text(text, encoding="utf-8")
    earlier, served = digests
    assert earlier != served
    with serving(tmp_path / "kept" / "served", "--keep", str(tmp_path / "kept")) as server:
        page = server.client.get(f"/dataset/{earlier[:16]}", headers={"accept": "text/html"})
        assert page.status_code == 200
        assert earlier in page.text
        assert "/dumps/" not in page.text
        data = server.client.get(f"/dataset/{earlier[:16]}", headers={"accept": "text/turtle"})
        assert data.status_code == 200
        found = {quad.triple for quad in ox.parse(data.content, format=ox.RdfFormat.TURTLE)}
        node = ox.NamedNode(f"{BASE_IRI}dataset/{earlier[:16]}")
        assert any(triple.subject == node and triple.predicate.value == expand("void:triples") for triple in found)
        assert not any(triple.predicate.value == expand("dcat:distribution") for triple in found)
        assert server.client.get(f"/linkset/dataset/{earlier[:16]}").status_code == 200
        assert "/dumps/" in server.client.get(f"/dataset/{served[:16]}", headers={"accept": "text/html"}).text
        assert server.client.get("/dataset/0123456789abcdef", headers={"accept": "text/turtle"}).status_code == 404


@pytest.mark.parametrize("path", ["/ontology.ttl", "/data/ontology/prefixes.nt", "/data/ontology/alignments.ttl"])
def test_the_ontology_is_under_its_own_licence(server: Served, path: str) -> None:
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in server.client.get(path).headers["link"]


def test_things_are_under_that_of_the_data(server: Served) -> None:
    link = server.client.get("/data/id/campus/msi.ttl").headers["link"]
    assert '<https://spdx.org/licenses/etalab-2.0.html>; rel="license"' in link


def _digest(folder: Path) -> str:
    return str(json.loads((folder / "manifest.json").read_bytes())["outputs"]["dataset.nq"])
