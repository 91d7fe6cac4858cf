"""The rules (``ontology/rules/*.rq``): SPARQL CONSTRUCT queries that infer the shortcut triples."""

from dataclasses import dataclass

from campuskg.content import content


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name (the file's stem) and its SPARQL CONSTRUCT text."""

    name: str
    sparql: str


def rules() -> list[Rule]:
    """Return all rules in the order of their names. The result of the set does not depend on the order."""
    folder = content("ontology") / "rules"
    return [Rule(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.rq"))]
