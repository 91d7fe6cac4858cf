"""Which queries a test session asks, and the type of what runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from engines.answers import Found

Runs = Callable[[str, str], Found]
"""Takes the names of an engine and a query; gives the answer."""


def asked_of(items: Iterable[pytest.Item]) -> list[str]:
    """Return the names of the queries that the chosen tests of the catalogue ask, each once."""
    names = (
        item.callspec.params.get("name") for item in items if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    )
    return sorted({name for name in names if isinstance(name, str)})
