"""A load: the same plan the same messages, evenly spread, in the mix that was asked for, and marked as an exercise."""

import json
from collections import Counter
from typing import Any

from ingest.topics import Lane
from ingest.wire import decode
from rules.model import Event, Status
from simulator.load.plan import RECEIPT_EVERY, LoadPlan, Mix, event_id, lane_of, load_messages

PLAN = LoadPlan(run="r", rate=200.0, lasts_s=10.0)


def bodies(plan: LoadPlan) -> list[dict[str, Any]]:
    return [json.loads(message.payload) for message in load_messages(plan)]


def test_the_same_plan_gives_the_same_bytes_and_another_seed_others() -> None:
    assert list(load_messages(PLAN)) == list(load_messages(PLAN))
    assert list(load_messages(PLAN)) != list(load_messages(LoadPlan(run="r", rate=200.0, lasts_s=10.0, seed=2)))


def test_they_are_evenly_spread_and_as_many_as_the_rate_says() -> None:
    offsets = [message.offset_ms for message in load_messages(PLAN)]
    assert (len(offsets), offsets[:3], offsets[-1]) == (2000, [0, 5, 10], 9995)


def test_the_lanes_are_mixed_as_asked_for() -> None:
    lanes = Counter(lane_of(message) for message in load_messages(LoadPlan(run="r", rate=2000.0, lasts_s=10.0)))
    assert 150 < lanes[Lane.CRITICAL] < 250
    assert 1600 < lanes[Lane.NORMAL] < 2000
    only = LoadPlan(run="r", rate=10.0, lasts_s=1.0, mix=Mix(critical=0.0, normal=0.0, bulk=1.0))
    assert {lane_of(message) for message in load_messages(only)} == {Lane.BULK}


def test_the_contract_takes_every_one_and_all_are_marked() -> None:
    for message in load_messages(PLAN):
        (event,) = decode(message.topic, message.payload, arrival="1")
        assert isinstance(event, Event)
        assert event.status is Status.EXERCISE


def test_ids_are_the_runs_own_and_each_alarm_is_of_another_detector() -> None:
    ids = [body["id"] for body in bodies(PLAN)]
    assert ids == [event_id(PLAN, number) for number in range(2000)]
    alarms = [message.topic for message in load_messages(PLAN) if lane_of(message) is Lane.CRITICAL]
    assert len(set(alarms)) == len(alarms)


def test_every_alarm_asks_for_its_receipt_and_some_of_the_rest() -> None:
    asking = [lane_of(message) for message, body in zip(load_messages(PLAN), bodies(PLAN), strict=True) if body.get("receipt")]
    lanes = Counter(lane_of(message) for message in load_messages(PLAN))
    assert Counter(asking)[Lane.CRITICAL] == lanes[Lane.CRITICAL]
    assert len(asking) - lanes[Lane.CRITICAL] <= 2000 // RECEIPT_EVERY
    assert all(body["receipt"] for body in bodies(LoadPlan(run="r", rate=50.0, lasts_s=1.0, asks_all=True)))
