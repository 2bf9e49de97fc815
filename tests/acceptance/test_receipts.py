"""A sender who asks for it gets a receipt, once its event is journaled, decided and stored; a duplicate gets one too."""

import json

import pytest

from rules.model import Entity
from tests.acceptance.outside import Doc, Gateway, Listener, Publisher, reading, smoke, topic_of
from tests.acceptance.service import Service
from tests.servers import Mosquitto

pytestmark = [pytest.mark.acceptance, pytest.mark.needs("mosquitto")]


def test_the_receipt_comes_after_the_commit_and_for_duplicates_too(service: Service, mosquitto: Mosquitto) -> None:
    with (
        Publisher(mosquitto.port) as publisher,
        Gateway(service) as gateway,
        Listener(mosquitto.port, "shouwang/v1/+/out/receipt/+") as listener,
        reading(service) as views,
    ):

        def receipts(event_id: str) -> list[Doc]:
            return [json.loads(payload) for payload in listener.on(f"shouwang/v1/jade/out/receipt/{event_id}")]

        publisher.publish(topic_of("s-1"), smoke("e-1", "b01/u1/0101", receipt=True))
        service.until("the receipt came", lambda: receipts("e-1"))
        assert [alarm["device"] for alarm in views.underway(Entity.ALARM)] == ["s-1"], "a receipt says that it is stored"
        assert [(one["event_id"], one["device"], one["is_duplicate"]) for one in receipts("e-1")] == [("e-1", "s-1", False)]

        publisher.publish(topic_of("s-1"), smoke("e-1", "b01/u1/0101", receipt=True))
        service.until("the duplicate's receipt came", lambda: len(receipts("e-1")) == 2)
        assert receipts("e-1")[1]["is_duplicate"]

        many = [{"id": f"r-{n}", "kind": "temperature", "value": 21, "receipt": n % 2 == 0} for n in range(10)]
        gateway.post(many, topic=topic_of("t-1", "reading"))
        service.until("readings have receipts too", lambda: all(receipts(f"r-{n}") for n in range(0, 10, 2)))
        assert not any(receipts(f"r-{n}") for n in range(1, 10, 2)), "nobody asked for these"
        assert not any(is_kept for _, _, is_kept in listener.messages)
    with Listener(mosquitto.port, "shouwang/v1/+/out/receipt/+") as newcomer, Publisher(mosquitto.port) as publisher:
        publisher.publish("shouwang/v1/jade/out/receipt/mark", b"1")
        service.until("a mark came", lambda: newcomer.messages)
        assert [topic for topic, _, _ in newcomer.messages] == ["shouwang/v1/jade/out/receipt/mark"], "a receipt is not retained"
