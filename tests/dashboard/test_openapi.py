"""The OpenAPI document in docs/ is the app's own description, and the app keeps to it under fuzzing."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dashboard.api import bare_app
from dashboard.openapi import REGENERATE, document, text
from dashboard.trial_shape import TrialAnswer, Trials
from dashboard.web import Hindsight
from rules.effects import SaveIncident
from tests.dashboard.conftest import TOKEN, Site
from tests.dashboard.test_why_not import found_nothing
from tests.handlers import records

CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance, response_headers_conformance]
FUZZING = settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
REFUSED = (400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, "5xx")
"""How wrong input may be answered: schemathesis's own list, and 413 for a body that is too large to be looked at."""
CONFIG = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": [*REFUSED]}}})
KEPT = Path(__file__).resolve().parents[2] / "docs" / "schema" / "openapi.json"


def test_the_kept_document_is_the_apps_own() -> None:
    assert KEPT.read_text(encoding="utf-8") == text(), f"the API changed; regenerate by: {REGENERATE}"


def test_every_error_has_the_one_form() -> None:
    for path, operations in document()["paths"].items():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400 and path != "/health/ready":
                    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ErrorBody"}, path


def test_every_reference_of_the_document_leads_somewhere() -> None:
    schema = document()
    for reference in _references(schema):
        place: Any = schema
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_operations_have_names_that_programs_can_use() -> None:
    names = [operation["operationId"] for path in bare_app().openapi()["paths"].values() for operation in path.values()]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_app_keeps_to_its_document_under_fuzzing(site: Site, mode: GenerationMode) -> None:
    """Each operation but the stream (it never ends), with input that the document allows, and with input that it forbids."""
    called: set[str] = set()
    site.books.write(SaveIncident(records.incident()))
    schema = schemathesis.openapi.from_dict(document(), config=CONFIG).exclude(path="/v1/stream").exclude(path="/v1/session")
    trials = Trials(run=lambda _, at: TrialAnswer(at=at, faults=[], messages=[], is_whole=True))
    site.app.state.web = replace(site.web, hindsight=Hindsight(look_back=found_nothing), trials=trials)
    site.web.backoff.wait_s = lambda client, now: 0.0  # type: ignore[method-assign]  # the fuzzer forgets its token at times
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(FUZZING)
        @given(case=operation.as_strategy(generation_mode=mode))
        def run(case: Any) -> None:
            called.add(case.operation.label)
            answer = case.call(base_url=site.url, headers={"Authorization": f"Bearer {TOKEN}"})
            case.validate_response(
                answer,
                checks=CHECKS if mode is GenerationMode.POSITIVE else [*CHECKS, negative_data_rejection],
            )

        try:
            run()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE  # an operation without any input cannot be sent a wrong one
    assert len(called) >= (9 if mode is GenerationMode.POSITIVE else 4), called


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [each for key, part in value.items() for each in ([part] if key == "$ref" else _references(part))]
    return [each for part in value for each in _references(part)] if isinstance(value, list) else []


def test_the_document_is_json_that_people_can_compare() -> None:
    assert json.loads(text())["openapi"].startswith("3.1")
