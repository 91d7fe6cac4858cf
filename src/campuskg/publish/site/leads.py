"""What the pages of a site lead to and nothing else makes: found by their links while the site is made."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Final

from campuskg.publish.site.builder import Piece, is_data, stem

_STATE: Final = re.compile(r"(?:~[a-z]+=[^/~]*)+(?=\.[a-z]+$)")
_AT_ONCE: Final = 24
"""Documents in one piece of the work."""


class Leads:
    """Keeps what pages lead to, and tells what is left to be made."""

    def __init__(self, planned: Container[str]) -> None:
        """Expect the files *planned*, with the states of the pages among them, from pieces that are known already."""
        self._planned = planned
        self._seen: set[str] = set()
        self._later: dict[str, str] = {}

    def more(self, led: Mapping[str, str], made: Container[str], *, last: bool) -> list[Piece]:
        """Return the pieces that make what pages led to, file -> address.

        States of planned pages are made with them, as a rule: what was not *made* is asked for when the *last* piece is done.
        """
        new = {file: address for file, address in led.items() if file not in self._seen and file not in made}
        self._seen |= new.keys()
        expected = {file for file in new if _STATE.sub("", file) in self._planned}
        self._later |= {file: new[file] for file in expected}
        found = {file: address for file, address in new.items() if file not in expected}
        if last and not found:
            found, self._later = {file: at for file, at in self._later.items() if file not in made}, {}
        data = sorted(f"{file} {at}" for file, at in found.items() if is_data(file))
        pages = sorted({at for file, at in found.items() if not is_data(file)})  # with their files; some take a second each
        own = {stem(at): [one for one in data if stem(one.partition(" ")[2]) == stem(at)] for at in pages}
        taken = {one for some in own.values() for one in some}
        rest = [one for one in data if one not in taken]
        return [*(Piece("led", (at, *own[stem(at)])) for at in pages), *(Piece("files", some) for some in chunks(rest))]


def chunks(many: Sequence[str], most: int = _AT_ONCE) -> Iterator[tuple[str, ...]]:
    """Yield *many* in portions for one piece of the work each."""
    for start in range(0, len(many), most):
        yield tuple(many[start : start + most])
