"""A real server process for the tests, on a free port, and what to ask it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

JSON = "application/sparql-results+json"


@dataclass
class Served:
    """A running ``campuskg serve``: its process, its address, a client for it."""

    process: subprocess.Popen[str]
    address: str
    client: httpx.Client
    log: Path

    @property
    def port(self) -> int:
        """Return the port."""
        return urlsplit(self.address).port or 0

    def ask(self, query: str, **options: object) -> httpx.Response:
        """Send *query* by GET; the options are query-string parameters, but ``accept``."""
        accept = str(options.pop("accept", "*/*"))
        params = {"query": query, **{name.replace("_", "-"): value for name, value in options.items()}}
        return self.client.get("/sparql", params=params, headers={"accept": accept})  # type: ignore[arg-type]

    def rows(self, query: str, **options: object) -> list[dict[str, str]]:
        """Return the values of a SELECT."""
        answer = self.ask(query, **options)
        assert answer.status_code == 200, answer.text
        return [{name: cell["value"] for name, cell in row.items()} for row in answer.json()["results"]["bindings"]]

    def raw(self, data: bytes, *, wait: float = 3.0, until_closed: bool = False) -> bytes:
        """Send *data* as it is; return what comes back: the first piece, or all until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as sock:
            received = b""
            try:
                sock.sendall(data)
                while piece := sock.recv(65536):
                    received += piece
                    if not until_closed:
                        break
            except (TimeoutError, ConnectionError):
                pass
            return received

    def tree(self) -> list[int]:
        """Return the process ids of all children and grandchildren."""
        return descendants(self.process.pid)


def descendants(pid: int) -> list[int]:
    """Return the process ids below *pid*, nearest first."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, level = [], parents.get(pid, [])
    while level:
        found += level
        level = [child for one in level for child in parents.get(one, [])]
    return found


def alive(pid: int) -> bool:
    """Tell whether process *pid* runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def start(source: Path, *options: str, lang: str = "en") -> Served:
    """Start a server on *source* and wait until it says that it is ready."""
    descriptor, name = tempfile.mkstemp(prefix="campuskg-serve-", suffix=".log")
    process = subprocess.Popen(
        [sys.executable, "-m", "campuskg", "serve", str(source), "--port", "0", "--lang", lang, *options],
        stdout=subprocess.PIPE,
        stderr=descriptor,
        text=True,
    )
    os.close(descriptor)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.wait()
        process.stdout.close()
        raise RuntimeError(Path(name).read_text(encoding="utf-8"))
    address = line.split()[-1]
    client = httpx.Client(base_url=address, timeout=30)
    client.event_hooks["response"].append(lambda _: client.cookies.clear())  # no test shall read in the language of another
    return Served(process, address, client, Path(name))


def stop(served: Served) -> int:
    """Stop the server as an operator does; return its exit code."""
    served.client.close()
    if served.process.poll() is None:
        served.process.send_signal(signal.SIGTERM)
    try:
        code = served.process.wait(15)
    except subprocess.TimeoutExpired:
        served.process.kill()
        code = served.process.wait()
    if served.process.stdout is not None:
        served.process.stdout.close()
    served.log.unlink(missing_ok=True)
    return code


@contextmanager
def serving(source: Path, *options: str, lang: str = "en") -> Iterator[Served]:
    """Serve *source* for a while."""
    served = start(source, *options, lang=lang)
    try:
        yield served
    finally:
        stop(served)
