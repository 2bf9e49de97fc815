"""What a hotline is told of its order: the four words, by the state and the verdict of the case; nothing of people."""

import json
from dataclasses import replace
from typing import Any

import pytest

from handlers.exchange.work_order import Order, order_of, told_order, write_work_order
from ingest.adapter import Foreign, understand
from ingest.formats import FORMATS
from rules.model import Clock, Event, GivenVerdict, Incident, Network, Status, Verdict
from tests.handlers.records import incident

AT = 1_772_445_600_000
ORDER = Order("hotline", "CD-126")


def case(**changes: object) -> Incident:
    return replace(incident(at=AT), **changes)  # type: ignore[arg-type]  # any field may be given by name


def given(verdict: Verdict, why: str = "") -> dict[str, object]:
    return {"verdict": verdict, "verdicts": (GivenVerdict(verdict=verdict, at=AT, by="zhang", why=why),)}


CLOSED: dict[str, object] = {"state": "closed", "closed_at": AT + 1, "closed_by": "zhang"}


@pytest.mark.parametrize(
    ("changes", "status", "result"),
    [
        ({}, None, None),
        ({"acknowledged_by": "zhang", "state": "acknowledged"}, "accepted", "已受理，正在核实"),
        ({"dispatch_ids": ("d-1",)}, "handling", "已派人处置"),
        ({"dispatch_ids": ("d-1",), "state": "handling"}, "handling", "正在处置"),
        ({"acknowledged_by": "zhang", **given(Verdict.REAL)}, "accepted", "经核实属实；已受理，正在核实"),
        ({"state": "recovered"}, "handling", "报警已解除，待核实结案"),
        (CLOSED, "completed", "已处置完毕"),
        ({**CLOSED, **given(Verdict.REAL, "明火已扑灭")}, "completed", "经核实属实；已处置完毕；明火已扑灭"),
        ({**CLOSED, **given(Verdict.BENIGN)}, "completed", "经核实属实，无危险；已处置完毕"),
        ({**CLOSED, **given(Verdict.FALSE, "水蒸气")}, "returned", "经核实为误报；不属实，退回；水蒸气"),
        ({**given(Verdict.FALSE), "acknowledged_by": "zhang"}, "accepted", "经核实为误报；已受理，正在核实"),  # not closed yet
        ({**CLOSED, "merged_into": "i-2"}, None, None),
    ],
)
def test_the_four_words(changes: dict[str, object], status: str | None, result: str | None) -> None:
    told = told_order(ORDER, case(**changes))
    assert (told and told.status, told and told.result.zh) == (status, result)


def message(**changes: object) -> dict[str, Any]:
    told = told_order(ORDER, case(**changes))
    assert told is not None
    body: dict[str, Any] = json.loads(write_work_order(told, sequence=3, at=AT + 5000, agency="翠苑社区"))
    return body


def test_the_message_word_for_word() -> None:
    clocks = (Clock(name="acknowledged", started_at=AT, due_at=AT + 60_000, met_at=AT + 2000),)
    assert message(acknowledged_by="zhang", clocks=clocks) == {
        "contract": "shouwang.work_order/1",
        "order_no": "CD-126",
        "sequence": 3,
        "status": "受理",
        "status_code": "accepted",
        "result": "已受理，正在核实",
        "result_en": "accepted, being verified",
        "finding": "untriaged",
        "is_exercise": False,
        "community": "jiayuan",
        "agency": "翠苑社区",
        "case": "i-1",
        "received_at": "2026-03-02T18:00:00+08:00",
        "acknowledged_at": "2026-03-02T18:00:02+08:00",
        "closed_at": None,
        "at": "2026-03-02T18:00:05+08:00",
    }


@pytest.mark.parametrize(
    ("status", "verdict", "mark", "is_exercise"),
    [
        (Status.ACTUAL, Verdict.REAL, "经核实属实", False),
        (Status.EXERCISE, Verdict.REAL, "【演练】经核实属实", True),
        (Status.TEST, Verdict.REAL, "【测试】经核实属实", True),
        (Status.ACTUAL, Verdict.DRILL, "经核实为演练", True),
    ],
)
def test_an_exercise_is_marked(status: Status, verdict: Verdict, mark: str, *, is_exercise: bool) -> None:
    said = message(status=status, **CLOSED, **given(verdict))
    assert said["result"].startswith(mark)
    assert said["is_exercise"] is is_exercise


@pytest.mark.parametrize(
    "number",
    [
        "13812345678",
        "138 1234 5678",
        "138—1234—5678",
        "028-8555-1234",
        "(028)85551234",
        "028-85551234",
        "510107199001011234",
        "51010719900101123X",
        "a.b@x.cn",
    ],
)
def test_nobodys_number_is_in_the_reason(number: str) -> None:
    told = message(**CLOSED, **given(Verdict.REAL, f"已联系业主{number}，9号楼2单元"))
    assert told["result"] == "经核实属实；已处置完毕；已联系业主***，9号楼2单元"
    assert "zhang" not in json.dumps(told)


@pytest.mark.parametrize("number", ["CD20260302000126", "川办〔2026〕1/7 号", "a.b_c-d", "50%+@"])
def test_the_number_that_came_is_the_number_that_goes_back(number: str) -> None:
    foreign = Foreign(
        topic="",
        payload=json.dumps({"order_no": number, "content": "浓烟"}).encode(),
        community="jade",
        network=Network.DATA,
        received_at=AT,
        arrival="1",
        route="hotline",
    )
    heard = understand(FORMATS["work_order"].opens(), foreign)
    assert isinstance(heard, list)
    assert isinstance(heard[0], Event)
    assert order_of(heard[0].device) == Order("hotline", number)


@pytest.mark.parametrize("device", ["order.7", "order@hotline", "order@.7", "smoke-0502", "unnumbered@hotline.text-1", ""])
def test_no_other_device_is_an_order(device: str) -> None:
    assert order_of(device) is None
