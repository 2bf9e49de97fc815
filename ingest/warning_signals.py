"""An authority's warning as our alarm ``warning_signal``: what levels, dangers and validity are called around the world.

The rule packs read the attributes: ``level`` (red, orange, yellow, blue), ``type`` (a word of ``DANGERS``) and ``expires_at``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, TypeVar

from ingest.adapter import Said
from ingest.foreign_ids import foreign_id
from ingest.foreign_instants import foreign_instant
from ingest.instants import read_instant
from rules.model import NOTHING, Attribute, EventClass, Status

KIND: Final = "warning_signal"

LEVELS: Final = MappingProxyType(
    {
        # CAP 1.2 severity; 突发事件应对法: 特别重大/特别严重 I … 一般 IV (reference/domain.md, B1)
        "extreme": "red",
        "severe": "orange",
        "moderate": "yellow",
        "minor": "blue",
        # China's four colours, as 12379, QWeather and Caiyun write them
        "red": "red",
        "orange": "orange",
        "yellow": "yellow",
        "blue": "blue",
        "红": "red",
        "橙": "orange",
        "黄": "yellow",
        "蓝": "blue",
        # FIWARE Alert (Smart Data Models)
        "critical": "red",
        "high": "orange",
        "medium": "yellow",
        "low": "blue",
    }
)
"""Our level by what it is called elsewhere, in small letters. What is not here has none: the packs take it for yellow."""

LEVEL_RANKS: Final = MappingProxyType({"red": 1, "orange": 2, "yellow": 3, "blue": 4})
"""一级 is the highest."""

DANGERS: Final = MappingProxyType(
    {
        "暴雨": "rainstorm",
        "暴雪": "snowstorm",
        "台风": "typhoon",
        "寒潮": "cold_wave",
        "大风": "gale",
        "沙尘暴": "sandstorm",
        "高温": "heat",
        "干旱": "drought",
        "雷电": "lightning",
        "冰雹": "hail",
        "霜冻": "frost",
        "大雾": "fog",
        "霾": "haze",
        "灰霾": "haze",
        "道路结冰": "road_icing",
        "道路冰雪": "road_icing",
        "寒冷": "cold",
        "低温": "cold",
        "雷雨大风": "thunder_gale",
        "雷暴大风": "thunder_gale",
        "强对流": "convection",
        "森林火险": "forest_fire",
        "森林火灾": "forest_fire",
        "山洪灾害": "flash_flood",
        "山洪": "flash_flood",
        "地质灾害": "landslide",
        "洪水": "flood",
        "内涝": "flood",
        "地震": "earthquake",
        "海啸": "tsunami",
    }
)
"""Our word by what a signal is called in China (CMA's signals and those of 12379); others keep their own name."""

_STANDING_MAX: Final = 4096
_EXPIRES_NOT: Final = frozenset({"", "null", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """What an authority has said, from whatever format it was read. ``at`` and ``expires`` as they came."""

    format_: str
    device: str
    is_on: bool
    level: str = ""
    danger: str = ""
    at: str | float | None = None
    expires: str | float | None = None
    status: Status = Status.ACTUAL
    identity: tuple[object, ...] = ()
    beside: Mapping[str, Attribute] = field(default_factory=lambda: NOTHING)


def signal(warned: Warned) -> Said:
    """The alarm ``warning_signal`` on or off. The same said again has the same id; a new level or end is news.

    Without a time nobody can tell a repeat from the next storm: such a signal has no id of its own, and is heard each time.
    """
    attributes: dict[str, Attribute] = {name: value for name, value in warned.beside.items() if value != ""}
    if warned.danger:
        attributes["type"] = warned.danger
    if warned.level:
        attributes["level"] = warned.level
    attributes |= validity(warned.expires)
    state = "on" if warned.is_on else "off"
    meaning = (warned.device, state, warned.level, warned.at, warned.expires, warned.status.value, *warned.identity)
    return Said(
        event_class=EventClass.ALARM,
        kind=KIND,
        device=warned.device,
        state=state,
        at=warned.at,
        id="" if warned.at is None else foreign_id(warned.format_, *meaning),
        status=warned.status,
        attributes=attributes,
    )


def danger_of(name: str) -> str:
    """Our word: of the name itself, else of the longest danger that is part of it (地质灾害气象风险)."""
    parts = sorted((each for each in DANGERS if each in name), key=len)
    return DANGERS[parts[-1]] if parts else ""


class Standing:
    """In which colour each signal stands, so that a new colour ends the old one: a rule of a colour sees only its own.

    What is said again (a service that is asked again and again) changes nothing. Bounded: past ``_STANDING_MAX`` signals the one
    that was heard of longest ago is forgotten, and its old colour then lasts until its end or its expiry.
    """

    def __init__(self) -> None:
        self._levels: dict[str, str] = {}
        self._heard: dict[str, None] = {}

    def follow(self, said: Said) -> list[Said]:
        """What was said, with the end of the colour before it where the signal stood in another."""
        if said.status is not Status.ACTUAL or said.id in self._heard:
            return [said]
        if said.id:
            _remember(self._heard, said.id, None)
        before = self._levels.pop(said.device, None)
        if said.state != "on":
            return [said]
        level = str(said.attributes.get("level", ""))
        _remember(self._levels, said.device, level)
        if before is None or before == level:
            return [said]
        gone = {name: value for name, value in said.attributes.items() if name == "type"} | {"replaced_by": level}
        return [replace(said, state="off", id=said.id and f"{said.id}-off", attributes=gone), said]


_Value = TypeVar("_Value")


def _remember(memory: dict[str, _Value], name: str, value: _Value) -> None:
    memory[name] = value
    if len(memory) > _STANDING_MAX:
        del memory[next(iter(memory))]


def validity(expires: str | float | None) -> dict[str, Attribute]:
    """``expires_at`` in ms where the time can be read and is one, else as it came in ``unreadable_expires_at``, or nothing."""
    if expires is None or (isinstance(expires, str) and expires.strip().lower() in _EXPIRES_NOT):
        return {}
    instant, _ = foreign_instant(expires)
    at, doubt = (None, "") if instant is None else read_instant(instant)
    if at is None or doubt == "unreadable":
        return {"unreadable_expires_at": str(expires)[:80]}
    return {"expires_at": float(at)}
