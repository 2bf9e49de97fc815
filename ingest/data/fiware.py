"""FIWARE (Smart Data Models `Alert`, `WeatherAlert`): an NGSI entity, an array of them, or a subscription's notification.

| what comes | what it says |
|---|---|
| `category` weather, naturalDisaster, environment, agriculture, traffic, or none | alarm `warning_signal` |
| `category` health or security | alarm `report`; `subCategory` `fallenPatient`: alarm `fall` |
| `severity` critical, high, medium, low | `level` red, orange, yellow, blue of a `warning_signal`; `informational` has none |
| `severity` critical, high of a `report` | `urgency` emergency, urgent |
| `description` | `text`; of a `report` with the `subCategory` before it: `building fire: …` |
| `subCategory` | `type` where it is one of ours (`rainfall`: rainstorm), and as it came |
| `dateIssued`, else `validFrom` | when |
| `validTo` | `expires_at`: the packs end it then |
| `location` (a GeoJSON Point) | `longitude`, `latitude`, in that order |
| `deletedAt` (NGSI-LD) | off |

Key-values, normalized NGSI-v2, NGSI-LD, its concise form and keys that are written out as URIs say the same, and an entity
`urn:ngsi-ld:Alert:X` is the entity `X`. Traps: coordinates are **lon, lat**, unlike CAP's; an entity keeps its id when it
changes, so an event's id is made from what it says, and where it has no time from when it was changed (`modifiedAt`,
`dateModified`), else from the day on which it came; a fall without any of these is heard each time. Entities of other types are
no concern of ours. `alertSource` is often a person's account: only that of an `http` address is kept, without what follows its
host.
"""

import re
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from ingest.adapter import SAID_MAX, Example, Foreign, Format, Ignored, Said, pure
from ingest.careful import read_json
from ingest.coordinates import place_of
from ingest.foreign_ids import foreign_id
from ingest.free_text import free_text
from ingest.loose import Object, instant, number, word
from ingest.refusal import Refusal, Refused, shown
from ingest.warning_signals import LEVELS, Warned, signal
from rules.model import Attribute, EventClass, Network

_TYPES: Final = frozenset({"Alert", "WeatherAlert"})
_PEOPLE: Final = frozenset({"health", "security"})
_FALL: Final = "fallenpatient"
_URGENCIES: Final = {"critical": "emergency", "high": "urgent"}
_DANGERS: Final = {
    "rainfall": "rainstorm",
    "flood": "flood",
    "floodrisk": "flood",
    "heatwave": "heat",
    "hightemperature": "heat",
    "coldwave": "cold_wave",
    "lowtemperature": "cold",
    "wind": "gale",
    "snow": "snowstorm",
    "snow/ice": "snowstorm",
    "ice": "road_icing",
    "fog": "fog",
    "thunderstorms": "lightning",
    "hurricane": "typhoon",
    "tropicalcyclone": "typhoon",
    "forestfire": "forest_fire",
    "firerisk": "forest_fire",
    "earthquake": "earthquake",
    "tsunami": "tsunami",
}
_VALUES: Final = ("value", "@value", "object", "languageMap")
_CHANGED: Final = ("modifiedAt", "dateModified")  # NGSI-LD 4.8 (sysAttrs); NGSI-v2 (builtin attributes)
_DAY_MS: Final = 86_400_000
_SHANGHAI_MS: Final = 28_800_000
_WRAPPED_MAX: Final = 3  # {"value": {"@type": "DateTime", "@value": …}} is two deep
_CAPITAL: Final = re.compile(r"(?<=[a-z])([A-Z])")
_NAME_PREFIX: Final = "urn:ngsi-ld:"


def read(foreign: Foreign) -> list[Said | Refused] | Ignored | Refused:
    """What an entity, an array of entities or a notification says."""
    body = read_json(foreign.payload)
    if isinstance(body, Refused):
        return body
    if isinstance(body, dict) and isinstance(body.get("data"), list) and "subscriptionId" in body:
        body = body["data"]
    entities = body if isinstance(body, list) else [body]
    if len(entities) > SAID_MAX:
        return Refused(Refusal.TOO_MANY, f"expected at most {SAID_MAX} entities, came {len(entities)}")
    said: list[Said | Refused] = []
    for entity in entities:
        if not isinstance(entity, dict):
            said.append(Refused(Refusal.NOT_AN_OBJECT, f"expected an NGSI entity or an array of them, came {shown(entity)}"))
            continue
        told = _of({_short(key): _plain(value) for key, value in entity.items()}, foreign.received_at)
        said += [told] if isinstance(told, Refused) else told
    return said or Ignored("no entity of type Alert or WeatherAlert")


def _of(entity: Object, received_at: int) -> list[Said] | Refused:
    kind_of_entity = entity.get("type")
    if not isinstance(kind_of_entity, str) or _short(kind_of_entity) not in _TYPES:
        return []
    name = entity.get("id")
    if not isinstance(name, str) or not name.strip():
        return Refused(Refusal.MISSING_FIELD, f"id: an alert entity needs one, came {shown(name)}")
    device = _device(name.strip(), _short(kind_of_entity))
    category, sub = word(entity.get("category")), word(entity.get("subCategory"))
    is_over = instant(entity.get("deletedAt")) is not None
    at = instant(entity.get("deletedAt") or entity.get("dateIssued")) or instant(entity.get("validFrom"))
    if category in _PEOPLE:
        said = _of_people(device, entity, sub, at, is_over=is_over)
        return [replace(said, id=_identity(said, entity, received_at))]
    warned = Warned(
        format_="fiware",
        device=device,
        is_on=not is_over,
        level=LEVELS.get(word(entity.get("severity")), ""),
        danger=_DANGERS.get(sub, ""),
        at=at,
        expires=instant(entity.get("validTo")),
        identity=(category, sub),
        beside=_beside(entity),
    )
    return [signal(warned)]


def _of_people(device: str, entity: Object, sub: str, at: str | float | None, *, is_over: bool) -> Said:
    kind = "fall" if sub == _FALL else "report"
    state = "off" if is_over else "on"
    attributes = _beside(entity)
    texts = (_spaced(entity.get("subCategory")), free_text(entity.get("description")))
    attributes["text"] = ": ".join(part for part in texts if part)
    urgency = _URGENCIES.get(word(entity.get("severity")), "")
    if urgency and kind == "report":
        attributes["urgency"] = urgency
    return Said(
        event_class=EventClass.ALARM,
        kind=kind,
        device=device,
        state=state,
        at=at,
        attributes=attributes,
    )


def _identity(said: Said, entity: Object, received_at: int) -> str:
    """Without a time of its own an alert is the same while the entity has not changed, where nothing says so for a day.

    A fall without any time has no identity ("": each delivery is one): the second fall of a day must be heard.
    """
    changed = next((at for name in _CHANGED if (at := instant(entity.get(name))) is not None), None)
    when = changed if said.at is None else said.at
    if when is None and said.kind != "report":
        return ""
    day = (received_at + _SHANGHAI_MS) // _DAY_MS if when is None else when
    urgency, text = said.attributes.get("urgency", ""), said.attributes["text"]
    return foreign_id("fiware", said.device, said.kind, said.state, day, urgency, text)


def _spaced(term: object) -> str:
    """`buildingFire` as words, so that the packs' words of a fire find it: `building fire`."""
    return _CAPITAL.sub(r" \1", free_text(term, 64)).lower()


def _beside(entity: Object) -> dict[str, Attribute]:
    texts: dict[str, Attribute] = {
        "category": free_text(entity.get("category"), 64),
        "sub_category": free_text(entity.get("subCategory"), 64),
        "severity": free_text(entity.get("severity"), 64),
        "text": free_text(entity.get("description")),
        "source": _host(entity.get("alertSource")),
    }
    return {name: text for name, text in texts.items() if text} | _where(entity.get("location"))


def _where(location: object) -> dict[str, Attribute]:
    if not isinstance(location, dict) or location.get("type") != "Point":
        return {}
    coordinates = location.get("coordinates")
    if not isinstance(coordinates, list) or len(coordinates) < 2:
        return {}
    longitude, latitude = coordinates[:2]  # GeoJSON, RFC 7946
    return place_of(number(latitude), number(longitude))


def _host(source: object) -> str:
    try:
        parts = urlsplit(source) if isinstance(source, str) else None
        return free_text(parts.hostname, 128) if parts is not None and parts.scheme in {"http", "https"} else ""
    except ValueError:  # [ without ] in what should be an address
        return ""


def _short(name: str) -> str:
    """A term without the URI before it: `https://uri.fiware.org/ns/data-models#category`."""
    return name.rsplit("#", 1)[-1].rsplit("/", 1)[-1] if name.startswith(("http://", "https://")) else name


def _plain(value: object) -> object:
    """The value of a property in any of the forms that NGSI has."""
    for _ in range(_WRAPPED_MAX):
        key = next((each for each in _VALUES if isinstance(value, dict) and each in value), "")
        if not key or not isinstance(value, dict):
            return value
        value = value[key]
    return value


def _device(name: str, kind_of_entity: str) -> str:
    prefix = f"{_NAME_PREFIX}{kind_of_entity}:"
    return name[len(prefix) :] if name.startswith(prefix) and len(name) > len(prefix) else name


FORMAT: Final = Format(
    name="fiware",
    network=Network.DATA,
    zh="FIWARE 告警实体",
    en="FIWARE alert entities (NGSI)",
    words=__doc__,
    opens=pure(read),
    examples=(
        Example(
            "",
            b'{"id":"Alert:7","type":"Alert","category":"weather","subCategory":"rainfall","severity":"high",'
            b'"location":{"type":"Point","coordinates":[104.06,30.67]},"dateIssued":"2026-11-03T08:00:00.00Z",'
            b'"validTo":"2026-11-03T14:00:00.00Z","description":"Heavy rain until the evening"}',
        ),
        Example(
            "",
            b'{"id":"urn:ngsi-ld:Alert:8","type":"Alert","category":{"type":"Property","value":"security"},'
            b'"subCategory":{"type":"Property","value":"buildingFire"},"severity":{"type":"Property","value":"critical"},'
            b'"dateIssued":{"type":"Property","value":{"@type":"DateTime","@value":"2026-11-03T08:00:00Z"}}}',
        ),
    ),
)
