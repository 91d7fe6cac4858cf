"""What every measure says of itself: the machine, the versions, medians with their spread; and how results are kept."""

import json
import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"
ROOT = Path(__file__).resolve().parents[1]


def machine() -> dict[str, Any]:
    """Return what the figures depend on, and how busy the machine is now."""
    return {
        "processor": _first("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memory GiB": round(int(_first("/proc/meminfo", "MemTotal").split()[0] or 0) / 2**20, 1),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _first(path: str, name: str) -> str:
    """Return the first value of *name* in a file of the system; a zero where there is none."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return "0"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "0")


def bytecode(folder: Path) -> dict[str, str]:
    """Return the environment in which a program keeps its bytecode, below *folder*: compiling is not what is measured."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def load() -> float:
    """Return how many processes wanted to run during the last minute."""
    return round(os.getloadavg()[0], 1)


def now() -> str:
    """Return the time, for the record."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def versions(names: Iterable[str]) -> dict[str, str]:
    """Return the versions of the packages *names* that are installed here."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def spread(values: Sequence[float], digits: int = 6) -> dict[str, float]:
    """Return the quartiles of *values* and their number.

    >>> spread([3, 1, 2])
    {'q1': 1, 'median': 2, 'q3': 3, 'n': 3}
    """
    low, high = (
        (statistics.quantiles(values, n=4, method="exclusive")[i] for i in (0, 2)) if len(values) > 1 else (values[0],) * 2
    )
    low, high = max(low, min(values)), min(high, max(values))
    return {
        "q1": round(low, digits),
        "median": round(statistics.median(values), digits),
        "q3": round(high, digits),
        "n": len(values),
    }


def read(name: str) -> dict[str, Any]:
    """Return what is kept of the part *name*; nothing when nothing is."""
    path = RESULTS / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def keep(name: str, found: Mapping[str, Any] | Sequence[Any]) -> None:
    """Keep *found* as the results of the part *name*, whole or not at all."""
    RESULTS.mkdir(exist_ok=True)
    aside = RESULTS / f".{name}.json"
    aside.write_text(written(found), encoding="utf-8")
    aside.replace(RESULTS / f"{name}.json")


def written(found: object) -> str:
    """Return *found* as JSON in which a list of numbers stays on its line."""
    text = json.dumps(found, ensure_ascii=False, indent=1)
    return _joined(text) + "\n"


def _joined(text: str) -> str:
    import re

    return re.sub(r"\[\n\s+((?:-?[\d.e-]+,?\s+|null,?\s+)+)\]", lambda m: "[" + " ".join(m[1].split()) + "]", text)
