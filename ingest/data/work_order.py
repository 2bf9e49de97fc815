"""Work orders of a 12345 hotline or another service desk: pushed as JSON, or exported as CSV; at most 250 at a time.

GB/T 33358-2016 says what an order records (who asked, what, how it is handled, the call back), not how its fields are called.
The names taken here are therefore ours, gathered from what exports and platforms use, Chinese or English, in any case and with
or without underscores; in CSV they are the first line.

| what comes | what it says |
|---|---|
| 工单编号 `order_no` | the device `order@ROUTE.NUMBER`: by it the result goes back to whom it came from |
| 诉求内容 `content` and 标题 `title` | `text`: by it the packs hear of fire or gas |
| 诉求类型 `appeal_type`: 咨询 求助 投诉 举报 建议 表扬 | `appeal`; all are alarm `report`; 紧急求助 alone is `sos` |
| 诉求分类 `category` | `category`, never part of `text`: "火灾隐患" is a class of complaints and no fire |
| 紧急程度 `urgency`: 紧急, 加急 · 特急 | `urgency` urgent · emergency |
| 办理时限 `deadline`, 承办单位 `agency`, 网格 `grid` | attributes, as they came |
| 事发地址 `address`; `zone` as a path of the community; `lat`, `lng` | where |
| 更新时间, else 派单时间, else 受理时间 | when |
| 状态 `status` 办结, 归档, 回访, 评价, 撤销, 作废, 退回 …; `withdrawn` true | off; all others, as 未按期办结: on |
| 状态 演练 · 测试, 是否演练 true | an exercise; a test: never a real alarm |
| 姓名, 联系人, 电话, 身份证号, 邮箱 … | **nothing**: they only serve to mask them where the texts repeat them |

The same order told again is the same event, and so is one whose status, unit or result alone went on (受理, 派单): what we tell
of an order does not come back as news. Changed in what it is about, it is heard again. The last 5,000 orders of a route
are remembered, and after a start read from the last 31 days of the journal: one that was over and stands again (重办, 重开)
is heard again, and one of which only number and status come is where it was. An order without a usable number is heard and
cannot be answered: `order_fault` says why.

Traps: 求助 is how a hotline calls most of its orders, and no SOS. A spreadsheet makes `2.02611E+15` of a number, and writes
`="2026110300012"` or `'2026110300012` to prevent it; its CSV is GB 18030 rather than UTF-8. Orders that are older than the
pack's `late_max` are history, not alarms: an export of last month rings nothing. Telephones, mail addresses and identity
numbers in all texts are masked, also those of others. Of what is refused nothing is kept but why.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from ingest.adapter import Example, Foreign, Format, Ignored, Said
from ingest.callers import Caller, caller_of, without_caller
from ingest.coordinates import place_of
from ingest.data.work_order_fields import Record, fields_of, read_records
from ingest.foreign_ids import foreign_id
from ingest.free_text import free_text
from ingest.loose import instant, number, truth, word
from ingest.refusal import Refusal, Refused, shown
from ingest.report_words import urgency_of, web_address
from ingest.text import clean_zone
from rules.model import Attribute, EventClass, Network, Status

ORDERS_MAX: Final = 250
"""Orders that one message may hold: they are read within 50 ms; ours. A longer export is sent in parts."""
REMEMBERED_MAX: Final = 5_000
"""Orders of a route that are remembered: a month of a street's; ours."""

_OF_THE_ORDER: Final = frozenset({"order_status", "order_result", "order_fault", "agency", "channel"})
"""Attributes that tell how an order goes on, not what it is about: what we told of it must not come back as something new."""

_NUMBER_LENGTH_MAX: Final = 64
_DEVICE_PART_MAX: Final = 90
_SPOILT: Final = re.compile(r"[0-9](?:\.[0-9]{1,20})?[eE]\+?[0-9]{1,3}")
_CALLS: Final = frozenset({"sos", "紧急求助", "一键求助"})
_DONE: Final = "(?:办结|完成|归档|结案|答复|关闭|撤销|撤回|撤单|作废|无效|取消|退回|退单)"
_ENDS: Final = re.compile(
    f"{_DONE}|回访|评价|(?<![a-z])(?:completed|closed|finished|done|archived|withdrawn|cancelled|canceled|returned)(?![a-z])"
)
_STILL: Final = re.compile(
    "(?:[未待没拟]|无法|不能|不予|难以|即将|申请|请求|延期|拒绝|驳回)"  # 未按期办结, 申请办结
    f"(?:(?!回访|评价)[^已，,。；;、]){{0,6}}{_DONE}"
    f"|{_DONE}(?:申请|请求|待?审核|待?审批|中$)|(?:取消|撤销)(?:挂起|延期)"  # 退回申请中, 取消挂起
    "|部分|重办|重派|重开|重新|再次|二次|not[ _-]|partial|pending|awaiting|to[ _-]be|re-?open"
)
"""What turns one of the words above into its contrary: doubt is never an end. 待回访 and 未评价 are past it: a call is left."""
_STATUSES: Final = {"演练": Status.EXERCISE, "exercise": Status.EXERCISE, "测试": Status.TEST, "test": Status.TEST}
_URGENCIES: Final = {"加急": "urgent", "紧急件": "urgent", "突发": "emergency", "特急件": "emergency", "特别紧急": "emergency"}


@dataclass(frozen=True, slots=True)
class _Known:
    """What is remembered of an order: where it is, whether it is over, and how often it has been."""

    zone: str = ""
    is_over: bool = False
    ended_count: int = 0


class OrderReader:
    """Reads the orders of one route, and remembers where they are and which have ended."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def __call__(self, foreign: Foreign) -> list[Said | Refused] | Ignored | Refused:
        """What the orders of a message say; each wrong one refused by itself."""
        records = read_records(foreign.payload, ORDERS_MAX)
        if isinstance(records, Refused):
            return records
        if len(records) > ORDERS_MAX:
            return Refused(Refusal.TOO_MANY, f"expected at most {ORDERS_MAX} orders in a message, came more: send them in parts")
        told = [self._of(record, index, foreign.route) for index, record in enumerate(records)]
        return [each for each in told if each is not None] or Ignored("no work order that stands")

    def recalls(self, route: str) -> str:
        """How the devices begin of which it wants to know after a start (``ingest.adapter.Recalling``)."""
        return f"order@{route}."

    def recall(self, told: Iterable[tuple[str, str, str]]) -> None:
        """Device, zone and state of orders that were told before this start, oldest first. What came since is known better."""
        live, self._known = self._known, OrderedDict()
        for device, zone, state in told:
            self._remember(device, zone, is_over=state == "off")
        self._known |= live
        while len(self._known) > REMEMBERED_MAX:
            self._known.popitem(last=False)

    def _of(self, record: object, index: int, route: str) -> Said | Refused | None:
        if not isinstance(record, dict):
            return Refused(Refusal.NOT_AN_OBJECT, f"order {index}: expected an object, came {type(record).__name__}")
        said = fields_of(record)
        caller = caller_of(_listed(said.get("caller")), _listed(said.get("phone")))
        attributes = _beside(said, caller)
        name, fault = _number(said.get("number"))
        if "text" not in attributes and not name:
            return Refused(
                Refusal.MISSING_FIELD, f"order {index}: expected 工单编号 or 诉求内容, came {shown(sorted(record)[:20])}"
            )
        if fault:
            attributes["order_fault"] = fault
        is_over = _is_over(said)
        part = quote(name, safe="-_.:()") if name else foreign_id("text", attributes.get("text"), attributes.get("address"))
        device = f"{'order' if name else 'unnumbered'}{'@' + route if route else ''}.{part}"
        if is_over and not name:
            return None  # nothing of which it could be the end
        known = self._remember(device, _zone(said), is_over=is_over)
        about = sorted((key, value) for key, value in attributes.items() if key not in _OF_THE_ORDER)
        at = next((at for key in _TIMES if (at := instant(said.get(key))) is not None), None)
        state = "off" if is_over else "on"
        return Said(
            event_class=EventClass.ALARM,
            kind="sos" if {word(said.get("appeal")), word(said.get("category"))} & _CALLS else "report",
            device=device,
            state=state,
            at=at,
            id=foreign_id("order", part, state, known.ended_count, known.zone, *about),
            status=_status(said),
            zone=known.zone,
            attributes=attributes,
        )

    def _remember(self, device: str, zone: str, *, is_over: bool) -> _Known:
        """The order as it is now: said once more after an end, the same words mean something new."""
        before = self._known.pop(device, _Known())
        known = _Known(zone or before.zone, is_over, before.ended_count + (is_over and not before.is_over))
        self._known[device] = known
        if len(self._known) > REMEMBERED_MAX:
            self._known.popitem(last=False)
        return known


_TIMES: Final = ("updated", "dispatched", "accepted")


def _beside(said: Record, caller: Caller) -> dict[str, Attribute]:
    def text(name: str, length_max: int) -> str:
        return without_caller(_plain(said[name]), caller, length_max) if name in said else ""

    told = [each for each in (text("title", 300), text("text", 2000)) if each]
    texts = {
        "text": ": ".join(dict.fromkeys(told)) or text("category", 128),
        "appeal": text("appeal", 32),
        "category": text("category", 128),
        "address": text("address", 300) or ("" if _zone(said) else text("zone", 300)),
        "area": text("area", 128),
        "agency": text("agency", 128),
        "deadline": text("deadline", 40),
        "happened": text("happened", 40),
        "order_status": text("status", 32),
        "order_result": text("result", 500),
        "channel": text("source", 32),
        "urgency": urgency_of(said.get("urgency")) or _URGENCIES.get(word(said.get("urgency")), ""),
        "photo": next((address for each in _listed(said.get("photo"))[:20] if (address := web_address(each))), ""),
    }
    beside: dict[str, Attribute] = {name: value for name, value in texts.items() if value}
    return beside | place_of(number(said.get("latitude")), number(said.get("longitude")))


def _number(value: object) -> tuple[str, str]:
    """The order's number, and why there is none that could be told back."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    text = _plain(value).removeprefix("=").strip("\"'`\t ")
    if not text:
        return "", "no order number: it cannot be answered"
    if _SPOILT.fullmatch(text):
        return "", f"{text} is what a spreadsheet left of an order number: export that column as text"
    if len(text) > _NUMBER_LENGTH_MAX or len(quote(text)) > _DEVICE_PART_MAX:
        return "", f"an order number of {len(text)} characters: it cannot be answered"
    return text, ""


def _is_over(said: Record) -> bool:
    if truth(said.get("withdrawn")) is True or _plain(said.get("withdrawn")) == "是":
        return True
    status = word(_plain(said.get("status")))
    return _ENDS.search(status) is not None and _STILL.search(status) is None


def _status(said: Record) -> Status:
    if truth(said.get("exercise")) is True or _plain(said.get("exercise")) == "是":
        return Status.EXERCISE
    return _STATUSES.get(word(said.get("status")), Status.ACTUAL)


def _zone(said: Record) -> str:
    zone = clean_zone(free_text(said.get("zone"), 256))
    return "" if isinstance(zone, Refused) else zone


def _plain(value: object) -> str:
    """A text, also where it came as a number; "" for nothing in any dress."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)[:80]
    return value.strip() if isinstance(value, str) and word(value) else ""


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


FORMAT: Final = Format(
    name="work_order",
    network=Network.DATA,
    zh="12345 热线工单（JSON 推送或 CSV 导出）",
    en="Work orders of a 12345 hotline (JSON or CSV)",
    words=__doc__,
    opens=OrderReader,
    is_private=True,
    examples=(
        Example(
            "",
            '{"order_no":"CD20261103000126","appeal_type":"求助","category":"公共安全/消防","title":"3栋楼道有浓烟",'
            '"content":"市民张三丰（13812345678）反映3栋2单元楼道有浓烟","address":"翠苑路12号","zone":"b03/u2","urgency":"紧急",'
            '"caller_name":"张三丰","caller_phone":"13812345678","accepted_at":"2026-11-03 08:04:30",'
            '"deadline":"2026-11-03 10:04:30","status":"派单"}'.encode(),
        ),
        Example(
            "",
            "工单编号,诉求类型,诉求内容,事发地址,联系人,联系电话,受理时间,工单状态\n"
            '="2026110300127",投诉,夜间施工噪音扰民，回电028-85551234,翠苑路14号,李四,028-85551234,2026/11/3 7:40,处理中\n'
            "2.02611E+12,咨询,电费怎么交,翠苑路16号,王五,13900001111,2026/11/3 7:45,已受理\n".encode("gb18030"),
        ),
        Example("", '{"order_no":"CD20261103000126","content":"楼道有浓烟","status":"已办结"}'.encode()),
        Example("", '[{"order_no":"CD20261103000128","content":"演练：3栋起火","status":"演练"},{"status":"派单"}]'.encode()),
    ),
)
