"""The engines of the tests as running services: each on a free port of loopback, in a temporary folder, ended by its number."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
JENA_JAR = Path(os.environ.get("CAMPUSKG_JENA_JARS", "/usr/share/java")) / "jena-arq.jar"
READY_WITHIN = 180
VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
Striping = 0
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
MaxCheckpointRemap = 2000
Striping = 0

[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
MaxClientConnections = 10
CheckpointInterval = 0
SchedulerInterval = 10
DirsAllowed = {folder}, {data}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
MaxQueryMem = 512M
ThreadsPerQuery = 2
AsyncQueueMaxThreads = 2
ServerThreads = 10

[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerRoot = {folder}
ServerThreads = 8
MaxKeepAlives = 8
KeepAliveTimeout = 10
HTTPThreadSize = 280000
EnabledGzipContent = 0

[AutoRepair]
BadParentLinks = 0

[URIQA]
DynamicLocal = 0
DefaultHost = 127.0.0.1:{http_port}

[SPARQL]
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = 120
"""


_STARTED: dict[int, subprocess.Popen[bytes]] = {}
_GUARDS: dict[int, subprocess.Popen[bytes]] = {}


class EngineFailed(RuntimeError):
    """An engine did not start, with what it said."""


@dataclass
class Server:
    """A running engine: its name, its SPARQL address, the process behind it."""

    name: str
    url: str
    pid: int
    folder: Path
    extra: dict[str, str] = field(default_factory=dict)

    def stop(self) -> None:
        """End the process and take its folder away."""
        end(self.pid)
        shutil.rmtree(self.folder, ignore_errors=True)


def end(pid: int) -> None:
    """End the process *pid* of ours at once: nothing that it holds is kept."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    process = _STARTED.pop(pid, None)
    if process is not None:
        process.wait()
    guard = _GUARDS.pop(pid, None)
    if guard is not None:
        guard.communicate()


def guarded(server: Server) -> Server:
    """Let *server* end with this process, however it ends: a shell waits at the other end of a pipe for that."""
    _GUARDS[server.pid] = subprocess.Popen(
        ["sh", "-c", f"read _; kill -9 {server.pid}"], stdin=subprocess.PIPE, start_new_session=True
    )
    return server


def alive(pid: int) -> bool:
    """Return whether the process *pid* runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def free_port() -> int:
    """Return a port of loopback that is free now."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def missing(name: str) -> str:
    """Return what the engine *name* lacks on this machine, or an empty string."""
    needs: dict[str, Callable[[], object]] = {
        "virtuoso": lambda: shutil.which("virtuoso-t") and shutil.which("isql-vt"),
        "jena": lambda: shutil.which("java") and JENA_JAR.is_file(),
        "oxigraph": oxigraph_program,
    }
    packages = {
        "virtuoso": "virtuoso-opensource",
        "jena": "libapache-jena-java and a Java runtime",
        "oxigraph": "the PyPI package oxigraph",
    }
    return "" if name not in needs or needs[name]() else f"{name} needs {packages[name]}"


def oxigraph_program() -> str:
    """Return the path of the oxigraph server beside this Python, or on the path."""
    beside = Path(sys.executable).parent / "oxigraph"
    return str(beside) if beside.is_file() else shutil.which("oxigraph") or ""


def start_rdflib(nquads: Path, folder: Path) -> Server:
    """Start rdflib over *nquads*."""
    return _script("rdflib", [str(nquads)], folder)


def start_jena(nquads: Path, folder: Path) -> Server:
    """Start Jena ARQ over *nquads*."""
    return _script("jena", [str(nquads), str(folder)], folder)


def _script(name: str, arguments: Sequence[str], folder: Path) -> Server:
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, str(HERE / f"{name}_service.py"), *arguments],
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,
        )
    _STARTED[process.pid] = process
    assert process.stdout is not None
    with process.stdout as out:
        port = out.readline().strip()
    if not port:
        end(process.pid)
        raise EngineFailed((folder / "said.txt").read_text(encoding="utf-8", errors="replace")[-2000:])
    return Server(name, f"http://127.0.0.1:{int(port)}/", process.pid, folder)


def start_oxigraph(nquads: Path | None, folder: Path) -> Server:
    """Start the oxigraph server in memory, with *nquads* or empty."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    process = _background([oxigraph_program(), "serve", "--bind", f"127.0.0.1:{port}"], folder)
    _wait(f"{base}/query?query=ASK%7B%7D", process, folder)
    if nquads is not None:
        request = urllib.request.Request(  # noqa: S310  loopback
            f"{base}/store?no_transaction", nquads.read_bytes(), {"Content-Type": "application/n-quads"}, method="POST"
        )
        urllib.request.urlopen(request, timeout=READY_WITHIN).close()  # noqa: S310  loopback
    extra = {"update": f"{base}/update", "gsp": f"{base}/store"}
    return Server("oxigraph", f"{base}/query", process.pid, folder, extra)


def start_campuskg(release: Path, folder: Path) -> Server:
    """Start the project's own service over the folder *release*."""
    port = free_port()
    process = _background([sys.executable, "-m", "campuskg", "serve", str(release), "--port", str(port)], folder)
    _wait(f"http://127.0.0.1:{port}/ready", process, folder)
    return Server("campuskg", f"http://127.0.0.1:{port}/sparql", process.pid, folder)


def start_virtuoso(nquads: Path | None, folder: Path) -> Server:
    """Start Virtuoso with a database of its own in *folder*, with *nquads* or empty; the user is dba, the password dba."""
    sql_port, http_port = free_port(), free_port()
    ini = folder / "virtuoso.ini"
    data = nquads.parent if nquads is not None else folder
    ini.write_text(VIRTUOSO_INI.format(folder=folder, data=data, sql_port=sql_port, http_port=http_port), encoding="utf-8")
    process = _background(["virtuoso-t", "+foreground", "+configfile", str(ini)], folder)
    base = f"http://127.0.0.1:{http_port}"
    _wait(f"{base}/sparql?query=ASK%7B%7D", process, folder)
    extra = {
        "sql": f"127.0.0.1:{sql_port}",
        "update": f"{base}/sparql-auth",
        "gsp": f"{base}/sparql-graph-crud-auth",
        "user": "dba",
        "password": "dba",
    }
    server = Server("virtuoso", f"{base}/sparql", process.pid, folder, extra)
    if nquads is not None:
        isql(server, f"ld_dir('{nquads.parent}', '{nquads.name}', 'urn:none'); rdf_loader_run(); checkpoint;")
    return server


def isql(server: Server, statements: str) -> str:
    """Run SQL *statements* on Virtuoso; EngineFailed when it says no."""
    done = subprocess.run(
        ["isql-vt", server.extra["sql"], "dba", "dba", f"exec={statements}", "ERRORS=STDOUT"],
        capture_output=True,
        text=True,
        timeout=READY_WITHIN,
        check=False,
    )
    if done.returncode or "*** Error" in done.stdout:
        raise EngineFailed(done.stdout[-2000:] + done.stderr[-2000:])
    return done.stdout


def _background(command: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, cwd=folder, start_new_session=True)
    _STARTED[process.pid] = process
    return process


def _wait(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until *url* answers anything over HTTP."""
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310  loopback
        except urllib.error.HTTPError as error:
            error.close()
            if error.code != 503:  # not ready yet
                return
            time.sleep(0.1)
        except OSError:
            time.sleep(0.1)
        else:
            return
    end(process.pid)
    raise EngineFailed((folder / "said.txt").read_text(encoding="utf-8", errors="replace")[-2000:] or "no answer in time")


STARTS: dict[str, Callable[[Path, Path], Server]] = {
    "oxigraph": start_oxigraph,
    "virtuoso": start_virtuoso,
    "jena": start_jena,
    "rdflib": start_rdflib,
}
