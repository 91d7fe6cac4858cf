"""Nothing that a stranger sends makes us call out: a listener on loopback hears nobody, whatever names its address."""

import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.cli import main
from hardening.conftest import SMALL
from server.conftest import linux_only
from server.served import Served


class Listener:
    """A socket that counts who calls."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.3)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/secret"

    def called(self) -> bool:
        """Tell whether somebody called."""
        try:
            self._socket.accept()[0].close()
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


QUERIES = (
    "SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(<{url}> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
    "SELECT * {{ \\u0053ERVICE <{url}> {{ ?s ?p ?o }} }}",
    "SELECT * FROM <{url}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{url}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "DESCRIBE <{url}>",
    "LOAD <{url}>",
    "LOAD SILENT <{url}> INTO GRAPH <urn:x>",
    "INSERT DATA {{ <urn:a> <urn:b> <{url}> }}",
)


@linux_only
@pytest.mark.parametrize("query", QUERIES)
def test_no_query_calls_out(small_served: Served, listener: Listener, query: str) -> None:
    text = query.format(url=listener.url)
    for answer in (
        small_served.ask(text),
        small_served.client.post("/sparql", data={"query": text, "default-graph-uri": listener.url}),
        small_served.client.post("/sparql", data={"update": text, "using-graph-uri": listener.url}),
    ):
        assert answer.status_code < 500
    assert not listener.called()


@linux_only
def test_no_address_and_no_header_calls_out(small_served: Served, listener: Listener) -> None:
    url = listener.url
    addresses = (
        f"/sparql?query=ASK%7B%7D&default-graph-uri={url}&named-graph-uri={url}",
        *(f"/{url}", f"//{url.removeprefix('http://')}", f"/page/{url}", f"/data/{url}", f"/id/{url}", f"/static/{url}"),
        *(
            f"/search?q={url}&class={url}",
            f"/ask?q={url}",
            f"/queries/campuses?campus={url}",
            f"/views/{url}",
            f"/compare?a={url}",
        ),
    )
    host = url.removeprefix("http://").removesuffix("/secret")
    headers = {
        "host": host,
        "referer": url,
        "origin": url,
        "forwarded": f"host={host}",
        "x-forwarded-host": host,
        "link": f"<{url}>",
    }
    for address in addresses:
        for sent in ({}, headers):
            answer = small_served.client.get(address, headers=sent)
            assert answer.status_code < 500, address
            assert host not in answer.headers.get("location", "")
            assert host not in answer.headers.get("link", "")
    assert not listener.called()


def _ended(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["--lang", "en", *arguments])
    return int(stopped.value.code or 0), capsys.readouterr().err


RDF_XML = """<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [<!ENTITY out SYSTEM "{url}"> <!ENTITY file SYSTEM "file:///etc/passwd"> <!ENTITY a "aaaaaaaaaa">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="urn:a">
<rdf:value>&out;&file;</rdf:value></rdf:Description></rdf:RDF>
"""
JSON_LD = '{{"@context": "{url}", "@id": "urn:a", "name": "x"}}'


@pytest.mark.parametrize("name", ["a.nq", "a.nt", "a.rdf", "a.jsonld", "a.xml"])
@pytest.mark.parametrize("text", [RDF_XML, JSON_LD], ids=["XML entity", "JSON-LD context"])
def test_no_added_file_calls_out(
    name: str, text: str, listener: Listener, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    added = tmp_path / name
    added.write_text(text.format(url=listener.url), encoding="utf-8")
    code, said = _ended("build", "--graph", str(SMALL), "--with", str(added), "--out", str(tmp_path / "out"), capsys=capsys)
    assert code in (1, 2, 3), said
    assert "Internal error" not in said
    assert "root:" not in said
    assert not (tmp_path / "out").exists()
    assert not listener.called()


def test_the_engine_itself_reads_no_context_and_no_entity_from_elsewhere(listener: Listener) -> None:
    """What we rely on, should any part of us ever read these forms."""
    for text, form in ((RDF_XML, ox.RdfFormat.RDF_XML), (JSON_LD, ox.RdfFormat.JSON_LD)):
        with pytest.raises((SyntaxError, ValueError)):
            list(ox.parse(text.format(url=listener.url).encode(), format=form))
    assert not listener.called()


def test_a_workbook_with_entities_is_refused_or_read_without_them(
    listener: Listener, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, out = tmp_path / "partners-2026-01-01.xlsx", tmp_path / "a.nt"
    grown = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(8))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{grown}<!ENTITY out SYSTEM "{listener.url}">]>'
    sheet = f'{head}<worksheet><sheetData><row><c t="str"><v>&a8;&out;</v></c></row></sheetData></worksheet>'
    with zipfile.ZipFile(book, "w") as packed:
        packed.writestr("xl/worksheets/sheet1.xml", sheet)
        packed.writestr("xl/workbook.xml", sheet)
    code, said = _ended("import", "partners", str(book), "--out", str(out), capsys=capsys)
    assert code in (1, 2, 3), said
    assert "Internal error" not in said
    assert not out.exists()
    assert not listener.called()
