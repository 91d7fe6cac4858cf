"""The other programs of the comparisons: where they come from, how they start, how they are asked."""

import contextlib
import http.client
import json
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from asked import JSON, rows_of
from endpoint import free_port
from measures import ROOT

sys.path.insert(0, str(ROOT / "tests"))  # the engines of the tests, started here in the same way
from engines import servers

HERE = Path(__file__).resolve().parent
PEERS = ("rdflib-endpoint[cli]", "uvicorn", "oxrdflib", "rdflib")
MORPH = ("morph-kgc",)
GRAPHS = tuple(f"https://w3id.org/cmq/graph/{layer}" for layer in ("facts", "claims", "sources", "vocabulary", "inferred"))
_OK = 200
_ROOM = "NumberOfBuffers = 170000\nMaxDirtyBuffers = 130000"
"""What Virtuoso's documentation advises for 2 GB, where the tests give it little."""


def environment(name: str, packages: Sequence[str], folder: Path | None = None) -> Path:
    """Return the Python of an environment of its own with *packages*; they are installed once."""
    home = (folder or Path(tempfile.gettempdir())) / f"campuskg-{name}"
    python = home / "bin" / "python"
    done = home / "installed.txt"
    if not done.is_file() or done.read_text(encoding="utf-8") != " ".join(packages):
        if not python.is_file():
            subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)  # noqa: S603  our own Python
        subprocess.run([str(python), "-m", "pip", "install", "-q", *packages], check=True)  # noqa: S603
        done.write_text(" ".join(packages), encoding="utf-8")
    return python


def versions(python: Path, names: Sequence[str]) -> dict[str, str]:
    """Return the versions of the packages *names* in another environment."""
    plain = [name.partition("[")[0] for name in names]
    code = "import importlib.metadata as m, json, sys; print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"
    done = subprocess.run([str(python), "-c", code, *plain], capture_output=True, text=True, check=True)  # noqa: S603
    found: dict[str, str] = json.loads(done.stdout)
    return found


class Local:
    """An engine in a process of its own (``asked.py``)."""

    def __init__(self, python: Path | str, engine: str, path: Path, *more: str) -> None:
        """Start it; ``loaded`` says seconds and memory once it is there."""
        command = [str(python), str(HERE / "asked.py"), engine, str(path), *more]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        self.loaded = self._line(1200)

    def ask(self, text: str, limit: float, repeat: int, budget: float) -> dict[str, Any]:
        """Return what ``asked.py`` measured."""
        assert self._process.stdin is not None  # noqa: S101
        self._process.stdin.write(json.dumps({"text": text, "limit": limit, "repeat": repeat, "budget": budget}) + "\n")
        self._process.stdin.flush()
        return self._line(2 * (limit + budget) + 60)

    def _line(self, within: float) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101
        ready, _, _ = select.select([self._process.stdout], [], [], within)
        line = self._process.stdout.readline() if ready else ""
        if not line:
            self.stop()
            return {"error": "the engine is gone"}
        found: dict[str, Any] = json.loads(line)
        return found

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()


class Remote:
    """An engine behind an address, asked on one kept connection."""

    def __init__(self, url: str, more: Sequence[tuple[str, str]] = ()) -> None:
        """Ask at *url*, with *more* parameters beside the query."""
        self._parts = urlsplit(url)
        self._more = list(more)
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, text: str, limit: float, repeat: int, budget: float, *, warm: bool = True) -> dict[str, Any]:
        """Return the seconds of each answer and its rows; the first is not counted, unless it is not *warm* that is wanted."""
        times: list[float] = []
        body = b""
        try:
            while len(times) < repeat + warm and (len(times) <= warm or sum(times) < budget):
                start = time.perf_counter()
                body = self._answer(text, limit)
                times.append(time.perf_counter() - start)
        except TimeoutError:
            self.close()
            if len(times) <= warm:
                return {"censored": limit}
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return {"error": f"{type(error).__name__}: {error}"[:200]}
        found = times[warm:] or times
        return {"censored": limit} if min(found) > limit else {"seconds": found, "rows": rows_of(body)}

    def _answer(self, text: str, limit: float) -> bytes:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._parts.hostname or "", self._parts.port)
            self._connection.connect()
        assert self._connection.sock is not None  # noqa: S101
        self._connection.timeout = limit + 1
        self._connection.sock.settimeout(limit + 1)
        body = urlencode([("query", text), *self._more])
        headers = {"Accept": JSON, "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request("POST", self._parts.path, body, headers)
        response = self._connection.getresponse()
        answer = response.read()
        if response.will_close:
            self.close()
        if response.status in (408, 503, 504) or b"timed out" in answer[:500].lower():
            raise TimeoutError
        if response.status != _OK:
            message = f"{response.status} {answer[:150]!r}"
            raise http.client.HTTPException(message)
        return answer

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None


@contextlib.contextmanager
def program(command: Sequence[str], ready: str, log: Path) -> Iterator[int]:
    """Run a server until the end of the block; *ready* is an address that answers 200 once it can be asked. Gives its pid."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)  # noqa: S603  our own commands
        try:
            _wait(process, ready, log)
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], ready: str, log: Path) -> None:
    parts = urlsplit(ready)
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
            connection.request("GET", f"{parts.path}?{parts.query}")
            if connection.getresponse().status == _OK:
                return
        time.sleep(0.1)
    raise SystemExit(f"no answer at {ready}: {log.read_text(encoding='utf-8', errors='replace')[-1000:]}")


@contextlib.contextmanager
def ours(source: Path, folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Serve *source* by ``campuskg serve`` with all pages prepared; gives its address and the seconds until the first answer."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "campuskg", "serve", str(source), "--port", str(port), "--timeout", "120"]
    start = time.perf_counter()
    with program(command, f"{base}/sparql?query=ASK%20%7B%7D", folder / "campuskg.log"):
        yield base, {"load": round(time.perf_counter() - start, 2)}


@contextlib.contextmanager
def oxigraph_on_disk(path: Path, folder: Path, limit: float) -> Iterator[tuple[Remote, dict[str, Any]]]:
    """Load *path* into files and serve them by the ``oxigraph`` server."""
    home = folder / "oxigraph"
    start = time.perf_counter()
    seconds = None
    if not (home / "CURRENT").is_file():
        command = [servers.oxigraph_program(), "load", "-l", str(home), "-f", str(path), "--lenient"]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        seconds = round(time.perf_counter() - start, 2)
    port = free_port()
    serve = [servers.oxigraph_program(), "serve-read-only", "-l", str(home), "-b", f"127.0.0.1:{port}"]
    options = ["--union-default-graph", "--timeout-s", str(int(limit) + 1)]
    with program([*serve, *options], f"http://127.0.0.1:{port}/query?query=ASK%20%7B%7D", folder / "oxigraph.log"):
        yield Remote(f"http://127.0.0.1:{port}/query"), {"load": seconds}


@contextlib.contextmanager
def virtuoso(path: Path, folder: Path, limit: float) -> Iterator[tuple[Remote, dict[str, Any]]]:
    """Load *path* into a Virtuoso of its own, with the memory that its documentation advises."""
    small = "NumberOfBuffers = 20000\nMaxDirtyBuffers = 15000"
    servers.VIRTUOSO_INI = servers.VIRTUOSO_INI.replace(small, _ROOM).replace(
        "MaxQueryExecutionTime = 120", f"MaxQueryExecutionTime = {int(limit) + 1}"
    )
    servers.READY_WITHIN = 600
    home = folder / "virtuoso"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    start = time.perf_counter()
    server = servers.guarded(servers.start_virtuoso(path, home))  # it ends with us, however we end
    try:
        named = [(name, graph) for name in ("default-graph-uri", "named-graph-uri") for graph in GRAPHS]
        yield Remote(server.url, named), {"load": round(time.perf_counter() - start, 2)}
    finally:
        server.stop()


def virtuoso_version() -> str:
    """Return what Virtuoso says of its version."""
    if servers.missing("virtuoso"):
        return ""
    done = subprocess.run(["virtuoso-t", "-?"], capture_output=True, text=True, check=False)  # noqa: S607
    words = (done.stdout + done.stderr).split()
    return next((words[i + 1] for i, word in enumerate(words[:-1]) if word == "Version"), "")
