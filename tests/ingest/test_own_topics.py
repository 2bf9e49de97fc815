"""Bug class "rule loop" (perseo-fe#190), at the edge: what we publish ourselves is never read as an event.

Our filters have a plus sign where the network stands, so the broker does bring our own alarms back to us.
"""

import json

import pytest

from handlers.routes import Routes
from ingest.mqtt_bundles import Bundler
from ingest.mqtt_link import Arrival
from ingest.mqtt_settings import MqttSettings
from ingest.topics import Lane
from ingest.wire import decode
from rules.canonical import to_json
from rules.effects import SaveAlarm
from rules.model import Entity, Rejected
from tests.handlers.records import alarm, fact

ENTITIES = [Entity.WARNING, Entity.ALARM, Entity.INCIDENT, Entity.DISPATCH]
PREFIXES = ["shouwang/v1", "site/a/shouwang", "out"]


def matches(pattern: str, topic: str) -> bool:
    """Whether an MQTT filter with plus signs lets this topic pass."""
    mine, theirs = pattern.split("/"), topic.split("/")
    return len(mine) == len(theirs) and all(one in ("+", other) for one, other in zip(mine, theirs, strict=True))


def lanes_of(settings: MqttSettings, topic: str) -> list[Lane]:
    return [lane for lane in Lane if any(matches(each, topic) for each in settings.filters(lane))]


def heard(topic: str, payload: bytes, prefix: str) -> tuple[list[object], int]:
    """The entries that come of it, and how many messages were known as our own."""
    bundler = Bundler("t", prefix)
    arrivals = [Arrival(topic, payload, 1, is_retained=False, is_repeated=False)]
    entries = [entry for bundle in bundler.bundles(arrivals, 1, 0) for entry in bundle.entries]
    return list(entries), bundler.own_count


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("entity", ENTITIES)
def test_the_state_that_we_publish_is_dropped_where_the_broker_brings_it_back(prefix: str, entity: Entity) -> None:
    topic = Routes(prefix=prefix).state_topic("garden", entity, "a-1")
    assert heard(topic, to_json(alarm()), prefix) == ([], 1)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_only_our_alarms_come_back_and_to_one_lane(prefix: str) -> None:
    settings, routes = MqttSettings(host="broker", topic_prefix=prefix), Routes(prefix=prefix)
    back = {entity: lanes_of(settings, routes.state_topic("garden", entity, "a-1")) for entity in ENTITIES}
    assert back == {Entity.WARNING: [], Entity.ALARM: [Lane.CRITICAL], Entity.INCIDENT: [], Entity.DISPATCH: []}
    assert lanes_of(settings, routes.receipt_topic("garden", "e-1")) == []
    assert lanes_of(settings, f"{prefix}/garden/command/siren-1") == []


def test_a_community_a_network_or_a_device_may_be_called_out_and_is_heard() -> None:
    topic = "shouwang/v1/out/iot/alarm/out"
    entries, own_count = heard(topic, b'{"kind": "smoke"}', "shouwang/v1")
    assert (len(entries), own_count) == (1, 0)
    assert not isinstance(entries[0], Rejected)


@pytest.mark.parametrize("record", [to_json(alarm()), to_json(fact()), to_json(SaveAlarm(alarm()))])
def test_an_echo_of_our_words_under_another_topic_is_refused_and_never_an_event(record: bytes) -> None:
    """A bridge that copies our alarms to where events stand, or a webhook that leads to ourselves."""
    found = decode("shouwang/v1/garden/data/alarm/a-1", record)
    assert [type(entry) for entry in found] == [Rejected]
    assert json.loads(record)
