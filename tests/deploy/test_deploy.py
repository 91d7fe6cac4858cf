"""The files of ``deploy``: they parse, what they start starts, and the proxy keeps answers and asks again by their ETag."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

PORT = "7878"
PROXY_PORT = "8080"


@pytest.fixture(scope="module")
def folder(request: pytest.FixtureRequest) -> Path:
    return Path(request.config.rootpath) / "deploy"


def free_port() -> str:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return str(tried.getsockname()[1])


def instructions(folder: Path) -> dict[str, str]:
    """Return the last value of each instruction of the Containerfile."""
    text = (folder / "Containerfile").read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Z]+) (.+)$", text, re.MULTILINE))


def command(folder: Path, release: Path, port: str) -> list[str]:
    """Return what the image runs, for this Python, this release and a free port of loopback."""
    found = instructions(folder)
    parts = [*json.loads(found["ENTRYPOINT"]), *json.loads(found["CMD"])]
    assert parts[0] == "campuskg"
    own = {"/release": str(release), "0.0.0.0": "127.0.0.1", PORT: port}  # noqa: S104  what the file says
    return [sys.executable, "-m", "campuskg", *(own.get(part, part) for part in parts[1:])]


def get(url: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    asked = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310  loopback
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def test_the_compose_files_parse(folder: Path) -> None:
    both = [yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8")) for name in ("compose", "compose.elsewhere")]
    services: dict[str, Any] = both[0]["services"]
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert not str(service["user"]).startswith("0")
    assert services["campuskg"]["deploy"]["replicas"] > 1
    assert all(volume.endswith(":ro") for service in services.values() for volume in service["volumes"])
    assert services["proxy"]["networks"]["inside"]["ipv4_address"] in services["campuskg"]["command"]
    assert services["proxy"]["depends_on"]["campuskg"]["condition"] == "service_healthy"
    for each in both:
        arguments = [part for part in each["services"]["campuskg"]["command"] if part.startswith("--")]
        helped = subprocess.run(
            [sys.executable, "-m", "campuskg", "serve", "--help"], capture_output=True, text=True, check=True
        ).stdout
        assert all(argument in helped for argument in arguments)
    assert set(both[1]["services"]["campuskg"]["secrets"]) == set(both[1]["secrets"])


def test_the_image_has_no_rights(folder: Path) -> None:
    found = instructions(folder)
    assert found["USER"] == "10001:10001"
    assert f"127.0.0.1:{PORT}/health" in found["HEALTHCHECK"]
    assert json.loads(found["HEALTHCHECK"].partition("CMD ")[2])[0] == "python"


@pytest.fixture(scope="module")
def replica(folder: Path, release_dir: Path) -> Iterator[str]:
    """Return the port of a server started as the image starts it."""
    port = free_port()
    with subprocess.Popen(command(folder, release_dir, port), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline()
            yield port
        finally:
            process.terminate()
            process.wait(20)


def test_the_health_check_of_the_image(folder: Path, replica: str) -> None:
    check = json.loads(instructions(folder)["HEALTHCHECK"].partition("CMD ")[2])
    for port, code in ((replica, 0), (free_port(), 1)):
        own = [part.replace(PORT, port) for part in check]
        assert subprocess.run([sys.executable, *own[1:]], capture_output=True, check=False).returncode == code


@pytest.fixture(scope="module")
def proxy(folder: Path, replica: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of nginx with the file of ``deploy`` before that server."""
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("nginx needs the Debian package nginx-light")
        pytest.skip("nginx needs the Debian package nginx-light")
    own, port = tmp_path_factory.mktemp("proxy"), free_port()
    text = (folder / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("/tmp/", f"{own}/").replace(f"campuskg:{PORT}", f"127.0.0.1:{replica}")  # noqa: S108  what the file says
    text = text.replace(f"listen {PROXY_PORT}", f"listen 127.0.0.1:{port}")
    (own / "nginx.conf").write_text(text, encoding="utf-8")
    said = "daemon off; user root;" if os.geteuid() == 0 else "daemon off;"  # the image runs it as another user
    arguments = [program, "-p", str(own), "-c", str(own / "nginx.conf"), "-g", said, "-e", "stderr"]
    with subprocess.Popen(arguments) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            while process.poll() is None:
                try:
                    get(f"{address}/health")
                except urllib.error.URLError:
                    time.sleep(0.02)
                else:
                    break
            yield address
        finally:
            process.terminate()
            process.wait(20)


def test_the_proxy_keeps_and_asks_again(proxy: str) -> None:
    query = f"{proxy}/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"
    status, headers, body = get(query, accept="application/sparql-results+json")
    assert (status, headers["x-cache"]) == (200, "MISS")
    assert json.loads(body)["boolean"] is True
    seen = set()
    for _ in range(100):
        status, again, same = get(query, accept="application/sparql-results+json")
        assert (status, again["etag"], same) == (200, headers["etag"], body)
        seen.add(again["x-cache"])
        if "REVALIDATED" in seen:
            break
        time.sleep(0.03)
    assert seen <= {"HIT", "REVALIDATED"}
    assert "REVALIDATED" in seen
    assert get(query, accept="application/sparql-results+json", if_none_match=headers["etag"])[0] == 304
    other = get(query, accept="application/sparql-results+xml")  # another form is another answer: Vary
    assert other[0] == 200
    assert b"<boolean>true</boolean>" in other[2]


def test_the_proxy_hides_and_does_not_keep(proxy: str) -> None:
    assert get(f"{proxy}/metrics")[0] == 403
    for _ in range(2):
        status, headers, _ = get(f"{proxy}/sparql?query=SELECT", accept="application/json")
        assert (status, headers["x-cache"]) == (400, "MISS")
