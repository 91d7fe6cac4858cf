"""Running the server: the workers first, then HTTP in this process, until a signal; nothing is left behind."""

import asyncio
import gc
import signal
import socket
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from campuskg.errors import CampuskgError, MissingInput
from campuskg.server.kept import kept_releases
from campuskg.server.limits import Limits
from campuskg.server.source import Source, check_source, prepare_source
from campuskg.server.tasks import guard_arguments
from campuskg.store.storage import current_storage, using
from campuskg.store.workers import Pool

if TYPE_CHECKING:
    from campuskg.server.app import App
    from campuskg.server.edge import Edge
    from campuskg.server.remote import Elsewhere

_LOADER: Final = "campuskg.server.tasks:load"


@dataclass(frozen=True)
class Settings:
    """How to serve: the address, who is believed, what is logged."""

    host: str = "127.0.0.1"
    port: int = 7878
    base: str | None = None
    log: str = "error"
    proxies: Sequence[str] = ()
    services: Sequence[str] = ()
    corrections: str = ""
    quotations: bool = False
    allow_unsafe: bool = False
    keep: Path | None = None


def serve(path: Path, settings: Settings, limits: Limits, ready: Callable[[str], None]) -> None:
    """Serve *path* until SIGTERM or SIGINT; call *ready* with the address once requests are answered."""
    source = check_source(path)
    with using(current_storage().settled()):
        kept = map(check_source, kept_releases(settings.keep, source.digest).values())
        stores = (prepare_source(source, quotations=settings.quotations), *map(prepare_source, kept))
        reads = tuple(str(store.resolve()) for store in stores if store is not None)
        _run(_serve(source, settings, limits, ready, reads))


def serve_elsewhere(elsewhere: "Elsewhere", settings: Settings, limits: Limits, ready: Callable[[str], None]) -> None:
    """Serve what lies in a SPARQL service, as ``serve`` does."""
    with using(current_storage().settled()):
        _run(_serve(elsewhere.source, settings, limits, ready, elsewhere=elsewhere))


def _run(main: Coroutine[Any, Any, None]) -> None:
    """Run *main* on the fastest event loop at hand."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


async def _serve(
    source: Source,
    settings: Settings,
    limits: Limits,
    ready: Callable[[str], None],
    reads: Sequence[str] = (),
    elsewhere: "Elsewhere | None" = None,
) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    port = free_port(settings.host, settings.port)
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    base = (settings.base or f"http://{shown}:{port}").rstrip("/")
    kept = kept_releases(settings.keep, source.digest)
    arguments = {
        "source": str(source.path.resolve()),
        "base": base,
        "keep": [str(path.resolve()) for path in kept.values()],
        "corrections": settings.corrections,
        "quotations": settings.quotations,
        "guard": guard_arguments(limits.guard(settings.services)),
        "storage": current_storage().as_json(),
        "elsewhere": elsewhere.told if elsewhere else None,
    }
    granted = limits.pool(services=settings.services, reads=reads, allow_unsafe=settings.allow_unsafe)
    pool = elsewhere.pool(_LOADER, arguments, granted, limits) if elsewhere else Pool(_LOADER, arguments, granted)
    loading = asyncio.create_task(pool.start())
    await asyncio.sleep(0)
    _import_all()
    await loading
    from campuskg.server.http import http_server

    try:
        app = _app(source, settings, limits, pool, base)
        edge = _edge(app, settings)
        server, begin = http_server(edge, settings.host, port, limits)
        gc.collect()
        gc.freeze()  # what lives as long as the server is not looked through again and again
        running = asyncio.create_task(begin())
        await _answering(settings.host, port, running)
        ready(f"http://{shown}:{port}")
        await _until_over(app, stop, running)
        server.stop()  # type: ignore[no-untyped-call]
        with suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(running, limits.drain)
    finally:
        await pool.stop()


async def _prepared(app: "App") -> None:
    """Wait until all requests can be answered, load the templates for the pages of errors, and have the triples counted."""
    from campuskg.publish.pages import load_templates

    await app.pool.warm()
    await asyncio.to_thread(load_templates)  # a page of an error before that loads its own
    with suppress(CampuskgError):  # whoever asks for the counts will have them counted again
        await app.count()


async def _until_over(app: "App", stop: asyncio.Event, running: "asyncio.Task[None]") -> None:
    """Wait for the signal to *stop*, or for the end of the HTTP server; raises what keeps the workers from being prepared."""
    stopping = asyncio.create_task(stop.wait())
    warming = asyncio.create_task(_prepared(app))
    try:
        await asyncio.wait((stopping, running, warming), return_when=asyncio.FIRST_COMPLETED)
        if warming.done() and not stopping.done():
            warming.result()
            await asyncio.wait((stopping, running), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        warming.cancel()


def _import_all() -> None:
    """Import the rest of the server while the parent of the workers loads the data on another core."""
    from campuskg.server import edge, http, tables  # noqa: F401

    tables.routes()


def _edge(app: "App", settings: Settings) -> "Edge":
    from campuskg.server.edge import Edge
    from campuskg.server.journal import Journal

    return Edge(app, Journal(settings.log), frozenset(settings.proxies))


def _app(source: Source, settings: Settings, limits: Limits, pool: Pool, base: str) -> "App":
    """Return what the handlers share."""
    from campuskg.server.app import App
    from campuskg.server.routes import RouteTable
    from campuskg.server.tables import hooks, routes

    return App(
        pool,
        limits,
        base,
        source.digest,
        RouteTable(routes()),
        hooks=hooks(),
        release=source.manifest,
        folder=source.path.resolve() if source.manifest is not None else None,
        guard=limits.guard(settings.services),
        kept=frozenset(kept_releases(settings.keep, source.digest)),
    )


def free_port(host: str, port: int) -> int:
    """Return *port*, or a free one for 0; MissingInput when it is taken or the address is not ours.

    The HTTP server shares its port willingly (SO_REUSEPORT), so two servers on one port would go unnoticed without this.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise MissingInput("serve-address", address=f"{host}:{port}", reason=error.strerror or str(error)) from error
        return int(probe.getsockname()[1])


async def _answering(host: str, port: int, running: "asyncio.Task[None]") -> None:
    """Wait until the port is open."""
    while not running.done():
        with suppress(OSError):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
            return
        await asyncio.sleep(0.005)
    raise MissingInput("serve-address", address=f"{host}:{port}", reason="HTTP")
