"""What a route says of a device goes before what its message says: where it is, how we call it; and what is past."""

from dataclasses import replace

import pytest

from ingest.adapter import Foreign, Said, understand
from rules.model import Event, EventClass, Network

MESSAGE = Foreign(topic="x", payload=b"{}", community="jade", network=Network.IOT, received_at=0, arrival="1")
SMOKE = Said(event_class=EventClass.ALARM, kind="smoke", device="kitchen", state="on")
ROUTE = replace(MESSAGE, zones={"kitchen": "b01/u1/0101", "a.b": "b02"}, zone="b09", names={"kitchen": "s-1", "hub": "gw-1"})


def event(said: Said, foreign: Foreign = ROUTE) -> Event:
    told = understand(lambda _: [said], foreign)
    assert isinstance(told, list)
    (found,) = told
    assert isinstance(found, Event)
    return found


@pytest.mark.parametrize(
    ("device", "own_zone", "name", "zone"),
    [
        ("kitchen", "", "s-1", "b01/u1/0101"),
        ("kitchen", "b07", "s-1", "b01/u1/0101"),  # the route goes before the message
        ("kitchen.battery_low", "", "s-1.battery_low", "b01/u1/0101"),  # a part of it
        ("kitchen.2.fault", "", "s-1.2.fault", "b01/u1/0101"),  # a part of a part
        ("a.b", "", "a.b", "b02"),  # a dot may be the name's own
        ("hall", "", "hall", "b09"),
        ("hall", "b07/u2", "hall", "b07/u2"),
    ],
)
def test_a_device_is_where_and_what_the_route_says(device: str, own_zone: str, name: str, zone: str) -> None:
    found = event(replace(SMOKE, device=device, zone=own_zone))
    assert (found.device, found.zone) == (name, zone)


def test_a_gateway_is_renamed_like_a_device() -> None:
    assert event(replace(SMOKE, gateway="hub")).attributes["gateway"] == "gw-1"


@pytest.mark.parametrize(
    ("said", "confidence"),
    [
        (SMOKE, 0.7),
        (replace(SMOKE, confidence=0.9), 0.9),
        (replace(SMOKE, event_class=EventClass.STATE), 1.0),
    ],
)
def test_an_alarm_that_does_not_say_how_sure_it_is_is_as_sure_as_the_route_says(said: Said, confidence: float) -> None:
    assert event(said, replace(ROUTE, confidence=0.7)).confidence == confidence
    assert event(SMOKE).confidence == 1.0


def test_a_copy_of_the_past_is_like_a_retained_message() -> None:
    assert not event(SMOKE).is_retained
    assert event(replace(SMOKE, is_past=True)).is_retained
    assert event(SMOKE, replace(ROUTE, is_retained=True)).is_retained
