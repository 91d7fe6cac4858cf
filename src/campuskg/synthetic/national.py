"""As many territories as it takes: each has the structure of the real one and its own things, names, dates and places.

The real graph is resampled whole (a bootstrap of one cluster), so that degrees, amounts, missing values and evidence keep
their real distributions; ``distributions.toml`` says what differs.
"""

import random
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from campuskg.errors import MissingInput
from campuskg.ontology import expand
from campuskg.synthetic.template import ID, Template, Token, template

_GOLDEN: Final = 0.618033988749895
_LEAP: Final = "-02-29"


@cache
def distributions() -> Mapping[str, Any]:
    """Return how a made-up territory differs from the real one."""
    return tomllib.loads(files(__package__).joinpath("distributions.toml").read_text(encoding="utf-8"))


def generate(release: Path, triples: int, seed: int = 1) -> Iterator[str]:
    """Yield about *triples* statements in N-Quads, grown from the dataset of *release*; the same *seed*, the same bytes.

    Up to the size of the real graph: a part of it in which no reference leads nowhere, with the vocabulary. Beyond: made-up
    territories only, to be added to the real graph (``campuskg build --with``). Raises MissingInput.
    """
    path = release / "dataset.nq"
    try:
        with path.open(encoding="utf-8") as file:
            lines = list(file)
    except OSError as error:
        raise MissingInput("release-missing", folder=str(release)) from error
    differs = distributions()
    dropped, names = (frozenset(map(expand, differs[key]["properties"])) for key in ("dropped", "names"))
    real = template(lines, frozenset(), frozenset())
    whole = sum(map(len, real.lines.values()))
    chance = random.Random(seed)  # noqa: S311  not for secrets
    if triples <= whole:
        yield from _part(real, triples, chance)
        yield from (line for line in lines if line.endswith("graph/vocabulary> .\n"))
        return
    made = template(lines, dropped, names)
    territories = Territories(made, chance)
    left = triples
    while left > 0:
        for line in territories.another():
            yield line
            left -= 1


def _part(made: Template, triples: int, chance: random.Random) -> Iterator[str]:
    """Yield the statements about things drawn at random, and about all that they lead to."""
    said = [token.plain for token in made.tokens]
    seeds = sorted(made.lines)
    chance.shuffle(seeds)
    seen: set[str] = set()
    left = triples
    for seed in seeds:
        todo = [seed]
        while todo:
            thing = todo.pop()
            if thing in seen or thing not in made.lines:
                continue
            seen.add(thing)
            todo += sorted(made.links[thing])
            for line in made.about([thing], said):
                yield line
                left -= 1
        if left <= 0:
            return


class Territories:
    """Makes one territory after another."""

    def __init__(self, made: Template, chance: random.Random) -> None:
        """Make them after the template *made*; *chance* decides."""
        self._template = made
        self._chance = chance
        self._number = 0
        self._hubs: defaultdict[str, list[str]] = defaultdict(list)
        self._differs = distributions()
        self._shared = tuple(f"<{ID}{kind}/" for kind in self._differs["shared"])

    def another(self) -> Iterable[str]:
        """Yield the statements of the next territory."""
        self._number += 1
        own = {thing: self._iri(thing) for thing in sorted(self._template.lines)}
        elsewhere = {thing for thing in own if thing.startswith(self._shared)} | self._joined(own)
        said = self._said(own)
        return self._template.about((thing for thing in own if thing not in elsewhere), said)

    def _joined(self, own: dict[str, str]) -> set[str]:
        """Let some organisations be those of other territories; return them."""
        joined = set()
        for thing in [thing for thing in own if thing.startswith(f"<{ID}organisation/")]:
            known = self._hubs[thing] or [thing]
            if self._chance.random() < self._differs["hub_chance"]:
                own[thing] = self._chance.choice(known)
                joined.add(thing)
            self._hubs[thing] = [*known, own[thing]]
        return joined

    def _iri(self, thing: str) -> str:
        """Return the IRI of *thing* in this territory."""
        if thing.startswith(self._shared):
            return thing
        kind, _, rest = thing[1 + len(ID) : -1].partition("/")
        if kind == "passage":
            document, _, lines = rest.partition("/")
            return f"<{ID}passage/{document}-{self._number:04}/{lines}>"
        return f"<{ID}{kind}/{rest}-{self._number:04}>"

    def _said(self, own: Mapping[str, str]) -> Sequence[str]:
        """Return every token in the words of this territory."""
        years = self._chance.randint(-self._differs["years"], self._differs["years"])
        grid = self._differs["grid"]
        north = grid["south"] + (grid["north"] - grid["south"]) * ((self._number * _GOLDEN) % 1)
        east = grid["west"] + (grid["east"] - grid["west"]) * ((self._number * _GOLDEN * _GOLDEN) % 1)
        moved = {"latitude": north - 47.2, "longitude": east - 5.7}  # from the middle of the real territory

        def word(token: Token) -> str:
            if token.kind == "thing":
                return own.get(token.text) or self._iri(token.text)
            if token.kind == "name":
                return f'"{token.text} {self._surname(token.of)}"{token.rest}'
            if token.kind == "date":
                rest = token.rest.replace(_LEAP, "-02-28", 1) if token.rest.startswith(_LEAP) else token.rest
                return f'"{int(token.text) + years:04}{rest}'
            if token.kind in moved:
                return f'"{float(token.text) + moved[token.kind]:.5f}"{token.rest}'
            return token.text

        return [word(token) for token in self._template.tokens]

    def _surname(self, thing: str) -> str:
        """Return what tells the made-up *thing* from the real one: an invented word and the number of the territory."""
        syllables = self._differs["names"]["syllables"]
        drawn = sha256(f"{thing}{self._number}".encode()).digest()
        return "".join(syllables[byte % len(syllables)] for byte in drawn[:3]).capitalize() + f" {self._number}"
