"""``/dumps/…``: the files that hold the whole dataset, streamed from disk; always the bytes whose digest we tell."""

import asyncio
import atexit
from dataclasses import dataclass, field
from hashlib import file_digest
from os import stat_result
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from campuskg.content import BASE_IRI
from campuskg.publish.answers import LICENCE_IRI
from campuskg.publish.dumps import MEDIA, OF_RELEASE, SUMS
from campuskg.server.asked import only
from campuskg.server.problem import Refusal
from campuskg.server.response import TEXT, Response
from campuskg.server.routes import Route

if TYPE_CHECKING:
    from campuskg.server.app import App
    from campuskg.server.request import Request

_LOADING: Final = 60.0
_SUM: Final = ".sha256"


@dataclass
class _Files:
    """The dumps that one server gave out: where they are, what they were when they were checked."""

    folder: TemporaryDirectory[str]
    known: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Name -> size and SHA-256."""
    sums: bytes = b""
    checked: dict[str, tuple[Path, tuple[int, ...]]] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


_FILES: "WeakKeyDictionary[App, _Files]" = WeakKeyDictionary()


async def dump(request: "Request", app: "App") -> Response:
    """GET /dumps/{file}: a dump, its digest (``.sha256``), or the digests of all (``SHA256SUMS``)."""
    only(request)
    name = request.params["name"]
    files = await _files(request, app)
    plain = name.removesuffix(_SUM)
    if name == SUMS:
        return _text(files.sums, app)
    if plain not in files.known:
        known = ", ".join((*files.known, SUMS))
        raise Refusal(404, "dump-unknown", name=name[:80], known=known)
    size, digest = files.known[plain]
    if plain != name:
        return _text(f"{digest}  {plain}\n".encode(), app)
    headers = [
        ("content-type", MEDIA[name]),
        ("content-disposition", f'attachment; filename="{name}"'),
        ("etag", f'"{digest[:32]}"'),
        ("cache-control", "public, max-age=0, must-revalidate"),
        ("content-length", str(size)),
        ("link", f'<{BASE_IRI}dataset/{app.digest[:16]}>; rel="collection", <{LICENCE_IRI}>; rel="license"'),
    ]
    return Response(200, headers, file=await _place(name, files, request, app))


def _text(body: bytes, app: "App") -> Response:
    return Response(200, [("content-type", TEXT), ("etag", f'"{app.digest[:32]}"')], body, keep=True)


async def _files(request: "Request", app: "App") -> _Files:
    files = _FILES.get(app)
    if files is None:
        folder = TemporaryDirectory(prefix="campuskg-dumps-")
        atexit.register(folder.cleanup)
        files = _FILES.setdefault(app, _Files(folder))
    if not files.known:
        reply = await app.run("dumps", request, timeout=_LOADING)
        files.known = {name: (int(size), str(digest)) for name, (size, digest) in reply.meta["dumps"].items()}
        files.sums = reply.body
    return files


async def _place(name: str, files: _Files, request: "Request", app: "App") -> Path:
    """Return where the dump *name* is, once its bytes were seen to have the digest that we tell."""
    async with files.lock:
        if name not in files.checked:
            path = await _found(name, files, request, app)
            stamp = _stamp(path.stat())
            if await asyncio.to_thread(_digest, path) != files.known[name][1]:
                raise Refusal(503, "dump-changed", name=name)
            files.checked[name] = (path, stamp)
    path, stamp = files.checked[name]
    try:
        same = _stamp(path.stat()) == stamp
    except OSError:
        same = False
    if not same:
        raise Refusal(503, "dump-changed", name=name)
    return path


async def _found(name: str, files: _Files, request: "Request", app: "App") -> Path:
    if name in OF_RELEASE and app.folder is not None:
        return app.folder / name
    path = Path(files.folder.name) / name
    size = files.known[name][0]
    with path.open("wb") as out:
        while out.tell() < size:
            reply = await app.run("dump-piece", request, timeout=_LOADING, name=name, start=out.tell())
            out.write(reply.body)
    return path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _stamp(found: stat_result) -> tuple[int, ...]:
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


ROUTES: Final = (Route(("GET",), "/dumps/{name}", dump),)
