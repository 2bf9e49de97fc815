"""Bad input of every kind, over real MQTT and HTTP: each gets its reason where people can see it, and stops nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from handlers.queue import QueueViews
from ingest.journal import Journal
from ingest.refusal import Refusal
from rules.model import Rejected
from shouwang.clock import wall_now
from tests.acceptance.outside import Doc, Gateway, Publisher, facts, opened, reading, smoke, topic_of
from tests.acceptance.service import Service
from tests.ingest.test_wire_refusals import CORPUS
from tests.servers import HOST, Mosquitto

pytestmark = [pytest.mark.acceptance, pytest.mark.needs("mosquitto")]

HOUR_MS = 3_600_000
OLD_TOPIC = topic_of("t-old", "reading")
OLD_BODY = b'{"id":"old-1","kind":"temperature","value":21.5,"zone":"b01/u1/0101"}'
FILTERED = ("alarm", "state", "reading", "heartbeat")


@dataclass
class Scene:
    """The service with a broker and a store that can be read."""

    service: Service
    broker: Mosquitto
    views: QueueViews

    def rejected(self, after: int = 0) -> list[Doc]:
        """What was refused behind this journal position."""
        found: list[Doc] = []
        cursor = None
        while True:
            page = self.views.rejected(cursor=cursor, limit=500)
            found += [row for row in page.items if row["position"] > after]
            if page.next_cursor is None:
                return found
            cursor = int(page.next_cursor)

    def alarmed(self) -> set[str]:
        """The devices for which an alarm was opened."""
        return {fact["device"] for fact in opened(facts(self.views), "alarm")}

    def noted(self, device: str) -> list[str]:
        """What the timeline says of a device itself."""
        return [f["transition"] for f in facts(self.views) if f["entity"] == "device" and f["entity_id"] == device]

    def alarm_goes_through(self, publisher: Publisher, name: str) -> None:
        """A good critical alarm that comes right after the bad is decided."""
        publisher.publish(topic_of(f"good-{name}"), smoke(f"good-{name}", f"b70/u1/{name}"))
        self.service.until(f"the alarm after {name} was decided", lambda: f"good-{name}" in self.alarmed())


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """One service for all of these. Its journal begins with something that an older version refused."""
    folder = tmp_path_factory.mktemp("bad_input")
    with Mosquitto(folder / "mosquitto") as broker:
        service = Service(folder / "service", {"SHOUWANG_MQTT__HOST": HOST, "SHOUWANG_MQTT__PORT": str(broker.port)}, role="all")
        refused_by_an_older_version(service.data / "journal")
        service.start()
        try:
            service.until_ready()
            with reading(service) as views:
                yield Scene(service, broker, views)
            assert service.stop() == 0
        finally:
            service.kill()


def refused_by_an_older_version(folder: Path) -> None:
    old = Rejected(
        id="r-old",
        source=OLD_TOPIC,
        reason=Refusal.WRONG_CLASS,
        detail="an older version did not know it",
        excerpt=OLD_BODY,
        size=len(OLD_BODY),
        community="jade",
    )
    journal = Journal(folder, clock=wall_now)
    journal.append([old])
    journal.close()


def reaches_us(topic: str) -> bool:
    """Whether a topic has the form that we subscribe to; a broker hands over no other."""
    parts = topic.split("/")
    return topic.startswith("shouwang/v1/") and len(parts) == 6 and parts[4] in FILTERED


MQTT = [(reason, topic, payload) for reason, topic, payload, _ in CORPUS if reaches_us(topic)]
HTTP = [
    (reason, topic, payload)
    for reason, topic, payload, _ in CORPUS
    if topic and reason is not Refusal.TOO_LARGE and not payload.startswith(b"[1,")  # a request may be larger than a message
]


def test_over_mqtt_each_is_listed_with_its_reason_and_stops_nothing(scene: Scene) -> None:
    before = scene.service.health()["position_journaled"]
    assert isinstance(before, int)
    with Publisher(scene.broker.port) as publisher:
        for number, (_, topic, payload) in enumerate(MQTT):
            publisher.publish(topic, payload)
            publisher.publish(topic_of(f"after-{number}"), smoke(f"after-{number}", f"c{number}/u1/0101"))

    scene.service.until("all of it was refused", lambda: len(scene.rejected(before)) >= len(MQTT))
    rows = scene.rejected(before)
    assert Counter((row["source"], row["reason"], row["size"]) for row in rows) == Counter(
        (printable(topic), reason.value, size_kept(payload)) for reason, topic, payload in MQTT
    )
    assert all((row["detail"] and row["community"] == "jade") or row["reason"] == Refusal.BAD_TOPIC for row in rows)
    wanted = {f"after-{number}" for number in range(len(MQTT))}
    scene.service.until("every good alarm was decided", lambda: wanted <= scene.alarmed())


def printable(topic: str) -> str:
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in topic)


def size_kept(payload: bytes) -> int:
    return 2 if payload == b"[[]]" else len(payload)  # of an element only itself is kept


def test_over_http_each_is_answered_with_its_reason_and_stops_nothing(scene: Scene) -> None:
    with Gateway(scene.service) as gateway:
        answers = [gateway.post(payload, topic=topic) for _, topic, payload in HTTP]
        good = gateway.post(smoke("good-http", "b71/u1/0101"), topic=topic_of("good-http"))

    said = [(answer.status_code, reason_in(answer)) for answer in answers]
    assert said == [(422, reason.value) for reason, _, _ in HTTP]
    assert all(answer.json()["results"][0]["zh"] and answer.json()["results"][0]["en"] for answer in answers)
    assert good.status_code == 200
    scene.service.until("the good alarm was decided", lambda: "good-http" in scene.alarmed())


def reason_in(answer: httpx.Response) -> str:
    result = answer.json()["results"][0]
    assert not result["accepted"]
    return str(result["reason"])


def test_a_bad_event_in_an_array_harms_no_other(scene: Scene) -> None:
    many: list[object] = [{"id": f"m{n}", "kind": "temperature", "value": 20 + n / 1000} for n in range(500)]
    many[250] = {"id": "m250", "kind": "temperature", "value": "warm"}
    with Gateway(scene.service) as gateway:
        answer = gateway.post(many, topic=topic_of("t-many", "reading"))

    assert (answer.status_code, answer.json()["accepted_count"], answer.json()["rejected_count"]) == (207, 499, 1)


@pytest.mark.parametrize(
    ("status", "content_type", "body"), [(413, "application/json", b" " * 1_100_000), (415, "text/xml", b"<alarm/>")]
)
def test_a_request_that_is_no_letter_is_told_so(scene: Scene, status: int, content_type: str, body: bytes) -> None:
    token = (scene.service.data / "ingest-token").read_text(encoding="ascii").strip()
    url = f"http://{HOST}:{scene.service.settings['SHOUWANG_FRONT_DOOR__PORT']}/v1/events"
    answer = httpx.post(
        url, content=body, headers={"Authorization": f"Bearer {token}", "Content-Type": content_type}, trust_env=False
    )

    assert answer.status_code == status
    assert {"code", "zh", "en"} <= set(answer.json()["error"])


@pytest.mark.parametrize("topic", ["shouwang/v1/jade/iot/alarm/a\x00b", "shouwang/v1/jade/iot/alarm/" + "d" * 65_000, "$SYS/x"])
def test_topics_over_which_a_broker_ends_the_connection_reach_nobody(scene: Scene, topic: str) -> None:
    with Publisher(scene.broker.port) as ill:
        ill.throw(topic, b'{"kind":"smoke"}')
    with Publisher(scene.broker.port) as publisher:
        scene.alarm_goes_through(publisher, f"topic-{len(topic)}")


def test_a_message_of_two_megabytes_stops_nothing(scene: Scene) -> None:
    with Publisher(scene.broker.port) as publisher:
        publisher.publish(topic_of("t-huge", "reading"), b"[" + b" " * 2_000_000 + b"]")
        scene.alarm_goes_through(publisher, "huge")


def test_the_same_event_twice_raises_one_alarm(scene: Scene) -> None:
    with Publisher(scene.broker.port) as publisher, Gateway(scene.service) as gateway:
        for _ in range(3):
            publisher.publish(topic_of("s-twice"), smoke("twice", "b30/u1/0101"))
        gateway.post(smoke("twice", "b30/u1/0101"), topic=topic_of("s-twice"))
        scene.alarm_goes_through(publisher, "twice")

    assert len([f for f in opened(facts(scene.views), "alarm") if f["device"] == "s-twice"]) == 1


CLOCKS: list[tuple[str, object, list[str], bool]] = [
    # device, its time, what is noted of it, whether it is alarmed
    ("c-late-30min", wall_now() - HOUR_MS // 2, [], True),  # life safety: an hour late still finds people who sleep
    ("c-late-2h", wall_now() - 2 * HOUR_MS, ["late"], False),
    ("c-ahead-30s", wall_now() + 30_000, [], True),
    ("c-ahead-1d", wall_now() + 24 * HOUR_MS, ["clock_wrong"], True),
    ("c-year-9999", "9999-12-31T23:59:59Z", ["clock_wrong"], True),
    ("c-year-10000", 253_402_300_800_000, [], True),  # no instant at all: kept as an attribute, looked at as of now
    ("c-epoch-0", 0, ["clock_wrong"], True),
    ("c-since-boot", 812.4, ["clock_wrong"], True),
    ("c-no-time", "yesterday", [], True),
    ("c-minus", -62_135_596_800_000, ["clock_wrong"], True),
]


def test_a_clock_that_cannot_be_right_costs_no_alarm(scene: Scene) -> None:
    with Publisher(scene.broker.port) as publisher:
        for number, (device, at, _, _) in enumerate(CLOCKS):
            publisher.publish(topic_of(device), smoke(f"e-{device}", f"b4{number}/u1/0101", at=at))
        scene.alarm_goes_through(publisher, "clock")

    alarmed = scene.alarmed()
    assert [(device, scene.noted(device), device in alarmed) for device, _, _, _ in CLOCKS] == [
        (device, noted, is_alarmed) for device, _, noted, is_alarmed in CLOCKS
    ]


def test_a_test_alarm_is_noted_and_alarms_nobody(scene: Scene) -> None:
    with Publisher(scene.broker.port) as publisher:
        publisher.publish(topic_of("s-test"), smoke("e-test", "b31/u1/0101", status="test"))
        scene.alarm_goes_through(publisher, "test")

    assert scene.noted("s-test") == ["tested"]
    assert "s-test" not in scene.alarmed()


def test_a_value_beyond_physics_is_a_device_fault(scene: Scene) -> None:
    with Gateway(scene.service) as gateway:
        gateway.post({"id": "hot", "kind": "temperature", "value": 1e9}, topic=topic_of("t-mad", "reading"))
    scene.service.until("noted", lambda: scene.noted("t-mad") == ["faulty"])


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_retained_alarm_of_last_year_opens_nothing(tmp_path: Path, mosquitto: Mosquitto, version: str) -> None:
    with Publisher(mosquitto.port) as publisher:
        publisher.publish(topic_of("s-old"), smoke("last-year", "b09/u1/0101", at="2025-01-01T00:00:00Z"), retain=True)
        service = Service(
            tmp_path / "service",
            {"SHOUWANG_MQTT__HOST": HOST, "SHOUWANG_MQTT__PORT": str(mosquitto.port), "SHOUWANG_MQTT__VERSION": version},
        )
        service.start()
        try:
            service.until_ready()
            with reading(service) as views:
                scene = Scene(service, mosquitto, views)
                # MQTT 5 lets us ask for no retained messages; over 3.1.1 it comes, marked, and the timeline says what it was.
                wanted = [] if version == "5" else ["ignored"]
                service.until("noted", lambda: scene.noted("s-old") == wanted)
                scene.alarm_goes_through(publisher, "retained")
                assert "s-old" not in scene.alarmed()
                publisher.publish(topic_of("s-old"), smoke("last-year", "b09/u1/0101"))  # live: no copy of the old one
                service.until("the live alarm was decided", lambda: "s-old" in scene.alarmed())
        finally:
            service.kill()


def test_what_was_refused_is_listed_and_can_be_driven_in_again(scene: Scene) -> None:
    listed = scene.service.command("rejected", "list", "--limit", "500")
    assert listed.returncode == 0, listed.stderr
    assert "wrong_class" in listed.stdout

    driven = scene.service.command("rejected", "redrive", "1")
    assert (driven.returncode, '"accepted_count":1' in driven.stdout) == (0, True), driven.stdout + driven.stderr
    again = [each.entry.id for each in scene.service.journal() if each.entry.id == "old-1"]
    assert again == ["old-1"]

    row = scene.views.rejection(1)
    assert row is not None
    assert row["redriven_at"] is not None, "the list does not say that it was driven in again"


def test_the_api_lists_what_was_refused_and_drives_it_in_again(scene: Scene) -> None:
    token = (scene.service.data / "token").read_text(encoding="ascii").strip()
    with httpx.Client(
        base_url=f"http://{HOST}:{scene.service.settings['SHOUWANG_WEB__PORT']}",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=20.0,
    ) as api:
        latest = api.get("/v1/rejected", params={"limit": 5}).json()["rejected"]
        assert latest == sorted(latest, key=lambda row: -row["position"])
        assert {"reason", "detail", "excerpt", "source"} <= set(latest[0])
        assert api.post("/v1/rejected/1/redrive").json()["accepted_count"] == 1
        still_bad = api.post(f"/v1/rejected/{latest[0]['position']}/redrive")
        assert still_bad.status_code in {409, 422}
        assert api.post("/v1/rejected/999999999/redrive").status_code == 404
