"""Cameras before the default pack: a life of updates is one alarm, a walk past four cameras one incident, a snapshot none."""

import json
from pathlib import Path
from typing import Final

import pytest

from ingest.adapter import Ignored
from ingest.formats import FORMATS
from ingest.route import Route, RouteReader
from rules.effects import RecordFact
from rules.engine import Engine
from rules.model import Entity, Event
from rules.pack import read_pack

PACK: Final = Path(__file__).resolve().parents[2] / "rules" / "packs" / "community.yaml"
NIGHT: Final = 1_793_631_600_000  # 2026-11-02 23:00 in Beijing
WALL: Final = {f"cam{number}": f"wall/{side}" for number, side in enumerate(("east", "south", "west", "north"))}


class Watch:
    """A community that hears one route, and its rule chain."""

    def __init__(self, name: str, zones: dict[str, str]) -> None:
        self._now = NIGHT
        known = FORMATS[name]
        route = Route(name="cams", format=known, community="jade", network=known.network, zones=zones, topics=("#",))
        self._reader = RouteReader(route, lambda: self._now)
        self._engine = Engine(pack=read_pack(PACK.read_text(encoding="utf-8"), "community.yaml"))
        self._position = 0
        self.told: list[str] = []

    def hear(self, at_s: float, body: object, topic: str = "", *, is_retained: bool = False) -> None:
        """One message, so many seconds after the beginning."""
        self._now = NIGHT + round(at_s * 1000)
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = self._reader.read(topic, payload, arrival=str(at_s), is_retained=is_retained)
        for each in [] if isinstance(told, Ignored) else told:
            assert isinstance(each, Event), each
            self._position += 1
            effects = self._engine.receive(each, self._now, self._position)
            facts = [effect.fact for effect in effects if isinstance(effect, RecordFact)]
            self.told += [
                f"{one.entity.value} {one.transition}" for one in facts if one.entity in {Entity.ALARM, Entity.INCIDENT}
            ]

    def count(self, what: str) -> int:
        """How often this was told."""
        return self.told.count(what)


def review(at_s: float, kind: str, camera: str, name: str) -> dict[str, object]:
    seen = {"objects": ["person"], "zones": ["wall"]}
    after = {"id": name, "camera": camera, "severity": "alert", "start_time": NIGHT / 1000, "data": seen}
    return {"type": kind, "before": {}, "after": after | {"end_time": NIGHT / 1000 + at_s if kind == "end" else None, "n": at_s}}


@pytest.fixture
def wall() -> Watch:
    return Watch("frigate", WALL)


def test_a_life_of_updates_is_one_alarm(wall: Watch) -> None:
    for at_s in range(12):
        wall.hear(at_s, review(at_s, "update" if at_s else "new", "cam0", "r1"), "frigate/reviews")
    wall.hear(20, review(20, "end", "cam0", "r1"), "frigate/reviews")
    assert (wall.count("incident opened"), wall.count("alarm opened"), wall.count("alarm repeated")) == (1, 1, 0)


def test_a_walk_past_four_cameras_is_one_incident(wall: Watch) -> None:
    for number, camera in enumerate(WALL):
        for step, kind in enumerate(("new", "update", "update", "end")):
            at_s = number * 40 + step * 5
            wall.hear(at_s, review(at_s, kind, camera, f"r{number}"), "frigate/reviews")
    assert wall.count("incident opened") == 1


def test_a_copy_that_the_broker_kept_is_nothing_new(wall: Watch) -> None:
    for at_s in range(5):
        wall.hear(at_s, review(at_s, "update", "cam0", "r1"), "frigate/reviews", is_retained=True)
    assert wall.told == []


def test_a_fall_that_a_platform_reports_again_and_again_is_one_incident() -> None:
    home = Watch("hikvision_isc", {"cam7": "b03/u1/0502"})
    for at_s, status in ((0, 1), (5, 3), (10, 3), (15, 4), (20, 5)):
        event = {"eventId": "E1", "eventType": 131605, "status": status, "srcIndex": "cam7", "timeout": 30}
        home.hear(
            at_s, {"method": "OnEventNotify", "params": {"ability": "event_rule", "events": [event | {"happenTime": f"{at_s}"}]}}
        )
    assert (home.count("incident opened"), home.count("alarm opened")) == (1, 1)


def test_the_fire_of_a_thermal_camera_is_one_at_once_and_its_snapshot_none() -> None:
    garage = Watch("onvif", {"garage/vs-0": "b01/garage"})
    topic = "garage/onvif-ej/VideoAnalytics/FireDetection/&vs-0"
    garage.hear(0, {"Data": {"State": "true"}}, topic, is_retained=True)
    assert garage.told == []
    garage.hear(60, {"Data": {"State": "true"}}, topic)
    assert (garage.count("incident opened"), garage.count("alarm opened")) == (1, 1)
