"""Shelly Gen2 and later: notifications, status topics, and a clock that is not set yet."""

from typing import Any

import pytest

from rules.model import Rejected
from tests.ingest.iot.listening import heard, short, told

ID = "shellyplussmoke-80646fc8d51c"


def notify(params: dict[str, object], method: str = "NotifyStatus") -> dict[str, object]:
    return {"src": ID, "dst": f"{ID}/events", "method": method, "params": {"ts": 1_793_664_306.5, **params}}


def said(params: dict[str, object], method: str = "NotifyStatus") -> list[tuple[Any, ...]]:
    return [short(each) for each in heard("shelly", f"{ID}/events/rpc", notify(params, method))]


BEAT = ("heartbeat", "heartbeat", ID, None)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"smoke:0": {"id": 0, "alarm": True, "mute": False}}, ("alarm", "smoke", ID, "on")),
        ({"smoke:0": {"alarm": False}}, ("alarm", "smoke", ID, "off")),
        ({"smoke:0": {"alarm": True, "mute": True}}, ("alarm", "smoke", ID, "on", "test")),
        ({"smoke:0": {"mute": True}}, BEAT),
        ({"flood:0": {"alarm": True}}, ("alarm", "water_leak", ID, "on")),
        ({"flood:0": {"errors": ["cable_unplugged"]}}, ("alarm", "device_fault", f"{ID}.flood:0", "on")),
        ({"flood:0": {"errors": None}}, ("alarm", "device_fault", f"{ID}.flood:0", "off")),
        ({"devicepower:0": {"battery": {"V": 2.98, "percent": 90}}}, ("reading", "battery", ID, 90.0)),
        ({"temperature:0": {"tC": 19.9, "tF": 67.82}}, ("reading", "temperature", ID, 19.9)),
        ({"temperature:101": {"tC": 4}}, ("reading", "temperature", f"{ID}.101", 4.0)),
        ({"temperature:0": {"tC": None}}, BEAT),
        ({"humidity:0": {"rh": 58.9}}, ("reading", "humidity", ID, 58.9)),
        ({"illuminance:0": {"lux": 12, "illumination": "dark"}}, ("reading", "illuminance", ID, 12.0)),
        ({"switch:0": {"output": True, "apower": 60.5, "temperature": {"tC": 71}}}, ("reading", "power", ID, 60.5)),
        ({"voltmeter:100": {"voltage": 12.1}}, ("reading", "voltage", f"{ID}.100", 12.1)),
        ({"presencezone:200": {"value": True}}, ("state", "occupancy", f"{ID}.200", "on")),
        ({"input:0": {"state": True}}, BEAT),
        ({"cloud": {"connected": False}}, BEAT),
        ({"smoke:0": "on"}, BEAT),
    ],
)
def test_what_a_change_says(params: dict[str, object], expected: tuple[Any, ...]) -> None:
    assert said(params) == [expected]


def test_all_of_a_status_says_also_that_nothing_is_wrong_with_it() -> None:
    assert said({"flood:0": {"alarm": False}, "sys": {"unixtime": 1}}, "NotifyFullStatus") == [
        ("alarm", "water_leak", ID, "off"),
        ("alarm", "device_fault", f"{ID}.flood:0", "off"),
    ]
    (leak, fault) = heard("shelly", "hall/shelly 1/status/flood:0", {"id": 0, "alarm": True, "errors": ["cable_unplugged"]})
    assert (leak.kind, leak.state, fault.state, fault.attributes["errors"]) == ("water_leak", "on", "on", "cable_unplugged")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"component": "smoke:0", "event": "alarm"}, ("alarm", "smoke", ID, "on")),
        ({"component": "smoke:0", "event": "smoke.alarm_off"}, ("alarm", "smoke", ID, "off")),
        ({"component": "smoke:0", "event": "alarm_test"}, ("alarm", "smoke", ID, "on", "test")),
        ({"component": "flood:0", "event": "alarm"}, ("alarm", "water_leak", ID, "on")),
        ({"component": "flood:0", "event": "cable_unplugged"}, ("alarm", "device_fault", f"{ID}.flood:0", "on")),
        ({"component": "input:0", "event": "single_push"}, BEAT),
        ({"component": "sys", "event": "ota_begin"}, BEAT),
        ({"component": 7}, BEAT),
    ],
)
def test_what_an_event_says(event: dict[str, object], expected: tuple[Any, ...]) -> None:
    assert said({"events": [event, None]}, "NotifyEvent") == [expected]


@pytest.mark.parametrize(("ts", "at"), [(1_793_664_306.5, 1_793_664_306_500), (2.46, None), (None, None)])
def test_who_has_just_woken_has_no_clock(ts: float | None, at: int | None) -> None:
    (alarm,) = heard("shelly", f"{ID}/events/rpc", notify({"ts": ts, "smoke:0": {"alarm": True}}))
    assert alarm.occurred_at == at
    assert alarm.attributes.get("unset_clock_at") == (ts if ts == 2.46 else None)


def test_online_is_a_sign_of_life_and_its_loss_a_fault_of_its_own() -> None:
    lost, back = ([short(each) for each in heard("shelly", "hall/plug/online", each)] for each in (b"false", b"true"))
    assert [each[1] for each in lost + back] == ["device_fault", "heartbeat", "device_fault"]
    assert (lost[0][3], back[1][3]) == ("on", "off")
    assert lost[0][2] == back[1][2] != back[0][2]
    assert heard("shelly", "hall/plug/online", b"perhaps") == []


def test_a_detector_on_a_battery_that_goes_to_sleep_is_not_lost() -> None:
    assert heard("shelly", f"{ID}/online", b"false") == []
    assert heard("shelly", "shellyblubutton-1/online", b"false") == []
    assert len(heard("shelly", "shellyblugwg3-aabbcc/online", b"false")) == 1  # a gateway on the mains does not sleep
    assert BEAT in [short(each) for each in heard("shelly", f"{ID}/online", b"true")]


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        (f"{ID}/rpc", {"id": 1, "result": {"smoke:0": {"alarm": True}}}),
        (f"{ID}/debug/log", b"free text"),
        (f"{ID}/events/rpc", {"method": "Shelly.GetStatus", "params": {"ts": 1}}),
        (f"{ID}/events/rpc", {"method": "NotifyStatus"}),
    ],
)
def test_answers_commands_and_logs_are_of_no_concern(topic: str, body: object) -> None:
    assert heard("shelly", topic, body) == []


def test_without_a_topic_the_source_is_the_device() -> None:
    assert [each.device for each in heard("shelly", "", notify({"smoke:0": {"alarm": True}}))] == [ID]


def test_what_is_no_json_is_refused() -> None:
    refused = told("shelly", f"{ID}/events/rpc", b"{")
    assert isinstance(refused, list)
    assert isinstance(refused[0], Rejected)
