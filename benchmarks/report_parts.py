"""The parts of the page about everything but the country: one function for each file of results."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from report_national import national
from written import Found, number, spelt, table


def shacl(found: Found) -> str:
    """Return validation beside pySHACL."""
    rows = [
        (name, number(one["triples"]), spelt(one["shacl-rust seconds"]), one["pySHACL seconds"], number(one["ratio"]),
         one["results"], "yes" if one["same results"] else "**no**")
        for name, one in found.items()
        if isinstance(one, dict)
    ]  # fmt: skip
    if not rows:
        return ""
    lead = (
        "Parts of the real graph, broken on purpose: focus node, path, component and severity of every result are compared.\n\n"
    )
    heads = ("data", "triples", "shacl-rust", "pySHACL s", "ratio", "results", "same")
    return "## Validation\n\n" + lead + table(heads, rows)


def importing(found: Found) -> str:
    """Return the import beside morph-kgc."""
    if not found:
        return ""
    text = "## Import\n\n"
    if found.get("throughput"):
        one = found["throughput"]
        rows = [
            (
                f"{number(one['rows'])} rows, run {at}",
                *(f"{number(run[who]['triplesPerSecond'])}" for who in ("ours", "morph")),
                *(f"{run[who]['processorSeconds']:.1f}" for who in ("ours", "morph")),
                number(run["ratio"]),
            )
            for at, run in enumerate(one["runs"], 1)
        ]
        heads = (
            "",
            "campuskg triples/s",
            f"morph-kgc {one['morphKgc']} triples/s",
            "processor s",
            "morph-kgc processor s",
            "ratio",
        )
        text += table(heads, rows)
        text += (
            f"Same triples: {number(one['sameTriples']['both'])} in both, {one['sameTriples']['onlyMorph']} only in the peer's, "
        )
        text += f"{one['sameTriples']['onlyOurs']} only in ours (they tell of the import itself).\n\n"
    rows = [
        (number(one["rows"]), number(one["triples"]), number(one["triplesPerSecond"]), number(one["peakRssMiB"]))
        for one in (found["memory"][name] for name in ("small", "large"))
    ]
    return text + table(("rows", "triples", "triples/s", "peak MiB"), rows)


def endpoint(found: Found) -> str:
    """Return throughput, poison and restart."""
    text = ""
    if "throughput" in found:
        one = found["throughput"]
        names = list(next(iter(one["requests a second"].values())))
        rows = [(kind, *(number(rate[name]) for name in names)) for kind, rate in one["requests a second"].items()]
        lead = f"Requests a second, `wrk -c{one['connections']}`, {number(one['statements'])} triples, "
        lead += f"median of {one['rounds']} rounds of {one['seconds']} s.\n\n"
        text += lead + table(("query", *names), rows)
    if "poison" in found:
        one = found["poison"]
        kinds = [kind for kind in ("quiet", "the same poison again and again", "another poison each time") if kind in one]
        rows = [(kind, one[kind]["requests"], one[kind]["failures"], one[kind]["p50 ms"], one[kind]["p99 ms"]) for kind in kinds]
        lead = f"{one['good clients']} good clients beside {one['poison clients']} that ask what cannot be answered, "
        lead += f"{one['seconds']} s each.\n\n"
        text += lead + table(("", "answers", "failures", "p50 ms", "p99 ms"), rows)
    if "restart" in found:
        one = found["restart"]
        text += f"From `kill -9` to the first answer: {one['median s']} s ({', '.join(map(str, one['after kill -9 s']))}).\n\n"
    return "## Endpoint\n\n" + text if text else ""


def soak(found: Found) -> str:
    """Return what a day of visits did."""
    if not found:
        return ""
    tree = found["tree"]
    rows = [(name, one["after warm-up"], one["at the end"], f"{100 * one['growth']:.1f} %") for name, one in tree.items()]
    times = found["milliseconds"]
    lead = (
        f"{number(found['requests'])} requests in {number(found['seconds'])} s by {found['clients']} clients, "
        f"{found['failures']} failures, p50 {times['p50']} ms, p99 {times['p99']} ms.\n\n"
    )
    return "## A day of visits\n\n" + lead + table(("process tree", "after warm-up", "at the end", "growth"), rows)


def analysis(found: Sequence[Found]) -> str:
    """Return the analyses at growing size."""
    if not found:
        return ""
    heads = list(found[0])
    rows = [[f"{row[name]:g}" for name in heads] for row in found]
    return "## Analysis\n\nSeconds of processor time on drawn networks.\n\n" + table(heads, rows)


def rivals(found: Found) -> str:
    """Return the same measures by other libraries."""
    if not found:
        return ""
    names = list(found["seconds"])
    measures = list(next(iter(found["seconds"].values())))
    rows = [(name, *(found["seconds"][name].get(measure, "–") for measure in measures)) for name in names]
    lead = f"One network of {number(found['partners'])} partners and {number(found['links'])} links by each library, "
    lead += "median seconds.\n\n"
    return lead + table(("library", *measures), rows)


def viz(found: Found) -> str:
    """Return the time to a picture at rest."""
    if not found:
        return ""
    rows = []
    for one in found["sizes"]:
        limit = one.get("limit_seconds", found["about"]["limit_seconds"].get(str(one["nodes"]), 0))
        rival = (
            "–" if "pyvis_rest_ms" not in one else f"{one['pyvis_rest_ms']:.0f} ms" if one["pyvis_rest_ms"] else f"> {limit:g} s"
        )
        ratio = f"{'≥ ' if one.get('ratio_is_at_least') else ''}{number(one['ratio'])}" if "ratio" in one else "–"
        ours = f"{one['ours_ms']:.0f} ms" if one["ours_ms"] else "–"
        rows.append((one["nodes"], one["edges"], ours, rival, ratio, f"{one['layout_seconds']} s"))
    lead = "Standalone pages in Chromium without a graphics card, to a picture at rest; our layout is computed before.\n\n"
    return "## Pictures\n\n" + lead + table(("nodes", "links", "our page", "plain pyvis", "ratio", "our layout, before"), rows)


def explorer(found: Found) -> str:
    """Return the explorer."""
    if not found:
        return ""
    rows = [(name, one["median_ms"], one["slowest_ms"]) for name, one in found["views"].items()]
    planted = found["planted"]
    rows.append((f"{planted['nodes']} nodes, {planted['edges']} links, all drawn", planted["median_ms"], planted["slowest_ms"]))
    weight = found["weight_gzip_bytes"]
    lead = f"From the click to an explorer that answers, ms; scripts {weight['js']:,} and styles {weight['css']:,} bytes packed; "
    lead += f"{found['browser']}.\n\n"
    return lead + table(("view", "median", "slowest"), rows)


def pages(found: Found) -> str:
    """Return the pages."""
    if not found:
        return ""
    rows = [(one["page"], one["first_render_ms"], one["first_render_phone_ms"], one["kilobytes"]) for one in found["pages"]]
    return "## Pages\n\nFirst contentful paint in Chromium, ms.\n\n" + table(("page", "wide", "phone", "kB"), rows)


def site(found: Found) -> str:
    """Return the static export."""
    if not found:
        return ""
    rows = [
        ("first", found["first"]["seconds"], found["first"]["processor"], found["first"]["files"], found["first"]["megabytes"]),
        ("again, unchanged", found["again"]["seconds"], found["again"]["processor"], found["again"].get("unchanged", ""), "–"),
    ]
    return "## Static site\n\n" + table(("run", "seconds", "processor s", "files", "MB"), rows)


def linking(found: Found) -> str:
    """Return precision and recall of the reconciliation."""
    rows = [
        (way, one["all"]["toFind"], one["all"]["judged"], one["all"]["right"], one["all"]["precision"], one["all"]["recall"])
        for way, one in found.items()
        if isinstance(one, dict) and "all" in one
    ]
    heads = ("by", "to find", "judged", "right", "precision", "recall")
    return "## Reconciliation\n\n" + table(heads, rows) if rows else ""


PARTS: Mapping[str, Callable[[Any], str]] = {
    "national": national,
    "shacl": shacl,
    "import": importing,
    "link": linking,
    "endpoint": endpoint,
    "soak": soak,
    "analysis": analysis,
    "rivals": rivals,
    "viz": viz,
    "explorer": explorer,
    "pages": pages,
    "site": site,
}
