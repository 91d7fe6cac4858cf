"""A graph whose every name is an attack: the dossier shows them as words, and the workbook holds no formula."""

import io
import re
from itertools import cycle
from pathlib import Path

import openpyxl
import pytest

from campuskg.publish.dossier import Dossier, as_html, as_workbook, dossier
from campuskg.release import Release
from campuskg.store import MemoryStore
from publish.dossier.traced import read

NAMES = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "</style><style>*{display:none}</style>",
    "</text></svg><svg onload=alert(3)>",
    '" onmouseover="alert(4)',
    "javascript:alert(5)",
    '=HYPERLINK(\\"https://evil.example\\")',
    "@SUM(A1:A9)",
    "+1-1|cmd",
    "\\u202Etxt.exe\\u202C \\u2066évil",
    "{{ 7*7 }}{% raw %}",
    "x" * 10_000,
    "mot " * 2_500,
)
LABEL = re.compile(
    r'^(<https://w3id.org/cmq/id/[^>]+> <[^>]+(?:prefLabel|note|acronym|altLabel|description)> )"(?:[^"\\]|\\.)*"', re.MULTILINE
)


@pytest.fixture(scope="module")
def hostile(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    names = cycle(name.replace('"', '\\"') if "\\" not in name else name for name in NAMES)
    path = tmp_path_factory.mktemp("hostile") / "dataset.nq"
    text = (release.folder / "dataset.nq").read_text(encoding="utf-8")
    path.write_text(LABEL.sub(lambda match: f'{match[1]}"{next(names)}"', text), encoding="utf-8")
    planted = Release(Path(release.folder), release.manifest, MemoryStore.open(path))
    return dossier(planted, "msi", "fr")


def test_names_are_words_only(hostile: Dossier) -> None:
    page = as_html(hostile)
    reader = read(page)
    tags = {tag for tag, _ in reader.elements}
    assert {"script", "img", "iframe", "object", "embed"}.isdisjoint(tags)
    assert [tag for tag, _ in reader.elements].count("style") == 1
    for _, attributes in reader.elements:
        assert not any(name.startswith("on") for name in attributes)
        # The empty icon keeps a browser from asking for one.
        assert attributes.get("href", "#").startswith(("#", "https://w3id.org/cmq/", "data:,"))
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "{{ 7*7 }}" in page
    assert not set(page) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert "x" * 401 not in page
    assert len(page) < 2_000_000


def test_the_workbook_holds_words_only(hostile: Dossier) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(hostile)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    links = [cell.hyperlink.target for cell in cells if cell.hyperlink]
    assert links
    assert all(link.startswith("https://w3id.org/cmq/") for link in links)
