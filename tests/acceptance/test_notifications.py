"""What leaves the service: retained states on MQTT while they last, signed webhooks, people; one way down harms no other."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.channels.webhook import sign
from tests.acceptance.outside import Doc, Gateway, Listener, act, facts, opened, reading, smoke, topic_of
from tests.acceptance.service import Service
from tests.handlers.channels.receivers import Receiver
from tests.servers import HOST, Mosquitto

pytestmark = [pytest.mark.acceptance, pytest.mark.needs("mosquitto")]

SECRET = "a secret of the city's"
OUT = "shouwang/v1/jade/out/"


@pytest.fixture
def city() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def broken() -> Iterator[Receiver]:
    """A system that answers everything with an error."""
    with Receiver(lambda _: (500, {})) as receiver:
        yield receiver


@pytest.fixture
def people() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def service(tmp_path: Path, mosquitto: Mosquitto, city: Receiver, broken: Receiver, people: Receiver) -> Iterator[Service]:
    hooks = [
        {"name": name, "url": f"http://{HOST}:{port}/in", "secret": SECRET, "allow_networks": ["127.0.0.0/8"]}
        for name, port in (("city", city.port), ("broken", broken.port))
    ]
    made = Service(
        tmp_path / "service",
        {
            "SHOUWANG_MQTT__HOST": HOST,
            "SHOUWANG_MQTT__PORT": str(mosquitto.port),
            "SHOUWANG_WEBHOOKS": json.dumps(hooks),
            "SHOUWANG_PEOPLE": json.dumps({"property": [f"json://{HOST}:{people.port}/property"]}),
        },
    )
    made.start()
    made.until_ready()
    yield made
    made.kill()


def lasting(service: Service, port: int, wanted: dict[str, int]) -> dict[str, Doc]:
    """What the broker keeps for a newcomer, once there are so many of each sort."""
    with Listener(port, OUT + "+/+") as newcomer:

        def counts() -> dict[str, int]:
            sorts = [topic.removeprefix(OUT).split("/")[0] for topic in newcomer.lasting()]
            return {sort: sorts.count(sort) for sort in sorts}

        service.until(f"the broker keeps {wanted}", lambda: counts() == wanted)
        return {topic.removeprefix(OUT): json.loads(payload) for topic, payload in newcomer.lasting().items()}


def test_states_are_retained_while_they_last_and_taken_away_at_the_end(service: Service, mosquitto: Mosquitto) -> None:
    with Gateway(service) as gateway:
        gateway.post(smoke("e-1", "b01/u1/0101"), topic=topic_of("s-1"))
        states = lasting(service, mosquitto.port, {"alarm": 1, "incident": 1, "dispatch": 2})
        (incident,) = [doc for topic, doc in states.items() if topic.startswith("incident/")]
        assert f"incident/{incident['id']}" in states
        assert (incident["state"], incident["level"], incident["zone"]) == ("open", "red", "b01/u1/0101")

        assert act(service, "acknowledge", "incident", incident["id"])["is_accepted"]
        with Listener(mosquitto.port, f"{OUT}incident/+") as newcomer:
            service.until(
                "the new state is kept",
                lambda: any(json.loads(payload)["state"] == "acknowledged" for payload in newcomer.lasting().values()),
            )
        closed = act(service, "close", "incident", incident["id"], verdict="false")
        assert closed["is_accepted"], closed
        assert lasting(service, mosquitto.port, {}) == {}


def test_a_warning_is_retained_until_it_ends(service: Service, mosquitto: Mosquitto) -> None:
    with Gateway(service) as gateway:
        gateway.post({"kind": "temperature", "value": 52, "zone": "b02/u1/0101"}, topic=topic_of("t-1", "reading"))
        service.until("it is warned", lambda: bool(warned(service)))
        states = lasting(service, mosquitto.port, {"warning": 1, "incident": 1})
        assert any(topic.startswith("warning/") and doc["state"] == "active" for topic, doc in states.items())

        (incident,) = [doc for topic, doc in states.items() if topic.startswith("incident/")]
        closed = act(service, "close", "incident", incident["id"], verdict="false")
        assert closed["is_accepted"], closed
        assert lasting(service, mosquitto.port, {}) == {}


def warned(service: Service) -> list[Doc]:
    with reading(service) as views:
        return opened(facts(views), "warning")


def test_webhooks_are_signed_people_are_told_and_one_that_is_down_harms_no_other(
    service: Service, city: Receiver, broken: Receiver, people: Receiver
) -> None:
    with Gateway(service) as gateway, reading(service) as views:
        for number in range(20):
            gateway.post(smoke(f"e-{number}", f"b{number:02}/u1/0101"), topic=topic_of(f"s-{number}"))
        service.until("all is decided", lambda: len(opened(facts(views), "alarm")) == 20)

        def wanted() -> set[str]:
            return {f"webhook:city:{fact['id']}" for fact in facts(views) if fact["entity"] in {"alarm", "incident", "dispatch"}}

        service.until(
            "the city was told all", lambda: {one.headers["Idempotency-Key"] for one in list(city.received)} >= wanted()
        )
        service.until(
            "people were told of each fire", lambda: len({json.loads(one.body)["message"] for one in people.received}) >= 20
        )
        service.until("the broken one was tried", lambda: broken.received)
        for one in city.received:
            stamp, given = one.headers["Shouwang-Timestamp"], one.headers["Shouwang-Signature"]
            assert given == sign(SECRET, stamp, one.body)
            assert json.loads(one.body)["id"] in one.headers["Idempotency-Key"]
        assert len(broken.received) < 60, "a system that is down is left alone for a while"
        assert service.health()["ready"]
