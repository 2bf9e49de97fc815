"""Earthquake early warning as Wolfx passes it on: `jma_eew`, `sc_eew`, `cenc_eew`, `fj_eew`, `cwa_eew`, by socket or by request.

| what comes | what it says |
|---|---|
| a report: `EventID`, `Serial` or `ReportNum` | alarm `warning_signal` on of `jma_eew.EVENTID`, `type` earthquake |
| the next report of the event | the same alarm, with its level; a report that is older than one before it says nothing |
| `isCancel`, or `Issue.Status` 取消 | off |
| `isTraining`, 訓練 | status exercise; 試験: test |
| `MaxIntensity` of Japan: from 6- (6弱) · 5- · 3 · less | `level` red · orange · yellow · blue; `isWarn`: orange at least |
| `MaxIntensity` of China (烈度): from 7 · 5 · 3 · less | `level` red · orange · yellow · blue |
| `AnnouncedTime`, `ReportTime` | when: in Japan **JST**, elsewhere Beijing time |
| `OriginTime` | `origin_at`; `expires_at` is ten minutes after it (ours): no report says that the shaking is over |
| the route's place | `distance_km` from the epicentre; in China `intensity_here` |
| `Magunitude` (so written), `Depth`, `Hypocenter`, `Latitude`, `Longitude` | `magnitude`, `depth_km`, `epicentre`, place |
| `{"type": "heartbeat"}`, `pong` | heartbeat of `wolfx` |

Traps: `isFinal` is the last report, not the end. A request is answered with the last earthquake there was, be it of last week:
what is older than ten minutes is kept as past, and never decided on. `MaxIntensity` is that near the epicentre, not here: where
the route has a place and the office is a Chinese one, `intensity_here` is estimated from magnitude and distance
(`ingest/internet/shaking.py`), and the level is that of the estimate and one degree more, never above what was announced;
`level_of` says `here` or `epicentre`. `Depth` may be null, and `HypoCenter` has two spellings. Lists of past earthquakes
(`…_eqlist`) are of no concern. The last report of 256 events is remembered.
"""

from dataclasses import replace
from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said
from ingest.areas import Spot, distance
from ingest.coordinates import place_of
from ingest.foreign_instants import foreign_instant
from ingest.free_text import free_text
from ingest.instants import read_instant
from ingest.internet.shaking import intensity_at
from ingest.loose import Object, number, read_object, truth, word
from ingest.refusal import Refusal, Refused, shown
from ingest.warning_signals import LEVEL_RANKS, Standing, Warned, signal
from rules.model import Attribute, EventClass, Network, Status

_JAPAN: Final = "jma_eew"
_SOURCES: Final = (_JAPAN, "sc_eew", "cenc_eew", "fj_eew", "cwa_eew", "cq_eew")
_OTHER_SCALES: Final = frozenset({_JAPAN, "cwa_eew"})
"""They announce the Japanese scale (震度), for which the attenuation of Chinese intensity says nothing."""
_ALIVE: Final = frozenset({"heartbeat", "pong"})
_OFFSETS: Final = {_JAPAN: "+09:00"}
_BEIJING: Final = "+08:00"
_VALID_MS: Final = 600_000
"""Ours: in ten minutes the slow waves are 2,000 km away."""
_EVENTS_MAX: Final = 256
_SERIAL_MAX: Final = 9_999
"""Ours; real events have some tens of reports. A number that is too large would silence all later ones."""
_MARGIN: Final = 1.0
"""Degrees above the estimate; ours: one and a half times its scatter, and what soft ground may add."""
_JAPANESE: Final = {"7": "red", "6": "red", "5": "orange", "4": "yellow", "3": "yellow", "2": "blue", "1": "blue", "0": "blue"}
_CHINESE: Final = (
    (7.0, "red"),
    (5.0, "orange"),
    (3.0, "yellow"),
)  # GB/T 17742: from VII buildings are damaged, from III it is felt
_STATUSES: Final = {"訓練": Status.EXERCISE, "试验": Status.TEST, "試験": Status.TEST, "演练": Status.EXERCISE}


class Reader:
    """One route: it knows the last report of each event, and in which level it stands."""

    def __init__(self) -> None:
        self._standing = Standing()
        self._last: dict[str, float] = {}

    def __call__(self, foreign: Foreign) -> list[Said] | Ignored | Refused:
        """What a report or a sign of life says."""
        body = read_object(foreign.payload)
        if isinstance(body, Refused):
            return body
        kind = word(body.get("type"))
        if kind in _ALIVE:
            return [Said(event_class=EventClass.HEARTBEAT, kind="heartbeat", device="wolfx")]
        if kind.endswith("_eqlist"):
            return Ignored("a list of past earthquakes")
        source = _source(body, kind, foreign.topic)
        event = free_text(body.get("EventID"), 64) or str(body.get("ID") or "")[:64]
        serial = number(body.get("Serial", body.get("ReportNum")))
        if not source or not event or serial is None or not 0 <= serial <= _SERIAL_MAX:
            wanted = f"EventID and Serial or ReportNum (0 to {_SERIAL_MAX}) of an early warning"
            return Refused(Refusal.MISSING_FIELD, f"expected {wanted}, came {shown(sorted(body))}")
        device = f"{source}.{event.split('_')[0]}"  # Sichuan's ids end in the report's number
        if serial < self._last.get(device, serial):
            return Ignored(f"report {serial:g} of {device} came after report {self._last[device]:g}")
        self._remember(device, serial)
        said = _report(body, source, device, serial, foreign)
        return [said] if said.is_past else self._standing.follow(said)

    def _remember(self, device: str, serial: float) -> None:
        self._last.pop(device, None)
        self._last[device] = serial
        if len(self._last) > _EVENTS_MAX:
            del self._last[next(iter(self._last))]


def _report(body: Object, source: str, device: str, serial: float, foreign: Foreign) -> Said:
    issue = body.get("Issue")
    words = " ".join(
        free_text(each, 64) for each in (body.get("Title"), issue.get("Status") if isinstance(issue, dict) else None)
    )
    origin = _instant(body.get("OriginTime"), source)
    announced = _written(body.get("AnnouncedTime") or body.get("ReportTime") or body.get("OriginTime"), source)
    here = _here(body, source, foreign.spot)
    level_of = "here" if "intensity_here" in here else "epicentre"
    is_on = truth(body.get("isCancel")) is not True and "取消" not in words
    said = signal(
        Warned(
            format_="eew",
            device=device,
            is_on=is_on,
            level=_level(body, source, here.get("intensity_here")),
            danger="earthquake",
            at=announced,
            expires=origin + _VALID_MS if is_on and origin is not None else None,
            status=_status(body, words),
            identity=(f"{serial:g}",),
            beside=_beside(body, origin) | here | {"serial": serial, "level_of": level_of},
        )
    )
    told_at = _instant(announced, source)
    return replace(said, is_past=told_at is not None and foreign.received_at - told_at > _VALID_MS)


def _source(body: Object, kind: str, topic: str) -> str:
    """Over the socket the report says which it is; an answer to a request does not, then its address or its fields do."""
    if kind:
        return kind if kind in _SOURCES else ""
    name = topic.rsplit("/", 1)[-1].removesuffix(".json")
    if name in _SOURCES:
        return name
    if "AnnouncedTime" in body:
        return _JAPAN
    return "sc_eew" if "ReportNum" in body else ""


def _status(body: Object, words: str) -> Status:
    if truth(body.get("isTraining")) is True:
        return Status.EXERCISE
    return next((status for name, status in _STATUSES.items() if name in words), Status.ACTUAL)


def _here(body: Object, source: str, spot: Spot | None) -> dict[str, float]:
    """How far away and how strong it is at the route's place; nothing where there is none, or no epicentre."""
    place = place_of(number(body.get("Latitude")), number(body.get("Longitude")))
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if spot is None or not isinstance(latitude, float) or not isinstance(longitude, float):
        return {}
    far = distance((latitude, longitude), (spot.latitude, spot.longitude))
    magnitude = number(body.get("Magunitude", body.get("Magnitude")))
    felt = None if magnitude is None or source in _OTHER_SCALES else intensity_at(magnitude, far)
    return {"distance_km": round(far, 1)} | ({} if felt is None else {"intensity_here": round(felt, 1)})


def _level(body: Object, source: str, here: float | None) -> str:
    """The level of the strongest shaking that is foreseen: here where that can be estimated, else near the epicentre."""
    felt = body.get("MaxIntensity")
    if source in _OTHER_SCALES:
        level = _JAPANESE.get(str(felt).strip()[:1], "") if felt is not None else ""
        is_warned = truth(body.get("isWarn")) is True
        return "orange" if is_warned and LEVEL_RANKS.get(level, 9) > LEVEL_RANKS["orange"] else level
    announced = number(felt)
    degrees = [each for each in (announced, None if here is None else here + _MARGIN) if each is not None]
    if not degrees:
        return ""
    degree = min(degrees)
    return next((level for least, level in _CHINESE if degree >= least), "blue")


def _beside(body: Object, origin: int | None) -> dict[str, Attribute]:
    numbers = {"magnitude": number(body.get("Magunitude", body.get("Magnitude"))), "depth_km": number(body.get("Depth"))}
    beside: dict[str, Attribute] = {name: value for name, value in numbers.items() if value is not None}
    beside |= {
        "epicentre": free_text(body.get("Hypocenter") or body.get("HypoCenter"), 128),
        "max_intensity": free_text(str(body.get("MaxIntensity") or ""), 16),
    }
    beside |= {name: True for name, key in (("is_final", "isFinal"), ("is_assumed", "isAssumption")) if truth(body.get(key))}
    if origin is not None:
        beside["origin_at"] = float(origin)
    return beside | place_of(number(body.get("Latitude")), number(body.get("Longitude")))


def _written(value: object, source: str) -> str | None:
    """A time with the zone of its office: the feed writes none."""
    text = value.strip() if isinstance(value, str) else ""
    if not word(text):
        return None
    return text if "+" in text or text.endswith("Z") else text + _OFFSETS.get(source, _BEIJING)


def _instant(value: object, source: str) -> int | None:
    written = _written(value, source)
    if written is None:
        return None
    at, _ = foreign_instant(written)
    return None if at is None else read_instant(at)[0]


FORMAT: Final = Format(
    name="eew",
    network=Network.INTERNET,
    zh="地震预警（Wolfx：日本、四川、福建等）",
    en="Earthquake early warning (Wolfx: Japan, Sichuan, Fujian …)",
    words=__doc__,
    opens=Reader,
    examples=(
        Example(
            "",
            '{"type":"sc_eew","EventID":"20261103080455_1","ReportTime":"2026-11-03 08:05:04","ReportNum":1,'
            '"OriginTime":"2026-11-03 08:04:55","HypoCenter":"四川宜宾市高县","Latitude":28.5,"Longitude":104.7,'
            '"Magunitude":5.1,"Depth":null,"MaxIntensity":6.8}'.encode(),
        ),
        Example(
            "",
            '{"type":"jma_eew","EventID":"20261103090430","Serial":2,"AnnouncedTime":"2026/11/03 09:04:52",'
            '"OriginTime":"2026/11/03 09:04:25","Hypocenter":"宮古島北西沖","Latitude":25.5,"Longitude":125.0,'
            '"Magunitude":6.4,"Depth":100,"MaxIntensity":"5弱","isTraining":false,"isWarn":true,"isCancel":false}'.encode(),
        ),
        Example("", b'{"type":"heartbeat","timestamp":1793664310000}'),
    ),
)
