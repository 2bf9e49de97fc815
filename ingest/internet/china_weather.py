"""China's warning signals: QWeather, Caiyun, 12379 (国家预警信息发布系统) and bare titles, in four colours.

| what comes | what it says |
|---|---|
| a title: `海淀区气象台发布大风蓝色预警[IV/一般]` | alarm `warning_signal` on of `海淀区气象台.大风`, `level` blue, `type` gale |
| 继续发布, 更新, 变更, 升级, 降级, `将暴雨橙色…调整为暴雨黄色` | the same signal in the colour that is named last |
| 解除, 取消, 撤销, 终止 before the signal, or behind it as the last word (`…预警信号解除`) | off |
| 演练, 演习 in a title, `status` `Exercise`; 测试, `Test` | status exercise; test: never a real alarm |
| QWeather `weatheralert/v1` `alerts[]`, v7 `warning[]` | as their headline or title; `messageType.code` `cancel` is off |
| Caiyun v2 `content[]`, v3 `alerts[]`, v1 `alert` | as their title; status `预警解除` is off |
| `code` of Caiyun where the title says nothing: `0501` | gale (05), blue (01) |
| 12379: an object with `headline` or `title` and `identifier` | as its title |
| `issuedTime`, `pubtimestamp`, `effective`, … or the time within a 12379 identifier | when |
| `expireTime`, `expired_time`, `endTime` … | `expires_at` |

A signal is known by who gives it and by its danger, because an end (解除) has an identifier of its own and names no other. 气象局
and 气象台 of a place are one. The colour of the title goes before one in a code or severity. Where a title has no signal, the
text is read in its place. One without a time of issue is heard each time that it comes. A new colour of a signal first ends
the old one: the last 4,096 signals of a route are remembered.

Traps: Caiyun's `latlon` is **lat, lon**, and `location` is a name; QWeather's `severity` may be missing or in words of its own,
and its times have no seconds; a webhook of Caiyun (`ALERT_ON`, `ALERT_OFF`) names only an address to ask: it says nothing here.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said
from ingest.careful import read_json
from ingest.coordinates import place_of
from ingest.free_text import free_text
from ingest.internet.china_titles import Signal, Title, read_title
from ingest.loose import Object, instant, number, word
from ingest.refusal import Refusal, Refused, shown
from ingest.warning_signals import LEVELS, Standing, Warned, danger_of, signal
from rules.model import Attribute, Network, Status

_TITLES: Final = ("headline", "title")
_TEXTS: Final = ("description", "text")
_SENDERS: Final = ("senderName", "sender_name", "sender")
_IDENTITIES: Final = ("identifier", "alertId", "alert_id", "id")
_ISSUED: Final = ("issuedTime", "pubTime", "sendTime", "sent", "pubtimestamp", "published_time", "publish_time", "effective")
_EXPIRES: Final = ("expireTime", "expiresTime", "expiredTime", "expired_time", "expires", "endTime")
_LISTS: Final = ("alerts", "warning", "content")
_INSIDE: Final = ("result", "alert")
_AREAS: Final = ("adcode", "ad_code", "area_code")
_CANCELLED: Final = frozenset({"cancel", "预警解除", "解除"})
_STATUSES: Final = {
    **dict.fromkeys(("exercise", "drill", "演练", "演习"), Status.EXERCISE),
    **dict.fromkeys(("test", "system", "draft", "测试"), Status.TEST),
}
_CAIYUN_LEVELS: Final = {"01": "blue", "02": "yellow", "03": "orange", "04": "red"}
_CAIYUN_DANGERS: Final = (
    *("台风", "暴雨", "暴雪", "寒潮", "大风", "沙尘暴", "高温", "干旱", "雷电"),
    *("冰雹", "霜冻", "大雾", "霾", "道路结冰", "森林火灾", "雷雨大风"),
)
"""From 01 on (docs.caiyunapp.com, 预警类型编码)."""
_REGION_DIGITS: Final = 6
_ALERTS_MAX: Final = 1000


class Reader:
    """One route: it knows in which colour each of its signals stands."""

    def __init__(self) -> None:
        self._standing = Standing()

    def __call__(self, foreign: Foreign) -> list[Said] | Ignored | Refused:
        """What an answer, one alert or a bare title says."""
        alerts = _alerts(foreign.payload)
        if isinstance(alerts, Refused | Ignored):
            return alerts
        said: list[Said] = []
        for alert in sorted(alerts, key=_order):
            told = list(_of(alert))
            if not told and len(alerts) == 1:
                return Refused(
                    Refusal.WRONG_WORD, f"title: expected …发布<灾种><红橙黄蓝>色预警, came {shown(_first(alert, _TITLES))}"
                )
            said += [each for one in told for each in self._standing.follow(one)]
        return said or Ignored("no alert has the title of a warning signal")


def _alerts(payload: bytes) -> list[Object] | Ignored | Refused:
    """The alerts of any of the forms, or a bare title as one."""
    start = payload.lstrip()[:1]
    if start and start not in b"{[":
        try:
            return [{"title": payload.decode("utf-8")}]
        except UnicodeDecodeError:
            return [{"title": payload.decode("gb18030", "replace")}]
    body = read_json(payload)
    if isinstance(body, Refused):
        return body
    for key in _INSIDE:
        if isinstance(body, dict) and isinstance(body.get(key), dict):
            body = body[key]
    if isinstance(body, dict):
        if word(body.get("event")) in {"alert_on", "alert_off"}:
            return Ignored("a webhook of Caiyun: it names an address to ask, and no signal")
        listed = next((body[key] for key in _LISTS if isinstance(body.get(key), list)), None)
        body = [body] if listed is None else listed
    if not isinstance(body, list) or not all(isinstance(each, dict) for each in body):
        return Refused(Refusal.NOT_AN_OBJECT, f"expected an alert or a list of them, came {shown(body)}")
    if len(body) > _ALERTS_MAX:
        return Refused(Refusal.TOO_MANY, f"expected at most {_ALERTS_MAX} alerts, came {len(body)}")
    return [_flat(each) for each in body] if body else Ignored("no warning is in force")


def _flat(alert: Object) -> Object:
    """Caiyun's v3 has the words in `data`, one for each language: the Chinese ones go beside the rest."""
    spoken = alert.get("data")
    blocks = [each for each in spoken if isinstance(each, dict)] if isinstance(spoken, list) else []
    blocks.sort(key=lambda block: not str(block.get("language_code", "")).startswith("zh"))
    return {**blocks[0], **alert} if blocks else alert


def _order(alert: Object) -> str:
    """By the time of issue, as far as it is text of one kind; else as they came."""
    issued = _first(alert, _ISSUED)
    return issued if isinstance(issued, str) else f"{number(issued) or 0:020.3f}"


def _of(alert: Object) -> Iterator[Said]:
    title = _title(alert)
    is_cancelled = bool(
        _CANCELLED & {word(_code(alert.get("messageType"))), word(alert.get("msgType")), word(alert.get("status"))}
    )
    office = title.office or free_text(_first(alert, _SENDERS), 64) or _region(alert) or "weather"
    for each in title.signals:
        is_on = each.is_on and not is_cancelled
        yield signal(
            Warned(
                format_="china_weather",
                device=f"{office}.{each.danger}",
                is_on=is_on,
                level=each.level or _level(alert),
                danger=danger_of(each.danger),
                at=_issued(alert),
                expires=instant(_first(alert, _EXPIRES)) if is_on else None,
                status=_status(alert, title),
                beside=_beside(alert, each, title),
            )
        )


def _status(alert: Object, title: Title) -> Status:
    """As the title says, or the status of CAP beside it."""
    return title.status if title.status is not Status.ACTUAL else _STATUSES.get(word(alert.get("status")), Status.ACTUAL)


def _title(alert: Object) -> Title:
    """What the title says; where it names no signal, the fields and then the text do."""
    title = read_title(free_text(_first(alert, _TITLES)))
    if title.signals:
        return title
    if danger := _danger(alert):
        return Title(title.office, (Signal(danger, "", is_on=True),), title.status)
    told = read_title(free_text(_first(alert, _TEXTS)))
    return Title(title.office or told.office, told.signals, title.status if title.status is not Status.ACTUAL else told.status)


def _danger(alert: Object) -> str:
    kind = alert.get("eventType")
    named = kind.get("name") if isinstance(kind, dict) else _first(alert, ("typeName", "event"))
    if word(named):
        return free_text(named, 32)
    code = alert.get("code")
    index = int(code[:2]) - 1 if isinstance(code, str) and len(code) == 4 and code.isascii() and code.isdigit() else -1
    return _CAIYUN_DANGERS[index] if 0 <= index < len(_CAIYUN_DANGERS) else ""


def _level(alert: Object) -> str:
    """Where no title names a colour: the colour that the service gives, else its code, else its severity."""
    for name in ("color", "severityColor", "level", "severity"):
        if level := LEVELS.get(word(_code(alert.get(name))), ""):
            return level
    code = alert.get("code")
    return _CAIYUN_LEVELS.get(code[2:], "") if isinstance(code, str) and len(code) == 4 else ""


def _beside(alert: Object, each: Signal, title: Title) -> Mapping[str, Attribute]:
    beside: dict[str, Attribute] = {
        "danger": each.danger,
        "office": title.office,
        "headline": free_text(_first(alert, _TITLES), 300),
        "text": free_text(_first(alert, _TEXTS)),
        "instruction": free_text(alert.get("instruction")),
        "identifier": free_text(_first(alert, _IDENTITIES), 128),
        "region": _region(alert),
    }
    latlon = alert.get("latlon")
    if isinstance(latlon, list) and len(latlon) == 2:
        beside |= place_of(number(latlon[0]), number(latlon[1]))
    return beside


def _issued(alert: Object) -> str | float | None:
    """When it was given: as a field says, else as a 12379 identifier ends (`11010841600000_20211229072633`)."""
    issued = instant(_first(alert, _ISSUED))
    if issued is not None:
        return issued
    parts = free_text(_first(alert, _IDENTITIES), 128).split("_")
    return next((part for part in parts if len(part) == 14 and part.isascii() and part.isdigit() and part.startswith("20")), None)


def _region(alert: Object) -> str:
    """The administrative code (GB/T 2260): as a field, else the first six digits of a 12379 identifier."""
    for name in _AREAS:
        code = alert.get(name)
        if isinstance(code, int | str) and len(str(code)) == _REGION_DIGITS and str(code).isdigit():
            return str(code)
    first = free_text(_first(alert, _IDENTITIES), 128).split("_")[0]
    return first[:_REGION_DIGITS] if len(first) == 14 and first.isascii() and first.isdigit() else ""


def _first(alert: Object, names: tuple[str, ...]) -> object:
    return next((alert[name] for name in names if alert.get(name) not in (None, "")), None)


def _code(value: object) -> object:
    """QWeather puts words into objects: `{"code": "blue", …}`."""
    return value.get("code") if isinstance(value, dict) else value


FORMAT: Final = Format(
    name="china_weather",
    network=Network.INTERNET,
    zh="国内气象预警信号（和风、彩云、12379）",
    en="China's weather warning signals (QWeather, Caiyun, 12379)",
    words=__doc__,
    opens=Reader,
    examples=(
        Example("", "成都市气象台2026年11月03日08时00分发布暴雨橙色预警信号[Ⅱ级/严重]".encode()),
        Example(
            "",
            '{"alerts":[{"id":"202611030905","senderName":"成都市气象台","issuedTime":"2026-11-03T09:05+08:00",'
            '"messageType":{"code":"update"},"eventType":{"name":"暴雨","code":"1003"},"color":{"code":"yellow"},'
            '"expireTime":"2026-11-04T09:05+08:00","headline":"成都市气象台更新暴雨黄色预警信号"}]}'.encode(),
        ),
        Example("", '{"title":"成都市气象局解除暴雨黄色预警信号","identifier":"51010041600000_20261103120000"}'.encode()),
    ),
)
