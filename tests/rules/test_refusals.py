"""What a person is told whose action cannot be done: exactly, in both languages, and for each way to be wrong."""

from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.effects import AnswerAction
from rules.model import Entity, OperatorAction, Sentence, Verb
from tests.rules.score import Play, hazard, pack, rule, said, stage

HOT = rule("hot", "temperature", alarms=(stage("red", p.Threshold(above=57)),), plan="go")
LEAK = rule("leak", "moisture", hazard="water", alarms=(stage("yellow", p.StateIs(states=("wet",))),))
PLAN = d.Plan(id="go", title=said("go"), orders=(d.Order(capability="fire", task=said("task"), clocks=()),))
GUARD = d.Responder(id="guard", title=Sentence("保安", "Guard"), party="property", capabilities=("fire",))
HAZARDS = (hazard("fire", is_life_safety=True), hazard("water"))
PACK = pack(HOT, LEAK, hazards=HAZARDS, plans=[PLAN], responders=[GUARD], parties=["property"])


@pytest.fixture
def play() -> Play:
    """A fire with its order, and a leak after it."""
    return Play(PACK).play("""
        0 | b1/d1 temperature=60 | incident opened, alarm opened, dispatch ordered
        1 | b2/w1 moisture:wet   | incident opened, alarm opened
    """)


def named(play: Play, what: str) -> tuple[Entity, str]:
    """``alarm`` is the leak's, ``first alarm`` the fire's; ``zone b1`` is what it says."""
    word, _, name = what.removeprefix("first ").partition(" ")
    told = [fact for fact in play.facts if fact.entity == word and fact.transition in {"opened", "ordered"}]
    return Entity(word), name or (told[0] if what.startswith("first") else told[-1]).entity_id


@pytest.mark.parametrize(
    ("verb", "what", "arguments", "reason", "zh", "en"),
    [
        (
            "shelve",
            "first alarm",
            {},
            "life_safety_not_shelved",
            "涉及生命安全的报警不能搁置",
            "an alarm on which a life may hang cannot be shelved",
        ),
        (
            "shelve",
            "alarm",
            {"reason": "x"},
            "argument_missing",
            "参数 for_s 应为 1 到 28800 秒",
            "the argument for_s must be a number of seconds, at most 28800",
        ),
        (
            "shelve",
            "alarm",
            {"reason": "x", "for_s": 0},
            "argument_missing",
            "参数 for_s 应为 1 到 28800 秒",
            "the argument for_s must be a number of seconds, at most 28800",
        ),
        (
            "shelve",
            "alarm",
            {"for_s": 60},
            "argument_missing",
            "缺少参数 reason",
            "the argument reason is missing: a text is expected",
        ),
        (
            "unshelve",
            "alarm",
            {},
            "illegal_now",
            "现在不能取消搁置（状态 unacknowledged）；可以：确认、搁置、结案",
            "unshelve is not possible in state unacknowledged; legal now: acknowledge, shelve, close",
        ),
        (
            "reset",
            "alarm",
            {},
            "illegal_now",
            "条件仍然存在，恢复正常后才能复位",
            "the condition still holds; reset it when it has gone back",
        ),
        (
            "unacknowledge",
            "alarm",
            {},
            "illegal_now",
            "现在不能撤销确认（状态 unacknowledged）；可以：确认、搁置、结案",
            "unacknowledge is not possible in state unacknowledged; legal now: acknowledge, shelve, close",
        ),
        (
            "unacknowledge",
            "incident",
            {},
            "illegal_now",
            "现在不能撤销确认（状态 open）；可以：确认、并案、结案",
            "unacknowledge is not possible in state open; legal now: acknowledge, merge, close",
        ),
        (
            "verify",
            "incident",
            {},
            "argument_missing",
            "需要核实结论 verdict：real, false, benign, drill",
            "a verdict is needed, one of: real, false, benign, drill",
        ),
        (
            "verify",
            "incident",
            {"verdict": "maybe"},
            "argument_missing",
            "需要核实结论 verdict：real, false, benign, drill",
            "a verdict is needed, one of: real, false, benign, drill",
        ),
        (
            "close",
            "incident",
            {},
            "argument_missing",
            "需要核实结论 verdict：real, false, benign, drill",
            "a verdict is needed, one of: real, false, benign, drill",
        ),
        (
            "close",
            "incident",
            {"verdict": "maybe"},
            "argument_missing",
            "需要核实结论 verdict：real, false, benign, drill",
            "a verdict is needed, one of: real, false, benign, drill",
        ),
        (
            "order",
            "incident",
            {},
            "argument_missing",
            "缺少参数 responder",
            "the argument responder is missing: a text is expected",
        ),
        (
            "order",
            "incident",
            {"responder": "nobody"},
            "no_responder",
            "规则包中没有处警人员 nobody",
            "the rule pack has no responder nobody",
        ),
        (
            "order",
            "first incident",
            {"responder": "guard"},
            "illegal_now",
            "保安 已在此警情的处警中",
            "Guard is under way for this incident already",
        ),
        ("merge", "incident", {}, "argument_missing", "缺少参数 into", "the argument into is missing: a text is expected"),
        (
            "merge",
            "incident",
            {"into": "i-x"},
            "unknown_entity",
            "没有进行中的警情 i-x，可能已结束",
            "there is no open incident i-x; it may have ended",
        ),
        ("split", "incident", {}, "argument_missing", "缺少参数 alarm", "the argument alarm is missing: a text is expected"),
        (
            "split",
            "incident",
            {"alarm": "a-x"},
            "unknown_entity",
            "没有进行中的报警 a-x，可能已结束",
            "there is no open alarm a-x; it may have ended",
        ),
        ("name_cause", "alarm", {}, "argument_missing", "缺少参数 cause", "the argument cause is missing: a text is expected"),
        (
            "name_cause",
            "alarm",
            {"cause": "a-x"},
            "unknown_entity",
            "没有进行中的报警 a-x，可能已结束",
            "there is no open alarm a-x; it may have ended",
        ),
        (
            "en_route",
            "dispatch",
            {},
            "illegal_now",
            "现在不能出警（状态 ordered）；可以：接单、退单、转办",
            "en_route is not possible in state ordered; legal now: accept, decline, reassign",
        ),
        (
            "on_scene",
            "dispatch",
            {},
            "illegal_now",
            "现在不能到场（状态 ordered）；可以：接单、退单、转办",
            "on_scene is not possible in state ordered; legal now: accept, decline, reassign",
        ),
        (
            "complete",
            "dispatch",
            {},
            "illegal_now",
            "现在不能完毕（状态 ordered）；可以：接单、退单、转办",
            "complete is not possible in state ordered; legal now: accept, decline, reassign",
        ),
        (
            "reassign",
            "dispatch",
            {},
            "argument_missing",
            "缺少参数 responder",
            "the argument responder is missing: a text is expected",
        ),
        ("reassign", "dispatch", {"responder": "guard"}, "illegal_now", "已由此人处警", "this responder has the order already"),
        ("note", "incident", {}, "argument_missing", "缺少参数 text", "the argument text is missing: a text is expected"),
        ("set_mode", "zone b1", {}, "argument_missing", "缺少参数 mode", "the argument mode is missing: a text is expected"),
        (
            "set_mode",
            "zone b1",
            {"mode": "party"},
            "argument_missing",
            "规则包中没有模式 party；可用：armed, away, night, drill",
            "the pack has no mode 'party'; known: armed, away, night, drill",
        ),
        (
            "set_mode",
            "zone b1",
            {"mode": "away", "for_s": -1},
            "argument_missing",
            "参数 for_s 应为不超过 31622400 的秒数",
            "the argument for_s must be a number of seconds, at most 31622400",
        ),
        (
            "set_mode",
            "zone b1",
            {"mode": "away", "is_on": "no"},
            "argument_missing",
            "参数 is_on 应为 true 或 false",
            "the argument is_on is true or false",
        ),
        (
            "set_mode",
            "zone b1",
            {"mode": "away", "is_on": False},
            "illegal_now",
            "模式“外出”未设置",
            "the mode “away” is not set",
        ),
        (
            "set_mode",
            "zone b1//x",
            {"mode": "away"},
            "unknown_entity",
            "“b1//x”不是区域：写作 b03/u1/0502，全社区写作 *",
            "'b1//x' is no zone: write b03/u1/0502, and * for the whole community",
        ),
        ("maintain", "zone b1", {}, "argument_missing", "缺少参数 reason", "the argument reason is missing: a text is expected"),
        (
            "maintain",
            "zone b1",
            {"reason": "works"},
            "argument_missing",
            "缺少参数 for_s",
            "the argument for_s is missing: for how many seconds",
        ),
        (
            "maintain",
            "zone b1",
            {"reason": "works", "for_s": 1000000000.0},
            "argument_missing",
            "参数 for_s 应为不超过 2592000 的秒数",
            "the argument for_s must be a number of seconds, at most 2592000",
        ),
        (
            "maintain",
            "zone b1",
            {"reason": "works", "for_s": 60, "life_safety": True},
            "life_safety_not_shelved",
            "整个区域的生命安全报警不能停用，请逐个设备停用，区域内其余设备照常报警",
            "life-safety alarms of a whole zone are never held: take single devices out of service, and the rest keeps ringing",
        ),
        (
            "maintain",
            "zone b1",
            {"reason": "works", "for_s": 60, "life_safety": "yes"},
            "argument_missing",
            "参数 life_safety 应为 true 或 false",
            "the argument life_safety is true or false",
        ),
        ("maintain", "device  ", {"reason": "works", "for_s": 60}, "unknown_entity", "缺少设备编号", "the device has no name"),
        (
            "maintain",
            "device d1",
            {"reason": "w", "for_s": 999999, "life_safety": True},
            "argument_missing",
            "参数 for_s 应为不超过 43200 的秒数",
            "the argument for_s must be a number of seconds, at most 43200",
        ),
        (
            "maintain",
            "device d1",
            {"reason": "w", "for_s": 60, "from_s": 1000000000.0},
            "argument_missing",
            "参数 from_s 应为不超过 7776000 的秒数",
            "the argument from_s must be a number of seconds, at most 7776000",
        ),
        ("restore", "zone b1", {}, "illegal_now", "未处于停用状态", "it is not out of service under this name"),
        (
            "acknowledge",
            "dispatch",
            {},
            "illegal_now",
            "不能对处警单确认，只能对：警情、报警",
            "acknowledge is not for this (dispatch); it is for: incident, alarm",
        ),
        (
            "accept",
            "incident",
            {},
            "illegal_now",
            "不能对警情接单，只能对：处警单",
            "accept is not for this (incident); it is for: dispatch",
        ),
        (
            "close",
            "incident i-x",
            {"verdict": "real"},
            "unknown_entity",
            "没有进行中的警情 i-x，可能已结束",
            "there is no open incident i-x; it may have ended",
        ),
    ],
)
def test_why_not_is_said(play: Play, verb: str, what: str, arguments: dict[str, Any], reason: str, zh: str, en: str) -> None:
    entity, name = named(play, what)
    action = OperatorAction(
        id="x", community="c1", actor="li", verb=Verb(verb), entity=entity, entity_id=name, arguments=arguments
    )
    (answer,) = play.receive(action, 2)
    assert isinstance(answer, AnswerAction)
    assert (answer.is_accepted, answer.reason, answer.sentence) == (False, reason, Sentence(zh, en))
