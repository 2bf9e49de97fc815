"""What people write is masked on every way in, before it is journaled; what devices say is left as it came."""

import json

import pytest

from ingest.wire import decode, encode
from rules.model import Event

CALL = "着火了 138 1234 5678，或 13812345678，li.si@mail.example，11010119900307888X"
MASKED = "着火了 138****5678，或 138****5678，l***@mail.example，110101********888X"


def heard(kind: str, **attributes: str) -> Event:
    (event,) = decode(f"shouwang/v1/jade/internet/alarm/d1-{kind}", json.dumps({"kind": kind, "attributes": attributes}).encode())
    assert isinstance(event, Event)
    return event


@pytest.mark.parametrize("kind", ["report", "sos"])
def test_the_numbers_in_what_people_write_are_masked_also_in_our_own_contract(kind: str) -> None:
    event = heard(kind, text=CALL, photo="https://x.example/13812345678.jpg")
    assert dict(event.attributes) == {"text": MASKED, "photo": "https://x.example/13812345678.jpg"}
    (again,) = decode(*encode(event))
    assert isinstance(again, Event)
    assert again.attributes == event.attributes


def test_what_a_device_says_is_left_as_it_came() -> None:
    assert heard("smoke", text="serial 13812345678").attributes["text"] == "serial 13812345678"
