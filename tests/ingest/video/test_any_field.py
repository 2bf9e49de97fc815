"""Right messages with anything in their fields: no reader of cameras raises, and what it lets in is an event."""

import gc
import json
import tracemalloc
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.adapter import Ignored
from rules.model import Event, Rejected
from tests.ingest.video.desk import Desk

SCALAR = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        ["", "1", "5", "on", "true", "active", "end", "person", "2026-11-03T08:05:06", "1900-01-00T00:00:00", "VMD", "Human"]
    )
)
ANY = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3), max_leaves=6
)
TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=12) | st.sampled_from(
    ["1", "2", "5", "6", "12", "39.9", "true", "active", "inactive", "videoloss", "duration", "OK", "Initialized", "Deleted"]
)


def fields(*names: str, **most: str) -> st.SearchStrategy[dict[str, str]]:
    """Any of these with any text; ``most``: mostly there, as it is written."""
    sure = st.fixed_dictionaries({name: st.just(value) | st.just(value) | TEXT for name, value in most.items()})
    return st.builds(lambda some, rest: rest | some, sure, st.dictionaries(st.sampled_from(names), TEXT, max_size=len(names)))


def elements(values: dict[str, str]) -> str:
    """Each value at its path; ``A/B`` is B in an A of its own."""
    told = ""
    for path, value in values.items():
        inner = escape(value)
        for name in reversed(path.split("/")):
            inner = f"<{name}>{inner}</{name}>"
        told += inner
    return told


GB28181 = fields(
    *("CmdType", "SN", "DeviceID", "AlarmPriority", "AlarmMethod", "AlarmTime", "AlarmDescription", "Longitude", "Latitude"),
    *("AlarmType", "Info/AlarmType", "info/AlarmType", "Info/AlarmTypeParam/EventType", "Status", "Info/DeviceID"),
    *("DeviceList/Item/Event", "DeviceList/Item/DeviceID"),
    CmdType="Alarm",
    DeviceID="34020000001320000001",
)
ISAPI = fields(
    *("macAddress", "ipAddress", "channelID", "dynChannelID", "inputIOPortID", "dateTime", "activePostCount", "eventType"),
    *("eventState", "DurationList/Duration/relationEvent", "DetectionRegionList/DetectionRegionEntry/detectionTarget"),
    *("isDataRetransmission", "bkgUrl"),
    eventType="VMD",
)
ITEMS = fields("VideoSource", "Rule", "ObjectId", "IsMotion", "State", "Value", "Count", "Threshold", "ClassTypes")
ONVIF = st.sampled_from(
    [
        "RuleEngine/CellMotionDetector/Motion",
        "tns1:RuleEngine/LineDetector/Crossed",
        "Device/Sensor/Temperature/High",
        "a/CountAggregation/Counter",
    ]
)


def notify(topic: str, at: str, operation: str, source: dict[str, str], data: dict[str, str]) -> str:
    def items(given: dict[str, str]) -> str:
        return "".join(
            f'<SimpleItem Name="{name}" Value="{escape(value, {chr(34): "&quot;"})}"/>' for name, value in given.items()
        )

    message = f'<Message UtcTime="{escape(at, {chr(34): "&quot;"})}" PropertyOperation="{operation}">'
    inside = f"{message}<Source>{items(source)}</Source><Data>{items(data)}</Data></Message>"
    return f"<N><NotificationMessage><Topic>{topic}</Topic><Message>{inside}</Message></NotificationMessage></N>"


def part(code: object, action: object, index: object, data: object) -> str:
    return f"--b\r\nContent-Type: text/plain\r\n\r\nCode={code};action={action};index={index};data={json.dumps(data)}\r\n"


CODES = st.sampled_from(["VideoMotion", "CrossRegionDetection", "NumberStat", "ManNumDetection", "VideoLoss", "Other"])
SEEN = st.fixed_dictionaries({"objects": st.just(["person"]) | ANY, "zones": st.just(["yard"]) | ANY})
AFTER = st.fixed_dictionaries(
    {
        "id": st.text(max_size=8),
        "camera": st.text(max_size=8),
        "label": st.sampled_from(["person", "fire"]) | ANY,
        "severity": st.just("alert") | ANY,
        "data": SEEN | ANY,
    },
    optional=dict.fromkeys(
        ("sub_label", "top_score", "frame_time", "start_time", "end_time", "false_positive", "current_zones", "has_clip"), ANY
    ),
)
EVENT = st.fixed_dictionaries(
    {"eventType": st.sampled_from([131605, 131588, 1]) | ANY, "srcIndex": st.text(max_size=8) | ANY},
    optional=dict.fromkeys(("eventId", "status", "eventLvl", "happenTime", "timeout", "srcName", "data"), ANY),
)
FRAME = st.fixed_dictionaries({"@UtcTime": ANY, "Object": ANY | st.lists(st.fixed_dictionaries({"Appearance": ANY}), max_size=2)})
LIFE = st.builds(lambda kind, after: {"type": kind, "after": after}, ANY, AFTER)
ALERT = st.fixed_dictionaries(
    {"eventType": st.just("VMD") | ANY},
    optional=dict.fromkeys(("macAddress", "channelID", "dateTime", "DetectionRegionList"), ANY),
)
PUSH = st.lists(EVENT | ANY, max_size=3).map(lambda each: {"method": "OnEventNotify", "params": {"events": each}})
MOVED = st.fixed_dictionaries({"IsMotion": st.booleans() | ANY}, optional={"ObjectId": ANY}) | ANY
EJ = st.builds(lambda at, source, data: {"UtcTime": at, "Source": source, "Data": data}, ANY, ANY, MOVED)
TRIGGER = st.dictionaries(st.sampled_from(["name", "camera", "event_id", "score"]), ANY)
ACTIONS = st.sampled_from(["Start", "Stop", "Pulse"]) | TEXT
MESSAGES: dict[str, tuple[str, str, st.SearchStrategy[object]]] = {
    "a Notify": ("gb28181", "", GB28181.map(lambda given: f"<Notify>{elements(given)}</Notify>")),
    "an alert": (
        "hikvision_isapi",
        "",
        ISAPI.map(lambda given: f"<EventNotificationAlert>{elements(given)}</EventNotificationAlert>"),
    ),
    "an alert in JSON": ("hikvision_isapi", "", ALERT),
    "a push": ("hikvision_isc", "", PUSH),
    "a life": ("frigate", "frigate/events", LIFE),
    "a review": ("frigate", "frigate/reviews", LIFE),
    "a trigger": ("frigate", "frigate/triggers", TRIGGER),
    "an event over MQTT": ("onvif", "gate/onvif-ej/RuleEngine/CellMotionDetector/Motion/&1", EJ),
    "a notification": (
        "onvif",
        "gate",
        st.builds(notify, ONVIF, TEXT, st.sampled_from(["", "Initialized", "Deleted"]), ITEMS, ITEMS),
    ),
    "a scene": (
        "onvif",
        "gate/onvif-mj/VideoAnalytics/1/x",
        st.builds(lambda frames: {"Frame": frames}, ANY | st.lists(FRAME, max_size=3)),
    ),
    "a part": ("dahua", "gate", st.builds(part, CODES, ACTIONS, TEXT, ANY)),
    "a parsed part": (
        "dahua",
        "gate",
        st.builds(lambda code, index, data: {"Code": code, "index": index, "data": data}, CODES, ANY, ANY),
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
@settings(max_examples=40)
@given(given_=st.data())
def test_whatever_stands_in_the_fields_nothing_raises(name: str, given_: st.DataObject) -> None:
    format_, topic, bodies = MESSAGES[name]
    told = Desk(format_).told(given_.draw(bodies), topic)
    if not isinstance(told, Ignored):
        assert told
        assert all(isinstance(each, Event | Rejected) for each in told)


@pytest.mark.parametrize("name", [name for name in MESSAGES if name != "a trigger"])
def test_the_messages_of_this_room_do_come_through(name: str) -> None:
    """Else it would try nothing."""
    format_, topic, bodies = MESSAGES[name]
    heard: list[object] = []

    @settings(max_examples=40, derandomize=True)
    @given(bodies)
    def listen(body: object) -> None:
        told = Desk(format_).told(body, topic)
        heard.extend([] if isinstance(told, Ignored) else [each for each in told if isinstance(each, Event)])

    listen()
    assert heard


@pytest.mark.parametrize(
    ("name", "topic", "body"),
    [
        (
            "hikvision_isapi",
            "",
            "<EventNotificationAlert><macAddress>{}</macAddress><eventType>VMD</eventType></EventNotificationAlert>",
        ),
        ("frigate", "frigate/events", '{{"type": "new", "after": {{"id": "{}", "camera": "{}", "label": "person"}}}}'),
        ("gb28181", "", "<Notify><CmdType>Keepalive</CmdType><DeviceID>{}</DeviceID><Status>ERROR</Status></Notify>"),
        (
            "gb28181",
            "",
            "<Notify><CmdType>Keepalive</CmdType><DeviceID>1</DeviceID><Info><DeviceID>{}</DeviceID></Info></Notify>",
        ),
        ("onvif", "{}/onvif-mj/VideoAnalytics/1", '{{"Frame": [{{"Object": []}}]}}'),
    ],
)
def test_long_names_are_not_remembered_at_their_length(name: str, topic: str, body: str) -> None:
    desk = Desk(name)
    tracemalloc.start()
    try:
        for number in range(8):
            long = f"{number}{'x' * 200_000}"
            desk.told(body.format(long, long), topic.format(long))
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 700_000  # one of the eight is still in our hand
