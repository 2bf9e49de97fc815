"""Eclipse Ditto: the protocol's envelope, ``{"topic": "NS/NAME/things/twin/events/modified", "path", "value", "revision"}``.

| what comes | what it says |
|---|---|
| `twin/events/created` `modified` `merged` of a thing, a feature, its properties, one property | by the table below |
| properties `{"value": 21.5, "unit": "°C"}` of a feature `temperature` | a reading of what the feature is called |
| properties `x` `y` `z` with `unit` `g` or `m/s2` of an accelerometer | readings `acceleration` of `….x` `….y` `….z` |
| `alarm: true` in a feature whose name says of what (`smokedetector`) | alarm of that |
| `live/messages` from a device (`…/outbox/messages/smokedetected`) | alarm of what the subject says; off if the value is false |
| `live/messages` to a device (`…/inbox/…`) | nothing of concern |
| commands, responses, errors, acknowledgements, `deleted`, policies | nothing: what a command changes is an event |
| `timestamp` | when |
| `revision` | the thing's count of its changes, and with the content the identity |

The device is the thing, `NS:NAME`; a feature of it speaks as `NS:NAME.FEATURE`, because two features may measure the same.
`desiredProperties` are wishes and no facts. An event that changes one property says only that.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from itertools import islice
from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said, pure
from ingest.iot import sensor_fields
from ingest.iot.condition_words import ALARM_OF, OTHER, holds
from ingest.iot.quantity_words import plain
from ingest.iot.sensor_fields import said_of
from ingest.iot.telling import Telling, numbered
from ingest.loose import Object, count, inner, instant, number, read_object, text, word
from ingest.refusal import Refusal, Refused, shown
from rules.model import EventClass, Network

_CHANGES: Final = frozenset({"created", "modified", "merged"})
_FEATURES_MAX: Final = 200
_TOPIC_LEVELS: Final = 6
_ENDING: Final = re.compile(r"_?(?:detected|detector|alarm|sensor|alert|event)$")
_GRAVITY: Final = {"g": 9.80665, "m/s2": 1.0, "m/s²": 1.0}


def read(foreign: Foreign) -> list[Said] | Ignored | Refused:
    """What an envelope says."""
    body = read_object(foreign.payload)
    if isinstance(body, Refused):
        return body
    topic = text(body.get("topic")).split("/")
    if len(topic) < _TOPIC_LEVELS:
        return Refused(Refusal.MISSING_FIELD, f"topic: expected NAMESPACE/NAME/things/…, came {shown(body.get('topic'))}")
    namespace, name, group, channel, criterion, action = topic[:_TOPIC_LEVELS]
    path = [level for level in text(body.get("path")).split("/") if level]
    if group != "things" or not name:
        return Ignored("no thing")
    telling = Telling(device=f"{namespace}:{name}", at=instant(body.get("timestamp")), seq=count(body.get("revision")))
    if criterion == "messages":
        said = _message(path, body.get("value"), telling)
    elif criterion == "events" and channel in {"twin", "live"} and action in _CHANGES:
        said = list(_changes(path, body.get("value"), telling))
    else:
        return Ignored(f"{criterion} {action}: no change of a thing")
    return numbered(said, _identity(body, foreign.payload)) or Ignored("nothing of concern")


def _identity(body: Object, payload: bytes) -> str:
    revision = count(body.get("revision"))
    return "" if not revision else f"r{revision}-{blake2b(payload, digest_size=8).hexdigest()}"


def _changes(path: list[str], value: object, telling: Telling) -> Iterator[Said]:
    """The features that a change at this path tells of, from the whole thing down to one property."""
    if not path and isinstance(value, dict):
        value, path = value.get("features"), ["features"]
    if path[:1] != ["features"]:
        return
    if len(path) == 1:
        for feature, its in islice(value.items(), _FEATURES_MAX) if isinstance(value, dict) else ():
            yield from _feature(feature, inner(its, "properties") if isinstance(its, dict) else {}, telling)
    elif len(path) == 2:
        yield from _feature(path[1], inner(value, "properties") if isinstance(value, dict) else {}, telling)
    elif path[2] == "properties":
        properties = {path[-1]: value} if len(path) > 3 else value
        yield from _feature(path[1], properties if isinstance(properties, dict) else {}, telling)


def _feature(feature: str, properties: Object, telling: Telling) -> list[Said]:
    about = replace(telling, device=f"{telling.device}.{feature}")
    unit = word(properties.get("unit"))
    if "acceler" in feature.lower() and unit in _GRAVITY:
        found = {axis: value for axis in "xyz" if (value := number(properties.get(axis))) is not None}
        return [about.reading("acceleration", round(value * _GRAVITY[unit], 6), part=axis) for axis, value in found.items()]
    kind = _kind_of(feature)
    fields = dict(properties)
    if kind and holds(fields.get("alarm")) is not None:
        fields[kind] = bool(holds(fields.pop("alarm")))
    if "value" in fields:
        fields[feature] = {"value": fields.pop("value"), "unit": fields.pop("unit", "")} if unit else fields.pop("value")
    return said_of(fields, about)


def _message(path: list[str], value: object, telling: Telling) -> list[Said]:
    """A message that a device sends: its subject says what happened, unless the value says it better."""
    if "outbox" not in path:
        return []
    about = replace(telling, device=f"{telling.device}.{path[1]}") if path[0] == "features" and len(path) > 2 else telling
    said = said_of(value, about) if isinstance(value, dict) else []
    kind = _kind_of(path[-1]) or (_kind_of(path[1]) if plain(path[-1]) in {"alarm", "detected", "triggered"} else "")
    if not kind or any(each.event_class is EventClass.ALARM and each.kind == kind for each in said):
        return said
    return [*said, about.alarm(kind, holds=holds(value) is not False, subject=path[-1])]


def _kind_of(name: str) -> str:
    """The alarm that a name speaks of: ``smokedetected``, ``smoke-detector``, ``water_leak``; "" where it speaks of none."""
    written = plain(name)
    kind = ALARM_OF.get(written) or ALARM_OF.get(_ENDING.sub("", written), "")
    return "" if kind == OTHER else kind


FORMAT: Final = Format(
    name="ditto",
    network=Network.IOT,
    zh="Eclipse Ditto 数字孪生",
    en="digital twins of Eclipse Ditto",
    words=f"{__doc__}\n{sensor_fields.PAGE}",
    opens=pure(read),
    examples=(
        Example(
            "ditto/events",
            b'{"topic":"org.jade/b03-0502/things/twin/events/modified","headers":{},"path":"/features/smokedetector/properties",'
            b'"value":{"alarm":true,"battery":87},"revision":12,"timestamp":"2026-11-03T00:05:06Z"}',
        ),
        Example(
            "ditto/events",
            b'{"topic":"org.jade/b03-0502/things/live/messages/smokedetected","headers":{},'
            b'"path":"/features/smokedetector/outbox/messages/smokedetected","value":"kitchen"}',
        ),
        Example(
            "ditto/events",
            b'{"topic":"org.jade/b03-0502/things/twin/commands/modify","path":"/features/lamp/properties/on","value":true}',
        ),
    ),
)
