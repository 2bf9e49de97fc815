"""iSecure Center: every code of its list, the states of an event, and its samples' impossible dates and places."""

from typing import Any

import pytest

from ingest.adapter import Ignored
from rules.model import Rejected
from tests.ingest.video.desk import Desk, score

CAMERA = "da107dd1989e44978a5efebe73d6e979"


def push(*events: dict[str, object], ability: str = "event_rule") -> dict[str, object]:
    return {
        "method": "OnEventNotify",
        "params": {"ability": ability, "sendTime": "2026-11-03T08:05:08+08:00", "events": list(events)},
    }


def event(code: object, status: object = 1, **more: object) -> dict[str, object]:
    told = {"eventId": "BE26", "eventType": code, "status": status, "srcIndex": CAMERA, "srcType": "camera", "timeout": 0}
    return told | {"happenTime": "2026-11-03T08:05:06.500+08:00"} | more


def heard(*events: dict[str, object]) -> list[tuple[Any, ...]]:
    return Desk("hikvision_isc").score(push(*events))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (131329, ("alarm", "device_fault", "on", f"{CAMERA}.video_loss")),
        (131330, ("state", "tamper", "on", CAMERA)),
        (131331, ("state", "motion", "on", CAMERA)),
        (131585, ("alarm", "line_crossing", "on", CAMERA)),
        (131586, ("alarm", "intrusion", "on", CAMERA)),
        (131587, ("alarm", "region_exit", "on", CAMERA)),
        (131588, ("alarm", "intrusion", "on", CAMERA)),
        (131590, ("alarm", "loitering", "on", CAMERA)),
        (131591, ("alarm", "parking", "on", CAMERA)),
        (131592, ("alarm", "fast_moving", "on", CAMERA)),
        (131593, ("alarm", "crowd", "on", CAMERA)),
        (131594, ("alarm", "object_left", "on", CAMERA)),
        (131595, ("alarm", "object_removed", "on", CAMERA)),
        (131596, ("alarm", "violence", "on", CAMERA)),
        (131597, ("alarm", "climbing", "on", CAMERA)),
        (131603, ("alarm", "absent_from_post", "on", CAMERA)),
        (131604, ("alarm", "tailgating", "on", CAMERA)),
        (131605, ("alarm", "fall", "on", CAMERA)),
        (131606, ("alarm", "abnormal_sound", "on", CAMERA)),
        (131612, ("state", "tamper", "on", CAMERA)),
        (131613, ("alarm", "device_fault", "on", f"{CAMERA}.defocus")),
        (131664, ("alarm", "person_count_limit", "on", CAMERA)),
        (192513, ("alarm", "smoke", "on", CAMERA)),
        (192514, ("alarm", "smoke", "on", CAMERA)),
        (192515, ("alarm", "heat", "on", CAMERA)),
        (192517, ("alarm", "temperature_limit", "on", CAMERA)),
        (192518, ("alarm", "temperature_difference", "on", CAMERA)),
        (589825, ("alarm", "alarm_input", "on", CAMERA)),
        (889196545, ("alarm", "device_fault", "on", f"{CAMERA}.offline")),
        (131598, ("alarm", "other_alarm", "on", CAMERA)),
        ("131605", ("alarm", "fall", "on", CAMERA)),
    ],
)
def test_what_each_code_says(code: object, expected: tuple[Any, ...]) -> None:
    assert heard(event(code)) == [expected]


@pytest.mark.parametrize(
    ("status", "state"),
    [(0, "on"), (1, "on"), (2, "off"), (3, "on"), ("2", "off"), (None, "on"), (4, None), (5, None), (9, None)],
)
def test_the_status_of_an_event(status: object, state: str | None) -> None:
    assert [each[2] for each in heard(event(131588, status))] == ([state] if state else [])


def test_one_event_that_is_told_often_is_one_observation_and_each_report_is_heard() -> None:
    desk = Desk("hikvision_isc")
    reports = (event(131588), event(131588, 3, happenTime="2026-11-03T08:05:16+08:00"), event(131588, 2))
    told = [each for report in reports for each in desk.heard(push(report))]
    assert [each.state for each in told] == ["on", "on", "off"]
    assert {each.attributes["track"] for each in told} == {"BE26"}
    assert len({each.id for each in told}) == 3
    (again,) = desk.heard(push(event(131588), ability="event_vss"))
    assert again.id == told[0].id


@pytest.mark.parametrize(
    ("happened", "at", "beside"),
    [
        ("2026-11-03T08:05:06.500+08:00", 1_793_664_306_500, set()),
        ("2026-11-03T 08:05:06.500+08:00", 1_793_664_306_500, set()),
        ("1900-01-01T00:00:00.000+08:00", None, {"unset_clock_at"}),
        ("1900-01-00T00:00:00.000+08:00", None, {"unreadable_at"}),
        (None, None, set()),
    ],
)
def test_a_time_that_is_impossible_does_not_cost_the_event(happened: object, at: int | None, beside: set[str]) -> None:
    (told,) = Desk("hikvision_isc").heard(push(event(131329, 0, happenTime=happened)))
    assert told.occurred_at == at
    assert beside <= set(told.attributes)
    (same,) = Desk("hikvision_isc").heard(push(event(131329, 0, happenTime=happened)))
    assert same.id == told.id


def test_the_place_and_the_picture_of_the_platforms_own_sample() -> None:
    seen = {"imageUrl": "http://10.3.1.12:8080/xxx?token=7", "targetAttrs": {"longitude": 116.39737, "latitude": 116.39737}}
    (told,) = Desk("hikvision_isc").heard(
        push(event(131588, data={"dataType": "x", "fielddetection": [seen]}, srcName="东墙", eventLvl=2))
    )
    assert told.attributes["doubtful_place"] == "116.397,116.397"
    assert (told.attributes["clip"], told.attributes["name"], told.attributes["level"]) == (
        "http://10.3.1.12:8080/xxx",
        "东墙",
        "yellow",
    )
    seen["targetAttrs"] = {"longitude": "120.19", "latitude": "30.26"}
    (there,) = Desk("hikvision_isc").heard(push(event(131588, data={"fielddetection": [seen]})))
    assert (there.attributes["latitude"], there.attributes["longitude"]) == (30.26, 120.19)


@pytest.mark.parametrize(("level", "colour"), [(0, None), (1, "blue"), (2, "yellow"), (3, "red"), (7, None), ("3", "red")])
def test_the_level(level: object, colour: str | None) -> None:
    (told,) = Desk("hikvision_isc").heard(push(event(131605, eventLvl=level)))
    assert told.attributes.get("level") == colour


def test_several_events_of_a_push_are_told_each() -> None:
    assert [each[1] for each in heard(event(131605), event(851969), event(131331, 2))] == [
        "fall",
        "motion",
    ]


@pytest.mark.parametrize(
    "body",
    [
        push(event(851969), ability="event_gps"),
        push(event(131605), ability="event_acs"),
        push(event(131605), ability="event_face_recognition"),
        push(event(196355)),
        push(),
        {"method": "OnSomething"},
        push(event("x")),
    ],
)
def test_what_is_of_no_concern(body: object) -> None:
    assert isinstance(Desk("hikvision_isc").told(body), Ignored)


@pytest.mark.parametrize(
    "body", [b"", b"{", [], {"method": "OnEventNotify"}, {"method": "OnEventNotify", "params": {"events": {}}}]
)
def test_what_cannot_be_read_is_refused(body: object) -> None:
    told = Desk("hikvision_isc").told(body)
    assert isinstance(told, list)
    assert isinstance(told[0], Rejected)


def test_a_tree_that_is_wide_and_deep_is_not_walked_to_its_end() -> None:
    deep: object = {"latitude": 30.0, "longitude": 120.0}
    for _ in range(30):
        deep = {"a": deep}
    (told,) = Desk("hikvision_isc").heard(push(event(131605, data={"deep": deep, "wide": [[{}] * 50] * 900})))
    assert score(told) == ("alarm", "fall", "on", CAMERA)
    assert "latitude" not in told.attributes


def test_a_fire_is_heard_whatever_ability_it_comes_under_and_however_its_device_is_written() -> None:
    told = Desk("hikvision_isc").score(push(event(192515, srcIndex=12345), ability="event_ifpms"))
    assert told == [("alarm", "heat", "on", "12345")]
    assert isinstance(Desk("hikvision_isc").told(push(event(771), ability="event_acs")), Ignored)


def test_a_fire_of_no_device_is_refused_beside_the_others() -> None:
    told = Desk("hikvision_isc").told(push(event(192515, srcIndex=None), event(192513)))
    assert isinstance(told, list)
    assert [type(each) is Rejected for each in told] == [True, False]


def test_without_its_number_a_fire_of_no_time_is_heard_each_time() -> None:
    desk = Desk("hikvision_isc")
    bare = push(event(192515, eventId=None, happenTime="1900-01-00T00:00:00.000+08:00"))
    (first,), (again,) = desk.heard(bare), desk.heard(bare)
    assert first.id != again.id
