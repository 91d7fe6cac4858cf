"""``publish --endpoint``: the site that a SPARQL service gives is, byte for byte, the one that the release gives."""

import sys
from pathlib import Path

import pytest

from engines.conftest import need
from engines.servers import guarded, start_oxigraph
from publish.site_files import publish, small_built

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the engines of the tests run on Unix")


def _files(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_a_site_from_a_service_is_that_from_the_folder(
    root: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    need("oxigraph")
    small = small_built(root / "tests" / "graph" / "faults" / "base", tmp_path_factory)
    out = tmp_path / "kg"
    (tmp_path / "service").mkdir()
    service = guarded(start_oxigraph(small.release / "dataset.nq", tmp_path / "service"))
    try:
        publish(small.release, out, "http://127.0.0.1/kg", "--endpoint", service.url)
    finally:
        service.stop()
    ours, theirs = _files(out), _files(small.host / "kg")
    assert ours.keys() == theirs.keys()
    assert [name for name, body in ours.items() if body != theirs[name]] == []
