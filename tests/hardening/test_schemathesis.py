"""The served API against its own OpenAPI document, by schemathesis: every route but /sparql, whose own tests know more."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import FailureGroup, load_all_checks, not_a_server_error
from schemathesis.specs.openapi import checks

from server.conftest import linux_only
from server.served import Served

pytestmark = linux_only
load_all_checks()
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
EXAMPLES = 2
PARTS = 4
"""The operations are tried in as many parts, so that a failure says more or less where."""


@pytest.fixture(scope="module")
def operations(served: Served) -> list[APIOperation[Any, Any, Any, Any]]:
    document = served.client.get("/openapi.json").json()
    document["servers"] = [{"url": served.address.rstrip("/")}]
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=served.address.rstrip("/"))
    found = [result.ok() for result in schema.get_all_operations()]
    return [operation for operation in found if operation.path != "/sparql"]


def _tried(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode) -> Iterator[tuple[Case, Any]]:
    """Yield cases of *operation* and what the server answered."""
    tried: list[tuple[Case, Any]] = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Case) -> None:
        tried.append((case, case.call(timeout=30, allow_redirects=False)))

    with suppress(Unsatisfiable):  # everything fits this operation
        call()
    yield from tried


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.thorough) for part in range(1, PARTS))])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as documented", "otherwise"])
def test_the_server_keeps_to_its_document(
    operations: list[APIOperation[Any, Any, Any, Any]], mode: GenerationMode, part: int
) -> None:
    answers, wrong = 0, []
    for operation in operations[part::PARTS]:
        if mode is GenerationMode.NEGATIVE and not (operation.query or operation.path_parameters):
            continue  # nothing that could be wrong
        for case, answer in _tried(operation, mode):
            try:
                case.validate_response(answer, checks=CHECKS)
            except FailureGroup as failures:
                wrong += [f"{answer.request.url}: {failure}" for failure in failures.exceptions]
            answers += 1
    assert wrong == []
    assert answers > len(operations) // PARTS
