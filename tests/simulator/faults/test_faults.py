"""Faults are pure changes of a stream: what they lose, repeat, delay and damage, and that the same seed does the same."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ingest.wire import decode
from simulator.faults.fault import FaultModel, faulty
from simulator.faults.models import FAULT_NAMES, Fault, draw, draw_any
from simulator.message import Message

TOPIC = "shouwang/v1/c01/iot/{}/{}"


def reading(second: float, device: str = "smoke-1", value: float = 0.1) -> Message:
    body = {"id": f"{device}.{second}", "kind": "smoke_obscuration", "at": "2026-03-02T10:00:00.000Z", "value": value}
    return Message(round(second * 1000), TOPIC.format("reading", device), json.dumps(body).encode())


def state(second: float, device: str = "leak-1", word: str = "wet") -> Message:
    body = {"id": f"{device}.{second}", "kind": "moisture", "at": "2026-03-02T10:00:00.000Z", "state": word}
    return Message(round(second * 1000), TOPIC.format("state", device), json.dumps(body).encode())


def fault(name: str, **fields: Any) -> FaultModel:
    found: FaultModel = TypeAdapter(Fault).validate_python({"fault": name, **fields})
    return found


def spoilt(messages: list[Message], *faults: FaultModel, seed: int = 1) -> list[Message]:
    return list(faulty(messages, faults, seed))


def body(message: Message) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(message.payload)
    return found


STREAM = [reading(second, f"smoke-{second % 7}", second) for second in range(300)]


@pytest.mark.parametrize("name", FAULT_NAMES)
@given(seed=st.integers(0, 2**31))
@settings(max_examples=10, deadline=None)
def test_the_same_seed_does_the_same_and_the_line_stays_in_order(name: str, seed: int) -> None:
    drawn = draw((name,), seed, 300)
    assert drawn == draw((name,), seed, 300)
    once, twice = spoilt(STREAM, *drawn, seed=seed), spoilt(STREAM, *drawn, seed=seed)
    assert once == twice
    assert [each.offset_ms for each in once] == sorted(each.offset_ms for each in once)
    assert {each.topic for each in once} <= {each.topic for each in STREAM}


@pytest.mark.parametrize("name", FAULT_NAMES)
def test_a_fault_does_something_and_only_where_and_while_it_holds(name: str) -> None:
    stream = sorted([*STREAM, *[state(second, "leak-1") for second in range(300)]], key=lambda each: each.offset_ms)
    assert spoilt(stream, fault(name, devices="lift-*")) == stream
    always = {"share": 1.0} if "share" in type(fault(name)).model_fields else {}
    assert spoilt(stream, fault(name, **always)) != stream
    late = spoilt(stream, fault(name, from_s=290.0, **always))
    assert late[: 280 * 2] == stream[: 280 * 2]


def test_loss_loses_its_share() -> None:
    left = spoilt(STREAM, fault("loss", share=0.2))
    assert 200 < len(left) < 280
    assert set(left) < set(STREAM)


def test_a_duplicate_is_the_same_again_a_little_later() -> None:
    came = spoilt(STREAM[:1], fault("duplicate", share=1.0, times=2, within_s=10.0))
    assert [each._replace(offset_ms=0) for each in came] == STREAM[:1] * 3
    assert all(0 <= each.offset_ms <= 10_000 for each in came)


def test_reordered_messages_are_all_there_and_overtake_each_other() -> None:
    came = spoilt(STREAM, fault("reorder", share=1.0, within_s=10.0))
    assert sorted(each.payload for each in came) == sorted(each.payload for each in STREAM)
    assert [each.payload for each in came] != [each.payload for each in STREAM]


def test_what_is_delayed_keeps_its_own_time() -> None:
    [late] = spoilt([reading(5)], fault("delay", share=1.0, by_s=120.0))
    assert late == reading(5)._replace(offset_ms=125_000)


def test_the_contract_refuses_what_is_damaged_and_never_falls_over() -> None:
    refused = 0
    for message in spoilt(STREAM, fault("corruption", share=1.0)):
        entries = decode(message.topic, message.payload)
        refused += any(type(entry).__name__ == "Rejected" for entry in entries)
    assert refused > 150


def test_a_skewed_clock_is_the_devices_own_and_steady() -> None:
    came = spoilt(STREAM, fault("clock_skew", share=1.0, by_s=600.0))
    shifts = {(each.topic, body(each)["at"]) for each in came}
    assert len(shifts) == 7
    assert len({at for _, at in shifts}) == 7


@pytest.mark.parametrize(("by_s", "year"), [(-2e11, "1970"), (2e11, "8363"), (3e11, "9999")])
def test_a_clock_jumps_as_far_as_there_are_years(by_s: float, year: str) -> None:
    [came] = spoilt([reading(5)], fault("clock_jump", share=1.0, by_s=by_s))
    assert body(came)["at"].startswith(year)


def test_a_chattering_contact_flaps_and_ends_as_it_began() -> None:
    came = spoilt([state(0), reading(60)], fault("chatter", share=1.0, times=3, every_s=2.0))
    assert [body(each)["state"] for each in came[:-1]] == ["wet", "dry", "wet", "dry", "wet", "dry", "wet"]
    assert len({body(each)["id"] for each in came}) == 8
    assert came[-1] == reading(60)


def test_a_stuck_sensor_goes_on_with_the_value_that_it_had() -> None:
    came = spoilt([reading(0, value=0.1), reading(10, value=0.2), reading(20, value=9.0)], fault("stuck", share=1.0, from_s=5.0))
    assert [body(each)["value"] for each in came] == [0.1, 0.2, 0.2]


def test_the_dead_are_silent_and_the_others_are_not() -> None:
    came = spoilt(STREAM, fault("dead", share=0.4))
    silent = {each.topic for each in STREAM} - {each.topic for each in came}
    assert 0 < len(silent) < 7
    assert [each for each in STREAM if each.topic not in silent] == came


def test_a_storm_is_many_new_messages() -> None:
    came = spoilt([state(0)], fault("storm", share=1.0, times=50, within_s=5.0))
    assert len({body(each)["id"] for each in came}) == 51
    assert came[-1].offset_ms == 5000


def test_after_a_restart_of_the_broker_all_that_waited_comes_at_once() -> None:
    came = spoilt(STREAM, fault("broker_restart", from_s=95.0, away_s=60.0, again=1.0))
    assert not [each for each in came if 100_000 <= each.offset_ms < 160_000]
    burst = [each for each in came if each.offset_ms == 160_000]
    assert len(burst) == 5 + 60 + 1  # unacknowledged and sent again, waiting, and the one of that second
    assert {each.payload for each in came} == {each.payload for each in STREAM}


def test_a_broker_that_writes_nothing_down_loses_its_last_seconds() -> None:
    came = spoilt(STREAM, fault("broker_restart", from_s=90.0, lost_s=10.0, lost=1.0, again=0.0))
    assert {each.payload for each in STREAM} - {each.payload for each in came} == {each.payload for each in STREAM[90:100]}


def test_all_come_back_within_seconds_of_each_other_with_what_they_kept() -> None:
    came = spoilt(STREAM, fault("reconnect_storm", from_s=100.0, away_s=100.0, within_s=20.0, kept_max=5))
    assert not [each for each in came if 100_000 <= each.offset_ms < 200_000]
    back = [each for each in came if 200_000 <= each.offset_ms <= 220_000]
    kept = [each for each in back if body(each)["value"] < 200]
    assert len(kept) == 7 * (5 + 1)  # seven devices, five messages each, the first of them twice
    assert came[-10:] == STREAM[-10:]


def test_faults_are_put_together_in_their_order() -> None:
    silent_then_doubled = spoilt([reading(0)], fault("dead", share=1.0), fault("duplicate", share=1.0))
    assert silent_then_doubled == []
    assert len(spoilt([reading(0)], fault("duplicate", share=1.0), fault("storm", share=1.0, times=3))) == 8


def test_some_faults_are_drawn_and_told_in_one_line_each() -> None:
    drawn = draw_any(4, seed=7, lasts_s=600)
    assert drawn == draw_any(4, seed=7, lasts_s=600)
    assert len({each.fault for each in drawn}) == 4
    assert all(str(each).startswith(f"{each.fault} from_s=") and "\n" not in str(each) for each in drawn)
    assert drawn != draw_any(4, seed=8, lasts_s=600)
