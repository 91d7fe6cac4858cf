"""The clock of the machine may say what it likes: same input, same bytes, same ETags."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from campuskg.release import open_release
from hardening.conftest import BASE, SMALL
from server.conftest import linux_only
from server.served import Served, serving

SITECUSTOMIZE = '''
"""Moves the clock of every Python process that finds this file, as far as Python code can see it."""
import datetime, os, time
_BY = float(os.environ["CLOCK_SKEW"])
_time, _time_ns, _gmtime, _localtime, _strftime = time.time, time.time_ns, time.gmtime, time.localtime, time.strftime
time.time = lambda: _time() + _BY
time.time_ns = lambda: _time_ns() + int(_BY * 1e9)
time.gmtime = lambda seconds=None: _gmtime(time.time() if seconds is None else seconds)
time.localtime = lambda seconds=None: _localtime(time.time() if seconds is None else seconds)
time.strftime = lambda form, when=None: _strftime(form, time.localtime() if when is None else when)
class _Date(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromtimestamp(time.time())
class _Datetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)
    @classmethod
    def utcnow(cls):
        return cls.utcfromtimestamp(time.time())
    @classmethod
    def today(cls):
        return cls.fromtimestamp(time.time())
datetime.date, datetime.datetime = _Date, _Datetime
'''
SKEWS = {"1990": -36 * 365 * 86_400.0, "2037": 11 * 365 * 86_400.0}
"""Years in the past and in the future, as seconds from now."""


def environment(folder: Path, skew: float) -> dict[str, str]:
    """Return the environment of a process whose clock is wrong by *skew* seconds."""
    (folder / "sitecustomize.py").write_text(SITECUSTOMIZE, encoding="utf-8")
    zone = "Pacific/Kiritimati" if skew > 0 else "America/Adak"
    return {**os.environ, "PYTHONPATH": str(folder), "CLOCK_SKEW": str(skew), "TZ": zone}


def ended(env: dict[str, str], *arguments: str) -> bytes:
    done = subprocess.run([sys.executable, "-m", "campuskg", *arguments], check=False, capture_output=True, env=env, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def skewed(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    return environment(tmp_path, SKEWS[request.param])


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("skewed", SKEWS, indirect=True)
def test_a_release_and_a_workbook_do_not_know_the_day(small_release: Path, tmp_path: Path, skewed: dict[str, str]) -> None:
    year = (
        ended(skewed, "--version")
        and subprocess.run(
            [sys.executable, "-c", "import datetime; print(datetime.date.today().year)"],
            check=True,
            capture_output=True,
            env=skewed,
        ).stdout
    )
    assert int(year) in (1990, 1989, 1991, 2036, 2037, 2038)
    ended(skewed, "build", "--graph", str(SMALL), "--out", str(tmp_path / "release"))
    assert files(tmp_path / "release") == files(small_release)
    for env, name in ((skewed, "skewed.xlsx"), (dict(os.environ), "plain.xlsx")):
        ended(env, "query", "run", "campuses", "--release", str(small_release), "--out", str(tmp_path / name))
    assert (tmp_path / "skewed.xlsx").read_bytes() == (tmp_path / "plain.xlsx").read_bytes()


@pytest.mark.thorough
def test_a_dossier_does_not_know_the_day(release_dir: Path, tmp_path: Path) -> None:
    for env, name in ((environment(tmp_path, SKEWS["2037"]), "skewed"), (dict(os.environ), "plain")):
        ended(env, "dossier", "--campus", "msi", "--release", str(release_dir), "--out", str(tmp_path / name))
    assert files(tmp_path / "skewed") == files(tmp_path / "plain")


@linux_only
def test_a_server_gives_the_same_bytes_and_tags(
    small_release: Path, small_served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = [
        "/",
        "/queries",
        "/queries/campuses.csv",
        "/queries/campuses.xlsx",
        "/board",
        "/at",
        "/sitemap.xml",
        "/dataset.ttl",
    ]
    addresses += ["/sparql?query=ASK%7B%7D", "/data/graph/facts.ttl", "/ontology.ttl"]
    for name, value in environment(tmp_path, SKEWS["1990"]).items():
        monkeypatch.setenv(name, value)
    with serving(small_release, "--base", BASE) as other:
        for address in addresses:
            one, two = (server.client.get(address) for server in (small_served, other))
            assert one.status_code == two.status_code
            assert one.content == two.content, address
            assert one.headers.get("etag") == two.headers.get("etag"), address
            if one.status_code == 200 and address.startswith(("/sparql", "/queries/")):
                again = other.client.get(address, headers={"if-none-match": one.headers["etag"], "if-modified-since": "x"})
                assert again.status_code == 304
    assert open_release(small_release).date <= "2026-12-31"
