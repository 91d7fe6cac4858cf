"""What is locked is pinned with hashes, and the bill of materials names all of it in the form of its standard."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

_PIN = re.compile(r"^[A-Za-z0-9._-]+(?:\[[a-z,-]+\])?==[^ ;]+", re.MULTILINE)


@pytest.fixture(scope="module")
def sbom(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("sbom", root / "docs" / "sbom.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bill(sbom: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = sbom.bill()
    return found


def test_the_bill_fits_its_standard(bill: dict[str, Any]) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is None
    broken = {**bill, "components": [{"name": "x"}]}
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(broken)) is not None


def test_the_bill_names_all_that_is_locked(bill: dict[str, Any], root: Path) -> None:
    run = (root / "requirements" / "run.txt").read_text(encoding="utf-8")
    web = json.loads((root / "viz" / "web" / "package-lock.json").read_bytes())["packages"]
    names = [one["purl"].partition("@")[0] for one in bill["components"] if one["purl"].startswith("pkg:pypi/")]
    assert len(names) == len(_PIN.findall(run))
    assert len(bill["components"]) == len(names) + len(web) - 1
    assert all(one["hashes"] for one in bill["components"])
    unlicensed = [one["name"] for one in bill["components"] if "licenses" not in one]
    assert len(unlicensed) <= 2, unlicensed  # those locked for another system, which are not installed here


def test_the_same_locks_give_the_same_bill(sbom: ModuleType, bill: dict[str, Any]) -> None:
    assert sbom.bill() == bill


@pytest.mark.parametrize("name", ["run", "test", "dev", "owl", "web"])
def test_every_lock_is_pinned_and_hashed(name: str, root: Path) -> None:
    text = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in filter(str.strip, text.splitlines()):
        assert _PIN.match(line), line
        assert "--hash=sha256:" in line, line
    assert "://" not in text


def test_every_script_of_the_pages_has_its_digest(root: Path) -> None:
    packages = json.loads((root / "viz" / "web" / "package-lock.json").read_bytes())["packages"]
    assert all("integrity" in package for path, package in packages.items() if path)
    assert not [path for path, package in packages.items() if "hasInstallScript" in package and not package.get("dev")]
