"""The importers: one TOML file a dataset (``graph/importers``), which says what its columns are and what each row states.

A mapping is data. Its statements are written in a small form, read here and nowhere else:

- ``"uai"``: the value of a column, as the kind of the column writes it (text, date, number, link, code of a list);
- ``"name@fr"``: the same with a language;
- ``"<place/commune-{commune}>"``: a thing, whose id is made of columns;
- ``"=placekind:commune"``: a term, the same for every row; ``"'ROME'@fr"``: a text, the same for every row;
- ``"'ROME {code}'@en"``: a text made of columns.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from campuskg.content import BASE_IRI, content
from campuskg.errors import InternalFault, Text, UsageProblem, nearest
from campuskg.ontology import expand

Form = Literal["csv", "jsonl"]
ENTITY: Final = BASE_IRI + "id/"
NO_WORDS: Final = Text("", "")
_TEMPLATE: Final = re.compile(r"\{([a-z_0-9]+)\}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that an importer reads: its names in the files, its kind, and what its values mean.

    Cells in *blank* say nothing. With *unknown*, a row without a value is refused with that code. A column may also be made of
    others: all that are there (*join*) with a text between them (*by*), or the *first* that is there.
    """

    name: str
    names: tuple[str, ...]
    kind: str
    required: bool = False
    optional: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""
    part: int | None = None
    split: str = ","
    many: str = ""
    end: bool = False
    blank: tuple[str, ...] = ()
    unknown: str = ""
    join: tuple[str, ...] = ()
    by: str = "-"
    first: tuple[str, ...] = ()
    guide: Text = NO_WORDS

    @property
    def derived(self) -> bool:
        """Tell whether the column is made of others, and in no file."""
        return bool(self.join or self.first)


@dataclass(frozen=True, slots=True)
class Value:
    """What stands after a predicate: a column, a thing made of columns, or a constant."""

    column: str = ""
    lang: str = ""
    pieces: tuple[str, ...] = ()
    constant: str = ""
    words: bool = False

    def columns(self) -> Iterator[str]:
        """Yield the columns that the value is made of."""
        if self.column:
            yield self.column
        yield from self.pieces[1::2]


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a row states: its id, its class, its statements as (predicate, value)."""

    iri: Value
    of: Value | None
    says: tuple[tuple[str, Value], ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """Projected coordinates: their columns, their reference system, or the column that tells which."""

    x: str
    y: str
    crs: str
    by: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows that are not taken in because a column has one of *values*, or *starts* so, with the code that says why."""

    column: str
    values: tuple[str, ...]
    code: str
    starts: str = ""


@dataclass(frozen=True, slots=True)
class Companion:
    """A second file joined on one column, and the columns that it brings (the legal units beside the establishments)."""

    on: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Importer:
    """All that is known about a dataset.

    With *unique*, a thing has one row: a second row with its key is refused. The keys are then held in memory: for registers,
    whose rows are tens of thousands.
    """

    id: str
    title: Text
    publisher: str
    licence: str
    form: Form
    space: str
    key: tuple[str, ...]
    unique: bool
    columns: Mapping[str, Column]
    things: tuple[Thing, ...]
    constants: tuple[Thing, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    point: Point | None = None
    companion: Companion | None = None
    paths: Mapping[str, Sequence[str]] = field(default_factory=dict)


@cache
def importers(folder: Path | None = None) -> Mapping[str, Importer]:
    """Return every importer by its id, sorted."""
    files = sorted((folder or content("graph") / "importers").glob("*.toml"))
    return {file.stem: read_mapping(file.stem, file.read_text(encoding="utf-8")) for file in files}


def read_mapping(name: str, text: str) -> Importer:
    """Return the importer that the file *name* describes; InternalFault when it is none, for the files are ours."""
    try:
        return read_importer(name, tomllib.loads(text))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError) as error:
        file, said = f"graph/importers/{name}.toml", f"{type(error).__name__}: {error}"[:300]
        raise InternalFault("own-file", file=file, said=said) from error


def importer(name: str) -> Importer:
    """Return the importer *name*; UsageProblem with the near names when there is none."""
    known = importers()
    if name not in known:
        raise UsageProblem("importer-unknown", name=name, known=nearest(name, known) or ", ".join(known))
    return known[name]


def read_importer(name: str, raw: Mapping[str, Any]) -> Importer:
    """Return the importer *name* of what its file holds; InternalFault when it names a column that it does not declare."""
    columns = {key: _column(key, value) for key, value in raw["columns"].items()}
    point = raw.get("point")
    made = Importer(
        id=name,
        title=Text(raw["title"]["fr"], raw["title"]["en"]),
        publisher=raw["publisher"],
        licence=raw["licence"],
        form=raw.get("form", "csv"),
        space=raw.get("space", name),
        key=tuple(raw.get("key", ())),
        unique=raw.get("unique", False),
        columns=columns,
        things=tuple(map(_thing, raw.get("things", ()))),
        constants=tuple(map(_thing, raw.get("constants", ()))),
        refusals=tuple(
            Refusal(r["column"], tuple(r.get("values", ())), r["code"], r.get("starts", "")) for r in raw.get("refusals", ())
        ),
        point=Point(point["x"], point["y"], point["crs"], point.get("by", ""), point.get("values", {})) if point else None,
        companion=Companion(raw["companion"]["on"], tuple(raw["companion"]["columns"])) if "companion" in raw else None,
        paths={c.name: c.names for c in columns.values() if not c.derived} if raw.get("form") == "jsonl" else {},
    )
    _check(made)
    return made


def _column(name: str, raw: Mapping[str, Any]) -> Column:
    names = raw.get("names", name)
    return Column(
        name=name,
        names=(names,) if isinstance(names, str) else tuple(names),
        kind=raw.get("kind", "text"),
        required=raw.get("required", False),
        optional=raw.get("optional", False),
        values=raw.get("values", {}),
        otherwise=raw.get("otherwise", ""),
        part=raw.get("part"),
        split=raw.get("split", ","),
        many=raw.get("many", ""),
        end=raw.get("end", False),
        blank=tuple(raw.get("blank", ())),
        unknown=raw.get("unknown", ""),
        join=tuple(raw.get("join", ())),
        by=raw.get("by", "-"),
        first=tuple(raw.get("first", ())),
        guide=Text(raw.get("fr", ""), raw.get("en", "")),
    )


def _thing(raw: Mapping[str, Any]) -> Thing:
    says: list[tuple[str, Value]] = []
    for predicate, written in raw.get("says", {}).items():
        says += [(expand(predicate), value_of(text)) for text in ([written] if isinstance(written, str) else written)]
    return Thing(
        iri=value_of(f"<{raw['iri']}>"),
        of=value_of(raw["class"]) if "class" in raw else None,
        says=tuple(says),
        needs=tuple(raw.get("needs", ())),
    )


def value_of(written: str) -> Value:
    """Read one value of a mapping.

    >>> value_of("name@fr").lang, value_of("<place/commune-{commune}>").pieces
    ('fr', ('https://w3id.org/cmq/id/place/commune-', 'commune', ''))
    """
    if written.startswith("<"):
        inside = written[1:-1]
        base = "" if "://" in inside else ENTITY
        return Value(pieces=tuple(_TEMPLATE.split(base + inside)))
    if written.startswith("="):
        return Value(constant=f"<{expand(written[1:])}>")
    if written.startswith("'"):
        text, _, lang = written[1:].rpartition("'")
        if "{" in text:
            return Value(pieces=tuple(_TEMPLATE.split(text)), lang=lang.removeprefix("@"), words=True)
        return Value(constant=f'"{text}"' + lang)
    column, _, lang = written.partition("@")
    return Value(column=column, lang=lang)


def columns_made(made: Importer) -> list[Column]:
    """Return the columns that are made of others."""
    return [column for column in made.columns.values() if column.derived]


def columns_read(made: Importer) -> list[Column]:
    """Return the columns that are read in a file."""
    return [column for column in made.columns.values() if not column.derived]


def columns_used(made: Importer) -> set[str]:
    """Return the names of the columns that things, keys and other columns are made of."""
    used = {*made.key, *(n for c in columns_made(made) for n in (*c.join, *c.first))}
    for thing in (*made.things, *made.constants):
        used.update((*thing.iri.columns(), *thing.needs))
        for value in (*(v for _, v in thing.says), *((thing.of,) if thing.of else ())):
            used.update(value.columns())
    return used


def _check(made: Importer) -> None:
    """Refuse a mapping that names a column it does not declare: a fault of the project's own data."""
    known = set(made.columns) | {"row"} | ({"latitude", "longitude"} if made.point else set())
    known |= {f"{name}.precision" for name, column in made.columns.items() if column.kind == "date"}
    if unknown := sorted(columns_used(made) - known):
        raise InternalFault("internal", said=f"importer {made.id}: no column {', '.join(unknown)}")
