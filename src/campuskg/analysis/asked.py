"""How this floor asks the graph: any engine or a release, one query for all things at once, values as plain text."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from campuskg.content import BASE_IRI
from campuskg.ontology import prefixes
from campuskg.release import Release
from campuskg.store import GraphStore, QueryRefused, Rows
from campuskg.store.engine import Engine

ID: Final = BASE_IRI + "id/"
_PASSAGE: Final = ID + "passage/"

Source = Release | Engine
"""What an analysis is made of."""

Proofs = Mapping[str, tuple[str, ...]]
"""Thing -> locators of the passages that prove that it is said."""

Given = ParamSpec("Given")
Found = TypeVar("Found")
_MOST: Final = 16
_KEPT: Final[WeakKeyDictionary[GraphStore, dict[object, Any]]] = WeakKeyDictionary()


def once(work: Callable[Concatenate[Source, Given], Found]) -> Callable[Concatenate[Source, Given], Found]:
    """Have *work* done once for each release, which does not change: its reports are asked for in two languages.

    An engine may change, and is asked every time. What is found is shared by all who ask: nobody may change it.
    """

    @wraps(work)
    def found(source: Source, /, *args: Given.args, **given: Given.kwargs) -> Found:
        if not isinstance(source, Release):
            return work(source, *args, **given)
        kept, key = _KEPT.setdefault(source.store, {}), (work, args, tuple(given.items()))
        if key not in kept:
            if len(kept) >= _MOST:
                kept.pop(next(iter(kept)))
            kept[key] = work(source, *args, **given)
        return kept[key]  # type: ignore[no-any-return]

    return found


def engine_of(source: Source) -> Engine:
    """Return what answers the queries of *source*."""
    return source.store if isinstance(source, Release) else source


def asked(source: Source, sparql: str) -> Iterable[Mapping[str, str]]:
    """Return the rows of a SELECT as variable -> value, what is unbound left out; the prefixes of the project are known."""
    answer = engine_of(source).run(sparql, None, prefixes())
    if not isinstance(answer, Rows):
        raise QueryRefused("query-not-select")
    return answer.dicts()


def locator(passage: str, row_key: str = "") -> str:
    """Return a passage as curators write it.

    >>> locator("https://w3id.org/cmq/id/passage/gbm-2022/304-306")
    'gbm-2022:304-306'
    """
    source, _, lines = passage.removeprefix(_PASSAGE).partition("/")
    return f"{source}:{row_key or lines}"


def in_order(locators: Iterable[str]) -> tuple[str, ...]:
    """Return *locators* each once, by source and then by line."""

    def key(text: str) -> tuple[str, int, str]:
        source, _, lines = text.partition(":")
        first = lines.split("-")[0]
        return (source, int(first) if first.isascii() and first.isdigit() else 0, text)

    return tuple(sorted(set(locators), key=key))


def proved(rows: Iterable[Mapping[str, str]], thing: str, value: str) -> Mapping[str, Proofs]:
    """Return *thing* -> *value* -> locators from rows that have ``passage`` (and ``row`` where a table was read)."""
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        if value in row:
            locators = found[row[thing]][row[value]]
            if "passage" in row:
                locators.add(locator(row["passage"], row.get("row", "")))
    return {
        one: {other: in_order(locators) for other, locators in sorted(values.items())} for one, values in sorted(found.items())
    }
