"""What became of a hotline's work order, told back to the hotline: 受理, 处理中, 办结 or 退回, with the result in words.

| of the case | `status` | `status_code` |
|---|---|---|
| acknowledged, nobody sent yet | 受理 | accepted |
| somebody is sent; the alarms are over and a person still has to close it | 处理中 | handling |
| closed | 办结 | completed |
| closed as a false alarm (误报): nothing for us to handle | 退回 | returned |

The contract is ours (``shouwang.work_order/1``): no message for a result is published in a national standard; the four words
are those of the 12345 loop (受理, 派单, 办理, 办结). Of people nothing is told: who acknowledged or went stays here. The reason
that an operator gave with the verdict is told, because the caller wants to know; numbers and mail addresses in it are masked.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from urllib.parse import unquote

from rules.model import Incident, Sentence, Status, Verdict

CONTRACT: Final = "shouwang.work_order/1"
REASON_LENGTH_MAX: Final = 500

_CHINA: Final = timezone(timedelta(hours=8))
_STATUSES: Final = {"accepted": "受理", "handling": "处理中", "completed": "办结", "returned": "退回"}
_MARKS: Final = {
    Status.ACTUAL: Sentence("", ""),
    Status.EXERCISE: Sentence("【演练】", "[Exercise] "),
    Status.TEST: Sentence("【测试】", "[Test] "),
}
_SAID: Final = {
    "accepted": Sentence("已受理，正在核实", "accepted, being verified"),
    "sent": Sentence("已派人处置", "somebody is sent"),
    "handling": Sentence("正在处置", "being handled"),
    "recovered": Sentence("报警已解除，待核实结案", "the alarm is over, to be verified and closed"),
    "completed": Sentence("已处置完毕", "handled"),
    "returned": Sentence("不属实，退回", "untrue, returned"),
}
_FOUND: Final = {
    Verdict.REAL: Sentence("经核实属实", "verified: real"),
    Verdict.FALSE: Sentence("经核实为误报", "verified: a false alarm"),
    Verdict.BENIGN: Sentence("经核实属实，无危险", "verified: real, and no danger"),
    Verdict.DRILL: Sentence("经核实为演练", "verified: a drill"),
}
_GAP: Final = "[- .\u2010-\u2015\u2212\uff0d\u3000]?"
"""What people write between the parts of a number, in either width."""
_NUMBERS: Final = re.compile(
    rf"(?<!\d)(?:[1１][3-9３-９]\d(?:{_GAP}\d){{8}}|[(（]?[0０]\d{{2,3}}[)）]?(?:{_GAP}\d){{7,8}}|\d{{7,18}}[Xx]?)(?!\d)"
)
_MAIL: Final = re.compile(r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9.-]{1,128}")


@dataclass(frozen=True, slots=True)
class Order:
    """A work order as it is known: by which route it came, and its number there."""

    route: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldOrder:
    """What is told of an order. Instants in ms; ``case`` is our incident. ``acknowledged_at`` None: not, or not known when."""

    order_no: str
    community: str
    status: str  # a key of the four words
    result: Sentence
    finding: str
    case: str
    is_exercise: bool
    received_at: int
    acknowledged_at: int | None
    closed_at: int | None


def order_of(device: str) -> Order | None:
    """The order whose event has this device's name, ``order@ROUTE.NUMBER``; None for all other devices."""
    head, _, number = device.partition(".")
    word, _, route = head.partition("@")
    return Order(route, unquote(number)) if word == "order" and route and number else None


def told_order(order: Order, incident: Incident) -> ToldOrder | None:
    """What this case means for the order; None while there is nothing to say, and where it was merged into another one."""
    status, said = _progress(incident)
    if not status:
        return None
    found = _FOUND.get(incident.verdict)
    parts = [part for part in (found, said, _reason(incident)) if part is not None]
    mark = _MARKS[incident.status]
    return ToldOrder(
        order_no=order.number,
        community=incident.community,
        status=status,
        result=Sentence(mark.zh + "；".join(part.zh for part in parts), mark.en + "; ".join(part.en for part in parts)),
        finding=incident.verdict.value,
        case=incident.id,
        is_exercise=incident.status is not Status.ACTUAL or incident.verdict is Verdict.DRILL,
        received_at=incident.opened_at,
        acknowledged_at=next((clock.met_at for clock in incident.clocks if clock.name == "acknowledged"), None),
        closed_at=incident.closed_at,
    )


def write_work_order(told: ToldOrder, *, sequence: int, at: int, agency: str) -> bytes:
    """The message as JSON. ``sequence`` counts what was told of this order, from 1 on; ``at``: since when it is so, in ms."""
    body = {
        "contract": CONTRACT,
        "order_no": told.order_no,
        "sequence": sequence,
        "status": _STATUSES[told.status],
        "status_code": told.status,
        "result": told.result.zh,
        "result_en": told.result.en,
        "finding": told.finding,
        "is_exercise": told.is_exercise,
        "community": told.community,
        "agency": agency,
        "case": told.case,
        "received_at": _written(told.received_at),
        "acknowledged_at": _written(told.acknowledged_at),
        "closed_at": _written(told.closed_at),
        "at": _written(at),
    }
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _progress(incident: Incident) -> tuple[str, Sentence | None]:
    if incident.merged_into:
        return "", None  # the other case goes on with the order
    if incident.closed_at is not None:
        status = "returned" if incident.verdict is Verdict.FALSE else "completed"
        return status, _SAID[status]
    if incident.state == "recovered":
        return "handling", _SAID["recovered"]
    if incident.state == "handling" or incident.dispatch_ids:
        return "handling", _SAID["handling" if incident.state == "handling" else "sent"]
    return ("accepted", _SAID["accepted"]) if incident.acknowledged_by else ("", None)


def _reason(incident: Incident) -> Sentence | None:
    """Why the verdict in force was given, in the operator's own words, without anybody's numbers."""
    why = incident.verdicts[-1].why.strip() if incident.verdicts else ""
    masked = _MAIL.sub("***", _NUMBERS.sub("***", why))[:REASON_LENGTH_MAX]
    return Sentence(masked, masked) if masked else None


def _written(at: int | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at // 1000, UTC).astimezone(_CHINA).isoformat()
