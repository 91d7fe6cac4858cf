"""What changed between two releases, quad by quad, and the patch that turns the older dataset into the newer one.

The patch is written in RDF Patch (https://afs.github.io/rdf-patch/): a header with both digests, then deletions and additions.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from campuskg.errors import MissingInput, UsageProblem

_DIGEST: Final = "urn:sha256:"
_LINE: Final = re.compile(r"(?P<kind>[AD]) (?P<quad>.+ \.)|H (?P<key>id|prev) <urn:sha256:(?P<digest>[0-9a-f]{64})> \.|T[XC] \.")


@dataclass(frozen=True, slots=True)
class Difference:
    """The N-Quads lines that only the newer dataset has, those that only the older one has, and the digests of both."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    old: str
    new: str

    def __bool__(self) -> bool:
        """Tell whether anything changed."""
        return bool(self.added or self.removed)

    def quads(self) -> tuple[list[ox.Quad], list[ox.Quad]]:
        """Return the added and the removed quads."""
        return parse_lines(self.added), parse_lines(self.removed)

    def patch(self) -> str:
        """Return the patch, deletions first; the same two releases give the same bytes."""
        head = [f"H id <{_DIGEST}{self.new}> .", f"H prev <{_DIGEST}{self.old}> .", "TX ."]
        body = [f"D {line}" for line in self.removed] + [f"A {line}" for line in self.added]
        return "\n".join([*head, *body, "TC ."]) + "\n"


def parse_lines(lines: Iterable[str]) -> list[ox.Quad]:
    """Return the quads of N-Quads *lines*."""
    return list(ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS))


def difference(old: Path, new: Path) -> Difference:
    """Compare the datasets of two release folders; MissingInput when one is not there."""
    before, after = _dataset(old), _dataset(new)
    lines, others = _lines(before), _lines(after)
    return Difference(
        added=tuple(sorted(others - lines)),
        removed=tuple(sorted(lines - others)),
        old=_sha256(before),
        new=_sha256(after),
    )


def apply_patch(dataset: bytes, patch: str) -> bytes:
    """Return the newer dataset, made of the older *dataset* (N-Quads, one sorted line a quad) and *patch*.

    Raises UsageProblem when the patch is no RDF Patch, was made for another dataset, or does not give the dataset it names.
    """
    heads: dict[str, str] = {}
    added: set[str] = set()
    removed: set[str] = set()
    for number, text in enumerate(patch.removesuffix("\n").split("\n"), 1):
        match = _LINE.fullmatch(text)
        if match is None:
            raise UsageProblem("patch-line", line=number)
        if match["key"]:
            heads[match["key"]] = match["digest"]
        elif match["kind"]:
            (added if match["kind"] == "A" else removed).add(match["quad"])
    if heads.keys() != {"id", "prev"} or _sha256(dataset) != heads["prev"]:
        raise UsageProblem("patch-other", wanted=heads.get("prev", "?")[:12], found=_sha256(dataset)[:12])
    lines = (_lines(dataset) - removed) | added
    result = "".join(f"{line}\n" for line in sorted(lines)).encode()
    if _sha256(result) != heads["id"]:
        raise UsageProblem("patch-result", wanted=heads["id"][:12], found=_sha256(result)[:12])
    return result


def _dataset(folder: Path) -> bytes:
    try:
        return (folder / "dataset.nq").read_bytes()
    except OSError as error:
        raise MissingInput("release-missing", folder=str(folder)) from error


def _lines(dataset: bytes) -> set[str]:
    return set(dataset.decode().split("\n")) - {""}  # not splitlines: a literal may hold U+2028


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
