"""First render and weight of each kind of page in a real Chromium, on loopback.

``python benchmarks/pages.py ADDRESS`` (of a running ``campuskg serve``, or ``--release RELEASE``) prints a table; ``--write``
keeps it in ``benchmarks/results/pages.json``. First render is the first contentful paint that the browser reports
(https://www.w3.org/TR/paint-timing/), the median of some visits with an empty cache; weight is what came over the wire.
"""

import argparse
import contextlib
import json
import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

from explorer import served
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "pages.json"
PAGES = (
    "/", "/ask?q=haag", "/search?q=besan%C3%A7on", "/network", "/organisations", "/money", "/page/id/campus/msi",
    "/page/id/organisation/lycee-jules-haag", "/page/scheme/sector", "/queries", "/queries/programme-funders", "/about",
)  # fmt: skip
VISITS = 5
_MEASURED = """() => new Promise((done) => {
  const told = () => done({
    paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    bytes: ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
      .reduce((sum, entry) => sum + entry.encodedBodySize, 0),
  });
  if (performance.getEntriesByName("first-contentful-paint").length) told();
  else new PerformanceObserver((list) => { if (list.getEntriesByName("first-contentful-paint").length) told(); })
    .observe({ type: "paint", buffered: true });
})"""


def visit(browser: Browser, address: str, width: int) -> dict[str, float]:
    """Return milliseconds to the first render, and bytes, of one visit with an empty cache."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="fr-FR")
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    found: dict[str, float] = page.evaluate(_MEASURED)
    context.close()
    return found


def measure(browser: Browser, base: str, path: str, visits: int = VISITS) -> dict[str, Any]:
    """Return the median first render on a wide screen and on a phone, and the weight, of one page."""
    wide = [visit(browser, base + path, 1280) for _ in range(visits)]
    phone = [visit(browser, base + path, 360) for _ in range(visits)]
    return {
        "page": path,
        "first_render_ms": round(statistics.median(one["paint"] for one in wide)),
        "first_render_phone_ms": round(statistics.median(one["paint"] for one in phone)),
        "kilobytes": round(wide[0]["bytes"] / 1000, 1),
    }


def main() -> int:
    """Measure every page; 1 when there is no browser."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("address", nargs="?", default="", help="address of a running server, such as http://127.0.0.1:8000")
    parser.add_argument("--release", type=Path, help="serve this release meanwhile")
    parser.add_argument("--quick", action="store_true", help="two visits to each page")
    parser.add_argument("--write", action="store_true", help="keep the figures")
    given = parser.parse_args()
    visits = 2 if given.quick else VISITS
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        sys.stderr.write("no browser on the PATH\n")
        return 1
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(served(given.release)) if given.release else given.address.rstrip("/")
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        rows = [measure(browser, address, page, visits) for page in PAGES]
        browser.close()
    for row in rows:
        sys.stdout.write(
            f"{row['page']:45} {row['first_render_ms']:6} ms {row['first_render_phone_ms']:6} ms {row['kilobytes']:8} kB\n"
        )
    if given.write:
        RESULTS.write_text(json.dumps({"visits": visits, "pages": rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
