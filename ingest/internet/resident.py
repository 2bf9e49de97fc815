"""A resident's, guard's or grid worker's report: our own form, over a small program, a page, a hotline's desk or an SOS button.

| field | what it says |
|---|---|
| `text` (`content`, `description`) | what: `text` of the alarm `report` on; telephone and identity numbers within it are masked |
| `what` | a word for it (fire, water, noise …): goes before the text; `sos` or `求助`: alarm `sos` |
| `zone` | where, as a path of the community: `b03/u1/0502`; what is no path, or has a telephone in it, is an `address`, masked |
| `address`, `area_id`, `lat`, `lng` | where, in other words |
| `photo`, a text or a list | addresses of pictures (our page's: a path): the first is kept, and how many; never a picture |
| `contact`: a number, or `name`, `phone`, `email` | masked: `张**`, `138****5678` |
| `anonymous` true | no contact at all |
| `urgency` urgent, 紧急 · emergency, 特急 | `urgency` urgent · emergency |
| `channel` mini-program, web, phone, grid, guard, sos-button | `channel`; `sos-button` is an `sos` |
| `id`, `reporter` | the report's number; an opaque number of who reports, never a name or a telephone |
| `at` | when |
| `status` exercise or test | an exercise; a test: never a real alarm |
| `state` off, `withdrawn` true | off: it is taken back |

The device is `CHANNEL.REPORTER`, else `CHANNEL.ID`: two people are two sources, and one who tells it twice is one. The same
words at the same time from another place are another report. A report that
says nothing (no `text`, no `what`, no `photo`) is refused with what was expected. Of a refused report the names, numbers and mail
addresses are masked before it is kept: it can be driven in again, but nobody be called by it; of one that is no JSON
nothing is kept but why, and its sender sends it again.
"""

from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said, pure
from ingest.contacts import masked_name, masked_number, masked_text
from ingest.coordinates import place_of
from ingest.foreign_ids import foreign_id
from ingest.free_text import free_text
from ingest.loose import Object, instant, number, read_object, truth, word
from ingest.masked_message import masked_message
from ingest.refusal import Refusal, Refused, shown
from ingest.report_words import urgency_of, web_address
from ingest.text import clean_zone
from rules.model import Attribute, EventClass, Network, Status

_TEXTS: Final = ("text", "content", "description")
_CHANNELS: Final = frozenset({"mini-program", "web", "phone", "grid", "guard", "sos-button", "wechat", "app"})
_CALLS: Final = frozenset({"sos", "求助", "紧急求助"})
_STATUSES: Final = {"exercise": Status.EXERCISE, "演练": Status.EXERCISE, "test": Status.TEST, "测试": Status.TEST}
_PHOTOS_MAX: Final = 20


def read(foreign: Foreign) -> list[Said] | Ignored | Refused:
    """What a report says."""
    report = read_object(foreign.payload)
    if isinstance(report, Refused):
        return report
    what, text = masked_text(report.get("what"))[:64], masked_text(_first(report))
    photos = _photos(report.get("photo", report.get("media_url")))
    if not what and not text and not photos:
        return Refused(Refusal.MISSING_FIELD, f"text: expected what happens, came {shown(sorted(report))} without it")
    named = word(report.get("channel")).replace("_", "-")
    channel = named if named in _CHANNELS else "web"
    kind = "sos" if word(what) in _CALLS or channel == "sos-button" else "report"
    is_back = word(report.get("state")) == "off" or truth(report.get("withdrawn")) is True
    state = "off" if is_back else "on"
    number_of = _short(report.get("id"))
    who = _short(report.get("reporter")) or number_of
    zone, address = _where(report)
    attributes = _beside(report, {"what": what, "text": ": ".join(each for each in (what, text) if each), "address": address})
    if photos:
        attributes |= {"photo": photos[0], "photo_count": float(len(photos))}
    attributes["channel"] = channel
    at = instant(report.get("at"))
    said = Said(
        event_class=EventClass.ALARM,
        kind=kind,
        device=f"{channel}.{who}" if who else channel,
        state=state,
        at=at,
        id=foreign_id("resident", number_of, state, what, text, at, who, zone, address) if number_of or at is not None else "",
        status=_STATUSES.get(word(report.get("status")), Status.ACTUAL),
        zone=zone,
        attributes=attributes,
    )
    return [said]


def _first(report: Object) -> object:
    return next((report[key] for key in _TEXTS if word(report.get(key))), None)


def _beside(report: Object, texts: dict[str, str]) -> dict[str, Attribute]:
    texts |= {
        "area": _short(report.get("area_id")),
        "urgency": urgency_of(report.get("urgency")),
        "contact": "" if truth(report.get("anonymous")) is True else _contact(report),
    }
    beside: dict[str, Attribute] = {name: text for name, text in texts.items() if text}
    if truth(report.get("anonymous")) is True:
        beside["anonymous"] = True
    longitude = number(report.get("lng", report.get("long")))
    return beside | place_of(number(report.get("lat")), longitude)


def _contact(report: Object) -> str:
    """Name and number of who may be called back, masked."""
    given = report.get("contact")
    if not isinstance(given, dict):
        given = {"phone": given, "name": report.get("consumer", report.get("name"))}
    parts = (masked_name(given.get("name")), masked_number(given.get("phone")), masked_text(given.get("email")))
    return " ".join(part for part in parts if part)


def _where(report: Object) -> tuple[str, str]:
    """The zone where it is a path, and the address in words."""
    zone, address = free_text(report.get("zone"), 256), masked_text(report.get("address"))[:300]
    cleaned, masked = clean_zone(zone), masked_text(zone)
    return ("", address or masked) if isinstance(cleaned, Refused) or masked != zone else (cleaned, address)


def _photos(value: object) -> list[str]:
    given = value if isinstance(value, list) else [value]
    return [address for each in given[:_PHOTOS_MAX] if (address := web_address(each))]


def _short(value: object) -> str:
    """A number or a text as a name; one that looks like a telephone number is none."""
    text = str(value)[:64] if isinstance(value, int) and not isinstance(value, bool) else free_text(value, 64)
    return "" if masked_text(text) != text else text


FORMAT: Final = Format(
    name="resident",
    network=Network.INTERNET,
    zh="居民、保安、网格员上报",
    en="Reports of residents, guards and grid workers",
    words=__doc__,
    opens=pure(read),
    masks=masked_message,
    examples=(
        Example(
            "",
            '{"id":"r-1024","text":"3栋2单元楼道有浓烟","zone":"b03/u2","contact":{"name":"张三丰","phone":"13812345678"},'
            '"urgency":"紧急","channel":"mini-program","photo":["https://app.example/p/1.jpg"],'
            '"at":"2026-11-03T08:05:00+08:00"}'.encode(),
        ),
        Example("", '{"what":"求助","channel":"sos-button","zone":"b03/u1/0502","anonymous":true}'.encode()),
        Example("", b'{"channel":"web"}'),
    ),
)
