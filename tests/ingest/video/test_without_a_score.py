"""Cameras that give no score are believed at once, unless their route says how far (docs/decisions/0017)."""

from dataclasses import replace

import pytest

from ingest.adapter import Ignored, understand
from ingest.formats import FORMATS
from rules.model import Event, EventClass
from tests.fuzz import foreign_of

SURE = 0.98
"""From here on the default pack hears one alarm of one camera: rule ``perimeter_sure``."""


def alarms(name: str, confidence: float) -> list[Event]:
    """The alarms of persons in the format's own examples."""
    format_, found = FORMATS[name], []
    adapter = format_.opens()
    for number, example in enumerate(format_.examples):
        told = understand(adapter, replace(foreign_of(format_, example, 1), confidence=confidence, arrival=str(number)))
        found += [each for each in (told if not isinstance(told, Ignored) else []) if isinstance(each, Event)]
    return [each for each in found if each.event_class is EventClass.ALARM and each.kind != "device_fault"]


@pytest.mark.parametrize("name", ["onvif", "hikvision_isapi", "hikvision_isc", "dahua", "gb28181"])
def test_one_alarm_of_such_a_camera_is_enough_and_its_route_may_ask_for_more(name: str) -> None:
    assert alarms(name, 1.0)
    assert [each for each in alarms(name, 1.0) if each.confidence < SURE] == []
    assert {each.confidence for each in alarms(name, 0.6)} == {0.6}
