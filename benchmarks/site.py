"""How long a static site takes: into a new folder, and again without change; files, megabytes, what the browser loads.

python benchmarks/site.py RELEASE [--write]     publish into new folders and again, then look at pages in Chromium (not --quick)
python benchmarks/site.py --site FOLDER                    look at the pages of a site that is there
"""

import argparse
import gzip
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from operator import itemgetter
from pathlib import Path
from urllib.parse import urlsplit

from measures import bytecode, keep

from campuskg.publish.site.work import cores

_MB = 1_000_000
_PAGES = ("fr/index.html", "fr/page/id/campus/msi.html", "fr/page/id/organisation/ensmm.html", "fr/views/partnerships.html")
_TIMES = 5
_RUNS = 3
"""Publications into new folders, of which the median is told."""
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
_LOADED = "performance.getEntriesByType('resource').map((one) => one.name)"


def _used() -> float:
    """Return the processor seconds of the processes that were waited for."""
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return others.ru_utime + others.ru_stime


def _run(release: Path, out: Path) -> dict[str, float]:
    """Run the command as a person does, from its start to its end, with the bytecode that an installed program has."""
    start, used = time.perf_counter(), _used()
    command = [sys.executable, "-m", "campuskg", "publish", str(release), "--out", str(out), "--base", "https://example.org/kg"]
    subprocess.run(command, check=True, stdout=sys.stderr, env=bytecode(out.parent))  # noqa: S603  our own program
    return {"seconds": round(time.perf_counter() - start, 1), "processor": round(_used() - used, 1)}


def _times(out: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}


def pages(out: Path) -> dict[str, object]:
    """Return what some pages of the site weigh (HTML, styles, scripts; as they are and packed) and when Chromium paints them."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        return {}
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(out)]
    found: dict[str, object] = {}
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as host,  # noqa: S603  our own Python
        sync_playwright() as driver,
    ):
        assert host.stdout is not None  # noqa: S101
        address = f"http://127.0.0.1:{host.stdout.readline().split(' port ')[1].split()[0]}/"
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in _PAGES:
            painted, loaded = [], []
            for _ in range(_TIMES):
                page = browser.new_context().new_page()  # nothing is in its cache
                page.goto(address + name, wait_until="networkidle")
                page.wait_for_function(f"{_PAINTED} > 0")
                painted.append(page.evaluate(_PAINTED))
                loaded = [urlsplit(one).path.lstrip("/") for one in page.evaluate(_LOADED)]
                page.context.close()
            files = [out / one for one in (name, *loaded) if one.endswith((".html", ".css", ".js"))]
            packed = sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)
            found[name] = {
                "html": (out / name).stat().st_size,
                "bytes": sum(path.stat().st_size for path in files),
                "packed": packed,
                "painted_ms": round(statistics.median(painted)),
            }
        browser.close()
        host.terminate()
    return found


def measure(release: Path, *, quick: bool = False) -> dict[str, object]:
    """Publish *release* twice into a new folder and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [_run(release, Path(folder) / f"kg{number}") for number in range(_RUNS + 1)][1:]  # the first one compiles
        out, took = Path(folder) / f"kg{_RUNS}", sorted(runs, key=itemgetter("seconds"))[_RUNS // 2]
        written = _times(out)
        took_again = _run(release, out)
        changed = sum(written.get(path) != time_ for path, time_ in _times(out).items())
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
        seen = {} if quick else pages(out)
    return {
        "cores": cores(),
        "first": {
            **took,
            "runs": [run["seconds"] for run in runs],
            "files": len(written),
            "megabytes": round(sizes.total() / _MB, 1),
        },
        "again": {**took_again, "written": changed, "unchanged": len(written) - changed},
        "parts": {name: {"files": files[name], "megabytes": round(sizes[name] / _MB, 1)} for name in sorted(sizes)},
        "browser": {"engine": wasm, "graph": graph, "search": index},
        "pages": seen,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path, nargs="?")
    parser.add_argument("--site", type=Path)
    parser.add_argument("--write", action="store_true", help="keep the figures")
    parser.add_argument("--quick", action="store_true", help="without the pages")
    given = parser.parse_args()
    if given.site is not None:
        sys.stdout.write(json.dumps(pages(given.site), indent=1) + "\n")
        return
    found = measure(given.release, quick=given.quick)
    text = json.dumps(found, indent=1) + "\n"
    if given.write:
        keep("site", found)
    sys.stdout.write(text)
    parts = found["parts"]
    assert isinstance(parts, dict)  # noqa: S101
    for name, part in parts.items():
        sys.stdout.write(f"{name:12} {part['files']:7} files {part['megabytes']:8.1f} MB\n")


if __name__ == "__main__":
    main()
