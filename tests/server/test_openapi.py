"""The OpenAPI document: valid, complete, and true of what the server really does."""

import random
import string
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from campuskg.queries import catalogue
from campuskg.server.tables import routes
from server.conftest import linux_only
from server.served import Served

pytestmark = linux_only
_HOSTILE = (
    "", " ", "\x00", "\u202e", "'\"<>{}\\", "%", "../../etc/passwd", "> } ; DROP ALL #", '"^^<x>', "?x", "_:b", "é" * 290,
    "9" * 250, "-1", "1e999", "NaN", "null", "true", "2021-02-30", "0001-01-01", "https://example.org/", "cmq:Campus", "a:b:c",
    "campus/msi", "{{7*7}}", "${jndi:x}", "\ud7ff", "🦉", "(" * 200, "FILTER(1=1)", "\\u0022", "🇫🇷" * 50,
)  # fmt: skip


@pytest.fixture(scope="module")
def document(server: Served) -> dict[str, Any]:
    answer = server.client.get("/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()
    assert document["servers"] == [{"url": "https://example.org/kg"}]


def test_every_route_and_every_query_is_described(document: dict[str, Any]) -> None:
    patterns = {route.pattern.replace(":path", "") for route in routes()} - {"/sparql/"}
    assert patterns <= set(document["paths"])
    assert {f"/queries/{name}" for name in catalogue()} <= set(document["paths"])
    ids = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))


def test_the_document_speaks_both_languages(server: Served, document: dict[str, Any]) -> None:
    english = server.client.get("/openapi.json", params={"lang": "en"}).json()
    assert english["paths"].keys() == document["paths"].keys()
    assert english["info"]["description"] != document["info"]["description"]


def test_parameters_have_types_choices_and_examples(document: dict[str, Any]) -> None:
    def parameter(query: str, name: str) -> Mapping[str, Any]:
        found: list[Mapping[str, Any]] = document["paths"][f"/queries/{query}"]["get"]["parameters"]
        return next(one for one in found if one.get("name") == name)

    assert parameter("mandates-at-date", "date")["schema"]["format"] == "date"
    organisation = parameter("mandates-at-date", "organisation")["schema"]
    assert "campus/msi" in organisation.get("items", organisation)["enum"]
    assert parameter("programme-funders", "programme")["example"]


def test_a_parameter_without_a_value_is_one_that_is_not_given(server: Served, document: dict[str, Any]) -> None:
    """Forms send their empty fields: ``date=`` is answered, and documented, wherever a day may be asked for."""
    days = [
        (path.format(form="json", campus="msi"), one["name"])
        for path, operations in document["paths"].items()
        for one in operations["get"]["parameters"]
        if one.get("schema", {}).get("format") == "date" and one["allowEmptyValue"]
    ]
    assert {("/at", "date"), ("/at.json", "with"), ("/dossier/msi", "at"), ("/queries/mandates-at-date", "date")} <= set(days)
    for path, name in days:
        plain, empty = server.client.get(path), server.client.get(path, params={name: ""})
        assert empty.status_code == plain.status_code == 200, path
        assert empty.content == plain.content or empty.headers["content-type"].startswith("text/html"), path  # its own address
        assert server.client.get(path, params={name: "20220630"}).status_code == 400, path
    assert not document["components"]["parameters"]["lang"].get("allowEmptyValue")
    assert server.client.get("/about", params={"lang": ""}).status_code == 400


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, operations in document["paths"].items():
        if "get" in operations and "{" not in path:
            yield path, operations["get"]


def _resolved(document: dict[str, Any], parameter: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in parameter:
        return parameter
    found: Mapping[str, Any] = document["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
    return found


def _good(schema: Mapping[str, Any], example: object, chance: random.Random) -> list[str]:
    if schema.get("type") == "array":
        return _good(schema["items"], (example or [None])[0] if isinstance(example, list) else None, chance)
    if "enum" in schema:
        return [str(chance.choice(schema["enum"]))]
    if example is not None:
        return [str(example)]
    if schema.get("format") == "date":
        return [f"20{chance.randint(10, 30)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}"]
    if schema.get("type") in ("integer", "number"):
        return [str(chance.randint(1, 50))]
    return []


def _bad(chance: random.Random) -> str:
    if chance.random() < 0.6:
        return chance.choice(_HOSTILE)
    return "".join(chance.choices(string.printable + "éœ€«»–\u00a0\u200b", k=chance.randint(1, 60)))


def _agrees(answer: httpx.Response, operation: Mapping[str, Any], asked: object) -> None:
    status = str(answer.status_code)
    assert answer.status_code < 500, (asked, answer.text)
    assert status in operation["responses"], (asked, status)
    if status == "200":
        media = answer.headers["content-type"].partition(";")[0]
        offered = [one.partition(";")[0] for one in operation["responses"]["200"]["content"]]
        assert media in offered, (asked, media)
    elif answer.status_code >= 400:
        assert answer.json()["status"] == answer.status_code


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (1, 2))])
def test_the_server_does_what_the_document_says(server: Served, document: dict[str, Any], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  a seeded test
    for path, operation in _operations(document):
        parameters = [_resolved(document, parameter) for parameter in operation["parameters"]]
        good = [
            (one["name"], value)
            for one in parameters
            if one.get("required") or chance.random() < 0.7
            for value in _good(one["schema"], one.get("example"), chance)
        ]
        answer = server.client.get(path, params=good)
        _agrees(answer, operation, (path, good))
        if path.startswith("/queries/"):
            assert answer.status_code == 200, (path, good, answer.text)
        for _ in range(3):
            names = [one["name"] for one in parameters] + ["surprise"]
            bad = [(chance.choice(names), _bad(chance)) for _ in range(chance.randint(1, 3))]
            _agrees(server.client.get(path, params=bad), operation, (path, bad))
    assert server.client.get("/ready").status_code == 200


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.thorough)])
def test_strange_addresses_are_answered_as_documented(server: Served, document: dict[str, Any], seed: int) -> None:
    chance = random.Random(100 + seed)  # noqa: S311  a seeded test
    for path, operations in document["paths"].items():
        if "{" not in path or "get" not in operations:
            continue
        for _ in range(15):
            parts = {name: _segment(chance) for name in ("name", "digest", "path", "form", "campus")}
            address = path.format(**parts)
            answer = server.client.get(address)
            assert str(answer.status_code) in operations["get"]["responses"], (address, answer.text)
            assert answer.status_code < 500


def _segment(chance: random.Random) -> str:
    known = [
        *catalogue(),
        "0" * 12,
        "f" * 64,
        "x.json",
        "programme-funders.exe",
        "programme-funders..json",
        "..",
        "%2e%2e",
        "%00",
    ]
    if chance.random() < 0.5:
        return chance.choice(known)
    return "".join(chance.choices(string.ascii_letters + string.digits + "._~-", k=chance.randint(1, 30)))
