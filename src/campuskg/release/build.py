"""The build: load, check, map, infer, validate, write. Same input, same bytes."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from campuskg import __version__
from campuskg.content import content
from campuskg.errors import Problem, ProblemsFound, Severity, Text
from campuskg.graph import Curated, Texts, check_evidence, load_curated, load_retired, read_texts, shown_name
from campuskg.ontology import prefixes, rules
from campuskg.queries.executables import catalogue_triples
from campuskg.release.added import add_file
from campuskg.release.directory import MANIFEST, as_json, digest, file_digest, put_in_place, sealed
from campuskg.release.duplicates import near_duplicates
from campuskg.release.editions import clashing_editions
from campuskg.release.infer import infer
from campuskg.release.layers import ID, graph_name, layer_quads
from campuskg.release.statistics import Counted, statistics
from campuskg.release.tables import FILE as TABLES
from campuskg.release.tables import tables_file
from campuskg.release.turtle import turtle, turtle_of
from campuskg.release.validation import by_severity, check_problems, shape_problems
from campuskg.store import MemoryStore

Progress = Callable[[Text], None]

_STAGES = {
    "read": Text("Lecture des fichiers curés", "Reading the curated files"),
    "map": Text("Construction des couches RDF", "Building the RDF layers"),
    "add": Text("Chargement des données ajoutées", "Loading the added data"),
    "infer": Text("Règles", "Rules"),
    "validate": Text("Validation", "Validation"),
    "texts": Text("Vérification des citations dans les textes", "Checking citations against the texts"),
    "write": Text("Écriture de la livraison", "Writing the release"),
}


@dataclass(slots=True)
class BuildReport:
    """What a build did: counts, warnings, and seconds per stage (shown, never written to the release)."""

    records: int = 0
    statements: int = 0
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    warnings: Sequence[Problem] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    digest: str = ""


def validate(folder: Path | None = None, only: Iterable[Path] = (), sources: Path | None = None) -> list[Problem]:
    """Return every problem of the curated *folder*, or of the files *only*; nothing is written.

    For the files *only*, what needs the whole dataset (rules, checks, near-duplicates) is left to the build: quick, for editing.
    """
    chosen = list(only)
    curated = load_curated(folder, chosen)
    texts = read_texts(sources, curated.sources) if sources is not None else None
    problems = list(curated.problems)
    if not any(p.severity is Severity.ERROR for p in problems):
        if chosen:
            problems += shape_problems(MemoryStore(layer_quads(curated, with_claims=False)), curated)
        else:
            problems += dataset_problems(_dataset(curated), curated)
    if texts is not None:
        problems += check_evidence(curated, texts)
    wanted = {shown_name(path.resolve(), curated.folder.resolve()) for path in chosen}
    return [p for p in problems if not wanted or p.place.file in wanted]


def build(
    out: Path,
    *,
    folder: Path | None = None,
    sources: Path | None = None,
    added: Sequence[Path] = (),
    strict: bool = False,
    progress: Progress = lambda _: None,
) -> BuildReport:
    """Build a release into *out* and return what was done.

    *folder* is the curated graph (the project's own by default); *sources* a folder with the source texts, against which
    every citation is then checked; *added* are N-Quads or N-Triples (also ``.gz``) to go with it: triples join the facts.
    Raises ProblemsFound (nothing is written), MissingInput for an added file that cannot be read, and the errors of
    ``put_in_place``.
    """
    report = BuildReport()

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        progress(_STAGES[name])
        start = time.perf_counter()
        yield
        report.seconds[name] = time.perf_counter() - start

    with stage("read"):
        curated = load_curated(folder)
        _refuse(curated.problems, strict=strict)
    with stage("map"):
        store = MemoryStore(layer_quads(curated))
    if added:
        with stage("add"):
            for path in added:
                add_file(store, path)
    with stage("infer"):
        infer(store, rules())
    with stage("validate"):
        problems = [*curated.problems, *dataset_problems(store, curated)]
        problems += clashing_editions(store, added, problems)
    texts: Texts | None = None
    if sources is not None:
        with stage("texts"):
            texts = read_texts(sources, curated.sources)
            problems += check_evidence(curated, texts)
    _refuse(problems, strict=strict)
    with stage("write"):
        with ThreadPoolExecutor(1) as beside:  # the engine answers the tables while the rest is written here
            kept = beside.submit(tables_file, store)
            files, report.counts = _files(store, curated, problems, texts, kept)
        files[MANIFEST] = _manifest(files, curated, added)
        put_in_place(files, out)
    report.records, report.statements = curated.records, len(curated.statements)
    report.warnings = ProblemsFound(problems).problems
    report.digest = digest(files["dataset.nq"])
    return report


def dataset_problems(store: MemoryStore, curated: Curated) -> list[Problem]:
    """Return what the shapes, the checks and the search for near-duplicates find in a whole dataset.

    The shapes are checked by native code in a thread of its own: on two cores the rest is done meanwhile.
    """
    with ThreadPoolExecutor(1) as beside:
        shapes = beside.submit(shape_problems, store, curated)
        others = [*check_problems(store, curated), *near_duplicates(store, curated)]
        return [*shapes.result(), *others]


def _dataset(curated: Curated) -> MemoryStore:
    store = MemoryStore(layer_quads(curated))
    infer(store, rules())
    return store


def _refuse(problems: Iterable[Problem], *, strict: bool) -> None:
    found = list(problems)
    if any(strict or p.severity is Severity.ERROR for p in found):
        raise ProblemsFound(found)


def _files(
    store: MemoryStore,
    curated: Curated,
    problems: Sequence[Problem],
    texts: Texts | None,
    kept: Future[bytes],
) -> tuple[dict[str, bytes], Mapping[str, Mapping[str, int]]]:
    """Return the files of the release but for its manifest, by name, with the tables as *kept*; and its counts."""
    nquads = store.sorted_nquads()
    counted = statistics(nquads)
    files = {
        "dataset.nq": nquads,
        "dataset.ttl": turtle_of(store.ntriples()),
        "queries.ttl": turtle(catalogue_triples()),
        "retired.json": as_json(_retired(counted, curated)),
        "statistics.json": as_json(counted.counts),
        TABLES: kept.result(),
    }
    warnings = ProblemsFound(problems)
    files["validation.json"] = as_json(
        {
            "conforms": by_severity(warnings.problems)["error"] == 0,
            "counts": by_severity(warnings.problems),
            "results": [p.as_json() for p in warnings.problems],
            "sourcesChecked": sorted(texts.lines) if texts else [],
        }
    )
    for lang in ("fr", "en"):
        files[f"validation.{lang}.txt"] = (warnings.say(lang) + "\n").encode()
    if texts is not None:
        files["quotations.nq"] = _quotations(curated, texts)
    return files, counted.counts


def _manifest(files: Mapping[str, bytes], curated: Curated, added: Sequence[Path]) -> bytes:
    """Return the manifest: what the *files* were made of, and their digests."""
    beside = {f"added/{number}/{path.name}": file_digest(path) for number, path in enumerate(added, 1)}
    outputs = {name: digest(data) for name, data in files.items()}
    return sealed({"campuskg": __version__, "inputs": _inputs(curated) | beside, "outputs": outputs})


def _retired(counted: Counted, curated: Curated) -> dict[str, dict[str, str]]:
    """Return the retired ids; raises ProblemsFound when one is still in use or its replacement is not."""
    retired = load_retired(counted.ids, curated.folder)
    return {
        old: {"on": one.on, "fr": one.why.fr, "en": one.why.en, "replacedBy": one.replaced_by} for old, one in retired.items()
    }


def _quotations(curated: Curated, texts: Texts) -> bytes:
    """Return the cited lines as ``oa:exact``; kept apart from the dataset, and never part of what is published."""
    exact = ox.NamedNode(prefixes()["oa"] + "exact")
    lines = set()
    for locator in {loc for s in curated.statements for loc in s.evidence}:
        quote = texts.quote(locator)
        if quote is not None:
            quad = ox.Quad(ox.NamedNode(ID + locator.iri), exact, ox.Literal(quote), graph_name("quotations"))
            lines.add(f"{quad} .\n")
    return "".join(sorted(lines)).encode()


def _inputs(curated: Curated) -> dict[str, str]:
    """Return the digest of every input file: ontology, queries, the curated folder and what reads it."""
    folders = {"ontology": content("ontology"), "queries": content("queries"), "graph": curated.folder}
    found = {
        f"{name}/{path.relative_to(folder).as_posix()}": path
        for name, folder in folders.items()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in _INPUT_SUFFIXES
    }
    found |= {f"graph/{name}": content("graph") / name for name in ("context.jsonld", "nodes.yaml", "schema.json")}
    return {name: digest(path.read_bytes()) for name, path in sorted(found.items())}


_INPUT_SUFFIXES = frozenset({".ttl", ".rq", ".yaml", ".yml", ".json", ".jsonld", ".txt"})
