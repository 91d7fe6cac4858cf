"""Pictures of the project's own graph, and of the same graph with hostile names planted in it."""

from collections.abc import Callable, Iterator
from itertools import product

import pytest

from campuskg.errors import Lang
from campuskg.release import Release
from campuskg.store import MemoryStore
from campuskg.viz import Picture, find_view, picture, views
from planted import planted_quads

Draw = Callable[[str, Lang], Picture]


@pytest.fixture(scope="session")
def draw(release: Release) -> Draw:
    """Return a function that draws a view, once a language."""
    kept: dict[tuple[str, Lang], Picture] = {}

    def drawn(name: str, lang: Lang = "fr") -> Picture:
        if (name, lang) not in kept:
            kept[name, lang] = picture(release, find_view(name), lang)
        return kept[name, lang]

    return drawn


@pytest.fixture(scope="session")
def hostile(release: Release) -> Release:
    """Return the release with hostile things among its partnerships, projects and fundings."""
    store = MemoryStore([*release.store.quads(), *planted_quads()])
    return Release(release.folder, {"outputs": {"dataset.nq": "planted"}}, store)


@pytest.fixture(scope="session")
def hostile_pictures(hostile: Release) -> list[Picture]:
    """Return every view of that graph."""
    return [picture(hostile, view, "fr") for view in views().values()]


def all_views() -> Iterator[tuple[str, Lang]]:
    """Yield every view in both languages."""
    langs: tuple[Lang, ...] = ("fr", "en")
    yield from product(views(), langs)
