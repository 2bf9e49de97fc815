"""The front door keeps to its OpenAPI description under fuzzing, with input that it allows and input that it forbids."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ingest.formats import FORMATS
from ingest.http import create_front_door
from ingest.http_push import PushDoor
from ingest.route import Push, Route, RouteReader
from tests.ingest.plain_desk import PlainDesk

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
FUZZING = settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    desk = PlainDesk(tmp_path / "journal")
    known = FORMATS["senml"]
    reader = RouteReader(Route(name="hot", format=known, community="jade", network=known.network), lambda: 0)
    push = PushDoor(reader, Push(), "t", now=lambda: 0, monotonic_s=lambda: 0.0)
    yield create_front_door(desk, token_ok="t".__eq__, find_rejected=desk.journal.find, pushes=[push])
    desk.close()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_door_keeps_to_its_description(app: FastAPI, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_dict(app.openapi())
    schema.app = app
    called: set[tuple[str, int]] = set()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(FUZZING)
        @given(case=operation.as_strategy(generation_mode=mode))
        def run(case: Any) -> None:
            if mode is GenerationMode.POSITIVE and case.operation.path == "/v1/events":
                case.query = {"topic": "shouwang/v1/jade/iot/heartbeat/d1"}  # no schema can say that a place must come somewhere
            answer = case.call(headers={"Authorization": "Bearer t"})
            called.add((case.operation.path, answer.status_code))
            case.validate_response(
                answer, checks=CHECKS if mode is GenerationMode.POSITIVE else [*CHECKS, negative_data_rejection]
            )

        run()
    assert {path for path, _ in called} == {"/v1/events", "/v1/push/{route}", "/v1/actions", "/v1/rejected/{position}/redrive"}
    if mode is GenerationMode.POSITIVE:
        assert ("/v1/events", 200) in called
        assert ("/v1/actions", 409) in called
