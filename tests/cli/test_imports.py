"""The help of the command imports nothing heavy: pinned by names, not by time."""

import json
import subprocess
import sys

import pytest

HEAVY = {"pyoxigraph", "rdflib", "yaml", "jsonschema_rs", "shacl_rust", "numpy", "rapidfuzz"}

_PROBE = """
import json, sys
from campuskg.cli import main
sys.stdout, real = sys.stderr, sys.stdout
try:
    main({arguments!r})
except SystemExit:
    pass
real.write(json.dumps(sorted(sys.modules)))
"""


def _modules(arguments: list[str]) -> set[str]:
    """Return what is imported, beyond what this Python starts with, by the command with *arguments*."""
    bare = subprocess.run(
        [sys.executable, "-c", "import json, sys; print(json.dumps(sorted(sys.modules)))"], capture_output=True, check=True
    )
    done = subprocess.run([sys.executable, "-c", _PROBE.format(arguments=arguments)], capture_output=True, check=True)
    assert b"Traceback" not in done.stderr
    return set(json.loads(done.stdout)) - set(json.loads(bare.stdout))


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--lang", "en", "-h"], ["show", "--help"], ["build", "--help"], ["query", "run", "--help"], ["--version"], []],
)
def test_help_is_light(arguments: list[str]) -> None:
    loaded = {name.partition(".")[0] for name in _modules(arguments)}
    assert loaded & HEAVY == set()


def test_importing_the_package_is_lighter_still() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, campuskg; print(*sys.modules)"], capture_output=True, check=True, text=True
    )
    assert {name.partition(".")[0] for name in done.stdout.split()} & (HEAVY | {"click"}) == set()
