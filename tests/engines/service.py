"""A small SPARQL service on loopback for an engine that has none: one query in a POSTed form, results as JSON or N-Triples."""

from __future__ import annotations

import http.server
import os
import signal
import socketserver
import sys
from collections.abc import Callable
from urllib.parse import parse_qs

Answered = tuple[str, bytes]
"""Media type and body."""

LONGEST = 120
JSON = "application/sparql-results+json"
TRIPLES = "application/n-triples"


def serve(answer: Callable[[str], Answered], *, fork: bool) -> None:
    """Answer queries until killed; the port is the one line on standard output. *fork*: a process for each query."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if fork:
                signal.alarm(LONGEST)  # ends this child, and with it a query that no engine call can cancel
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            try:
                status, (media, body) = 200, answer(form["query"][0])
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
