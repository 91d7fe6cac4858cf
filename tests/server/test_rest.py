"""The catalogue on HTTP: every form of an answer, every refusal with what would do, addresses that name a release."""

import csv
import io
import json
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from campuskg.queries import catalogue
from campuskg.release import Release, build, open_release
from server.conftest import linux_only
from server.served import Served, serving

pytestmark = linux_only
QUERY = "/queries/programme-funders"
ANOTHER = """
- id: organisation/lycee-autre
  type: Lycee
  label: Lycée autre
  src: essai:2
"""


def problem(answer: httpx.Response, status: int) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, object] = answer.json()
    assert found["status"] == status
    return found


def test_the_index_lists_the_whole_catalogue(server: Served) -> None:
    listed = server.client.get("/queries.json").json()
    assert [one["name"] for one in listed] == list(catalogue())
    funders = next(one for one in listed if one["name"] == "programme-funders")
    assert set(funders["question"]) == {"fr", "en"}
    assert funders["href"] == QUERY
    assert funders["parameters"][0]["class"] == ["cmq:Programme"]
    assert funders["parameters"][0]["default"][0]["label_fr"] == "Programme d'actions 2022 du CMQ MSI"
    assert {column["name"] for column in funders["columns"]} >= {"funder", "amount"}
    assert server.client.get("/queries").json() == listed


def test_json_is_sparql_results_with_its_meaning(server: Served, release: Release) -> None:
    answer = server.client.get(f"{QUERY}.json", params={"lang": "en"})
    assert answer.headers["content-type"] == "application/json"
    found = answer.json()
    assert found["head"]["vars"][0] == "funder"
    assert {row["amount"]["value"] for row in found["results"]["bindings"]} >= {"9000"}
    about = found["campuskg"]
    assert about["release"] == release.digest
    assert about["permalink"].startswith(f"https://example.org/kg/r/{release.digest}/queries/programme-funders")
    assert about["columns"]["amount"] == "Amount"
    assert not about["truncated"]
    assert not about["parameters"]["programme"]["given"]
    assert "evidence" not in about


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("text/csv", "text/csv"),
        ("text/turtle", "text/turtle"),
        ("text/markdown", "text/markdown"),
        ("application/sparql-query", "application/sparql-query"),
        ("text/csv;q=0.4, text/turtle;q=0.9", "text/turtle"),
    ],
)
def test_the_accept_header_chooses_the_form(server: Served, accept: str, media: str) -> None:
    answer = server.client.get(QUERY, headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media
    assert "accept" in answer.headers["vary"].lower()


def test_csv_holds_the_rows(server: Served) -> None:
    answer = server.client.get(f"{QUERY}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert "9000" in {row["amount"] for row in rows}
    assert answer.headers["content-disposition"] == 'attachment; filename="programme-funders.csv"'


def test_xlsx_is_a_workbook(server: Served) -> None:
    answer = server.client.get(f"{QUERY}.xlsx")
    assert answer.status_code == 200
    assert "xl/workbook.xml" in ZipFile(io.BytesIO(answer.content)).namelist()


def test_turtle_markdown_and_the_query_itself(server: Served) -> None:
    assert "rs:ResultSet" in server.client.get(f"{QUERY}.ttl").text
    assert "€9,000" in server.client.get(f"{QUERY}.md", params={"lang": "en"}).text
    bound = server.client.get(f"{QUERY}.rq", params={"programme": "Programme d'actions 2022 du CMQ MSI"}).text
    assert "VALUES ?programme { <https://w3id.org/cmq/id/programme/programme-actions-msi-2022> }" in bound


def test_evidence_comes_on_demand(server: Served) -> None:
    found = server.client.get(f"{QUERY}.json", params={"evidence": "1"}).json()
    proofs = found["campuskg"]["evidence"]
    assert len(proofs) == len(found["results"]["bindings"])
    assert all(any(":" in locator for locator in row) for row in proofs)
    assert "gbm-2022:" in server.client.get(f"{QUERY}.csv", params={"evidence": "true"}).text


def test_a_parameter_is_named_as_people_name_it(server: Served) -> None:
    date = {"date": "01/12/2021"}
    by_words = server.client.get("/queries/mandates-at-date.json", params=date | {"organisation": "CMQ MSI"}).json()
    by_id = server.client.get(
        "/queries/mandates-at-date.json", params={"date": "2021-12-01", "organisation": "campus/msi"}
    ).json()
    assert by_words["results"] == by_id["results"]
    assert by_words["campuskg"]["parameters"]["organisation"]["given"]


@pytest.mark.parametrize(
    ("params", "code", "name"),
    [
        ({"programme": "Programe d'actions 2022"}, "parameter-entity", "programme"),
        ({"programe": "x"}, "parameter-unknown", "programe"),
        ({"programme": "x" * 301}, "parameter-long", "programme"),
        ({"programme": "a\x00b"}, "parameter-control", "programme"),
        ({"programme": '> } INSERT DATA { <a> <b> "c" } #'}, "parameter-entity", "programme"),
        ({"programme": "https://w3id.org/cmq/id/campus/msi"}, "parameter-entity", "programme"),
        ({"lang": "de"}, "parameter-code", "lang"),
        ({"evidence": "maybe"}, "parameter-code", "evidence"),
    ],
)
def test_a_bad_value_is_named_with_what_would_do(server: Served, params: dict[str, str], code: str, name: str) -> None:
    found = problem(server.client.get(f"{QUERY}.json", params=params), 400)
    assert (found["code"], found["name"]) == (code, name)


def test_near_names_are_offered(server: Served) -> None:
    found = problem(server.client.get(f"{QUERY}.json", params={"programme": "Programme d'action MSI"}), 400)
    assert "programme/programme-actions-msi-2022" in str(found["known"])
    assert problem(server.client.get(f"{QUERY}.json", params={"programe": "x"}), 400)["known"] == "programme"


def test_a_single_parameter_comes_once(server: Served) -> None:
    found = problem(server.client.get("/queries/mandates-at-date.json?date=2021-12-01&date=2021-12-02"), 400)
    assert (found["code"], found["name"]) == ("parameter-many", "date")
    assert problem(server.client.get(f"{QUERY}.json?lang=fr&lang=en"), 400)["code"] == "parameter-many"


def test_what_is_not_there_is_said(server: Served) -> None:
    assert str(problem(server.client.get("/queries/programme-funder"), 404)["known"]).startswith("programme-funders")
    assert ".csv" in str(problem(server.client.get(f"{QUERY}.pdf"), 404)["known"])
    assert "text/csv" in str(problem(server.client.get(QUERY, headers={"accept": "image/png"}), 406)["known"])


def test_the_problem_is_said_in_the_reader_s_language(server: Served) -> None:
    french = problem(server.client.get("/queries/mandates-at-date.json", params={"date": "hier", "lang": "fr"}), 400)
    english = problem(server.client.get("/queries/mandates-at-date.json", params={"date": "hier", "lang": "en"}), 400)
    assert "« hier »" in str(french["detail"])
    assert "'hier'" in str(english["detail"])


def test_an_answer_has_its_address_for_citation(server: Served, release: Release) -> None:
    answer = server.client.get(f"{QUERY}.json")
    link = next(part for part in answer.headers["link"].split(", ") if "cite-as" in part)
    path = link[1 : link.index(">")].removeprefix("https://example.org/kg")
    assert path.startswith(f"/r/{release.digest}/")
    again = server.client.get(path, headers={"accept": "application/json"})
    assert again.json() == answer.json()
    assert server.client.get(f"/r/{release.digest[:12]}/queries/programme-funders.json").json() == answer.json()


def test_another_release_is_never_passed_off_as_this_one(server: Served, release: Release) -> None:
    other = "0" * 64 if not release.digest.startswith("0" * 12) else "1" * 64
    answer = server.client.get(f"/r/{other}/queries/programme-funders.json?programme=x")
    found = problem(answer, 404)
    assert found["code"] == "release-not-kept"
    assert found["served"] == release.digest
    assert 'rel="latest-version"' in answer.headers["link"]
    assert problem(server.client.get(f"/r/{release.digest[:8]}/queries/programme-funders"), 404)["code"] == "release-digest"
    assert problem(server.client.get("/r/nothing-like-it/queries/programme-funders"), 404)["code"] == "release-digest"
    assert problem(server.client.get(f"/r/{other}/queries"), 404)["code"] == "release-not-kept"
    assert server.client.get(f"/r/{release.digest}/queries").status_code == 200


def test_a_kept_release_still_answers(small: Path, tmp_path: Path) -> None:
    keep = tmp_path / "keep"
    build(keep / "first", folder=small)
    edited = small / "organisations.yaml"
    edited.write_text(edited.read_text(encoding="utf-8") + ANOTHER, encoding="utf-8")
    build(keep / "current", folder=small)
    (keep / "no-release").mkdir()
    first, current = (open_release(keep / name).digest for name in ("first", "current"))
    with serving(keep / "current", "--keep", str(keep)) as served:
        then = served.client.get(f"/r/{first}/queries/class-counts.json").json()
        now = served.client.get(f"/r/{current}/queries/class-counts.json").json()
        assert (then["campuskg"]["release"], now["campuskg"]["release"]) == (first, current)
        assert then["results"] != now["results"]
        assert f"/r/{first}/" in then["campuskg"]["permalink"]
        assert served.client.get("/queries/class-counts.json").json()["results"] == now["results"]
        assert problem(served.client.get(f"/r/{'0' * 64}/queries/class-counts.json"), 404)["code"] == "release-not-kept"


def test_an_answer_has_a_tag_that_saves_sending_it_again(server: Served) -> None:
    first = server.client.get(f"{QUERY}.json")
    again = server.client.get(f"{QUERY}.json", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    others = [server.client.get(f"{QUERY}.json", params=params) for params in ({"lang": "en"}, {"evidence": "1"})]
    others.append(server.client.get(f"{QUERY}.csv"))
    assert len({first.headers["etag"], *(one.headers["etag"] for one in others)}) == 4
    head = server.client.head(f"{QUERY}.json")
    assert (head.status_code, head.headers["etag"], head.content) == (200, first.headers["etag"], b"")


def test_every_query_answers_with_its_defaults(server: Served) -> None:
    for name, query in catalogue().items():
        answer = server.client.get(f"/queries/{name}", headers={"accept": "text/turtle"})
        assert answer.status_code == 200, (name, answer.text)
        if query.form != "CONSTRUCT":
            found = json.loads(server.client.get(f"/queries/{name}.json").content)
            assert list(found["campuskg"]["columns"]) == found["head"]["vars"]


def test_an_answer_can_also_be_had_from_a_plain_file(small_server: Served) -> None:
    assert small_server.client.get("/queries/contradictions.json").json()["results"]["bindings"] == []
    assert small_server.client.get("/search", params={"q": "x"}).json() == []
    assert small_server.client.get("/ask", params={"q": "Qui finance ?"}).status_code == 200
