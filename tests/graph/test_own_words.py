"""The curated texts are in our own words: no long run of words is that of a source. Names and titles may be."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from campuskg.content import content
from campuskg.graph import curated_files, load_sources
from campuskg.graph.yaml_source import Path_, Value, read_yaml

LONGEST_RUN = 12
"""Words in a row that a description may share with a source."""

NAMES = {"label", "labelEn", "altLabel", "altLabelEn", "hiddenLabel", "acronym", "src", "address", "newName"}


def words(text: str) -> list[str]:
    joined = re.sub(r"-\n", "", text.replace("’", "'").replace("œ", "oe"))
    folded = "".join(c for c in unicodedata.normalize("NFKD", joined) if not unicodedata.combining(c)).lower()
    return re.findall(r"[a-z0-9]+", folded)


def texts(value: Value, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Yield the descriptive texts of a curated file, with their place."""
    if isinstance(value, str):
        key = next((part for part in reversed(path) if isinstance(part, str)), "")
        if key not in NAMES:
            yield path, value
    else:
        for part, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts(child, (*path, part))


def test_no_sentence_of_a_source(sources_folder: Path | None) -> None:
    if sources_folder is None:
        pytest.skip("the source texts are not at hand")
    runs: set[tuple[str, ...]] = set()
    for source in load_sources().values():
        if source.kind == "text":
            (file,) = sources_folder.rglob(source.file)
            read = words(file.read_text(encoding="utf-8"))
            runs |= {tuple(read[i : i + LONGEST_RUN + 1]) for i in range(len(read) - LONGEST_RUN)}
    copied = []
    for path in curated_files(content("graph")):
        document = read_yaml(path, path.name)
        for place, text in texts(document.value):
            said = words(text)
            if any(tuple(said[i : i + LONGEST_RUN + 1]) in runs for i in range(len(said) - LONGEST_RUN)):
                copied.append(f"{document.place(place)}: {text}")
    assert not copied, "\n".join(copied)
