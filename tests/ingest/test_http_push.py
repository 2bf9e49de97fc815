"""Pushes of foreign formats over HTTP: proved, journaled before they are answered, never too many, and never refused for ever."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from handlers.channels.webhook import sign
from ingest.adapter import Foreign, Ignored, Said
from ingest.formats import FORMATS
from ingest.http import create_front_door
from ingest.http_items import BODY_BYTES_MAX
from ingest.http_push import PushDoor
from ingest.push_again import KEPT_MAX, KEPT_S, PushesToCome
from ingest.push_proof import WINDOW_S, Proof
from ingest.route import Push, Route, RouteReader
from ingest.topics import Lane
from rules.model import Event, EventClass, Rejected
from tests.ingest.plain_desk import Asking, PlainDesk

SECRET = "sw_route"
AT_S = 1_795_435_200
BEARER = {"Authorization": f"Bearer {SECRET}"}
HOT = json.dumps([{"n": "kitchen", "u": "Cel", "v": 60}]).encode()


@dataclass
class Stage:
    desk: PlainDesk
    door: Asking
    pushes: dict[str, PushDoor]
    clock_s: float = 0.0

    def push(self, body: bytes = HOT, headers: Mapping[str, str | bytes] = BEARER, path: str = "/v1/push/hot") -> Any:
        return self.door.post(path, content=body, headers={"Authorization": "", **headers})

    def journaled(self) -> list[Any]:
        return [one.entry for one in self.desk.journal.read()]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    desk = PlainDesk(tmp_path / "journal")
    numbers = iter(range(1_000_000))
    made = Stage(desk, None, {})  # type: ignore[arg-type]  # the door is set below
    for name, push in (("hot", Push()), ("slow", Push(per_minute_max=2)), ("open", Push(may_use_url_key=True))):
        known = FORMATS["senml"]
        route = Route(name=name, format=known, community="jade", network=known.network, push=push, zone="b01", topics=("s/+",))
        reader = RouteReader(route, lambda: AT_S * 1000)
        made.pushes[name] = PushDoor(reader, push, SECRET, now=lambda: AT_S * 1000, monotonic_s=lambda: made.clock_s)
    app = create_front_door(
        desk,
        token_ok="sw_door".__eq__,
        find_rejected=desk.journal.find,
        new_arrival=lambda: f"request-{next(numbers)}",
        pushes=list(made.pushes.values()),
        readers=[each.reader for each in made.pushes.values()],
    )
    made.door = Asking(app, "sw_door")
    yield made
    made.door.close()
    desk.close()


def test_a_push_is_in_the_journal_when_it_is_answered(stage: Stage) -> None:
    answer = stage.push(headers=BEARER | {"Content-Type": "application/senml+json"})
    assert answer.status_code == 200
    (event,) = stage.journaled()
    assert isinstance(event, Event)
    assert (event.device, event.kind, event.value, event.community, event.zone) == ("kitchen", "temperature", 60, "jade", "b01")
    result = {"position": 1, "id": event.id, "accepted": True}
    assert answer.json() == {"accepted_count": 1, "rejected_count": 0, "results": [result]}
    assert stage.desk.lanes == [Lane.BULK]


def test_what_is_refused_is_journaled_and_answered_with_the_reason(stage: Stage) -> None:
    answer = stage.push(b"\xff")
    assert answer.status_code == 200
    (refused,) = stage.journaled()
    assert isinstance(refused, Rejected)
    assert (refused.source, refused.community) == ("POST /v1/push/hot", "jade")
    body = answer.json()
    assert (body["accepted_count"], body["rejected_count"], body["results"][0]["reason"]) == (0, 1, refused.reason)


def test_what_says_nothing_of_concern_is_answered_so(stage: Stage) -> None:
    answer = stage.push(b"[]")
    assert (answer.status_code, bool(answer.json()["ignored"]), stage.journaled()) == (200, True, [])


def signed(at_s: int = AT_S, body: bytes = HOT, secret: str = SECRET) -> dict[str, str]:
    return {"Shouwang-Timestamp": str(at_s), "Shouwang-Signature": sign(secret, str(at_s), body)}


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        (BEARER, "hot", 200),
        ({"Authorization": f"bearer  {SECRET} "}, "hot", 200),
        (signed(), "hot", 200),
        (signed(AT_S - WINDOW_S), "hot", 200),
        (signed(AT_S + WINDOW_S), "hot", 200),
        ({}, f"open?key={SECRET}", 200),
        ({}, "hot", 401),
        ({"Authorization": "Bearer sw_door"}, "hot", 401),
        ({"Authorization": "Bearer"}, "hot", 401),
        ({"Authorization": f"Basic {SECRET}"}, "hot", 401),
        (signed(AT_S - WINDOW_S - 1), "hot", 401),
        (signed(AT_S + WINDOW_S + 1), "hot", 401),
        (signed(secret="another"), "hot", 401),
        (signed(body=b"[]"), "hot", 401),
        (signed() | {"Shouwang-Timestamp": str(AT_S + 1)}, "hot", 401),
        (signed() | {"Shouwang-Timestamp": "now"}, "hot", 401),
        (signed() | {"Shouwang-Signature": "v1=é"}, "hot", 401),
        ({}, f"hot?key={SECRET}", 401),
        ({}, "open?key=wrong", 401),
        (BEARER, "nowhere", 404),
        (BEARER, "garden/hot", 404),
    ],
)
def test_who_sends_must_prove_it(stage: Stage, headers: dict[str, str], path: str, status: int) -> None:
    raw = {name: value.encode() for name, value in headers.items()}  # as bytes: any may come
    answer = stage.push(headers=raw, path=f"/v1/push/{path}")
    assert answer.status_code == status, answer.text
    assert len(stage.journaled()) == (status == 200)
    if status == 401:
        assert {"code", "zh", "en"} <= set(answer.json()["error"])
        assert sum(each.figures.unproved_count for each in stage.pushes.values()) == 1


def test_a_signed_request_that_is_played_again_stays_the_same_event(stage: Stage) -> None:
    stage.pushes["hot"].reader._adapter = FORMATS["zigbee2mqtt"].opens()  # whose messages have neither id nor time
    smoke = b'{"smoke": true}'
    for at_s in (AT_S, AT_S, AT_S + 1):
        assert stage.push(smoke, signed(at_s, smoke)).status_code == 200
    first, again, later = (event.id for event in stage.journaled())
    assert first == again != later


def test_a_route_takes_so_many_in_a_minute_and_no_more(stage: Stage) -> None:
    def status() -> int:
        return int(stage.push(path="/v1/push/slow").status_code)

    assert [status() for _ in range(3)] == [200, 200, 429]
    assert stage.push(path="/v1/push/slow").headers["Retry-After"] == "30"
    assert stage.push().status_code == 200, "another route has its own measure"
    stage.clock_s += 30
    assert [status(), status()] == [200, 429]
    stage.clock_s += 3600
    assert [status() for _ in range(3)] == [200, 200, 429]
    assert stage.pushes["slow"].figures.slowed_count == 4


def test_who_proves_nothing_uses_nothing_of_the_measure(stage: Stage) -> None:
    for _ in range(5):
        assert stage.push(headers={}, path="/v1/push/slow").status_code == 401
    assert stage.push(path="/v1/push/slow").status_code == 200


def test_a_body_may_be_a_megabyte_and_no_more(stage: Stage) -> None:
    most = HOT + b" " * (BODY_BYTES_MAX - len(HOT))
    assert stage.push(most).json()["accepted_count"] == 1
    assert stage.push(most + b" ").status_code == 413


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [("hot?msg=a1-B_2&nonce=x&signature=y", 200, "a1-B_2"), ("hot", 422, ""), ("hot?msg=<b>", 422, ""), ("cold?msg=a", 404, "")],
)
def test_a_platform_that_tries_the_address_hears_its_own_word(stage: Stage, address: str, status: int, said: str) -> None:
    answer = stage.door.get(f"/v1/push/{address}")
    assert answer.status_code == status
    if said:
        assert (answer.text, answer.headers["content-type"]) == (said, "text/plain; charset=utf-8")


class Once:
    """A format that says what is new to it, and no more."""

    def __init__(self) -> None:
        self._known: set[bytes] = set()

    def __call__(self, foreign: Foreign) -> list[Said] | Ignored:
        if foreign.payload in self._known:
            return Ignored("known")
        self._known.add(foreign.payload)
        return [Said(event_class=EventClass.ALARM, kind="warning_signal", device="office", state="off")]


def test_what_found_a_full_desk_says_the_same_when_it_is_sent_again(stage: Stage) -> None:
    push = stage.pushes["hot"]
    push.reader._adapter = Once()
    stage.desk.is_full = True
    assert [stage.push(body).status_code for body in (b"1", b"1", b"2")] == [503, 503, 503]
    stage.desk.is_full = False
    assert stage.push(b"1").json()["accepted_count"] == 1
    assert [each.state for each in stage.journaled()] == ["off"]
    assert stage.push(b"1").json()["ignored"] == "known"
    stage.clock_s = KEPT_S + 1  # too late: it would say what is long over
    assert stage.push(b"2").json()["ignored"] == "known"


def test_what_is_kept_of_messages_to_come_again_is_bounded() -> None:
    kept = PushesToCome(lambda: 0.0)
    for number in range(KEPT_MAX + 1):
        kept.keep(b"%d" % number, [])
    assert (kept.take(b"0"), kept.take(b"1"), kept.take(b"1")) == (None, [], None)


def test_a_full_or_stopping_desk_confirms_nothing(stage: Stage) -> None:
    stage.desk.is_full = True
    assert stage.push().status_code == 503
    stage.desk.is_full, stage.desk.is_stopping = False, True
    assert stage.push().status_code == 503
    assert stage.journaled() == []


@pytest.mark.parametrize("source", ["POST /v1/push/hot", "s/1"])
def test_a_refused_message_is_driven_in_again_as_what_it_came_as(
    stage: Stage, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = stage.pushes["hot"].reader
    reading, reader._adapter = reader._adapter, lambda _: 1 / 0  # type: ignore[assignment,return-value]  # a version with a bug
    told = reader.read(source, HOT, arrival="1")
    assert isinstance(told, list)
    stage.desk.journal.append(list(told))
    reader._adapter = reading  # the next version understands it
    answer = stage.door.post("/v1/rejected/1/redrive")
    assert answer.status_code == 200, answer.text
    assert [type(entry) for entry in stage.journaled()] == [Rejected, Event]
    reader._adapter = FORMATS["zigbee2mqtt"].opens()
    monkeypatch.setattr(reader, "takes", lambda _: True)
    assert stage.door.post("/v1/rejected/1/redrive").status_code == 422


def test_a_secret_is_never_empty() -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        Proof("")
