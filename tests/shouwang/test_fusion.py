"""Fusion: the same place, time and kind, told by two networks in their own formats, is one incident that knows both."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ingest.formats import FORMATS
from ingest.route import Route, RouteReader
from rules.effects import RecordFact, SaveIncident
from rules.engine import Engine
from rules.model import Event, Incident, Input, Network
from tests.shouwang.spine import COMMUNITY, NOON, activation, read

FLAT = "b01/u1/0101"
DEVICE = "acf7baae"


def reader(format_: str, zones: Mapping[str, str], **more: Any) -> RouteReader:
    known = FORMATS[format_]
    route = Route(name=format_, format=known, community=COMMUNITY, network=known.network, topics=("#",), zones=zones, **more)
    return RouteReader(route, lambda: NOON)


def told(each: RouteReader, topic: str, body: object) -> list[Input]:
    events = each.read(topic, json.dumps(body).encode(), arrival=topic)
    assert isinstance(events, list)
    assert all(isinstance(event, Event) for event in events), events
    return list(events)


def decided(*entries: Input) -> tuple[dict[str, Incident], list[str]]:
    """The incidents by hazard, as they are at the end; and the transitions of their stories. A second lies between two events."""
    engine = Engine(pack=read(activation().text))
    incidents: dict[str, Incident] = {}
    story: list[str] = []
    for number, entry in enumerate(entries):
        for effect in engine.receive(entry, NOON + number * 1000, number + 1):
            if isinstance(effect, SaveIncident):
                incidents[effect.incident.id] = effect.incident
            elif isinstance(effect, RecordFact):
                story.append(effect.fact.transition)
    by_hazard = {incident.hazard: incident for incident in incidents.values()}
    assert len(by_hazard) == len(incidents), "one incident for each hazard"
    return by_hazard, story


def nb_iot_smoke(**more: Any) -> list[Input]:
    body = {"messageType": "dataReport", "deviceId": DEVICE, "timestamp": NOON, "payload": {"serviceData": {"Alarm_Status": 1}}}
    return told(reader("ctwing", {DEVICE: FLAT}, **more), "", body)


def camera_smoke() -> list[Input]:
    after = {"id": "1.5-a", "camera": "hall", "label": "smoke", "top_score": 0.9, "start_time": NOON / 1000, "end_time": None}
    return told(reader("frigate", {"hall": FLAT}), "frigate/events", {"type": "new", "before": {}, "after": after})


def networks(incident: Incident) -> list[Network]:
    return [source.network for source in incident.sources]


@pytest.mark.parametrize("is_camera_first", [False, True])
def test_smoke_that_a_detector_and_a_camera_tell_is_one_fire_as_sure_as_both(is_camera_first: bool) -> None:
    detector, camera = nb_iot_smoke(confidence=0.7), camera_smoke()
    incidents, story = decided(*(camera + detector if is_camera_first else detector + camera))
    fire = incidents["fire"]
    order = [Network.VIDEO, Network.IOT] if is_camera_first else [Network.IOT, Network.VIDEO]
    assert (fire.zone, networks(fire), fire.confidence) == (FLAT, order, 0.97)  # 1 - 0.3 * 0.1
    assert "corroborated" in story


def test_a_detector_that_does_not_grade_its_alarms_is_counted_and_not_weighed() -> None:
    incidents, _ = decided(*nb_iot_smoke(), *camera_smoke())
    assert (networks(incidents["fire"]), incidents["fire"].confidence) == ([Network.IOT, Network.VIDEO], 0.9)


def test_gas_that_a_detector_and_a_resident_tell_is_one_leak() -> None:
    gas = told(reader("zigbee2mqtt", {"kitchen": FLAT}), "zigbee2mqtt/kitchen", {"gas": True})
    report = {"id": "r-1", "channel": "mini-program", "reporter": "u-7", "zone": FLAT, "text": "楼道里燃气味很重"}
    resident = told(reader("resident", {}), "", report)
    incidents, story = decided(*gas, *resident)
    assert (incidents["gas"].zone, networks(incidents["gas"])) == (FLAT, [Network.IOT, Network.INTERNET])
    assert "corroborated" in story
