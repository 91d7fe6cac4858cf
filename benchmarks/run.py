"""All benchmarks by one command, within 25 minutes on two quiet cores: ``python benchmarks/run.py``.

Each part is a script of this folder in a process of its own with a time limit; a part that fails or lacks something is named and
the others go on. Progress is told as it comes; results are kept after each part (``results/*.json``), ``docs/benchmarks.md`` is
written at the end. ``--only PART`` (again for more) runs chosen parts, ``--scale`` chooses the sizes of the country, ``--resume``
leaves out what the stopped run before had finished, ``--full`` measures in the long forms, without a limit of time.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peers
import report
from measures import ROOT, keep, load, machine, now, read, versions

HERE = Path(__file__).resolve().parent
WORK = Path(tempfile.gettempdir()) / "campuskg-national"
LIMIT = 25 * 60
NAMED = ("campuskg", "pyoxigraph", "oxigraph", "granian", "shacl-rust", "pyshacl", "rdflib", "networkx", "polars", "pyvis")


@dataclass(frozen=True)
class Part:
    """One part: its name, its script, its arguments (in short, in full), the seconds that it may take in short."""

    name: str
    script: str
    short: Sequence[str]
    full: Sequence[str]
    most: int
    needs: str = ""
    """A program without which there is nothing to measure."""


def parts(given: argparse.Namespace) -> list[Part]:
    """Return the parts in their order: what was promised first."""
    release, data = str(WORK / "real"), str(ROOT.parent / "shared" / "data")
    country = ["--country", str(WORK / "release-1m")] if "1m" in given.scale.split(",") else []
    national = ["--scale", given.scale, "--work", str(WORK), *(["--resume"] if given.resume else [])]
    return [
        Part("national", "national", national, national, 17 * 60),
        Part("shacl", "shacl", [release, "--quick", "--write"], [release, "--real", *country, "--write"], 90),
        Part("import", "import", ["--quick"], [], 300),
        Part("throughput", "endpoint", ["--seconds", "1", "--rounds", "3"], [], 150, "wrk"),
        Part("poison", "endurance", ["poison", "--seconds", "10"], ["poison"], 100),
        Part("restart", "endurance", ["restart", release], ["restart", release], 60),
        Part("soak", "soak", [release, "--quick"], [release], 100),
        Part("analysis", "analysis", ["--write", "--quick"], ["--write"], 90),
        Part("rivals", "rivals", ["--write"], ["--write"], 90),
        Part("viz", "viz", ["--write", "--quick"], ["--write"], 100, "chromium"),
        Part("explorer", "explorer", [release, "--rounds", "3"], [release], 90, "chromium"),
        Part("pages", "pages", ["--release", release, "--write", "--quick"], ["--release", release, "--write"], 90, "chromium"),
        Part("link", "link", [release, data], [release, data], 60),
        Part("site", "site", [release, "--quick", "--write"], [release, "--write"], 200),
    ]


def say(text: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stderr.flush()


def run(part: Part, *, full: bool, most: float) -> str:
    """Run one part; return how it ended."""
    if part.needs and shutil.which(part.needs) is None:
        return f"left out: no {part.needs}"
    command = [sys.executable, str(HERE / f"{part.script}.py"), *(part.full if full else part.short)]
    log = WORK / f"{part.name}.log"
    with log.open("wb") as out:
        own = None if part.name == "national" else out  # the longest part tells its progress itself
        process = subprocess.Popen(command, stdout=out, stderr=own, cwd=ROOT, start_new_session=True)  # noqa: S603  our own scripts
        try:
            status = process.wait(most)
        except subprocess.TimeoutExpired:
            return f"stopped after {most:.0f} s"
        finally:
            _end(process)
    if status:
        last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:] or [f"exit {status}"]
        return f"failed: {last[0][:160]}"
    return "done"


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End what a part has left running: it has a session of its own."""
    for kill in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, kill)
        except ProcessLookupError:
            return
        time.sleep(0.5)
    process.wait()


def real_release() -> None:
    """Build the release of the real graph, which most parts use, where an earlier run has not."""
    if not (WORK / "real" / "manifest.json").is_file():
        say("building the release of the real graph")
        command = [sys.executable, "-m", "campuskg", "build", "--out", str(WORK / "real")]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own program


def main() -> int:
    """Run the parts; 1 when one failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", action="append", default=[], metavar="PART", help="this part; may be repeated")
    parser.add_argument("--scale", default="10k,100k,1m", help="sizes of the country; 10m needs 6 GiB and some minutes more")
    parser.add_argument("--resume", action="store_true", help="go on with a run that was stopped")
    parser.add_argument("--full", action="store_true", help="the long forms of all parts, without a limit of time")
    given = parser.parse_args()
    chosen = [part for part in parts(given) if not given.only or part.name in given.only]
    unknown = set(given.only) - {part.name for part in parts(given)}
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(part.name for part in parts(given))}")
    WORK.mkdir(parents=True, exist_ok=True)
    if not (given.resume or given.only):
        shutil.rmtree(WORK)  # what is measured is made in this run
        WORK.mkdir()
    for name, packages in (("peers", peers.PEERS), ("morph", peers.MORPH)):
        say(f"environment of the {name}")
        peers.environment(name, packages)
    begun = time.monotonic()
    real_release()
    found: dict[str, Any] = read("run")
    whole = not given.only
    if not (given.resume and "parts" in found):
        kept = {} if whole else found.get("parts", {})
        found = {
            "started": now(),
            "machine": machine(),
            "versions": versions(NAMED),
            "parts": kept,
            "seconds": found.get("seconds", 0),
        }
    spent = sum(one["seconds"] for one in found["parts"].values()) if given.resume else 0.0
    for part in chosen:
        if given.resume and found["parts"].get(part.name, {}).get("status") == "done":
            continue
        left = LIMIT - (time.monotonic() - begun) - spent
        before, start = load(), time.monotonic()
        say(f"{part.name} (machine load {before})")
        late = left < part.most / 3 and not given.full
        status = (
            "left out: no time left" if late else run(part, full=given.full, most=1e6 if given.full else min(part.most, left))
        )
        seconds = round(time.monotonic() - start, 1)
        say(f"{part.name}: {status}, {seconds} s")
        found["parts"][part.name] = {"status": status, "seconds": seconds, "when": now(), "load before": before}
        if whole:
            found["seconds"] = round(time.monotonic() - begun + spent, 1)
        keep("run", found)
    report.main()
    return int(any(one["status"].startswith(("failed", "stopped")) for one in found["parts"].values()))


if __name__ == "__main__":
    sys.exit(main())
