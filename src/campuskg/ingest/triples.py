"""From values to N-Triples, as column expressions: one column holds all triples of a row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from campuskg.ingest.cleaning import ascii_slug, escaped, slug
from campuskg.ingest.kinds import KINDS, Node
from campuskg.ingest.mapping import ENTITY, Importer, Thing, Value
from campuskg.ontology import expand

_XSD: Final[Mapping[Node, str]] = {
    "date": expand("xsd:date"),
    "decimal": expand("xsd:decimal"),
    "integer": expand("xsd:integer"),
    "year": expand("xsd:gYear"),
    "flag": expand("xsd:boolean"),
}
_SAFE: Final = frozenset({"uai", "siren", "siret", "ror", "fiche", "rncp", "commune", "departement", "region", "academy", "rome"})
"""Kinds whose values stand in an id as they are, in lower case."""
_ASCII: Final = _SAFE | {"code"}
SEPARATOR: Final = "\u001f"  # between the values of a cell that has many
PASSAGE: Final = "«passage»"
_AT_ONCE: Final = 8192
"""Rows whose triples are made at once: few enough that memory just used is used again."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some triples of each row: their lines, null where the row says nothing, and how many they are.

    A row with lines has *each* of them, and as many more as *more* says: they are counted so, and not by their line ends, for
    what is written is thirty times what is read.
    """

    lines: pl.Expr
    each: int = 1
    more: pl.Expr | None = None


def _text(*pieces: pl.Expr | str) -> pl.Expr:
    """Return the pieces as one text, null when one of them is; neighbours that are known are joined once, not for each row."""
    exprs: list[pl.Expr] = []
    known = ""
    for piece in (*pieces, None):
        if isinstance(piece, str):
            known += piece
            continue
        exprs += [pl.lit(known)] if known else []
        exprs += [piece] if piece is not None else []
        known = ""
    return pl.concat_str(exprs)


class Writer:
    """Writes the triples of the rows of one dataset; *document* is the id of its source."""

    def __init__(self, made: Importer, document: str) -> None:
        """Keep the mapping and the name of the source."""
        self._made = made
        self._document = document
        self._parts = {escapes: self._all(escapes=escapes) for escapes in (False, True)}

    def subjects(self, *, escapes: bool) -> list[pl.Expr]:
        """Return the columns with the id of each thing of a row, and of the passage that proves them."""
        row = pl.concat_str([pl.lit("ligne-"), pl.col("row").cast(pl.String)])
        key = (
            pl.concat_str([pl.col(name) for name in self._made.key], separator="-", ignore_nulls=True) if self._made.key else row
        )
        plain = all(self._made.columns[name].kind in _ASCII for name in self._made.key)
        name = (ascii_slug(key) if plain else slug(key)).fill_null(row)
        passage = _text(f"<{self._passages()}", name, ">")
        things = [self._subject(thing).alias(f"«{number}»") for number, thing in enumerate(self._made.things)]
        return [passage.alias(PASSAGE), escaped(key, needed=escapes).fill_null(row).alias("«key»"), *things]

    def _subject(self, thing: Thing) -> pl.Expr:
        """Return the id of a thing; null, so that nothing is said of it, when a column that it needs is."""
        iri = _text(*self._iri(thing.iri))
        for name in thing.needs:
            iri = pl.when(pl.col(name).is_not_null()).then(iri)
        return iri

    def triples(self, rows: pl.DataFrame, *, escapes: bool) -> Iterator[tuple[pl.Series, int]]:
        """Yield the triples of *rows*, a statement at a time, as a series of one text in N-Triples, and how many they are.

        What must be escaped inside literals is when there may be *escapes*.
        """
        for some in rows.iter_slices(_AT_ONCE):
            for part in self._parts[escapes]:
                lines = some.select(part.lines).to_series()
                count = part.each * (lines.len() - lines.null_count())
                if part.more is not None:
                    count += int(some.select(part.more.sum()).item())
                if count:
                    yield lines.str.join(""), count

    def _all(self, *, escapes: bool) -> list[Part]:
        """Return what the rows state: what every row does, then one part a statement, in the order of the mapping."""
        parts = [self._proof()]
        for number, thing in enumerate(self._made.things):
            subject = pl.col(f"«{number}»")
            fixed = [(predicate, value) for predicate, value in self._statements(thing) if value.constant]
            parts.append(self._always(subject, fixed))
            parts += [
                self._statement(subject, p, value, escapes=escapes) for p, value in self._statements(thing) if not value.constant
            ]
        return parts

    def _statements(self, thing: Thing) -> list[tuple[str, Value]]:
        return [*([(expand("rdf:type"), thing.of)] if thing.of else []), *thing.says]

    def _passages(self) -> str:
        return f"{ENTITY}passage/{self._document}/"

    def _proof(self) -> Part:
        """Return the triples of the passage: the row of the file that the things are read in."""
        passage, activity = pl.col(PASSAGE), f"{ENTITY}activity/import-{self._document}"
        document = f"{ENTITY}document/{self._document}"
        lines = _text(
            *(passage, f" <{expand('rdf:type')}> <{expand('cmq:Passage')}> .\n"),
            *(passage, f" <{expand('oa:hasSource')}> <{document}> .\n"),
            *(passage, f" <{expand('prov:wasGeneratedBy')}> <{activity}> .\n"),
            *(passage, f' <{expand("cmq:rowKey")}> "', pl.col("«key»"), '" .\n'),
        )
        return Part(lines, 4)

    def _always(self, subject: pl.Expr, fixed: list[tuple[str, Value]]) -> Part:
        """Return the statements of a thing that are the same for every row, with the passage that proves it."""
        pieces: list[pl.Expr | str] = []
        for predicate, value in fixed:
            pieces += [subject, f" <{predicate}> {value.constant} .\n"]
        proof = (subject, f" <{expand('cmq:sourcePassage')}> ", pl.col(PASSAGE), " .\n")
        return Part(_text(*pieces, *proof), len(fixed) + 1)

    def _statement(self, subject: pl.Expr, predicate: str, value: Value, *, escapes: bool) -> Part:
        start = f" <{predicate}> "
        if value.words:
            texts = [escaped(self._read(name)) if at % 2 else name for at, name in enumerate(value.pieces)]
            return Part(_text(subject, start, '"', *texts, f'"@{value.lang} .\n' if value.lang else '" .\n'))
        if value.pieces:
            return Part(_text(subject, start, *self._iri(value), " .\n"))
        before, after = self._marks(value)
        text = pl.col(value.column)
        column = self._made.columns.get(value.column)
        if column is not None and column.kind == "text":
            text = escaped(text, needed=escapes)
        if column is None or not column.many:
            return Part(_text(subject, start, before, text, after, " .\n"))
        more = pl.when(subject.is_not_null()).then(text.str.count_matches(SEPARATOR, literal=True))
        again = _text(after, " .\n", subject, start, before)
        return Part(_text(subject, start, before, text.str.split(SEPARATOR).list.join(again), after, " .\n"), more=more)

    def _marks(self, value: Value) -> tuple[str, str]:
        """Return what stands before and after the value."""
        node: Node = "text"
        if value.column in ("latitude", "longitude"):
            node = "decimal"
        elif value.column in self._made.columns:
            node = KINDS[self._made.columns[value.column].kind][1]
        if node == "iri":
            return "<", ">"
        if node in _XSD:
            return '"', f'"^^<{_XSD[node]}>'
        return '"', f'"@{value.lang}' if value.lang else '"'

    def _iri(self, value: Value) -> list[pl.Expr | str]:
        """Return the pieces of the id that a template makes; a column among them that is null makes it so."""
        return ["<", *(self._part(piece) if at % 2 else piece for at, piece in enumerate(value.pieces)), ">"]

    def _read(self, name: str) -> pl.Expr:
        """Return a column as it stands in a text."""
        return pl.col(name).cast(pl.String)

    def _part(self, name: str) -> pl.Expr:
        if name == "row":
            return pl.col("row").cast(pl.String)
        kind = self._made.columns[name].kind
        if kind in _SAFE:
            return pl.col(name).str.to_lowercase()
        return ascii_slug(pl.col(name)) if kind in _ASCII else slug(pl.col(name))
