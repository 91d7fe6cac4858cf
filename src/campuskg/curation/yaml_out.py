"""A proposal as curated YAML that a person reads, mends and pastes into a file of the graph; or leaves."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Final

from campuskg.curation.propose import Proposal, ProposedEntity
from campuskg.curation.relations import Candidate
from campuskg.errors import Lang, Text, pick

_HEAD: Final = Text(
    """\
# « campuskg propose », texte « {source} » : {new} choses nouvelles, {known} connues, {statements} relations.
# Rien de ceci n'est dans le graphe. Relire chaque enregistrement contre le texte, le corriger, puis le déplacer dans graph/.
# Chaque proposition dit la règle qui l'a trouvée et sa confiance, de 0 à 1. Vérifier : campuskg validate CE_FICHIER
""",
    """\
# 'campuskg propose', text '{source}': {new} new things, {known} known ones, {statements} statements.
# Nothing of this is in the graph. Read each record against the text, mend it, then move it into a file of graph/.
# Each proposal says the rule that found it and its confidence, from 0 to 1. Check: campuskg validate THIS_FILE
""",
)
_REGISTER: Final = Text(
    """\
# Le texte n'est pas encore dans graph/sources.yaml ; y ajouter d'abord (et sa table de lignes, voir python -m campuskg.graph) :
#   {source}: {{kind: text, title: "…", titleEn: "…", file: "{file}", sha256: {sha256}}}
""",
    """\
# The text is not yet in graph/sources.yaml; add this first (and its line table, see python -m campuskg.graph):
#   {source}: {{kind: text, title: "…", titleEn: "…", file: "{file}", sha256: {sha256}}}
""",
)
_RULE: Final = Text("règle {rule}, confiance {confidence:.2f}", "rule {rule}, confidence {confidence:.2f}")
_KNOWN: Final = Text("connu : {label}, confiance {confidence:.2f}", "known: {label}, confidence {confidence:.2f}")
_PERHAPS: Final = Text(" ; ou bien {others}", "; or else {others}")
_STATED: Final = Text("déjà dans le graphe, preuve de plus : {written}", "already in the graph, one more proof: {written}")
_FIGURES: Final = Text(
    "# Chiffres et dates du texte, à rattacher à la main :", "# Figures and dates of the text, to be attached by hand:"
)
_ATTENDANCE: Final = Text(
    "# Liste de présence laissée de côté (décision 0006), {source}:{lines} : {count} personnes",
    "# Attendance list left out (decision 0006), {source}:{lines}: {count} persons",
)
_MOST_LINES: Final = 8
_LONGEST_ACRONYM: Final = 9
_ORDER: Final = ("stated", "trainings", "participations", "functions", "fundings")


class YamlWriter:
    """Writes one proposal."""

    def __init__(self, proposal: Proposal, lang: Lang) -> None:
        """Write *proposal* with comments in *lang*."""
        self.proposal = proposal
        self.lang: Lang = lang
        self.labels = {e.id: e.label for e in proposal.entities}

    def text(self, *, file: str = "", sha256: str = "") -> str:
        """Return the whole file; *file* and *sha256* of the text when its source is not registered yet."""
        by_subject: defaultdict[str, list[Candidate]] = defaultdict(list)
        for statement in self.proposal.statements:
            by_subject[statement.subject].append(statement)
        new = sum(not e.known for e in self.proposal.entities)
        counts = {"new": new, "known": len(self.proposal.entities) - new, "statements": len(self.proposal.statements)}
        parts = [pick(_HEAD, self.lang).format(source=self.proposal.source, **counts)]
        if sha256:
            parts.append(pick(_REGISTER, self.lang).format(source=self.proposal.source, file=_plain(file), sha256=sha256))
        parts += ["\n" + "\n".join(self._record(entity, by_subject[entity.id])) + "\n" for entity in self.proposal.entities]
        if not self.proposal.entities:
            parts.append("[]\n")
        notes = "\n".join(self._notes())
        return "".join(parts) + (f"\n{notes}\n" if notes else "")

    def _record(self, entity: ProposedEntity, statements: Sequence[Candidate]) -> Iterator[str]:
        words = _KNOWN if entity.known else _RULE
        comment = pick(words, self.lang).format(rule=entity.rule, confidence=entity.confidence, label=_plain(entity.label))
        if entity.alternatives:
            comment += pick(_PERHAPS, self.lang).format(others=", ".join(entity.alternatives))
        yield f"# {comment}"
        if entity.known:
            yield f"- about: {entity.id}"
        else:
            yield f"- id: {entity.id}"
            yield f"  type: {entity.cls}"
            yield f"  label: {_quoted(entity.label)}"
            yield from self._other_names(entity)
        yield f"  src: {self._sources(entity.lines)}"
        for key in _ORDER:
            chosen = [s for s in statements if s.key == key]
            if any(not s.stated for s in chosen):
                yield f"  {key}:"
            for number, statement in enumerate(chosen):
                yield from self._statement(statement, chosen[:number])

    def _other_names(self, entity: ProposedEntity) -> Iterator[str]:
        short = [o for o in entity.others if " " not in o and len(o) <= _LONGEST_ACRONYM and o[1:] != o[1:].lower()]
        long = [o for o in entity.others if o not in short]
        for key, names in (("altLabel", long), ("acronym", short)):
            if names:
                yield f"  {key}: [{', '.join(map(_quoted, names))}]"

    def _statement(self, statement: Candidate, before: Iterable[Candidate]) -> Iterator[str]:
        values = [f"{key}: {value}" for key, value in statement.values]
        if statement.key == "trainings":
            names = (self.labels[statement.values[0][1]], self.labels[statement.subject])
            values.insert(0, f"label: {_quoted(' — '.join(names))}")
        if any(other.values[:2] == statement.values[:2] for other in before):  # the same pair again: a key tells them apart
            values.append(f"key: l{statement.lines[0]}")
        written = f"{{{', '.join(values)}, src: {self._sources([statement.lines])}}}"
        if statement.stated:
            yield f"    # {pick(_STATED, self.lang).format(written=written)}"
            return
        yield f"    # {pick(_RULE, self.lang).format(rule=statement.rule, confidence=statement.confidence)}"
        yield f"    - {written}"

    def _sources(self, lines: Sequence[tuple[int, int]]) -> str:
        """Return the locators, the first few: a curator cites the fewest lines that prove a thing."""
        found = [f"{self.proposal.source}:{_lines(pair)}" for pair in lines[:_MOST_LINES]]
        return found[0] if len(found) == 1 else f"[{', '.join(found)}]"

    def _notes(self) -> Iterator[str]:
        for first, last, count in self.proposal.attendance:
            yield pick(_ATTENDANCE, self.lang).format(source=self.proposal.source, lines=_lines((first, last)), count=count)
        if self.proposal.figures:
            yield pick(_FIGURES, self.lang)
        for figure in self.proposal.figures:
            value = f"{figure.value} – {figure.until}" if figure.until else figure.value
            yield f"#   {self.proposal.source}:{_lines(figure.lines)}  {figure.kind}  {_plain(figure.shown)} = {value}"


def as_yaml(proposal: Proposal, lang: Lang, *, file: str = "", sha256: str = "") -> str:
    """Return *proposal* as curated YAML with comments in *lang*."""
    return YamlWriter(proposal, lang).text(file=file, sha256=sha256)


def as_json(proposal: Proposal) -> str:
    """Return *proposal* as JSON, for programs."""
    found = {
        "source": proposal.source,
        "entities": [asdict(e) for e in proposal.entities],
        "statements": [{**asdict(s), "values": dict(s.values)} for s in proposal.statements],
        "figures": [{key: value for key, value in asdict(f).items() if key != "span"} for f in proposal.figures],
        "attendance": [{"lines": [first, last], "persons": count} for first, last, count in proposal.attendance],
    }
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _quoted(text: str) -> str:
    """Return *text* as a YAML double-quoted scalar (JSON strings are that)."""
    return json.dumps(text, ensure_ascii=False)


def _plain(text: str) -> str:
    """Return *text* on one line, for a comment."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _lines(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]}-{pair[1]}"
