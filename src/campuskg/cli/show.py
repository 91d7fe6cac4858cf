"""``campuskg show``."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.elsewhere import elsewhere_option
from campuskg.cli.options import format_option, release_option
from campuskg.errors import Lang, Text, UsageProblem

if TYPE_CHECKING:
    from campuskg.cli.app import Translate
    from campuskg.release.description import Description, Evidence, Fact, StatementView
    from campuskg.release.opened import Release


# Properties that lead the sentence of a statement and need no name before their value; dates come last, as one period.
_ORDER = (
    "cmq:participant", "cmq:holder", "cmq:contributor", "cmq:funder",
    "cmq:participationIn", "cmq:mandateIn", "cmq:contributionTo", "cmq:fundedItem",
    "cmq:role", "cmq:indicator", "cmq:observedValue", "cmq:unit", "cmq:milestoneOf", "cmq:milestoneKind",
    "cmq:fundingStage", "cmq:commitmentKind",
)  # fmt: skip
_LAST = ("cmq:description", "skos:note")
_DATES = ("cmq:validFrom", "cmq:validUntil", "cmq:fromPrecision", "cmq:untilPrecision")


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the commands of this module."""

    @click.command(
        "show",
        help=t(
            "Montrer ce que le graphe dit d'une chose, avec la preuve de chaque fait. "
            "NOM : un nom, un sigle, un identifiant ou une IRI.",
            "Show what the graph says of a thing, with the evidence of each fact. NAME: a name, an acronym, an id or an IRI.",
        ),
    )
    @click.argument("name", metavar=t("NOM", "NAME"))
    @release_option(t)
    @elsewhere_option(t)
    @format_option(t, "table", "ttl", "jsonld", "json")
    def show_command(name: str, release: Path, form: str) -> None:
        from campuskg.release import open_release
        from campuskg.release.description import Describer

        opened = open_release(release)
        describer = Describer(opened)
        found = [iri for iri in opened.names.find(name) if describer.describe(iri)]
        if not found:
            near = opened.names.near(name)
            words = Text("Peut-être : ", "Perhaps: ") if near else Text("Essayer « campuskg stats »", "Try 'campuskg stats'")
            listed = " ; ".join(match.name for match in near)
            raise UsageProblem("name-unknown", name=name, suggestion={"fr": words.fr + listed, "en": words.en + listed})
        if form in ("ttl", "jsonld"):
            _serialise(describer, found, form)
        elif form == "json":
            click.echo(
                json.dumps([_as_json(opened, describer.describe(iri), lang) for iri in found], ensure_ascii=False, indent=1)
            )
        else:
            page = Page(opened, t, lang)
            click.echo("\n\n".join(page.text(describer.describe(iri)) for iri in found))

    return [show_command]


def _serialise(describer: object, iris: list[str], form: str) -> None:
    import pyoxigraph as ox

    from campuskg.release import turtle
    from campuskg.release.description import Describer

    assert isinstance(describer, Describer)  # noqa: S101  typed loosely to keep the import lazy
    triples = sorted({triple for iri in iris for triple in describer.triples(iri)}, key=str)
    data = turtle(triples) if form == "ttl" else ox.serialize(triples, format=ox.RdfFormat.JSON_LD)
    click.echo((data or b"").decode().rstrip("\n"))


def _as_json(release: "Release", found: "Description", lang: Lang) -> dict[str, object]:
    from campuskg.ontology import compact

    def fact(item: "Fact") -> dict[str, object]:
        return {
            "property": compact(item.property),
            "value": item.value.value,
            "rank": item.rank,
            "evidence": [str(e) for e in item.evidence],
        }

    return {
        "iri": found.iri,
        "name": release.names.name(found.iri, lang),
        "types": [compact(cls) for cls in found.types],
        "names": [fact(item) for item in found.names],
        "facts": [fact(item) for item in found.facts],
        "statements": [
            {
                "iri": s.iri,
                "class": compact(s.cls),
                "link": compact(s.link),
                "facts": [fact(f) for f in s.facts],
                "evidence": [str(e) for e in s.evidence],
            }
            for s in found.statements
        ],
        "incoming": [fact(item) for item in found.incoming],
    }


class Page:
    """Writes a description as text."""

    def __init__(self, release: "Release", t: "Translate", lang: Lang) -> None:
        """Write in *lang*, with the names of *release*."""
        self.names = release.names
        self.t = t
        self.lang: Lang = lang

    def text(self, found: "Description") -> str:
        """Return the whole text."""
        from campuskg.release.description import grouped

        title = self.names.name(found.iri, self.lang)
        kinds = ", ".join(sorted({self.names.name(cls, self.lang) for cls in found.types}))
        lines = [title, "═" * len(title), f"{kinds} · {found.iri}" if kinds else found.iri]
        others = sorted({fact.value.value for fact in found.names} - {title})
        if others:
            lines.append(self.t("Autres noms : ", "Other names: ") + " ; ".join(others))
        for name, facts in grouped(found.facts).items():
            lines += ["", self.names.name(name, self.lang)]
            lines += [f"  {self.value(fact)}{self.mark(fact.evidence)}{self.rank(fact)}" for fact in facts]
        for heading, views in self._by_class(found).items():
            lines += ["", heading]
            lines += [f"  {self.sentence(view)}{self.mark(view.evidence)}" for view in views]
        for name, facts in grouped(found.incoming).items():
            lines += ["", self.names.name(name, self.lang) + self.t(" (vu de l'autre côté)", " (seen from the other side)")]
            lines += [f"  {self.value(fact)}{self.mark(fact.evidence)}" for fact in facts]
        return "\n".join(lines)

    def _by_class(self, found: "Description") -> dict[str, list["StatementView"]]:
        groups: dict[str, list[StatementView]] = {}
        for view in found.statements:
            groups.setdefault(self.names.name(view.cls, self.lang), []).append(view)
        return dict(sorted(groups.items()))

    def value(self, fact: "Fact") -> str:
        """Return a value in words."""
        from campuskg.publish.values import shown

        return shown(fact.property, fact.value, self.names, self.lang)

    def sentence(self, view: "StatementView") -> str:
        """Return a qualified statement as one line."""
        from campuskg.ontology import compact
        from campuskg.publish import words

        literal = {compact(f.property): f.value.value for f in view.facts}
        parts = []
        for fact in sorted(
            view.facts, key=lambda f: (_ORDER.index(n) if (n := compact(f.property)) in _ORDER else len(_ORDER), n)
        ):
            name = compact(fact.property)
            if name not in _DATES:
                shown = self.value(fact)
                parts.append(shown if name in _ORDER or name in _LAST else f"{self.names.name(fact.property, self.lang)} {shown}")
        when = words.period(
            literal.get("cmq:validFrom", ""),
            literal.get("cmq:validUntil", ""),
            self.lang,
            (literal.get("cmq:fromPrecision", "day"), literal.get("cmq:untilPrecision", "day")),
        )
        return " · ".join([*parts, when] if when else parts)

    def mark(self, evidence: "tuple[Evidence, ...]") -> str:
        """Return the evidence mark: locators, and quotations when the texts were at hand."""
        if not evidence:
            return ""
        quotes = "".join(f"\n      « {e.quote[:200]}{'…' if len(e.quote) > 200 else ''} »" for e in evidence if e.quote)  # noqa: PLR2004
        return f"  [{', '.join(map(str, evidence))}]{quotes}"

    def rank(self, fact: "Fact") -> str:
        """Return a mark for a rank other than normal."""
        if fact.rank == "normal":
            return ""
        from campuskg.content import BASE_IRI

        return f"  ({self.names.name(f'{BASE_IRI}scheme/rank/{fact.rank}', self.lang)})"
