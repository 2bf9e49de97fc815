"""GET /v1/formats and POST /v1/trials: who may, what is asked of the trial, and what is said where it cannot be tried."""

from dataclasses import replace
from typing import Any

import pytest

from dashboard import trials as room
from dashboard.trial_shape import FormatItem, TrialAnswer, TrialExample, TrialRequest, Trials, TrialStopped
from rules.model import Sentence
from tests.dashboard.conftest import METRICS_TOKEN, Site

ITEM = FormatItem(
    name="frigate",
    network="video",
    title=Sentence("摄像机", "Cameras"),
    examples=[TrialExample(topic="t", payload="{}", encoding="utf8")],
)
MESSAGE = {"topic": "frigate/events", "payload": "{}"}


@pytest.fixture
def asked(site: Site) -> list[tuple[TrialRequest, int]]:
    """What was tried, in order."""
    seen: list[tuple[TrialRequest, int]] = []

    def run(request: TrialRequest, at: int) -> TrialAnswer:
        seen.append((request, at))
        if request.mapping == "endless":
            raise TrialStopped("CPU 3 s")
        return TrialAnswer(at=at, faults=[], messages=[], is_whole=True)

    site.app.state.web = replace(site.web, trials=Trials(formats=(ITEM,), mapping="mapping: x", run=run))
    return seen


def test_the_formats_come_with_their_examples(site: Site, asked: object) -> None:
    page = site.client().get("/v1/formats").json()
    assert [each["name"] for each in page["formats"]] == ["frigate"]
    assert page["formats"][0]["examples"] == [{"topic": "t", "payload": "{}", "encoding": "utf8"}]
    assert page["mapping"] == "mapping: x"


def test_a_trial_is_given_the_messages_and_the_time(site: Site, asked: list[tuple[TrialRequest, int]]) -> None:
    answer = site.client().post("/v1/trials", json={"format": "frigate", "messages": [MESSAGE]})
    assert answer.json() == {"at": site.clock.now, "faults": [], "messages": [], "is_whole": True}
    ((request, at),) = asked
    assert (request.format, request.messages[0].topic, at) == ("frigate", "frigate/events", site.clock.now)


@pytest.mark.parametrize(
    ("wanted", "code", "field"),
    [
        ({}, "invalid", "body"),
        ({"format": "frigate", "mapping": "mapping: x"}, "invalid", "body"),
        ({"format": "morse"}, "invalid", "body.format"),
        ({"format": "frigate", "messages": [MESSAGE] * 21}, "invalid", "body.messages"),
        ({"format": "frigate", "messages": [MESSAGE | {"encoding": "base64"}]}, "invalid", "body.messages.0.encoding"),
        ({"mapping": "x" * 65_537}, "invalid", "body.mapping"),
        ({"mapping": "endless"}, "too_much_work", "body.messages"),
    ],
)
def test_what_cannot_be_tried_is_refused_with_its_place(
    site: Site, asked: object, wanted: dict[str, Any], code: str, field: str
) -> None:
    answer = site.client().post("/v1/trials", json=wanted)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert (error["code"], error.get("field", "")) == (code, field)


def test_one_at_a_time(site: Site, asked: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "WAIT_S", 0.01)
    with site.web.trying:
        assert site.client().post("/v1/trials", json={"format": "frigate"}).json()["error"]["code"] == "busy"
    for mapping in ("endless", "endless"):  # one that was stopped leaves room for the next
        assert site.client().post("/v1/trials", json={"mapping": mapping}).json()["error"]["code"] == "too_much_work"


@pytest.mark.parametrize("token", [METRICS_TOKEN, None], ids=["observer", "nobody"])
def test_only_an_operator_may(site: Site, asked: list[object], token: str | None) -> None:
    client = site.client(token=token)
    assert client.get("/v1/formats").status_code in {401, 403}
    assert client.post("/v1/trials", json={"format": "frigate"}).status_code in {401, 403}
    assert asked == []
