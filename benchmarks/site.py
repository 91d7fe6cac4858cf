"""How long a static site takes: first run, run without change; files, megabytes, what the browser loads. Prints JSON and a table.

python benchmarks/site.py RELEASE [--out results.json]
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from campuskg.publish.site import Counted, publish_site
from campuskg.publish.site.work import cores
from campuskg.release import open_release
from campuskg.server.inside import Inside

_MB = 1_000_000


def _used() -> float:
    """Return the processor seconds of this process and of those that it waited for."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def _run(release: Path, out: Path) -> tuple[Counted, dict[str, float]]:
    start, used = time.perf_counter(), _used()
    inside = Inside(open_release(release), "https://example.org/kg")
    done = publish_site(inside.published, inside, out)
    return done, {"seconds": round(time.perf_counter() - start, 1), "processor": round(_used() - used, 1)}


def measure(release: Path) -> dict[str, object]:
    """Publish *release* twice into a new folder and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "kg"
        first, took = _run(release, out)
        again, took_again = _run(release, out)
        sizes: Counter[str] = Counter()
        files: Counter[str] = Counter()
        for path in out.rglob("*"):
            if path.is_file():
                top = path.relative_to(out).parts[0] if path.parent != out else "root"
                sizes[top] += path.stat().st_size
                files[top] += 1
        wasm = next((out / "static").glob("*.wasm")).stat().st_size
        graph = next((out / "static").glob("*.nq.gz")).stat().st_size
        index = (out / "search.json").stat().st_size
    return {
        "cores": cores(),
        "first": {**took, "files": first.files, "megabytes": round(first.bytes / _MB, 1)},
        "again": {**took_again, "written": again.written, "unchanged": again.unchanged},
        "parts": {name: {"files": files[name], "megabytes": round(sizes[name] / _MB, 1)} for name in sorted(sizes)},
        "browser": {"engine": wasm, "graph": graph, "search": index},
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    found = measure(given.release)
    text = json.dumps(found, indent=1) + "\n"
    if given.out:
        given.out.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    parts = found["parts"]
    assert isinstance(parts, dict)  # noqa: S101
    for name, part in parts.items():
        sys.stdout.write(f"{name:12} {part['files']:7} files {part['megabytes']:8.1f} MB\n")


if __name__ == "__main__":
    main()
