"""Real answers of the US National Weather Service, alert by alert: what is in force at each step, by us and by the raw fields."""

import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import rules
from rules.effects import Effect, SaveWarning
from rules.engine import Engine
from rules.model import Event
from rules.pack import read_pack
from tests.ingest.reading import SHARED, Reader

SETS = ("guam-7day", "e2e", "testing", "load-testing-ioc")
FOR_EVER = float("inf")
PACK = Path(rules.__file__).parent / "packs" / "community.yaml"


def features(name: str) -> list[dict[str, Any]]:
    with gzip.open(SHARED / "sets" / "nws_alerts" / f"{name}.json.gz") as opened:
        found: list[dict[str, Any]] = json.load(opened)["features"]
    return found


def at(text: str | None) -> float:
    return FOR_EVER if text is None else datetime.fromisoformat(text).timestamp()


def in_order(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The oldest first; of one instant, the lower in the feed first."""
    found = list(found)
    found.reverse()
    return sorted(found, key=lambda each: at(each["properties"]["sent"]))


def with_what_they_replace(name: str) -> list[dict[str, Any]]:
    """The feed as somebody saw it who listened all the time: each message that an update names came before it.

    An answer holds what is in force, so of what was replaced only references are left: their alerts are made from the update's.
    """
    found = features(name)
    known = {each["properties"]["id"] for each in found}
    for update in features(name):
        for named in update["properties"].get("references", []):
            if named["identifier"] not in known:
                known.add(named["identifier"])
                changes = {"id": named["identifier"], "sent": named["sent"], "messageType": "Alert", "references": []}
                found.append(update | {"properties": update["properties"] | changes})
    return found


class Truth:
    """Which alerts are in force by the raw fields alone: said, not replaced, not over."""

    def __init__(self) -> None:
        self.ends: dict[str, float] = {}
        self.replaced: set[str] = set()

    def hear(self, fields: dict[str, Any]) -> None:
        if fields["id"] not in self.replaced:
            is_over = fields["urgency"] == "Past" or fields["response"] == "AllClear"
            self.ends[fields["id"]] = 0.0 if is_over else at(fields["ends"] or fields["expires"])
        self.replaced |= {each["identifier"] for each in fields.get("references", [])}

    def now(self, instant: float) -> set[str]:
        return {name for name, end in self.ends.items() if end > instant and name not in self.replaced}


class Desk:
    """Which devices stand by our events: on until off, or until ``expires_at``."""

    def __init__(self) -> None:
        self.ends: dict[str, float] = {}

    def hear(self, event: Event) -> None:
        name = event.device.partition(",")[2]
        expires_at = event.attributes.get("expires_at", FOR_EVER)
        assert isinstance(expires_at, float)
        if event.state == "on":
            self.ends[name] = expires_at / 1000
        else:
            self.ends.pop(name, None)

    def now(self, instant: float) -> set[str]:
        return {name for name, end in self.ends.items() if end > instant}


def steps(found: list[dict[str, Any]]) -> Iterator[tuple[float, set[str], set[str]]]:
    """After each alert, and once an hour until all is over: the instant, what is in force, and what we say is."""
    route, truth, desk = Reader("cap"), Truth(), Desk()
    instant = 0.0
    for feature in in_order(found):
        instant = at(feature["properties"]["sent"])
        truth.hear(feature["properties"])
        told = route.told({"type": "FeatureCollection", "features": [feature]})
        for event in told if isinstance(told, list) else []:
            assert isinstance(event, Event)
            desk.hear(event)
        yield instant, truth.now(instant), desk.now(instant)
    for hour in range(24 * 8):
        yield instant + 3600 * hour, truth.now(instant + 3600 * hour), desk.now(instant + 3600 * hour)


@pytest.mark.needs("recordings")
@pytest.mark.parametrize(("name", "most_count"), [("guam-7day", 245), ("e2e", 140), ("testing", 37), ("load-testing-ioc", 8)])
def test_at_each_step_the_alerts_in_force_are_those_of_the_raw_fields(name: str, most_count: int) -> None:
    found = list(steps(features(name)))
    assert [(instant, ours) for instant, _, ours in found] == [(instant, theirs) for instant, theirs, _ in found]
    assert max(len(theirs) for _, theirs, _ in found) == most_count


@pytest.mark.needs("recordings")
@pytest.mark.parametrize(("name", "replaced_count"), [("guam-7day", 164), ("e2e", 9), ("testing", 19)])
def test_and_so_they_are_for_who_heard_what_the_updates_replace(name: str, replaced_count: int) -> None:
    whole = with_what_they_replace(name)
    found = list(steps(whole))
    assert [(instant, ours) for instant, _, ours in found] == [(instant, theirs) for instant, theirs, _ in found]
    ever = set().union(*(theirs for _, theirs, _ in found))
    assert len(ever - {each["properties"]["id"] for each in features(name)}) == replaced_count


class Chain:
    """The real chain with the community's own pack: which alerts it warns of."""

    def __init__(self) -> None:
        self.engine = Engine(
            pack=read_pack((Path(rules.__file__).parent / "packs" / "community.yaml").read_text(encoding="utf-8"))
        )
        self.open: dict[str, str] = {}

    def do(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            if isinstance(effect, SaveWarning):
                self.open.pop(effect.warning.id, None)
                if effect.warning.ended_at is None:
                    self.open[effect.warning.id] = effect.warning.device.partition(",")[2]

    def now(self, instant: float) -> set[str]:
        self.do(self.engine.advance(round(instant * 1000)))
        return set(self.open.values())


@pytest.mark.needs("recordings")
def test_the_chain_warns_of_the_alerts_in_force_and_of_no_other_at_each_step() -> None:
    """The set whose times were kept together; in the others alerts of 2024 end in 2025, and the chain believes nobody so long."""
    route, truth, chain = Reader("cap"), Truth(), Chain()
    instant = 0.0
    for feature in in_order(with_what_they_replace("guam-7day")):
        instant = max(instant, at(feature["properties"]["sent"]))
        truth.hear(feature["properties"])
        told = route.told({"type": "FeatureCollection", "features": [feature]})
        for event in told if isinstance(told, list) else []:
            assert isinstance(event, Event)
            chain.do(chain.engine.receive(event, round(instant * 1000)))
        assert chain.now(instant) == truth.now(instant)
    for hour in range(24 * 8):
        assert chain.now(instant + 3600 * hour) == truth.now(instant + 3600 * hour)


@pytest.mark.needs("recordings")
@pytest.mark.parametrize("name", SETS)
def test_an_answer_as_a_whole_says_the_same_as_its_alerts_one_by_one(name: str) -> None:
    one_by_one = list(steps(features(name)))[len(features(name)) - 1]
    desk = Desk()
    for event in Reader("cap").events({"type": "FeatureCollection", "features": features(name)}):
        desk.hear(event)
    assert desk.now(one_by_one[0]) == one_by_one[2]


@pytest.mark.needs("recordings")
def test_each_event_of_the_real_feeds_is_whole() -> None:
    events = [event for name in SETS for event in Reader("cap").events({"type": "FeatureCollection", "features": features(name)})]
    begun = [event for event in events if event.state == "on"]
    assert {event.attributes.get("level") for event in begun} == {"red", "orange", "yellow", "blue", None}
    assert all(event.kind == "warning_signal" and event.occurred_at and event.attributes["event"] for event in begun)
    assert sum("expires_at" not in event.attributes for event in begun) == 1  # one alert has neither expires nor ends


@pytest.mark.needs("recordings")
def test_the_published_sample() -> None:
    body = json.loads((SHARED / "payloads" / "cap12_nws" / "alerts_active.geojson").read_text(encoding="utf-8"))
    told = [
        (event.state, event.attributes["event"], event.attributes["level"], event.attributes["expires_at"])
        for event in Reader("cap").events(body)
    ]
    wanted = [
        (
            "on",
            fields["event"],
            {"Minor": "blue", "Moderate": "yellow"}[fields["severity"]],
            at(fields["ends"] or fields["expires"]) * 1000,
        )
        for feature in in_order(body["features"])
        for fields in [feature["properties"]]
    ]
    assert told == wanted


def feature(**changes: Any) -> dict[str, Any]:
    fields = {
        "id": "urn:1",
        "sender": "w-nws",
        "sent": "2026-03-02T10:00:00+00:00",
        "status": "Actual",
        "messageType": "Alert",
        "severity": "Severe",
        "urgency": "Expected",
        "event": "Flood Warning",
        "geocode": {"SAME": ["006109"], "UGC": "none"},
        "expires": "2026-03-02T12:00:00+00:00",
        "ends": None,
    }
    return {"type": "Feature", "geometry": None, "properties": fields | changes}


def test_one_feature_and_the_linked_form_are_read_too() -> None:
    one = Reader("cap").one(feature())
    assert (one.device, one.attributes["geocodes"]) == ("w-nws,urn:1", "SAME:006109")
    linked = Reader("cap").one({"@graph": [feature()["properties"]]})
    assert (linked.id, linked.device) == (one.id, one.device)


def test_one_wrong_alert_does_not_cost_the_others() -> None:
    collection = {"type": "FeatureCollection", "features": [feature(), feature(id="urn:2", status="Real"), 7]}
    told = Reader("cap").told(collection)
    assert isinstance(told, list)
    reasons = [getattr(each, "detail", "") for each in told]
    assert reasons[0].startswith("feature 2: expected an object")
    assert reasons[1].startswith("feature 1: status: expected Actual")
    assert isinstance(told[2], Event)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (feature(id=None), "missing_field: feature 0: expected id, sender and sent"),
        (feature(messageType="New"), "wrong_word: feature 0: messageType"),
        ({"type": "FeatureCollection", "features": None}, "too_many"),
        ({"type": "FeatureCollection", "features": [feature()] * 1001}, "too_many"),
        ({"type": "Feature", "properties": None}, "missing_field"),
        ({"type": {}, "features": []}, "wrong_word"),
    ],
)
def test_what_is_no_answer_of_the_service_is_refused(body: object, reason: str) -> None:
    assert Reader("cap").refusal(body).startswith(reason)


def test_an_empty_answer_is_of_no_concern() -> None:
    assert Reader("cap").ignored({"type": "FeatureCollection", "features": []}) == "a feed without alerts"


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [[[104, 30], [105, 30], [105, 31], [104, 30]]]},
        {"type": "MultiPolygon", "coordinates": [[[[104, 30], [105, 30], [105, 31], [104, 30]]], [], None]},
        {"type": "Polygon", "coordinates": [[[104, 300], [105, 30], [105, 31], [104, 30]]]},
        {"type": "Polygon", "coordinates": [[["x", 30], [105], None, [104, 30]]]},
        {"type": "Polygon", "coordinates": [5]},
        {"type": "Polygon", "coordinates": None},
        {"type": "Point", "coordinates": [104, 30]},
        {"type": "MultiPolygon", "coordinates": {}},
    ],
)
def test_a_shape_that_is_none_never_costs_the_alert(geometry: object) -> None:
    assert Reader("cap").one(feature() | {"geometry": geometry}).state == "on"
