"""The files that hold the whole dataset: the two of the release as they stand, the others made from them."""

import gzip
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from typing import Final

import pyoxigraph as ox

from campuskg.publish.dcat import Dump
from campuskg.release import Release
from campuskg.release.layers import LAYERS, graph_name

OF_RELEASE: Final = ("dataset.nq", "dataset.ttl")
"""Files of the release folder: with the named graphs, and merged."""
MEDIA: Final[Mapping[str, str]] = {
    "dataset.nq": "application/n-quads",
    "dataset.ttl": "text/turtle; charset=utf-8",
    "dataset.trig": "application/trig",
    "dataset.jsonld": "application/ld+json",
    "dataset.nt.gz": "application/gzip",
}
"""Every dump and its media type."""
SUMS: Final = "SHA256SUMS"


def made(release: Release) -> dict[str, bytes]:
    """Return the dumps that are not files of the release; the same bytes for the same release.

    They are made from its file, which holds no quotations of the sources; where a release has no file, there are none.
    """
    if not (release.folder / "dataset.nq").is_file():
        return {}
    layers: dict[bytes, list[bytes]] = {f" <{graph_name(layer).value}> .\n".encode(): [] for layer in LAYERS}
    with (release.folder / "dataset.nq").open("rb") as lines:
        for line in lines:
            triple, graph = line[: line.rfind(b" ", 0, -3)], line[line.rfind(b" ", 0, -3) :]
            if graph in layers:
                layers[graph].append(triple)
    ordered = [triple + graph for graph, triples in layers.items() for triple in sorted(triples)]
    write = partial(ox.serialize, list(ox.parse(b"".join(ordered), format=ox.RdfFormat.N_QUADS)))
    merged = sorted({triple + b" .\n" for triples in layers.values() for triple in triples})
    return {
        "dataset.trig": write(format=ox.RdfFormat.TRIG) or b"",
        "dataset.jsonld": write(format=ox.RdfFormat.JSON_LD) or b"",
        "dataset.nt.gz": gzip.compress(b"".join(merged), 6, mtime=0),
    }


def sizes(release: Release) -> dict[str, int]:
    """Return the bytes of the files of the release that are dumps; a release that is elsewhere may have none here."""
    return {name: path.stat().st_size for name in OF_RELEASE if (path := release.folder / name).is_file()}


def described(release: Release, known: Mapping[str, int], files: Mapping[str, bytes]) -> tuple[Dump, ...]:
    """Return name, size and SHA-256 of every dump: those of the release (sizes *known*) and the *files* made from it."""
    own = [Dump(name, size, str(release.manifest["outputs"][name])) for name, size in known.items()]
    return (*own, *(Dump(name, len(body), sha256(body).hexdigest()) for name, body in files.items()))


def sums(dumps: tuple[Dump, ...]) -> str:
    """Return the file that ``sha256sum -c`` checks the dumps with."""
    return "".join(f"{dump.sha256}  {dump.name}\n" for dump in dumps)
