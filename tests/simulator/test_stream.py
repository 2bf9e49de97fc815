"""The stream: the same seed gives the same bytes, in time order, in the contract's form, and knows the time of day."""

import os
import subprocess
import sys
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pytest

from ingest.wire import decode
from rules.model import Event, EventClass, Network
from simulator.community import build_community
from simulator.message import Message
from simulator.scenario import Scenario
from simulator.scenario_file import load_scenario, read_scenario
from simulator.stream import messages, sayings
from simulator.world import World

ROOT = Path(__file__).resolve().parents[2]

DIGEST = """
from hashlib import sha256
from simulator.community import build_community
from simulator.scenario_file import load_scenario
from simulator.stream import messages
digest = sha256()
for message in messages(build_community(7), load_scenario("kitchen_fire")):
    digest.update(repr(message).encode())
print(digest.hexdigest())
"""


def events(stream: list[Message]) -> list[Event]:
    read = [entry for message in stream for entry in decode(message.topic, message.payload)]
    assert all(isinstance(entry, Event) for entry in read)
    return [entry for entry in read if isinstance(entry, Event)]


@pytest.fixture(scope="module")
def kitchen_fire() -> Scenario:
    return load_scenario("kitchen_fire")


@pytest.fixture(scope="module")
def stream(kitchen_fire: Scenario) -> list[Message]:
    return list(messages(build_community(7), kitchen_fire))


def test_the_same_seed_gives_the_same_bytes_under_every_hash_seed(stream: list[Message]) -> None:
    here = sha256()
    for message in stream:
        here.update(repr(message).encode())
    for hash_seed in ("0", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", DIGEST],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == here.hexdigest()


def test_another_seed_gives_other_bytes(stream: list[Message], kitchen_fire: Scenario) -> None:
    assert list(islice(messages(build_community(8), kitchen_fire), 100)) != stream[:100]


def test_messages_come_in_time_order_and_end_with_the_scenario(stream: list[Message], kitchen_fire: Scenario) -> None:
    offsets = [message.offset_ms for message in stream]
    assert offsets == sorted(offsets)
    assert offsets[0] >= 0
    assert kitchen_fire.end_ms - 5_000 < offsets[-1] <= kitchen_fire.end_ms


def test_every_message_is_read_back_as_an_event_with_its_place_time_and_own_identity(
    stream: list[Message], kitchen_fire: Scenario
) -> None:
    read = events(stream)
    assert len({event.id for event in read}) == len(read)
    for message, event in zip(stream, read, strict=True):
        assert event.occurred_at == kitchen_fire.start_at + message.offset_ms
        assert event.zone
        assert event.community == "c01"
    assert {event.network for event in read} == set(Network)


def test_the_fire_is_felt_in_its_flat_alone(stream: list[Message]) -> None:
    smoky = {event.zone for event in events(stream) if event.kind == "smoke_obscuration" and (event.value or 0) > 3}
    assert smoky == {"b03/u1/0502"}
    called = [event for event in events(stream) if event.event_class is EventClass.ALARM]
    assert [(event.device, event.kind, event.state) for event in called] == [
        ("smoke-b03-0502", "smoke", "on"),
        ("smoke-b03-0502", "smoke", "off"),
    ]


def test_a_hurried_stream_claims_no_future(kitchen_fire: Scenario) -> None:
    hurried = messages(build_community(7), kitchen_fire, start_at=1_800_000_000_000, speed=10.0)
    for message in islice(hurried, 500):
        [event] = decode(message.topic, message.payload)
        assert isinstance(event, Event)
        assert event.occurred_at == 1_800_000_000_000 + round(message.offset_ms / 10)


def test_a_scenario_at_a_place_without_the_device_it_needs_says_so() -> None:
    text = """
scenario: nowhere
title: {zh: 无, en: Nowhere}
starts: 2026-03-02T18:10:00+08:00
lasts_s: 60
tells: a test
hazards: [{model: ebike_in_lift, zone: b99/u1/lift1, starts_s: 1}]
truth: {}
"""
    with pytest.raises(LookupError, match="needs a camera there"):
        list(messages(build_community(7), read_scenario(text)))


def test_a_silent_home_says_nothing_but_that_its_devices_live() -> None:
    scenario = load_scenario("elder_fall_and_silence")
    world = World(build_community(7), scenario)
    fall = scenario.hazards[0]
    lived = [
        saying
        for saying in sayings(world)
        if saying.device.zone == fall.zone and saying.at_s > fall.starts_s and saying.event_class is EventClass.STATE
    ]
    assert {saying.state for saying in lived} <= {"closed", "dry"}
    water = [each.value for each in sayings(world) if each.kind == "water_flow" and each.device.zone == fall.zone]
    assert water[-1] == 0.0
