"""Dahua: parts of a stream with lines, data that spans them or is no JSON, heartbeats, and the same parsed by a bridge."""

from typing import Any

import pytest

from ingest.adapter import Ignored
from ingest.video.dahua import CODES_MAX
from rules.model import Rejected
from tests.ingest.video.desk import Desk, sample, score

TOPIC = "gate"
SEEN = '{ "ObjectID" : 542, "ObjectType" : "Human" }'
DATA = f'{{\n "Name" : "Rule1; a=b",\n "Object" : {SEEN},\n "UTC" : 1793664306,\n "UTCMS" : 500\n}}'


def part(text: str, end: str = "\r\n") -> str:
    return f"--myboundary{end}Content-Type: text/plain{end}Content-Length: 999{end}{end}{text}{end}"


def heard(body: object) -> list[tuple[Any, ...]]:
    return Desk("dahua").score(body, TOPIC)


@pytest.mark.needs("recordings")
@pytest.mark.parametrize("name", ["attach_video_motion_start.txt", "attach_video_motion_start_with_data.txt"])
def test_the_samples_of_motion(name: str) -> None:
    assert heard(sample(f"dahua/{name}")) == [("state", "motion", "on", "gate-0")]


@pytest.mark.needs("recordings")
def test_the_sample_that_a_bridge_parsed() -> None:
    (told,) = Desk("dahua").heard(sample("dahua/cross_line_parsed.json"), TOPIC)
    assert (score(told), told.occurred_at) == (("alarm", "line_crossing", "on", "gate-0"), 1_620_477_656_180)
    assert dict(told.attributes) == {"track": 542.0, "rule": "Rule1"}  # ObjectType "Unknown" is nothing


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("VideoMotion", ("state", "motion", "on", "gate-0")),
        ("SmartMotionHuman", ("state", "motion", "on", "gate-0")),
        ("VideoBlind", ("state", "tamper", "on", "gate-0")),
        ("SceneChange", ("state", "tamper", "on", "gate-0")),
        ("CrossLineDetection", ("alarm", "line_crossing", "on", "gate-0")),
        ("CrossRegionDetection", ("alarm", "intrusion", "on", "gate-0")),
        ("WanderDetection", ("alarm", "loitering", "on", "gate-0")),
        ("FallDetection", ("alarm", "fall", "on", "gate-0")),
        ("FireWarning", ("alarm", "heat", "on", "gate-0")),
        ("SmokeDetection", ("alarm", "smoke", "on", "gate-0")),
        ("HeatImagingTemper", ("alarm", "temperature_limit", "on", "gate-0")),
        ("LeftDetection", ("alarm", "object_left", "on", "gate-0")),
        ("CrossFenceDetection", ("alarm", "line_crossing", "on", "gate-0")),
        ("TailDetection", ("alarm", "tailgating", "on", "gate-0")),
        ("ObjectPlacementDetection", ("alarm", "object_left", "on", "gate-0")),
        ("ObjectRemovalDetection", ("alarm", "object_removed", "on", "gate-0")),
        ("TakenAwayDetection", ("alarm", "object_removed", "on", "gate-0")),
        ("RioterDetection", ("alarm", "crowd", "on", "gate-0")),
        ("FightDetection", ("alarm", "violence", "on", "gate-0")),
        ("ParkingDetection", ("alarm", "parking", "on", "gate-0")),
        ("AudioMutation", ("alarm", "abnormal_sound", "on", "gate-0")),
        ("AlarmLocal", ("alarm", "alarm_input", "on", "gate-0")),
        ("VideoLoss", ("alarm", "device_fault", "on", "gate-0.video_loss")),
        ("StorageFailure", ("alarm", "device_fault", "on", "gate-0.disk")),
        ("StorageLowSpace", ("alarm", "device_fault", "on", "gate-0.disk_full")),
    ],
)
def test_what_each_code_says(code: str, expected: tuple[Any, ...]) -> None:
    assert heard(part(f"Code={code};action=Start;index=0")) == [expected]
    assert heard(part(f"Code={code};action=Stop;index=0")) == [(*expected[:2], "off", expected[3])]
    assert heard({"Code": code, "action": "Pulse", "index": 0, "data": {}}) == [expected]


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_data_spans_lines_and_holds_signs(end: str) -> None:
    (told,) = Desk("dahua").heard(part(f"Code=CrossRegionDetection;action=Start;index=3;data={DATA}", end), TOPIC)
    assert (score(told), told.occurred_at) == (("alarm", "intrusion", "on", "gate-3"), 1_793_664_306_500)
    assert dict(told.attributes) == {"track": 542.0, "label": "human", "rule": "Rule1; a=b"}


@pytest.mark.parametrize(
    "data", ["no json; a=b", "{", "[1]", '{"a": 1, "a": 2}', "", '{"UTC": "x"}', '{"Object": [1]}', "1" * 5000]
)
def test_data_that_is_none_does_not_cost_the_event(data: str) -> None:
    assert heard(part(f"Code=FireWarning;action=Start;index=0;data={data}")) == [("alarm", "heat", "on", "gate-0")]


@pytest.mark.parametrize(("direction", "kind"), [("Enter", "intrusion"), ("Leave", "region_exit"), (None, "intrusion")])
def test_who_leaves_does_not_intrude(direction: str | None, kind: str) -> None:
    assert (
        heard({"Code": "CrossRegionDetection", "action": "Start", "index": "0", "data": {"Direction": direction}})[0][1] == kind
    )


def test_a_stream_of_parts_with_heartbeats() -> None:
    body = (
        part("Heartbeat")
        + part("Code=VideoMotion;action=Start;index=0")
        + part(f"Code=VideoMotion;action=Stop;index=0;data={DATA}")
    )
    beat, start, stop = heard(body + "--myboundary--")
    assert beat == ("heartbeat", "heartbeat", None, "gate")
    assert (start[2], stop[2]) == ("on", "off")


def test_several_events_in_one_part_and_without_any_boundary() -> None:
    text = f"Code=VideoMotion;action=Start;index=0;data={DATA}\nCode=VideoLoss;action=Start;index=1"
    expected = [("state", "motion", "on", "gate-0"), ("alarm", "device_fault", "on", "gate-1.video_loss")]
    assert heard(part(text)) == heard(text) == expected


@pytest.mark.parametrize(
    ("code", "data", "expected"),
    [
        ("NumberStat", {"InsideSubtotal": 12, "EnteredSubtotal": 40}, [("reading", "person_count", 12.0, "gate-0")]),
        ("NumberStat", {"EnteredSubtotal": 40}, []),
        ("ManNumDetection", {"ManNum": "3"}, [("reading", "person_count", 3.0, "gate-0")]),
    ],
)
def test_persons_are_counted(code: str, data: dict[str, object], expected: list[tuple[Any, ...]]) -> None:
    assert heard({"Code": code, "action": "Pulse", "index": 0, "data": data}) == expected


def test_without_a_topic_and_without_a_channel_it_is_the_maker() -> None:
    assert Desk("dahua").score("Code=AlarmLocal;action=Start") == [("alarm", "alarm_input", "on", "dahua")]


@pytest.mark.parametrize(
    "text",
    [
        "Code=NTPAdjustTime;action=Pulse;index=0",
        "Code=FaceDetection;action=Start;index=0",
        "Code=VideoMotion;action=Jump;index=0",
    ],
)
def test_what_is_of_no_concern(text: str) -> None:
    assert isinstance(Desk("dahua").told(part(text), TOPIC), Ignored)


@pytest.mark.parametrize("body", [b"", b"hello", b"{", b"--b\r\n--b--", {"a": 1}, b"\xff\xfe"])
def test_what_cannot_be_read_is_refused(body: object) -> None:
    told = Desk("dahua").told(body, TOPIC)
    assert isinstance(told, list)
    assert isinstance(told[0], Rejected)


def test_too_many_events_are_refused() -> None:
    told = Desk("dahua").told("Code=VideoMotion;action=Start;index=0\n" * 1500, TOPIC)
    assert isinstance(told, list)
    assert isinstance(told[0], Rejected)
    assert told[0].reason == "too_many"


def test_a_broken_part_does_not_silence_the_one_behind_it() -> None:
    told = Desk("dahua").told(part('{"Code": "VideoMotion"') + part("Code=FireWarning;action=Start;index=0"), TOPIC)
    assert isinstance(told, list)
    assert [type(each) is Rejected for each in told] == [True, False]


@pytest.mark.parametrize(("event_count", "is_taken"), [(CODES_MAX, True), (CODES_MAX + 1, False)])
def test_a_body_holds_only_so_many_events(event_count: int, is_taken: bool) -> None:
    told = Desk("dahua").told("".join(part("Code=FireWarning;action=Start;index=0") for _ in range(event_count)), TOPIC)
    assert isinstance(told, list)
    assert (len(told) == event_count) == is_taken
    assert any(isinstance(each, Rejected) for each in told) != is_taken
