"""Bug class "rule loop" (perseo-fe#190), at the edge: what we publish ourselves is never read as an event.

Our filters let pass more than events, so that nothing wrong goes unseen; so the broker does bring our own words back to us.
"""

import json

import pytest

from handlers.routes import Routes
from ingest.mqtt_bundles import Bundler
from ingest.mqtt_link import Arrival
from ingest.mqtt_settings import MqttSettings
from ingest.refusal import Refusal
from ingest.topics import LANES, Lane, lane_of
from ingest.wire import decode
from rules.canonical import to_json
from rules.effects import SaveAlarm
from rules.model import Entity, EventClass, Rejected
from tests.handlers.records import alarm, fact

ENTITIES = [Entity.WARNING, Entity.ALARM, Entity.INCIDENT, Entity.DISPATCH]
PREFIXES = ["shouwang/v1", "site/a/shouwang", "out"]


def matches(pattern: str, topic: str) -> bool:
    """Whether an MQTT filter lets this topic pass."""
    mine, theirs = pattern.split("/"), topic.split("/")
    if mine[-1] == "#":
        mine, theirs = mine[:-1], theirs[: len(mine) - 1]
    return len(mine) == len(theirs) and all(one in ("+", other) for one, other in zip(mine, theirs, strict=True))


def lanes_that_hear(settings: MqttSettings, topic: str) -> list[Lane]:
    return [lane for lane in Lane if any(matches(each, topic) for each in settings.filters(lane))]


def heard(topic: str, payload: bytes, prefix: str) -> list[object]:
    """The entries that come of it in all lanes to which the broker brings it."""
    settings = MqttSettings(host="broker", topic_prefix=prefix)
    entries: list[object] = []
    for lane in lanes_that_hear(settings, topic):
        bundler = Bundler(lane, "t", prefix)
        arrivals = [Arrival(topic, payload, 1, is_retained=False, is_repeated=False)]
        found = [entry for bundle in bundler.bundles(arrivals, 1, 0) for entry in bundle.entries]
        assert len(found) + bundler.passed_count == 1
        entries += found
    return entries


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("entity", ENTITIES)
def test_the_state_that_we_publish_is_dropped_where_the_broker_brings_it_back(prefix: str, entity: Entity) -> None:
    assert heard(Routes(prefix=prefix).state_topic("garden", entity, "a-1"), to_json(alarm()), prefix) == []


@pytest.mark.parametrize("prefix", PREFIXES)
def test_receipts_and_commands_are_dropped_too(prefix: str) -> None:
    assert heard(Routes(prefix=prefix).receipt_topic("garden", "e-1"), b"{}", prefix) == []
    assert heard(f"{prefix}/garden/command/siren-1", b"{}", prefix) == []


def test_a_community_a_network_or_a_device_may_be_called_out_and_is_heard() -> None:
    (entry,) = heard("shouwang/v1/out/iot/alarm/out", b'{"kind": "smoke"}', "shouwang/v1")
    assert not isinstance(entry, Rejected)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("event_class", EventClass)
def test_every_event_is_heard_by_one_lane_alone(prefix: str, event_class: EventClass) -> None:
    topic = f"{prefix}/garden/iot/{event_class}/d-1"
    assert lane_of(topic, prefix) is LANES[event_class]
    assert len(heard(topic, b"{}", prefix)) == 1


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(
    "topic",
    [
        "garden/iot/alarms/d-1",
        "garden/iot/alarm",
        "garden/iot/alarm/d-1/extra",
        "garden/iot/Alarm/d-1",
        "garden/phone/alarm/d-1",
        "garden",
        "iot/alarm/d-1",
        "",
    ],
)
def test_a_topic_that_follows_no_form_is_refused_once_and_kept(prefix: str, topic: str) -> None:
    (entry,) = heard(f"{prefix}/{topic}".rstrip("/"), b'{"kind": "smoke"}', prefix)
    assert isinstance(entry, Rejected)
    assert (entry.reason, entry.excerpt) == (Refusal.BAD_TOPIC, b'{"kind": "smoke"}')


@pytest.mark.parametrize("record", [to_json(alarm()), to_json(fact()), to_json(SaveAlarm(alarm()))])
def test_an_echo_of_our_words_under_another_topic_is_refused_and_never_an_event(record: bytes) -> None:
    """A bridge that copies our alarms to where events stand, or a webhook that leads to ourselves."""
    found = decode("shouwang/v1/garden/data/alarm/a-1", record)
    assert [type(entry) for entry in found] == [Rejected]
    assert json.loads(record)
