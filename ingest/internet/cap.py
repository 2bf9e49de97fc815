"""CAP 1.2 (OASIS Common Alerting Protocol): an alert, an Atom feed or EDXL distribution of them, and the NWS's GeoJSON.

| what comes | what it says |
|---|---|
| `msgType` Alert with an `info` | alarm `warning_signal` on of `sender,identifier` |
| `msgType` Update | off of each alert that it references, and on of itself |
| `msgType` Cancel | off of each alert that it references, known or not |
| `msgType` Ack, Error; no `info` | nothing |
| several `info` of one event in several languages | one signal; `headline` is the Chinese one where there is one |
| several events | one signal each, of the same device: its end ends all |
| `responseType` AllClear, `urgency` Past | off |
| `severity` Extreme, Severe, Moderate, Minor | `level` red, orange, yellow, blue; Unknown: by a Chinese title, else none |
| `status` Actual | an actual one; Exercise: exercise; Test, System, Draft: test, which never raise or end a real alarm |
| `sent` | when |
| `expires` | `expires_at`: the packs end the signal then |
| `area`: `polygon`, `circle`, `geocode` | `area`, `geocodes`; `area_match` inside, near or unknown for a route with a place |
| NWS: features of `api.weather.gov/alerts` | as CAP, the oldest first; `ends` goes before `expires` |

An alert for elsewhere says nothing, but it ends what it replaces. One that comes after its Update or Cancel does not rise, but
ends what it replaces: the last 10,000 ends of a route are remembered. The same message again is the same event.

**What is refused**, with the rule that was broken: elements that are missing, unknown or out of their order; words that are not
in the schema; identifier or sender with a space, a comma, `<` or `&`; a time with `Z`, with a fraction or without an offset;
`Update`, `Cancel`, `Ack` and `Error` without references; a reference that is none, that is the message itself or later than it;
a restriction without the scope Restricted, and the other way round; Private without addresses; a polygon that is open, has under
four points, crosses itself or lies off the globe; a ceiling without an altitude; an end before the beginning; a web address that
is relative; more than 64 `info` or 200 references in an alert; more than 10,000 points in a document. In a feed, only the alert
that is wrong is refused. Lenient where senders are old: the namespaces of CAP 1.1 and 1.0, ISO-8859-1, `Very Likely` for Likely,
a resource without `mimeType` in 1.1, HTML in texts (taken out), empty optional elements.

Traps: points are **lat,lon**, in GeoJSON **lon,lat**. `contact` is a person's: not kept. An Atom or RSS index has only links: ask
for the alerts themselves. A document type or an entity is refused.
"""

from dataclasses import replace
from typing import Final

from ingest.adapter import SAID_MAX, Example, Foreign, Format, Ignored, Said
from ingest.areas import POINTS_MAX
from ingest.careful import read_json
from ingest.careful_xml import read_xml
from ingest.internet.cap_envelopes import Enclosed, alerts_in
from ingest.internet.cap_meaning import Course
from ingest.internet.cap_model import CapAlert
from ingest.internet.cap_rules import read_alert
from ingest.internet.nws_alerts import is_feed, read_feed
from ingest.refusal import Refusal, Refused, shown
from rules.model import Network, Status

_COMMAS_MAX: Final = 30_000
"""Of a GeoJSON answer; ours: each is a field or part of a point, which are what it costs. A week of Guam's alerts has 16,000."""


class Reader:
    """One route, with its course of alerts."""

    def __init__(self) -> None:
        self._course = Course()

    def __call__(self, foreign: Foreign) -> list[Said | Refused] | Ignored | Refused:
        """What a document says."""
        alerts = _alerts(foreign.payload)
        if isinstance(alerts, Ignored | Refused):
            return alerts
        told: list[Said | Refused] = []
        silent = Ignored("a feed without alerts")
        for alert in alerts:
            said = alert if isinstance(alert, Refused) else self._course.follow(alert, foreign.spot)
            if isinstance(said, Refused):
                told.append(said)
            elif isinstance(said, Ignored):
                silent = said
            else:
                told += said
            if len(told) > SAID_MAX:  # it is refused as a whole: more work is lost
                break
        return told or silent


def _alerts(payload: bytes) -> list[CapAlert | Refused] | Ignored | Refused:
    """The alerts of a document of either kind, in the order in which they are to be taken."""
    is_json = payload.lstrip()[:1] in {b"{", b"["}
    if payload.count(b",") > (_COMMAS_MAX if is_json else POINTS_MAX) or payload.count(b"[") > POINTS_MAX:
        what = f"expected at most {POINTS_MAX} points, came as many signs of them; send or ask for fewer alerts at once"
        return Refused(Refusal.TOO_MANY, what)
    if is_json:
        body = read_json(payload)
        if isinstance(body, Refused):
            return body
        if not isinstance(body, dict) or not is_feed(body):
            return Refused(Refusal.WRONG_WORD, f"expected CAP as XML or the NWS's GeoJSON, came {shown(body)}")
        return read_feed(body)
    root = read_xml(payload)
    found = root if isinstance(root, Refused) else alerts_in(root)
    if isinstance(found, Ignored | Refused):
        return found
    return [_read(each) for each in found]


def _read(enclosed: Enclosed | Refused) -> CapAlert | Refused:
    alert = enclosed if isinstance(enclosed, Refused) else read_alert(enclosed.alert)
    if isinstance(alert, Refused) or isinstance(enclosed, Refused) or enclosed.status is Status.ACTUAL:
        return alert
    return replace(alert, status=enclosed.status if alert.status is Status.ACTUAL else alert.status)


_EXAMPLE: Final = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>{identifier}</identifier><sender>qx@cma.example</sender><sent>{sent}</sent>
  <status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>{references}
  {info}
</alert>"""
_INFO: Final = """<info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Expected</urgency>
    <severity>{severity}</severity><certainty>Likely</certainty><expires>2026-11-03T20:00:00+08:00</expires>
    <headline>暴雨{colour}色预警信号</headline><area><areaDesc>成都市</areaDesc>
    <geocode><valueName>adcode</valueName><value>510100</value></geocode></area></info>"""


def _example(identifier: str, sent: str, kind: str, references: str = "", info: str = "") -> Example:
    named = f"\n  <references>{references}</references>" if references else ""
    return Example("", _EXAMPLE.format(identifier=identifier, sent=sent, kind=kind, references=named, info=info).encode())


_FIRST: Final = "qx@cma.example,1,2026-11-03T08:00:00+08:00"
_SECOND: Final = "qx@cma.example,2,2026-11-03T09:00:00+08:00"

FORMAT: Final = Format(
    name="cap",
    network=Network.INTERNET,
    zh="公共预警协议 CAP 1.2（含 NWS）",
    en="Common Alerting Protocol 1.2 (also NWS)",
    words=__doc__,
    opens=Reader,
    examples=(
        _example("1", "2026-11-03T08:00:00+08:00", "Alert", info=_INFO.format(severity="Severe", colour="橙")),
        _example("2", "2026-11-03T09:00:00+08:00", "Update", _FIRST, _INFO.format(severity="Moderate", colour="黄")),
        _example("3", "2026-11-03T10:00:00+08:00", "Cancel", f"{_FIRST} {_SECOND}"),
        _example("4", "2026-11-03T10:00:00Z", "Alert", info=_INFO.format(severity="Severe", colour="橙")),
    ),
)
