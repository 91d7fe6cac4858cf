"""Dossiers over HTTP: the list, the page under its own policy, the workbook, what goes wrong."""

import base64
import io
import re
from hashlib import sha256

import openpyxl

from server.conftest import linux_only
from server.served import Served

pytestmark = linux_only


def test_list_leads_to_every_dossier(server: Served) -> None:
    page = server.client.get("/dossier", params={"lang": "en"}, timeout=120)  # the workers may still be warming up
    assert page.status_code == 200
    links = set(re.findall(r'href="[^"]*/dossier/([\w.-]+)\?lang=en"', page.text))
    assert {"msi", "msi.xlsx", "itip", "itip.xlsx"} <= links


def test_page_has_a_policy_that_fits_its_style(server: Served) -> None:
    page = server.client.get("/dossier/msi", params={"lang": "fr"})
    assert page.status_code == 200
    assert page.headers["content-language"] == "fr"
    style = re.search(r"<style>(.*?)</style>", page.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["content-security-policy"]
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


def test_day_and_language_count(server: Served) -> None:
    page = server.client.get("/dossier/msi", params={"lang": "en", "at": "2020-01-01"})
    assert "State at 1 January 2020" in page.text
    again = server.client.get(
        "/dossier/msi", params={"lang": "en", "at": "2020-01-01"}, headers={"if-none-match": page.headers["etag"]}
    )
    assert again.status_code == 304


def test_workbook(server: Served) -> None:
    book = server.client.get("/dossier/msi.xlsx", params={"lang": "fr"})
    assert book.headers["content-disposition"] == 'attachment; filename="dossier-msi-fr.xlsx"'
    assert "En bref" in openpyxl.load_workbook(io.BytesIO(book.content)).sheetnames


def test_what_is_not_there(server: Served) -> None:
    for path, status, code in (
        ("/dossier/atlantis", 404, "dossier-unknown"),
        ("/dossier/msi.docx", 404, "dossier-unknown"),
        ("/dossier/msi?at=soon", 400, "dossier-date"),
        ("/dossier/msi?colour=red", 400, "parameter-unknown"),
    ):
        answer = server.client.get(path, headers={"accept": "application/problem+json"})
        assert answer.status_code == status, path
        assert code in answer.text
