"""Frigate: a life of an object as one observation, alerts in drawn zones, the states of cameras, and nothing about persons."""

from typing import Any

import pytest

from ingest.adapter import Ignored
from ingest.video.frigate import CAMERAS_MAX, TRACKS_MAX
from rules.model import Event, Rejected
from tests.ingest.video.desk import Desk, sample, score

TRACK = "1793664306.5-mxklsc"


def event(kind: str, track: str = TRACK, /, **after: object) -> dict[str, object]:
    told = {
        "id": track,
        "camera": "gate",
        "label": "person",
        "top_score": 0.9,
        "frame_time": 1793664307.25,
        "start_time": 1793664306.5,
    }
    return {"type": kind, "before": {}, "after": told | after}


def review(kind: str, *, severity: str = "alert", **data: object) -> dict[str, object]:
    what = {"objects": ["person"], "zones": ["yard"], "sub_labels": [], "audio": []} | data
    after = {"id": "r1", "camera": "gate", "start_time": 1793664306.5, "end_time": None, "severity": severity, "data": what}
    return {"type": kind, "before": after | {"severity": "detection"}, "after": after}


def lived(*messages: object, topic: str = "frigate/events") -> list[tuple[Any, ...]]:
    desk = Desk("frigate")
    return [score(each) for message in messages for each in desk.heard(message, topic)]


@pytest.mark.needs("recordings")
@pytest.mark.parametrize(
    ("name", "topic", "expected"),
    [
        ("events_update", "events", [("state", "occupancy", "on", "front_door")]),
        ("reviews_update", "reviews", [("alarm", "intrusion", "on", "front_cam")]),
        ("triggers", "triggers", [("alarm", "other_alarm", "on", "driveway")]),
        ("tracked_object_update_face", "tracked_object_update", []),
        ("tracked_object_update_description", "tracked_object_update", []),
        ("tracked_object_update_classification_attribute", "tracked_object_update", []),
        ("tracked_object_update_classification_sub_label", "tracked_object_update", []),
    ],
)
def test_the_samples(name: str, topic: str, expected: list[tuple[Any, ...]]) -> None:
    assert Desk("frigate").score(sample(f"frigate/{name}.json"), f"frigate/{topic}") == expected


@pytest.mark.needs("recordings")
def test_no_name_and_no_plate_comes_out_of_the_samples() -> None:
    desk = Desk("frigate")
    told = desk.heard(sample("frigate/events_update.json"), "frigate/events")
    told += desk.heard(sample("frigate/reviews_update.json"), "frigate/reviews")
    seen, alarmed = told
    for word in ("Smith", "ABC12345", "Bob"):
        assert word not in str(told)
    assert (seen.occurred_at, seen.confidence) == (1_607_123_962_083, 0.958984375)
    assert dict(seen.attributes) == {"track": "1607123955.475377-mxklsc", "label": "person", "zones": "yard,driveway"}
    assert alarmed.attributes["clip"] == "/media/frigate/clips/review/thumb-front_cam-1718987129.308396-fqk5ka.webp"
    assert (alarmed.attributes["zones"], alarmed.attributes["objects"]) == ("front_yard", "person,car")


def test_new_update_and_end_are_one_observation() -> None:
    desk = Desk("frigate")
    messages = (event("new"), event("update", frame_time=1793664309.0), event("end", end_time=1793664320.5))
    told = [each for message in messages for each in desk.heard(message, "frigate/events")]
    assert [each.state for each in told] == ["on", "on", "off"]
    assert {each.attributes["track"] for each in told} == {TRACK}
    assert len({each.id for each in told}) == 3
    assert [each.occurred_at for each in told] == [1_793_664_307_250, 1_793_664_309_000, 1_793_664_320_500]


def test_the_same_report_twice_is_one() -> None:
    desk = Desk("frigate")
    first, again = (desk.heard(event("new"), "frigate/events")[0].id for _ in range(2))
    assert first == again


def test_who_leaves_does_not_end_what_is_seen_of_others() -> None:
    on, off = ("state", "occupancy", "on", "gate"), ("state", "occupancy", "off", "gate")
    assert lived(event("new", "a"), event("new", "b"), event("end", "a"), event("end", "b")) == [on, on, off]
    assert lived(event("end", "never seen")) == [off]


def test_another_label_and_another_camera_are_others() -> None:
    messages = (event("new", "a"), event("new", "b", label="fire"), event("new", "c", camera="hall"), event("end", "a"))
    assert lived(*messages)[-1] == ("state", "occupancy", "off", "gate")


def test_what_is_remembered_is_bounded() -> None:
    desk = Desk("frigate")
    for index in range(TRACKS_MAX + 1):
        desk.heard(event("new", f"t{index}"), "frigate/events")
    for index in range(1, TRACKS_MAX):
        assert isinstance(desk.told(event("end", f"t{index}"), "frigate/events"), Ignored)
    assert desk.score(event("end", f"t{TRACKS_MAX}"), "frigate/events") == [("state", "occupancy", "off", "gate")]
    for index in range(CAMERAS_MAX + 1):
        desk.heard(event("new", "x", camera=f"c{index}"), "frigate/events")
        desk.heard(event("new", "y", camera=f"c{index}"), "frigate/events")
    assert desk.heard(event("end", "y", camera="c0"), "frigate/events")  # forgotten: an end is an end
    assert isinstance(desk.told(event("end", "y", camera="c9"), "frigate/events"), Ignored)


def test_a_restart_of_frigate_forgets_the_tracks() -> None:
    desk = Desk("frigate")
    desk.heard(event("new", "a"), "frigate/events")
    desk.heard(b"online", "frigate/available")
    desk.heard(event("new", "b"), "frigate/events")
    assert desk.score(event("end", "b"), "frigate/events") == [("state", "occupancy", "off", "gate")]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"label": "person-verified"}, [("state", "occupancy", "on", "gate")]),
        ({"label": "fire"}, [("alarm", "heat", "on", "gate")]),
        ({"label": "smoke"}, [("alarm", "smoke", "on", "gate")]),
        ({"label": "flame"}, [("alarm", "heat", "on", "gate")]),
        ({"label": "fall"}, [("alarm", "fall", "on", "gate")]),
        ({"label": "car"}, []),
        ({"label": None}, []),
        ({"false_positive": True}, []),
        ({"false_positive": "False"}, [("state", "occupancy", "on", "gate")]),
    ],
)
def test_what_is_seen(after: dict[str, object], expected: list[tuple[Any, ...]]) -> None:
    assert lived(event("new", TRACK, **after)) == expected


def test_a_clip_is_named_and_not_copied() -> None:
    (kept,) = Desk("frigate").heard(event("update", has_clip=True), "frigate/events")
    assert kept.attributes["clip"] == TRACK


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (review("new"), [("alarm", "intrusion", "on", "gate")]),
        (review("update"), [("alarm", "intrusion", "on", "gate")]),
        (review("end"), [("alarm", "intrusion", "off", "gate")]),
        (review("new", severity="detection"), []),
        (review("new", zones=[]), []),
        (review("new", objects=["car"]), []),
        (review("new", objects=["person-verified"]), [("alarm", "intrusion", "on", "gate")]),
        (review("new", objects=None, zones="yard"), []),
    ],
)
def test_an_alert_about_a_person_in_a_drawn_zone_is_an_intrusion(message: object, expected: list[tuple[Any, ...]]) -> None:
    assert lived(message, topic="frigate/reviews") == expected


@pytest.mark.parametrize(
    ("topic", "payload", "expected"),
    [
        ("frigate/gate/motion", b"ON", [("state", "motion", "on", "gate")]),
        ("frigate/gate/motion", b"OFF", [("state", "motion", "off", "gate")]),
        ("frigate/yard/person", b"2", [("reading", "person_count", 2.0, "yard")]),
        ("frigate/yard/person/active", b"2", []),
        ("frigate/yard/car", b"2", []),
        ("frigate/gate/audio/scream", b"ON", [("alarm", "scream", "on", "gate")]),
        ("frigate/gate/audio/fire_alarm", b"OFF", [("alarm", "smoke", "off", "gate")]),
        ("frigate/gate/audio/speech", b"ON", []),
        ("frigate/gate/audio/dBFS", b"-40.1", []),
        (
            "site/frigate/gate/status/detect",
            b"online",
            [("heartbeat", "heartbeat", None, "gate"), ("alarm", "device_fault", "off", "gate.detect_offline")],
        ),
        ("frigate/gate/status/record", b"offline", [("alarm", "device_fault", "on", "gate.record_offline")]),
        ("frigate/gate/status/record", b"disabled", []),
        (
            "frigate/available",
            b"online",
            [("heartbeat", "heartbeat", None, "frigate"), ("alarm", "device_fault", "off", "frigate.offline")],
        ),
        ("frigate/available", b"offline", [("alarm", "device_fault", "on", "frigate.offline")]),
        ("frigate/available", b"stopped", [("alarm", "device_fault", "on", "frigate.offline")]),
        ("frigate/stats", b"{}", []),
        ("frigate/gate/person/snapshot", b"\xff\xd8\xff", []),
        ("frigate/gate/detect/state", b"ON", []),
    ],
)
def test_the_states_of_cameras(topic: str, payload: bytes, expected: list[tuple[Any, ...]]) -> None:
    assert Desk("frigate").score(payload, topic) == expected


@pytest.mark.parametrize("body", [{"type": "new"}, {"after": {"id": 7, "camera": "gate"}}, {"after": {"id": "a"}}, [], b"{", b""])
@pytest.mark.parametrize("topic", ["frigate/events", "frigate/reviews"])
def test_what_is_no_event_is_refused(body: object, topic: str) -> None:
    told = Desk("frigate").told(body, topic)
    assert isinstance(told, list)
    assert [type(each) for each in told] == [Rejected]


def test_strange_letters_in_an_id_do_not_cost_the_event() -> None:
    (told,) = Desk("frigate").heard(event("new", "a b\x00\u202ec", label="fire"), "frigate/events")
    assert isinstance(told, Event)
