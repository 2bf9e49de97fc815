"""ONVIF: the same event over MQTT and in XML, snapshots and deletions, and frames of which only persons are counted."""

from typing import Any

import pytest

from ingest.adapter import Ignored, understand
from ingest.formats import FORMATS
from ingest.video.onvif import AGAIN_MS, CAMERAS_MAX
from rules.model import Event, Rejected
from tests.ingest.video.desk import RECEIVED_AT, Desk, sample, score, sent

AT = "2026-11-03T00:05:06.500Z"
AT_MS = 1_793_664_306_500
TT = 'xmlns:tt="http://www.onvif.org/ver10/schema"'


def ej(topic: str, **data: object) -> tuple[dict[str, object], str]:
    return {"UtcTime": AT, "Source": {"VideoSource": "vs-0"}, "Data": data}, f"gate/onvif-ej/{topic}/&vs-0"


def xml(topic: str, data: str = "", operation: str = "Changed", source: str = "") -> str:
    source = source or '<tt:SimpleItem Name="VideoSource" Value="1"/><tt:SimpleItem Name="Rule" Value="fence"/>'
    return (
        f'<w:N xmlns:w="http://docs.oasis-open.org/wsn/b-2" {TT}><w:NotificationMessage><w:Topic> {topic} </w:Topic><w:Message>'
        f'<tt:Message UtcTime="{AT}" PropertyOperation="{operation}"><tt:Source>{source}</tt:Source><tt:Data>{data}</tt:Data>'
        "</tt:Message></w:Message></w:NotificationMessage></w:N>"
    )


def item(name: str, value: str) -> str:
    return f'<tt:SimpleItem Name="{name}" Value="{value}"/>'


@pytest.mark.needs("recordings")
def test_the_sample_of_a_pull_point_with_two_notifications() -> None:
    first, second = Desk("onvif").heard(sample("onvif/pull_messages_response_line_crossed.xml"), "onvif/gate")
    assert score(first)[:3] == score(second)[:3] == ("alarm", "line_crossing", "on")
    assert (first.device[:13], first.device[-18:]) == ("onvif-gate-1-", ".MyImportantFence1")
    assert (first.attributes["track"], second.attributes["track"]) == ("15", "19")
    assert (first.occurred_at, second.occurred_at) == (1_223_641_497_321, 1_223_641_497_789)


@pytest.mark.needs("recordings")
@pytest.mark.parametrize(
    ("name", "topic", "expected"),
    [
        ("mqtt_ej_temperature_high", "Temperature/High", [("reading", "temperature", 28.65), ("alarm", "sensor_limit", "on")]),
        (
            "mqtt_ej_relative_humidity_high",
            "RelativeHumidity/High",
            [("reading", "humidity", 65.2), ("alarm", "sensor_limit", "on")],
        ),
        ("mqtt_ej_absolute_humidity_high", "AbsoluteHumidity/High", [("alarm", "sensor_limit", "on")]),
    ],
)
def test_the_samples_of_sensors(name: str, topic: str, expected: list[tuple[Any, ...]]) -> None:
    told = Desk("onvif").heard(sample(f"onvif/{name}.json"), f"gate/onvif-ej/Device/Sensor/{topic}")
    assert [score(each)[:3] for each in told] == expected
    assert told[-1].attributes["threshold"] in {25.15, 60.0, 8.0}
    assert told[-1].occurred_at == 1_752_589_800_000


@pytest.mark.needs("recordings")
@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("metadata_frame_human.xml", "onvif/gate"),
        ("mqtt_mj_frame_human.json", "onvif/gate/onvif-mj/VideoAnalytics/1/MyClassifier"),
    ],
)
def test_the_sample_frames_are_one_person_of_whom_nothing_is_known(name: str, topic: str) -> None:
    (told,) = Desk("onvif").heard(sample(f"onvif/{name}"), topic)
    assert score(told)[:3] == ("reading", "person_count", 1.0)
    assert told.occurred_at == 1_633_446_807_321  # UtcTime without a zone: UTC
    assert not dict(told.attributes)


@pytest.mark.parametrize(
    ("topic", "data", "expected"),
    [
        ("RuleEngine/CellMotionDetector/Motion", {"IsMotion": True}, ("state", "motion", "on")),
        ("RuleEngine/CellMotionDetector/Motion", {"IsMotion": "false"}, ("state", "motion", "off")),
        ("RuleEngine/MotionRegionDetector/Motion", {"State": "1"}, ("state", "motion", "on")),
        ("VideoSource/MotionAlarm", {"State": "true"}, ("state", "motion", "on")),
        ("VideoAnalytics/tnssamsung:MotionDetection", {"State": "false"}, ("state", "motion", "off")),
        ("RuleEngine/MyRuleDetector/PeopleDetect", {"State": "true"}, ("state", "occupancy", "on")),
        ("RuleEngine/TamperDetector/Tamper", {"IsTamper": 1}, ("state", "tamper", "on")),
        ("VideoSource/GlobalSceneChange/ImagingService", {"State": "true"}, ("state", "tamper", "on")),
        ("RuleEngine/FieldDetector/ObjectsInside", {"IsInside": "true", "ObjectId": "3"}, ("alarm", "intrusion", "on")),
        ("RuleEngine/FieldDetector/ObjectsInside", {"IsInside": "false"}, ("alarm", "intrusion", "off")),
        ("tns1:RuleEngine/LineDetector/Crossed", {"ObjectId": "3"}, ("alarm", "line_crossing", "on")),
        ("RuleEngine/LoiteringDetector/ObjectIsLoitering", {"IsLoitering": "true"}, ("alarm", "loitering", "on")),
        ("OpenApp/WiseAI/LineCrossing", {"State": "true", "ObjectId": "2080"}, ("alarm", "line_crossing", "on")),
        ("OpenApp/WiseAI/FallDetection", {"State": "true"}, ("alarm", "fall", "on")),
        ("VideoAnalytics/x:FireDetection", {"State": "true"}, ("alarm", "heat", "on")),
        ("RuleEngine/x:FireAlarm", {"State": "1"}, ("alarm", "heat", "on")),
        ("RuleEngine/x:SmokeAlarm", {"State": "false"}, ("alarm", "smoke", "off")),
        ("VideoAnalytics/x:SmokeDetection", {"State": "false"}, ("alarm", "smoke", "off")),
        ("Device/tns1:Trigger/tnssamsung:DigitalInput", {"LogicalState": "true"}, ("alarm", "alarm_input", "on")),
        ("AudioAnalytics/Audio/DetectedSound", {"IsSoundDetected": "true"}, ("alarm", "abnormal_sound", "on")),
        ("RuleEngine/CountAggregation/Counter", {"Count": "5"}, ("reading", "generic", 5.0)),
        ("RuleEngine/CountAggregation/OccupancyCounter", {"Count": 5}, ("reading", "person_count", 5.0)),
        ("Device/HardwareFailure/StorageFailure", {"Failed": "true"}, ("alarm", "device_fault", "on")),
        ("VideoSource/ImageTooDark/AnalyticsService", {"State": "false"}, ("alarm", "device_fault", "off")),
        ("Device/Sensor/Temperature/Low", {"Value": "-12.5"}, ("reading", "temperature", -12.5)),
    ],
)
def test_what_each_topic_says(topic: str, data: dict[str, object], expected: tuple[Any, ...]) -> None:
    body, path = ej(topic, **data)
    told = Desk("onvif").heard(body, path)[0]
    assert score(told)[:3] == expected
    assert told.device.startswith("gate-vs-0")
    assert told.occurred_at == AT_MS
    in_xml = Desk("onvif").heard(xml(topic, "".join(item(name, str(value)) for name, value in data.items())), "gate")[0]
    assert (score(in_xml)[:3], in_xml.occurred_at, dict(in_xml.attributes)) == (expected, AT_MS, dict(told.attributes))


@pytest.mark.parametrize(
    ("topic", "data"),
    [
        ("RuleEngine/CellMotionDetector/Motion", {}),
        ("RuleEngine/CellMotionDetector/Motion", {"IsMotion": "perhaps"}),
        ("Device/Trigger/Relay", {"LogicalState": "active"}),
        ("RuleEngine/MyRuleDetector/FaceDetect", {"State": "true"}),
        ("RuleEngine/CountAggregation/Counter", {"Count": "many"}),
        ("Monitoring/ProcessorUsage", {"Value": "12"}),
        ("", {"State": "true"}),
    ],
)
def test_what_is_of_no_concern(topic: str, data: dict[str, object]) -> None:
    body, path = ej(topic, **data)
    assert isinstance(Desk("onvif").told(body, path), Ignored)


def test_what_is_held_per_rule_does_not_end_the_same_of_another_rule() -> None:
    desk = Desk("onvif")
    topic = "gate/onvif-ej/RuleEngine/FieldDetector/ObjectsInside/&vs-0"
    names = [desk.heard({"Data": {"IsInside": "true"}}, f"{topic}/{rule}")[0].device for rule in ("yard", "roof v1.2")]
    assert names[0] != names[1]
    assert desk.heard(b"", f"{topic}/yard")[0].device == names[0]


def test_the_rules_of_a_camera_are_where_the_camera_is() -> None:
    told = understand(
        FORMATS["onvif"].opens(),
        sent(xml("RuleEngine/LineDetector/Crossed").encode(), "gate", zones={"gate/1": "wall/east"}, names={"gate/1": "cam7"}),
    )
    assert isinstance(told, list)
    assert [(each.device, each.zone) for each in told if isinstance(each, Event)] == [("cam7.fence", "wall/east")]


@pytest.mark.parametrize(
    ("operation", "state", "is_past"), [("Initialized", "on", True), ("Changed", "on", False), ("Deleted", "off", False)]
)
def test_a_snapshot_is_of_the_past_and_a_deletion_an_end(operation: str, state: str, is_past: bool) -> None:
    (told,) = Desk("onvif").heard(xml("tns1:RuleEngine/FieldDetector/ObjectsInside", item("IsInside", "true"), operation), "gate")
    assert (told.state, told.is_retained) == (state, is_past)


def test_a_body_of_zero_bytes_ends_a_property_and_a_retained_one_is_of_the_past() -> None:
    desk = Desk("onvif")
    topic = "gate/onvif-ej/RuleEngine/CellMotionDetector/Motion/&vs-0"
    assert [each.state for each in desk.heard(b"", topic)] == ["off"]
    assert isinstance(desk.told(b"", "gate/onvif-ej/Device/Trigger/Relay/&0"), Ignored)
    (told,) = desk.heard({"UtcTime": AT, "Data": {"IsMotion": "true"}}, topic, is_retained=True)
    assert told.is_retained


@pytest.mark.parametrize(
    ("time", "at"),
    [
        (AT, AT_MS),
        (AT[:-1], AT_MS),
        ("2026-11-03T08:05:06.500+08:00", AT_MS),
        ("0000-00-00T00:00:00Z", None),
        (None, None),
        (7, None),
    ],
)
def test_utc_time_is_utc(time: object, at: int | None) -> None:
    body = {"UtcTime": time, "Data": {"IsMotion": True}}
    (told,) = Desk("onvif").heard(body, "gate/onvif-ej/RuleEngine/CellMotionDetector/Motion/&1")
    assert told.occurred_at == at


def frame(*humans: float) -> dict[str, object]:
    seen = [
        {"@ObjectId": n, "Appearance": {"Class": {"Type": [{"@Likelihood": p, "#text": "Human"}]}}} for n, p in enumerate(humans)
    ]
    return {"Frame": [{"@UtcTime": AT, "Object": seen}]}


def test_persons_in_frames_are_counted_when_they_change() -> None:
    desk, topic = Desk("onvif"), "gate/onvif-mj/VideoAnalytics/1/x"
    counted = [[each.value for each in desk.heard(frame(*seen), topic)] for seen in ((0.8,), (0.9,), (0.9, 0.4), (0.9, 0.6), ())]
    assert counted == [[1.0], [], [], [2.0], [0.0]]


def test_the_same_count_is_told_again_after_a_while() -> None:
    adapter, topic = FORMATS["onvif"].opens(), "gate/onvif-mj/VideoAnalytics/1/x"
    told = [
        understand(adapter, sent(frame(1.0), topic, received_at=RECEIVED_AT + at))
        for at in (0, AGAIN_MS - 1, AGAIN_MS, AGAIN_MS + 1)
    ]
    assert [isinstance(each, Ignored) for each in told] == [False, True, False, True]


def test_what_is_remembered_is_bounded() -> None:
    desk = Desk("onvif")
    for index in range(CAMERAS_MAX + 1):
        desk.heard(frame(1.0), f"c{index}/onvif-mj/VideoAnalytics/1")
    assert isinstance(desk.told(frame(1.0), f"c{CAMERAS_MAX}/onvif-mj/VideoAnalytics/1"), Ignored)
    assert desk.heard(frame(1.0), "c0/onvif-mj/VideoAnalytics/1")


@pytest.mark.parametrize(
    ("kind", "counted"),
    [
        ('<tt:Type Likelihood="0.8">Human</tt:Type>', 1),
        ('<tt:Type Likelihood="0.3">Human</tt:Type><tt:Type Likelihood="0.6">Vehicle</tt:Type>', 0),
        ("<tt:Type>Person</tt:Type>", 1),
        ("<tt:ClassCandidate><tt:Type>Human</tt:Type><tt:Likelihood>0.7</tt:Likelihood></tt:ClassCandidate>", 1),
        ("", 0),
    ],
)
def test_who_is_a_person(kind: str, counted: int) -> None:
    seen = f"<tt:Object ObjectId='1'><tt:Appearance><tt:Class>{kind}</tt:Class></tt:Appearance></tt:Object>"
    stream = f"<tt:VideoAnalytics><tt:Frame UtcTime='{AT}'>{seen}</tt:Frame></tt:VideoAnalytics>"
    body = f"<tt:MetadataStream {TT}>{stream}</tt:MetadataStream>"
    assert [each.value for each in Desk("onvif").heard(body, "gate")] == [counted]


@pytest.mark.parametrize(
    ("topic", "body"), [("gate/onvif-ej/a/b", b"[1]"), ("gate/onvif-mj/VideoAnalytics/1", b""), ("gate", b"<a>"), ("gate", b"{}")]
)
def test_what_cannot_be_read_is_refused(topic: str, body: bytes) -> None:
    told = Desk("onvif").told(body, topic)
    assert isinstance(told, list)
    assert isinstance(told[0], Rejected)


def test_many_notifications_are_told_and_too_many_refused() -> None:
    one = xml("RuleEngine/LineDetector/Crossed")
    head, tail = one.index("<w:NotificationMessage>"), one.index("</w:N>")
    many = one[:head] + one[head:tail] * 500 + one[tail:]
    assert len(Desk("onvif").heard(many, "gate")) == 500
    refused = Desk("onvif").told(one[:head] + one[head:tail] * 1500 + one[tail:], "gate")
    assert isinstance(refused, list)
    assert isinstance(refused[0], Rejected)
