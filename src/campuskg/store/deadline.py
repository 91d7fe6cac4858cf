"""The one end of a call over HTTP, and connections that keep to it.

It counts everything: connecting, waiting, reading, the pauses between tries. It is kept by shutting the socket down,
because a socket's own time-out starts again with each byte that drips in.
"""

import http.client
import socket
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self


@dataclass(slots=True)
class Deadline:
    """The end of a call, for the exchange that makes it: whatever connection is open then is closed."""

    seconds: float
    end: float = 0.0
    passed: bool = False
    sockets: list[socket.socket] = field(default_factory=list)
    watched: bool = True
    _timer: threading.Timer | None = field(init=False, repr=False, default=None)

    def __enter__(self) -> Self:
        """Begin to count."""
        self.end = time.monotonic() + self.seconds
        if self.watched:
            self._timer = threading.Timer(self.seconds, self._close)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop counting: the call is over."""
        if self._timer is not None:
            self._timer.cancel()

    def left(self) -> float:
        """Return the seconds that are left."""
        return self.end - time.monotonic()

    def hold(self, opened: socket.socket) -> None:
        """Keep *opened*, the connection to close at the end."""
        self.sockets[:] = [opened]
        opened.settimeout(max(self.left(), 0.001))

    def _close(self) -> None:
        self.passed = True
        for opened in self.sockets:
            try:
                opened.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # already closed: nothing is left to end


class _Connection(http.client.HTTPConnection):
    """A connection that its deadline can close."""

    def __init__(self, *args: Any, deadline: Deadline, **options: Any) -> None:  # noqa: ANN401  http.client's own
        super().__init__(*args, **options)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self._deadline.hold(self.sock)


class _SecureConnection(http.client.HTTPSConnection):
    """The same over TLS."""

    def __init__(self, *args: Any, deadline: Deadline, **options: Any) -> None:  # noqa: ANN401  http.client's own
        super().__init__(*args, **options)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self._deadline.hold(self.sock)


class HttpWithin(urllib.request.HTTPHandler):
    """Opens HTTP connections that keep to a deadline."""

    def __init__(self, deadline: Deadline) -> None:
        """Keep to *deadline*."""
        super().__init__()
        self._make: Callable[..., Any] = partial(_Connection, deadline=deadline)

    def http_open(self, req: urllib.request.Request) -> Any:  # noqa: ANN401  urllib's
        """Open the connection of *req*."""
        return self.do_open(self._make, req)


class HttpsWithin(urllib.request.HTTPSHandler):
    """The same over TLS, with the checks of certificates that Python makes by default."""

    def __init__(self, deadline: Deadline) -> None:
        """Keep to *deadline*."""
        super().__init__()
        self._make: Callable[..., Any] = partial(_SecureConnection, deadline=deadline)

    def https_open(self, req: urllib.request.Request) -> Any:  # noqa: ANN401  urllib's
        """Open the connection of *req*."""
        return self.do_open(self._make, req)
