"""One territory as a template: the statements of a real release, cut where a made-up territory says something else."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final, NamedTuple

from campuskg.content import BASE_IRI
from campuskg.ontology import expand

ID: Final = BASE_IRI + "id/"
_OWN: Final = re.compile(f"(<{re.escape(ID)}[^>]*>)")
_LINE: Final = re.compile(r"(<[^>]*>) (<[^>]*>) (.*) (<[^>]*>) \.\n")
_DATE: Final = re.compile(r'"(\d{4})(-\d\d-\d\d)("\^\^<[^>]*#date>)')
_NAME: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(@[a-z-]+|\^\^<[^>]*>)?')
_NUMBER: Final = re.compile(r'"(-?[\d.]+)"(\^\^<[^>]*#decimal>)')
_LAYERS: Final = ("facts", "claims", "sources")
_SUBJECT, _PREDICATE, _OBJECT = (f"<{expand(f'rdf:{part}')}>" for part in ("subject", "predicate", "object"))


class Token(NamedTuple):
    """Something in a statement that differs between territories: its kind, and what it is made of."""

    kind: str
    """``constant``, ``thing`` (an IRI of ours), ``name``, ``date``, ``latitude`` or ``longitude``."""
    text: str
    rest: str = ""
    of: str = ""
    """The thing that bears the name."""

    @property
    def plain(self) -> str:
        """The token as it stands in the real graph."""
        match self.kind:
            case "date":
                return f'"{self.text}{self.rest}'
            case "name" | "latitude" | "longitude":
                return f'"{self.text}"{self.rest}'
            case _:
                return self.text


Writer = Callable[[Sequence[str]], tuple[str, ...]]


@dataclass(slots=True)
class Template:
    """All statements of one territory, by the thing that they are about."""

    tokens: list[Token] = field(default_factory=list)
    lines: dict[str, list[Writer]] = field(default_factory=dict)
    """IRI of the thing -> what picks the pieces of each of its statements out of the words of a territory."""
    links: dict[str, set[str]] = field(default_factory=dict)
    """IRI of the thing -> the things of ours that its statements name."""

    def about(self, things: Iterable[str], said: Sequence[str]) -> Iterable[str]:
        """Yield the statements about *things* in N-Quads, in the words *said* of one territory."""
        for thing in things:
            for pick in self.lines[thing]:
                yield "".join(pick(said))


def template(nquads: Iterable[str], dropped: frozenset[str], names: frozenset[str]) -> Template:
    """Return the template of the facts, claims and sources in *nquads*; *dropped* and *names* are IRIs of properties."""
    parts = [match.groups() for line in nquads if (match := _LINE.fullmatch(line))]
    parts = [found for found in parts if found[3].rpartition("/")[2][:-1] in _LAYERS]
    claimed = _claims(parts)
    made, places = Template(), {}

    def place(token: Token) -> int:
        if token not in places:
            places[token] = len(made.tokens)
            made.tokens.append(token)
        return places[token]

    lines: defaultdict[str, list[Writer]] = defaultdict(list)
    links: defaultdict[str, set[str]] = defaultdict(set)
    for subject, predicate, value, graph in parts:
        owner, said = claimed.get(subject, (subject, predicate))
        if said[1:-1] in dropped or not owner.startswith(f"<{ID}"):
            continue
        about = said if predicate in (_OBJECT, said) else ""
        tokens = [*_pieces(f"{subject} {predicate} "), *_value(value, about, owner, names), Token("constant", f" {graph} .\n")]
        lines[owner].append(itemgetter(*map(place, tokens)))
        links[owner].update(token.text for token in tokens if token.kind == "thing" and token.text != owner)
    made.lines, made.links = dict(lines), dict(links)
    return made


def _claims(parts: Iterable[tuple[str, ...]]) -> dict[str, tuple[str, str]]:
    """Return, of each reified claim, the thing that it is about and its property."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for subject, predicate, value, _ in parts:
        if predicate in (_SUBJECT, _PREDICATE):
            found[subject][predicate] = value
    return {claim: (said[_SUBJECT], said[_PREDICATE]) for claim, said in found.items()}


def _pieces(text: str) -> Iterable[Token]:
    for piece in _OWN.split(text):
        if piece:
            yield Token("thing" if piece.startswith(f"<{ID}") else "constant", piece)


def _value(value: str, predicate: str, owner: str, names: frozenset[str]) -> Iterable[Token]:
    """Yield the tokens of the object of a statement, or of a claim about one, whose property is *predicate*."""
    iri = predicate[1:-1]
    if (date := _DATE.fullmatch(value)) is not None:
        yield Token("date", date[1], date[2] + date[3])
    elif iri in names and (name := _NAME.fullmatch(value)) is not None:
        yield Token("name", name[1], name[2] or "", owner)
    elif iri.endswith(("#latitude", "#longitude")) and (number := _NUMBER.fullmatch(value)) is not None:
        yield Token(iri.rpartition("#")[2], number[1], number[2])
    elif value.startswith("<"):
        yield from _pieces(value)
    else:
        yield Token("constant", value)
