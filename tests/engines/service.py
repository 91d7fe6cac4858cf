"""A small SPARQL service on loopback for an engine that has none: one query in a POSTed form, results as JSON or N-Triples."""

from __future__ import annotations

import http.server
import os
import select
import signal
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from typing import Self
from urllib.parse import parse_qs

Answered = tuple[str, bytes]
"""Media type and body."""


class Running:
    """A query at work; what its engine gave as ``cancel`` is called when its client has gone."""

    def __init__(self, connection: socket.socket, cancel: Callable[[], object]) -> None:
        self.cancel = cancel
        self._connection, self._over = connection, threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def _watch(self) -> None:
        """Wait for the end of the query, or of the connection: a client sends nothing more until it has its answer."""
        while not self._over.wait(0.2):
            if select.select([self._connection], [], [], 0)[0]:
                self.cancel()
                return


LONGEST = 120
JSON = "application/sparql-results+json"
TRIPLES = "application/n-triples"


def serve(answer: Callable[[str, Running], Answered], *, fork: bool) -> None:
    """Answer queries until killed; the port is the one line on standard output. *fork*: a process for each query."""
    cancel: Callable[[], object] = (lambda: os._exit(1)) if fork else (lambda: None)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if fork:
                signal.alarm(LONGEST)  # ends this child, and with it a query that no engine call can cancel
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            try:
                with Running(self.connection, cancel) as running:
                    status, (media, body) = 200, answer(form["query"][0], running)
            except Exception as error:  # noqa: BLE001  whatever the engine raises is its answer
                status, media, body = 400, "text/plain", f"{type(error).__name__}: {error}".encode()
            self.send_response(status)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Threads(socketserver.ThreadingMixIn, http.server.HTTPServer):
        daemon_threads = True

    class Forks(socketserver.ForkingMixIn, http.server.HTTPServer):
        pass

    with (Forks if fork else Threads)(("127.0.0.1", 0), Handler) as server:
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        os.close(1)
        server.serve_forever()
