"""The rules for hosts, obeyed by the real nginx and Apache: 303 from IRIs, media types, languages, what is gone and missing."""

import grp
import http.client
import os
import pwd
import shutil
import socket
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from signposting import find_signposting_html

from campuskg.content import BASE_IRI
from campuskg.publish.rdf_forms import RDF_FORMS
from publish.site_files import readable, small_built

_NGINX = """daemon off; pid {folder}/pid; error_log stderr; worker_processes 1;
events {{ }}
http {{
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  types {{ text/html html; text/css css; application/json json; application/xml xml; text/plain txt; image/svg+xml svg; }}
  server {{ listen 127.0.0.1:{port}; root {host}; include {host}/kg/nginx.conf; }}
}}
"""
_APACHE = """ServerRoot {folder}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/pid
User {user}
Group {group}
ErrorLog {folder}/error.log
{modules}
TypesConfig {folder}/types
DocumentRoot {host}
<Directory {host}>
  AllowOverride FileInfo
  Options FollowSymLinks
  Require all granted
</Directory>
"""
_TYPES = "text/html html\ntext/css css\napplication/json json\napplication/xml xml\ntext/plain txt\nimage/svg+xml svg\n"
_MODULES = ("mpm_event", "authz_core", "rewrite", "mime", "headers", "dir")
_HTML = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.fixture(scope="module")
def host(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose ``kg`` is the site of the small graph, with a retired id."""
    return readable(small_built(root / "tests" / "graph" / "faults" / "base", tmp_path_factory).host / "kg")


@pytest.fixture(scope="module", params=["nginx", "apache2"])
def port(request: pytest.FixtureRequest, host: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve the site with a real web server that knows only the rules written for it."""
    program = shutil.which(request.param) or shutil.which(f"/usr/sbin/{request.param}")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(f"{request.param} is not installed")
        pytest.skip(f"{request.param} is not installed")
    folder = tmp_path_factory.mktemp(request.param)
    own = pwd.getpwuid(os.geteuid())
    user, group = ("nobody", "nogroup") if own.pw_uid == 0 else (own.pw_name, grp.getgrgid(own.pw_gid).gr_name)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    (folder / "types").write_text(_TYPES)
    modules = Path("/usr/lib/apache2/modules")
    loaded = "\n".join(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in _MODULES)
    text = _NGINX if request.param == "nginx" else _APACHE
    (folder / "conf").write_text(text.format(folder=folder, port=number, host=host, modules=loaded, user=user, group=group))
    command = (
        [program, "-c", folder / "conf", "-e", "stderr"] if request.param == "nginx" else [program, "-X", "-f", folder / "conf"]
    )
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            _wait(number, process)
            yield number
        finally:
            process.terminate()
            process.wait(20)


def _wait(number: int, process: subprocess.Popen[str]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            pytest.fail(f"the web server did not start: {process.stderr.read() if process.stderr else ''}")
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", number)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the web server does not answer")


def test_the_signposting_library_reads_a_page_reached_by_its_iri(port: int) -> None:
    path, root = "id/organisation/lycee-vauban", f"http://127.0.0.1:{port}/kg"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns about relations that it does not know
        found = find_signposting_html(f"{root}/{path}")
    assert found.citeAs is not None
    assert found.citeAs.target == BASE_IRI + path
    assert {(str(sign.target), str(sign.type)) for sign in found.describedBy} == {
        (f"{root}/data/{path}.{form.extension}", form.media_type) for form in RDF_FORMS.values()
    }
    assert f"{BASE_IRI}ontology#Lycee" in {str(sign.target) for sign in found.types}
    assert {str(sign.target) for sign in found.linksets} == {f"{root}/linkset/{path}.json"}


def _get(port: int, path: str, accept: str, language: str) -> tuple[int, str, str, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", f"/kg/{path}", headers={"Accept": accept, "Accept-Language": language})
        answer = connection.getresponse()
        body = answer.read()
        location = (answer.getheader("Location") or "").removeprefix(f"http://127.0.0.1:{port}")
        return answer.status, location, answer.getheader("Content-Type") or "", body


@pytest.mark.parametrize(
    ("path", "accept", "language", "status", "location"),
    [
        ("id/organisation/lycee-vauban", _HTML, "fr", 303, "/kg/fr/page/id/organisation/lycee-vauban.html"),
        ("id/organisation/lycee-vauban", _HTML, "en-GB,fr;q=0.5", 303, "/kg/en/page/id/organisation/lycee-vauban.html"),
        ("id/organisation/lycee-vauban", "*/*", "fr", 303, "/kg/data/id/organisation/lycee-vauban.ttl"),
        ("id/organisation/lycee-vauban", "application/ld+json", "fr", 303, "/kg/data/id/organisation/lycee-vauban.jsonld"),
        ("id/organisation/lycee-vauban", "application/rdf+xml", "fr", 303, "/kg/data/id/organisation/lycee-vauban.rdf"),
        ("id/organisation/lycee-vauban", "text/html;q=0, text/turtle", "fr", 303, "/kg/data/id/organisation/lycee-vauban.ttl"),
        ("id/claim/00015b17d396ece5", _HTML, "fr", 303, "/kg/fr/page/id/claim/00.html#00015b17d396ece5"),
        ("id/passage/gbm-2022/304-306", _HTML, "en", 303, "/kg/en/page/id/passage/gbm-2022/lines~30x.html#304-306"),
        ("id/passage/gbm-2022/304-306", "text/turtle", "en", 303, "/kg/data/id/passage/gbm-2022/lines~30x.ttl"),
        ("scheme/rank/normal", _HTML, "en", 303, "/kg/en/page/scheme/rank/normal.html"),
        ("query/campuses", _HTML, "fr", 303, "/kg/fr/queries/campuses.html"),
        ("ontology", _HTML, "fr", 303, "/kg/fr/ontology.html"),
        ("ontology/0.2.0", "text/turtle", "fr", 303, "/kg/data/ontology/0.2.0.ttl"),
        ("catalogue", "application/n-triples", "fr", 303, "/kg/data/catalogue.nt"),
        ("linkset/id/claim/00015b17d396ece5", "*/*", "fr", 303, "/kg/linkset/id/claim/00.json"),
        ("", _HTML, "en", 302, "/kg/en/index.html"),
        ("queries", _HTML, "fr", 302, "/kg/fr/queries.html"),
        ("queries/campuses", _HTML, "en", 302, "/kg/en/queries/campuses.html"),
        ("page/id/organisation/lycee-vauban", _HTML, "en", 302, "/kg/en/page/id/organisation/lycee-vauban.html"),
        ("id/organisation/old", _HTML, "fr", 410, ""),
        ("fr/nothing.html", _HTML, "fr", 404, ""),
        ("data/id/organisation/nothing.ttl", "*/*", "fr", 404, ""),
    ],
)  # fmt: skip
def test_addresses_lead_where_the_rules_say(port: int, path: str, accept: str, language: str, status: int, location: str) -> None:
    found = _get(port, path, accept, language)
    assert found[:2] == (status, location)
    if status in (404, 410):
        assert b"<h1>" in found[3]


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("data/id/organisation/lycee-vauban.ttl", "text/turtle; charset=utf-8"),
        ("data/id/organisation/lycee-vauban.nt", "application/n-triples; charset=utf-8"),
        ("data/id/organisation/lycee-vauban.jsonld", "application/ld+json; charset=utf-8"),
        ("data/id/organisation/lycee-vauban.rdf", "application/rdf+xml"),
        ("linkset/id/organisation/lycee-vauban.json", "application/linkset+json"),
        ("fr/queries/campuses.csv", "text/csv; charset=utf-8"),
        ("fr/index.html", "text/html; charset=utf-8"),
        (".well-known/void", "text/turtle; charset=utf-8"),
        ("CITATION.cff", "application/yaml; charset=utf-8"),
    ],
)  # fmt: skip
def test_files_have_their_media_types(port: int, path: str, media: str) -> None:
    status, _, kind, body = _get(port, path, "*/*", "fr")
    assert (status, kind.removesuffix("; charset=utf-8")) == (200, media.removesuffix("; charset=utf-8"))
    assert kind == media or kind == media.partition(";")[0]
    assert body


def test_every_answer_may_be_read_by_other_sites(port: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", "/kg/data/id/organisation/lycee-vauban.ttl")
        headers = connection.getresponse().headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors" in headers["Content-Security-Policy"]
