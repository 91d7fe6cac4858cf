"""The bill of materials (CycloneDX 1.6): all that a release of this program is made with, from the lock files alone.

For whoever must know what runs: ``make sbom`` writes ``dist/sbom.cdx.json``. Names, versions and hashes are those of
``requirements/run.txt`` and ``viz/web/package-lock.json``; licences are those that the installed packages and the second lock
state. No day and no random number: same locks, same bytes.
"""

import base64
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

ROOT: Final = Path(__file__).resolve().parents[1]
_PINNED: Final = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)")
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_CLASSIFIER: Final = "License :: "
_ALGORITHMS: Final = {"sha512": "SHA-512", "sha384": "SHA-384", "sha256": "SHA-256", "sha1": "SHA-1"}
_SPDX: Final = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")
"""A licence expression of SPDX, without brackets."""
_LONGEST: Final = 60
"""A licence field that is longer holds the text of the licence, not its name."""

Component = dict[str, Any]


def bill(root: Path = ROOT) -> dict[str, Any]:
    """Return the bill of materials of the project at *root*."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    components = sorted([*_python(root), *_npm(root)], key=lambda one: str(one["bom-ref"]))
    reference = f"pkg:pypi/{project['name']}@{project['version']}"
    made_of = json.dumps(components, sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, reference + made_of)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": reference,
                "name": project["name"],
                "version": project["version"],
                "purl": reference,
                "licenses": _licences(project["license"]),
            }
        },
        "components": components,
    }


def _python(root: Path) -> Iterator[Component]:
    """Yield the Python packages of the lock of a run, each with the hashes of all its files."""
    text = (root / "requirements" / "run.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        pinned = _PINNED.match(line)
        if pinned is None:
            continue
        name, version = pinned["name"].lower(), pinned["version"]
        purl = f"pkg:pypi/{name}@{version}"
        hashes = [{"alg": "SHA-256", "content": found} for found in sorted(_HASH.findall(line))]
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "purl": purl,
            "hashes": hashes,
            **_licensed(_stated(name)),
        }


def _stated(name: str) -> str:
    """Return the licence that an installed package states; empty for one that is not installed or states none."""
    try:
        said = metadata(name)
    except PackageNotFoundError:  # locked for another system
        return ""
    for field in ("License-Expression", "License"):
        value = str(said.get(field) or "").strip()
        if value and value != "UNKNOWN" and len(value) <= _LONGEST and "\n" not in value:
            return value
    names = [str(one).rpartition(" :: ")[2] for one in said.get_all("Classifier") or () if str(one).startswith(_CLASSIFIER)]
    return next(iter(names), "")


def _npm(root: Path) -> Iterator[Component]:
    """Yield the packages of the scripts of the pages; those that only build them are marked so."""
    packages = json.loads((root / "viz" / "web" / "package-lock.json").read_bytes())["packages"]
    for path, package in packages.items():
        if not path:
            continue  # the project itself
        name, version = path.rpartition("node_modules/")[2], package["version"]
        purl = f"pkg:npm/{quote(name, safe='/')}@{version}"
        kind, _, digest = package["integrity"].partition("-")
        yield {
            "type": "library",
            "bom-ref": f"{purl}#{path}",
            "name": name,
            "version": version,
            "purl": purl,
            "scope": "excluded" if package.get("dev") else "required",
            "hashes": [{"alg": _ALGORITHMS[kind], "content": base64.b64decode(digest).hex()}],
            **_licensed(str(package.get("license", ""))),
        }


def _licensed(stated: str) -> dict[str, object]:
    return {"licenses": _licences(stated)} if stated else {}


def _licences(stated: str) -> list[dict[str, object]]:
    """Return *stated* as an expression of SPDX where it looks like one, else as a name.

    >>> _licences("MIT OR Apache-2.0"), _licences("BSD License")
    ([{'expression': 'MIT OR Apache-2.0'}], [{'license': {'name': 'BSD License'}}])
    """
    stated = stated.strip("()")
    return [{"expression": stated}] if _SPDX.fullmatch(stated) else [{"license": {"name": stated}}]


def main() -> None:
    """Write the bill to the file that the call names, or to standard output."""
    text = json.dumps(bill(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if len(sys.argv) > 1:
        out = Path(sys.argv[1])
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
