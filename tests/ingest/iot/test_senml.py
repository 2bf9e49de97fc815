"""SenML: records with their base fields worked in, by the examples of RFC 8428 and its traps."""

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.adapter import SAID_MAX, Ignored, understand
from ingest.formats import FORMATS
from rules.model import Event, Rejected
from tests.ingest.iot.listening import RECEIVED_AT, foreign

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "payloads" / "senml"
MAC = "urn:dev:ow:10e2073a01080063"


def heard(pack: object) -> list[Event | Rejected]:
    told = understand(FORMATS["senml"].opens(), foreign("t", pack))
    return [] if isinstance(told, Ignored) else told


def events(pack: object) -> list[Event]:
    return [each for each in heard(pack) if isinstance(each, Event)]


@pytest.mark.needs("recordings")
def test_the_examples_of_the_standard() -> None:
    (one,) = events((SAMPLES / "rfc8428_single.json").read_bytes())
    assert (one.device, one.kind, one.value, one.unit) == (MAC, "temperature", 23.1, "°C")
    volts, amperes = events((SAMPLES / "rfc8428_base_name.json").read_bytes())
    assert (volts.device, volts.kind, volts.value) == (MAC, "voltage", 120.1)
    assert (amperes.device, amperes.kind, amperes.value) == (MAC, "current", 1.2)


def test_base_fields_hold_for_all_that_follow() -> None:
    pack = [
        {"bn": "flat7/", "bt": 1_772_445_000, "bu": "Cel", "bv": 20, "n": "temperature", "v": 1.5},
        {"n": "temperature", "v": 2, "t": 30},
    ]
    first, second = events(pack)
    assert (first.device, first.value, first.occurred_at) == ("flat7", 21.5, 1_772_445_000_000)
    assert (second.value, second.occurred_at) == (22.0, 1_772_445_030_000)


def test_a_small_time_is_relative_to_now_and_none_is_now() -> None:
    earlier, now, unsaid = events([{"n": MAC, "u": "Cel", "v": 1, **time} for time in ({"t": -5}, {"t": 0}, {})])
    assert earlier.occurred_at == RECEIVED_AT - 5000
    assert now.occurred_at is unsaid.occurred_at is None
    assert len({earlier.id, now.id, unsaid.id}) == 3


@pytest.mark.parametrize(("time", "event_count"), [({}, 2), ({"t": 0}, 2), ({"t": -5}, 2), ({"t": 1_772_445_000}, 1)])
def test_the_same_words_without_a_time_of_their_own_are_a_second_fire(time: dict[str, int], event_count: int) -> None:
    smoke = foreign("hall", [{"n": "hall:smoke", "vb": True, **time}])
    again = [understand(FORMATS["senml"].opens(), replace(smoke, arrival=arrival)) for arrival in ("1", "2", "2")]
    assert len({event.id for told in again if isinstance(told, list) for event in told}) == event_count


def test_the_first_absolute_time_is_of_1978_and_so_from_a_clock_that_was_never_set() -> None:
    (event,) = events([{"n": MAC, "u": "Cel", "v": 1, "t": 2**28}])
    assert event.occurred_at is None
    assert event.attributes["unset_clock_at"] == 2**28


def test_units_are_converted_once_and_shared_ones_need_a_name() -> None:
    (level,) = events([{"n": "pit:level", "u": "m", "v": 0.27}])
    assert (level.kind, level.value, level.unit) == ("water_level", 270.0, "mm")
    (co,) = events([{"n": "hall:co", "u": "ppm", "v": 30}])
    assert (co.kind, co.value) == ("carbon_monoxide", 30.0)
    assert (
        events(
            [{"n": "mast:height", "u": "m", "v": 4}, {"n": "x:gas", "u": "ppm", "v": 4}, {"n": "x:y", "u": "Fahrenheit", "v": 4}]
        )
        == []
    )


def test_a_truth_with_the_name_of_an_alarm_is_one() -> None:
    on, off = events([{"n": "hall:smoke", "vb": True}, {"n": "hall:smoke", "vb": False}])
    assert (on.kind, on.state, on.device, off.state) == ("smoke", "on", "hall", "off")
    assert events([{"n": "hall:lamp", "vb": True}]) == []


@pytest.mark.parametrize("pack", [[{"bver": 11, "n": "a", "u": "Cel", "v": 1}], {"n": "a"}, [1], b"[{", b"", [{"bver": "x"}]])
def test_what_is_no_pack_is_refused(pack: object) -> None:
    (refused,) = heard(pack)
    assert isinstance(refused, Rejected)


def test_sums_and_binary_values_say_nothing() -> None:
    assert heard([{"n": "a:x", "u": "W", "s": 4}, {"n": "a:y", "vd": "AAAA"}]) == []


@pytest.mark.parametrize(
    ("name", "kind"), [("smoke", "smoke"), ("fire", "smoke"), ("gas_leak", "gas"), ("panic", "sos"), ("power_lost", "power_lost")]
)
def test_an_alarm_by_any_of_its_names_is_heard(name: str, kind: str) -> None:
    (alarm,) = events([{"bn": "urn:dev:flat7:", "n": name, "vb": True}])
    assert (alarm.event_class.value, alarm.kind, alarm.state, alarm.device) == ("alarm", kind, "on", "urn:dev:flat7")


@pytest.mark.parametrize(("record_count", "event_count"), [(SAID_MAX, SAID_MAX), (SAID_MAX + 1, 0)])
def test_a_pack_holds_only_so_many_events(record_count: int, event_count: int) -> None:
    assert (
        len([each for each in heard([{"n": MAC, "u": "Cel", "v": 1}] * record_count) if isinstance(each, Event)]) == event_count
    )
