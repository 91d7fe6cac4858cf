"""The HTTP server under the edge, and the short way of a ready answer: sent from the server's own thread.

The server (granian) reads and writes in threads of its own and hands every request to the event loop. That hand-over is most of
what a ready answer costs, so the loop hears only of what is not ready (docs/decisions/0024). Names that granian has not
documented are used in this module alone; the version in ``pyproject.toml`` is bounded for their sake.
"""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Final, Protocol, Self

from granian import _granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import AsyncWorker, Server

from campuskg.server.limits import KIB, Limits

_native: Any = _granian  # compiled; its stubs tell less than it takes
_READ_BUFFER: Final = 64 * KIB
_THREADS: Final = slice(0, 5)
"""Among what granian gives to start with: how many threads of which kind, and how many requests at once."""
_HTTP: Final = slice(6, 11)
"""There too: the versions of HTTP, their settings, web sockets, files."""
_TLS: Final = 12


class Answering(Protocol):
    """What answers requests."""

    def begin(self, scope: Any, protocol: Any) -> Coroutine[Any, Any, None] | None:  # noqa: ANN401  the server's own types are opaque
        """Answer from what is ready, in the thread of the server, or return what answers in the event loop."""


class _Scheduler(_native.CallbackScheduler):  # type: ignore[misc]
    """Called by the one thread that hands requests to Python."""

    def __new__(cls, _edge: Answering, loop: asyncio.AbstractEventLoop) -> Self:
        """Make one for *loop*; what else the constructor takes is for a way of running tasks that is not ours."""
        return super().__new__(cls, loop, None, None, None, None)  # type: ignore[no-any-return]

    def __init__(self, edge: Answering, loop: asyncio.AbstractEventLoop) -> None:
        """Take over from *loop*'s context."""
        self._schedule_fn = partial(_handed, edge, loop, self._ctx)


def _handed(edge: Answering, loop: asyncio.AbstractEventLoop, context: Any, watcher: Any) -> None:  # noqa: ANN401
    """Answer one request at once, or have *loop* do it."""
    try:
        rest = edge.begin(watcher.scope, watcher.proto)
    except Exception as error:  # noqa: BLE001  the thread must live; the server closes the connection
        watcher.err(error)
        return
    if rest is None:
        watcher.done()
    else:
        loop.call_soon_threadsafe(_start, loop, watcher, rest, context=context)


def _start(loop: asyncio.AbstractEventLoop, watcher: Any, rest: Coroutine[Any, Any, None]) -> None:  # noqa: ANN401
    watcher.taskref(loop.create_task(_finish(watcher, rest)))


async def _finish(watcher: Any, rest: Coroutine[Any, Any, None]) -> None:  # noqa: ANN401
    try:
        await rest
    except BaseException as error:  # noqa: BLE001  cancelled or failed: the server closes the connection
        watcher.err(error)
    else:
        watcher.done()


@AsyncWorker.wrap_target  # type: ignore[untyped-decorator]
async def _spawn(
    number: int,
    stop: Any,  # noqa: ANN401
    edge: Answering,
    sock: Any,  # noqa: ANN401
    loop: asyncio.AbstractEventLoop,
    *given: Any,  # noqa: ANN401
) -> None:
    """Serve until *stop* is set."""
    over = loop.create_future()
    stop.add_cb(partial(loop.call_soon_threadsafe, over.set_result, None))
    worker = _native.RSGIWorker(number, sock, None, *given[_THREADS], *given[_HTTP], *given[_TLS], (None, None))
    worker.serve_async(_Scheduler(edge, loop), loop, stop)
    await over


def http_server(edge: Answering, host: str, port: int, limits: Limits) -> tuple[Server, Callable[[], Any]]:
    """Return the HTTP server and what starts it: HTTP/1.1 only, no web sockets, in this process and on this event loop."""
    server = Server(
        edge,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        websockets=False,
        backlog=limits.connections,
        backpressure=limits.connections,
        log_enabled=False,
        http1_settings=HTTP1Settings(header_read_timeout=int(limits.header_seconds * 1000), max_buffer_size=_READ_BUFFER),
    )
    return server, partial(server.serve, _spawn)
