"""From values to N-Triples, as column expressions: one column holds all triples of a row."""

from collections.abc import Mapping
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


class Writer:
    """Writes the triples of the rows of one dataset; *document* is the id of its source."""

    def __init__(self, made: Importer, document: str) -> None:
        """Keep the mapping and the name of the source."""
        self._made = made
        self._document = document

    def subjects(self, *, escapes: bool) -> list[pl.Expr]:
        """Return the columns with the id of each thing of a row, and of the passage that proves them."""
        row = pl.concat_str([pl.lit("ligne-"), pl.col("row").cast(pl.String)])
        key = (
            pl.concat_str([pl.col(name) for name in self._made.key], separator="-", ignore_nulls=True) if self._made.key else row
        )
        plain = all(self._made.columns[name].kind in _ASCII for name in self._made.key)
        name = (ascii_slug(key) if plain else slug(key)).fill_null(row)
        passage = pl.concat_str([pl.lit(f"<{self._passages()}"), name, pl.lit(">")])
        things = [self._subject(thing).alias(f"«{number}»") for number, thing in enumerate(self._made.things)]
        return [passage.alias(PASSAGE), escaped(key, needed=escapes).fill_null(row).alias("«key»"), *things]

    def _subject(self, thing: Thing) -> pl.Expr:
        """Return the id of a thing; null, so that nothing is said of it, when a column that it needs is."""
        iri = self._iri(thing.iri)
        for name in thing.needs:
            iri = pl.when(pl.col(name).is_not_null()).then(iri)
        return iri

    def parts(self, *, escapes: bool) -> list[pl.Expr]:
        """Return columns of triples: those that every row states, then one column a statement, null where nothing is said."""
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

    def _proof(self) -> pl.Expr:
        """Return the triples of the passage: the row of the file that the things are read in."""
        passage, activity = pl.col(PASSAGE), f"{ENTITY}activity/import-{self._document}"
        document = f"{ENTITY}document/{self._document}"
        return pl.concat_str(
            [
                *(passage, pl.lit(f" <{expand('rdf:type')}> <{expand('cmq:Passage')}> .\n")),
                *(passage, pl.lit(f" <{expand('oa:hasSource')}> <{document}> .\n")),
                *(passage, pl.lit(f" <{expand('prov:wasGeneratedBy')}> <{activity}> .\n")),
                *(passage, pl.lit(f' <{expand("cmq:rowKey")}> "'), pl.col("«key»"), pl.lit('" .')),
            ]
        )

    def _always(self, subject: pl.Expr, fixed: list[tuple[str, Value]]) -> pl.Expr:
        """Return the statements of a thing that are the same for every row, with the passage that proves it."""
        parts: list[pl.Expr] = []
        for predicate, value in fixed:
            parts += [subject, pl.lit(f" <{predicate}> {value.constant} .\n")]
        return pl.concat_str([*parts, subject, pl.lit(f" <{expand('cmq:sourcePassage')}> "), pl.col(PASSAGE), pl.lit(" .")])

    def _statement(self, subject: pl.Expr, predicate: str, value: Value, *, escapes: bool) -> pl.Expr:
        if value.words:
            parts = [escaped(self._read(name)) for name in value.pieces[1::2]]
            texts = [part for pair in zip(parts, map(pl.lit, value.pieces[2::2]), strict=True) for part in pair]
            start = pl.lit(f' <{predicate}> "{value.pieces[0]}')
            return pl.concat_str([subject, start, *texts, pl.lit(f'"@{value.lang} .' if value.lang else '" .')])
        if value.pieces:
            return pl.concat_str([subject, pl.lit(f" <{predicate}> "), self._iri(value), pl.lit(" .")])
        before, after = self._marks(value)
        cell = pl.col(value.column)
        column = self._made.columns.get(value.column)
        kind = column.kind if column else ""
        text = escaped(cell, needed=escapes) if kind == "text" else cell
        head = pl.concat_str([subject, pl.lit(f" <{predicate}> {before}")])
        if column is not None and column.many:
            text = text.str.split(SEPARATOR).list.join(pl.concat_str([pl.lit(f"{after} .\n"), head]))
        return pl.concat_str([head, text, pl.lit(f"{after} .")])

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

    def _iri(self, value: Value) -> pl.Expr:
        """Return the id made of the pieces of a template; null when one of its columns is."""
        parts: list[pl.Expr] = [pl.lit("<" + value.pieces[0])]
        for name, text in zip(value.pieces[1::2], value.pieces[2::2], strict=True):
            parts += [self._part(name), pl.lit(text)]
        return pl.concat_str([*parts, pl.lit(">")])

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
