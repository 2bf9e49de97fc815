"""What goes out to a GB/T 28181 platform is what our own reader of that format reads back."""

from dataclasses import replace

import pytest

from handlers.gb28181_notify import SN_MAX, alarm_notify, incident_notify
from ingest.adapter import Foreign, understand
from ingest.formats import FORMATS
from rules.model import Event, Level, Network, Sentence, Status
from tests.handlers.records import EVIDENCE, alarm, incident

DEVICE = "34020000001320000001"
AT = 1_793_664_306_000  # 2026-11-03 08:05:06 in Beijing


def read_back(content: bytes | None) -> Event:
    assert content is not None
    foreign = Foreign(topic="", payload=content, community="jade", network=Network.VIDEO, received_at=AT, arrival="1")
    told = understand(FORMATS["gb28181"].opens(), foreign)
    assert isinstance(told, list)
    (event,) = told
    assert isinstance(event, Event)
    return event


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("intrusion", "intrusion"),
        ("line_crossing", "line_crossing"),
        ("loitering", "loitering"),
        ("motion", "motion"),
        ("object_left", "object_left"),
        ("object_removed", "object_removed"),
        ("wrong_way", "wrong_way"),
        ("people_flow", "people_flow"),
        ("crowd", "crowd"),
        ("fast_moving", "fast_moving"),
        ("tamper", "tamper"),
        ("device_fault", "device_fault"),
        ("report", "other_alarm"),
        ("smoke", "alarm_input"),  # an alarm device
        ("sos", "alarm_input"),
    ],
)
def test_an_alarm_is_read_back_as_what_it_is(kind: str, read: str) -> None:
    ours = replace(alarm(at=AT), evidence=(replace(EVIDENCE, kind=kind),))
    event = read_back(alarm_notify(ours, device_id=DEVICE, sn=7, place=(39.908, 116.397)))
    assert (event.kind, event.occurred_at, event.device.partition(".")[0]) == (read, AT, DEVICE)
    assert event.attributes["text"] == "b03/u1/0502 厨房烟雾 8 %/m"
    assert (event.attributes["latitude"], event.attributes["longitude"]) == (39.908, 116.397)


@pytest.mark.parametrize("level", list(Level))
def test_the_level_is_read_back(level: Level) -> None:
    event = read_back(alarm_notify(replace(alarm(at=AT), level=level), device_id=DEVICE, sn=1))
    assert event.attributes["level"] == level.value
    assert "latitude" not in event.attributes


def test_an_incident_too() -> None:
    event = read_back(incident_notify(incident(at=AT), device_id=DEVICE, sn=1, kinds=["confidence", "line_crossing"]))
    assert (event.kind, event.attributes["text"]) == ("line_crossing", "b03/u1/0502 火警：厨房烟雾 8 %/m")
    assert read_back(incident_notify(incident(at=AT), device_id=DEVICE, sn=1)).kind == "other_alarm"


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST])
def test_nothing_is_written_of_an_exercise_or_a_test_and_of_what_has_ended(status: Status) -> None:
    assert alarm_notify(replace(alarm(), status=status), device_id=DEVICE, sn=1) is None
    assert incident_notify(incident(status=status), device_id=DEVICE, sn=1) is None
    assert alarm_notify(alarm(ended_at=2000), device_id=DEVICE, sn=1) is None
    assert incident_notify(incident(closed_at=2000), device_id=DEVICE, sn=1) is None


@pytest.mark.parametrize(("letters", "declared"), [("三号楼 <烟> & 火", b"GB2312"), ("𠮷屋 Tür", b"GB18030")])
def test_the_bytes_are_gb_and_letters_that_xml_means_are_written_otherwise(letters: str, declared: bytes) -> None:
    content = alarm_notify(replace(alarm(at=AT), sentence=Sentence(letters, "")), device_id=DEVICE, sn=SN_MAX)
    assert content is not None
    assert content.startswith(b'<?xml version="1.0" encoding="' + declared + b'"?>\r\n<Notify>\r\n<CmdType>Alarm</CmdType>\r\n')
    assert read_back(content).attributes["text"] == f"b03/u1/0502 {letters}"


def test_what_xml_cannot_hold_is_left_out_and_what_is_long_is_cut() -> None:
    said = Sentence("烟\x00\x1b[31m\ud800" + "<" * 500, "")
    text = read_back(alarm_notify(replace(alarm(at=AT), sentence=said), device_id=DEVICE, sn=1)).attributes["text"]
    assert isinstance(text, str)
    assert text.startswith("b03/u1/0502 烟 [31m <<<")
    assert len(text) == 200


@pytest.mark.parametrize(
    ("device", "sn"), [("1" * 19, 1), ("x" * 20, 1), ("１" * 20, 1), ("", 1), (DEVICE, 0), (DEVICE, SN_MAX + 1)]
)
def test_what_the_platform_would_not_take_is_refused(device: str, sn: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        alarm_notify(alarm(), device_id=device, sn=sn)
