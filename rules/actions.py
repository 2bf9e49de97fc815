"""What people ask of the chain: each verb on the record that it means, answered with done, or refused and what is legal now."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from rules.acknowledge import (
    acknowledge_alarm,
    acknowledge_if_all_are,
    acknowledge_incident,
    reset_alarm,
    unacknowledge_alarm,
    unacknowledge_incident,
)
from rules.book import Book, Case, Run
from rules.cause import name_cause
from rules.closing import NOT_REAL, close, standing_dangers
from rules.definition import Responder
from rules.dispatch import end, order_by_hand, progress, reassign
from rules.effects import AnswerAction
from rules.incident import close_watch_if_over, is_life_safety
from rules.lifecycle import IllegalMove
from rules.maintenance_actions import ask_to_maintain, ask_to_restore
from rules.merging import merge
from rules.mode_actions import ask_for_mode
from rules.model import Alarm, Entity, OperatorAction, Reason, Sentence, Verb, Verdict
from rules.refusal import RefusedError, text_of
from rules.splitting import split
from rules.suppress import SHELF_MAX_S, shelve, unshelve
from rules.verdict import asked_verdict, verify

NOTE_MAX: Final = 4000
"""Characters of a note that are kept."""


_NAMES: Final[Mapping[Verb, str]] = {
    Verb.ACKNOWLEDGE: "确认",
    Verb.UNACKNOWLEDGE: "撤销确认",
    Verb.VERIFY: "核实",
    Verb.SHELVE: "搁置",
    Verb.UNSHELVE: "取消搁置",
    Verb.RESET: "复位",
    Verb.NAME_CAUSE: "指明原因",
    Verb.ORDER: "派警",
    Verb.ACCEPT: "接单",
    Verb.DECLINE: "退单",
    Verb.EN_ROUTE: "出警",
    Verb.ON_SCENE: "到场",
    Verb.COMPLETE: "完毕",
    Verb.REASSIGN: "转办",
    Verb.MERGE: "并案",
    Verb.SPLIT: "分案",
    Verb.NOTE: "备注",
    Verb.CLOSE: "结案",
    Verb.SET_MODE: "设置模式",
    Verb.MAINTAIN: "停用",
    Verb.RESTORE: "恢复使用",
}

_RECORDS: Final[Mapping[Entity, str]] = {
    Entity.WARNING: "预警",
    Entity.ALARM: "报警",
    Entity.INCIDENT: "警情",
    Entity.DISPATCH: "处警单",
    Entity.DEVICE: "设备",
    Entity.ZONE: "区域",
    Entity.PACK: "规则包",
    Entity.JOURNAL: "流水",
    Entity.POSITION: "席位",
}


def decide(book: Book, action: OperatorAction) -> AnswerAction:
    """Do what is asked, or change nothing and say why not."""
    try:
        _find(action)(book, action)
    except RefusedError as refused:
        return _answer(book, action, refused.reason, refused.sentence, is_accepted=False)
    except IllegalMove as illegal:
        legal = [transition.split("_active")[0] for transition in illegal.legal]
        verbs = [verb for verb in Verb if verb in legal]
        said = Sentence(
            f"现在不能{_NAMES[action.verb]}（状态 {illegal.state}）；可以：{'、'.join([_NAMES[verb] for verb in verbs]) or '无'}",
            f"{action.verb} is not possible in state {illegal.state}; legal now: {', '.join(verbs) or 'nothing'}",
        )
        return _answer(book, action, Reason.ILLEGAL_NOW, said, is_accepted=False)
    return _answer(book, action, Reason.OPERATOR_ASKED, Sentence("已执行", "done"), is_accepted=True)


def _answer(book: Book, action: OperatorAction, reason: Reason, said: Sentence, *, is_accepted: bool) -> AnswerAction:
    return AnswerAction(
        action_id=action.id, community=action.community, is_accepted=is_accepted, reason=reason, sentence=said, at=book.now
    )


Do = Callable[[Book, OperatorAction], None]


def _find(action: OperatorAction) -> Do:
    do = _VERBS.get((action.verb, action.entity))
    if do is None:
        entities = [entity for verb, entity in _VERBS if verb is action.verb]
        right = "、".join([_RECORDS[entity] for entity in entities])
        raise RefusedError(
            Reason.ILLEGAL_NOW,
            f"不能对{_RECORDS[action.entity]}{_NAMES[action.verb]}，只能对：{right}",
            f"{action.verb} is not for this ({action.entity}); it is for: {', '.join(entities)}",
        )
    return do


def _missing(action: OperatorAction) -> RefusedError:
    return RefusedError(
        Reason.UNKNOWN_ENTITY,
        f"没有进行中的{_RECORDS[action.entity]} {action.entity_id}，可能已结束",
        f"there is no open {action.entity} {action.entity_id}; it may have ended",
    )


def _case(book: Book, action: OperatorAction) -> Case:
    case = book.cases.get(action.entity_id)
    if case is None or case.incident.community != action.community:
        raise _missing(action)
    return case


def _alarm(book: Book, action: OperatorAction) -> Alarm:
    alarm = book.alarms.get(action.entity_id)
    if alarm is None or alarm.community != action.community:
        raise _missing(action)
    return alarm


def _run(book: Book, action: OperatorAction) -> Run:
    run = book.runs.get(action.entity_id)
    if run is None or run.dispatch.community != action.community:
        raise _missing(action)
    return run


def _responder(book: Book, action: OperatorAction) -> Responder:
    name = text_of(action, "responder")
    for responder in book.pack.responders:
        if responder.id == name:
            return responder
    raise RefusedError(Reason.NO_RESPONDER, f"规则包中没有处警人员 {name}", f"the rule pack has no responder {name}")


def _acknowledge_incident(book: Book, action: OperatorAction) -> None:
    acknowledge_incident(book, _case(book, action), action.actor)


def _acknowledge_alarm(book: Book, action: OperatorAction) -> None:
    acknowledge_alarm(book, _alarm(book, action), action.actor)


def _unacknowledge_incident(book: Book, action: OperatorAction) -> None:
    unacknowledge_incident(book, _case(book, action), action.actor)


def _unacknowledge_alarm(book: Book, action: OperatorAction) -> None:
    unacknowledge_alarm(book, _alarm(book, action), action.actor)


def _verify(book: Book, action: OperatorAction) -> None:
    verify(book, _case(book, action), action)


def _note(book: Book, action: OperatorAction) -> None:
    case = _case(book, action)
    text = text_of(action, "text")[:NOTE_MAX]
    said = Sentence(f"{action.actor}：{text}", f"{action.actor}: {text}")
    book.tell(case.incident, "noted", Reason.OPERATOR_ASKED, said, from_state=case.incident.state, actor=action.actor)


def _shelve(book: Book, action: OperatorAction) -> None:
    alarm = _alarm(book, action)
    if is_life_safety(book, alarm):
        raise RefusedError(
            Reason.LIFE_SAFETY_NOT_SHELVED, "涉及生命安全的报警不能搁置", "an alarm on which a life may hang cannot be shelved"
        )
    reason = text_of(action, "reason")
    once = action.arguments.get("once", False)
    is_one_shot = once is True or once == "yes"
    for_s = action.arguments.get("for_s", SHELF_MAX_S if is_one_shot else None)
    if not isinstance(for_s, float | int) or isinstance(for_s, bool) or not 0 < for_s <= SHELF_MAX_S:
        raise RefusedError(
            Reason.ARGUMENT_MISSING,
            f"参数 for_s 应为 1 到 {SHELF_MAX_S} 秒",
            f"the argument for_s must be a number of seconds, at most {SHELF_MAX_S}",
        )
    shelve(book, alarm, action.actor, reason, for_s, is_one_shot=is_one_shot)


def _unshelve(book: Book, action: OperatorAction) -> None:
    alarm = _alarm(book, action)
    unshelve(book, alarm, Reason.OPERATOR_ASKED, action.actor)
    acknowledge_if_all_are(book, alarm.incident_id, action.actor)


def _name_cause(book: Book, action: OperatorAction) -> None:
    name_cause(book, _alarm(book, action), action)


def _reset(book: Book, action: OperatorAction) -> None:
    alarm = _alarm(book, action)
    if alarm.is_active and not (alarm.evidence and alarm.evidence[-1].test in ("report", "missing")):
        raise RefusedError(
            Reason.ILLEGAL_NOW, "条件仍然存在，恢复正常后才能复位", "the condition still holds; reset it when it has gone back"
        )
    reset_alarm(book, alarm, action.actor)


def _order(book: Book, action: OperatorAction) -> None:
    case = _case(book, action)
    responder = _responder(book, action)
    running = [book.runs[name].dispatch for name in case.incident.dispatch_ids if name in book.runs]
    if responder.id in [dispatch.responder for dispatch in running]:
        raise RefusedError(
            Reason.ILLEGAL_NOW,
            f"{responder.title.zh} 已在此警情的处警中",
            f"{responder.title.en} is under way for this incident already",
        )
    order_by_hand(book, case, responder, action.actor)


def _progress(transition: str, book: Book, action: OperatorAction) -> None:
    progress(book, _run(book, action), transition, action.actor)


def _decline(book: Book, action: OperatorAction) -> None:
    dispatch = end(book, _run(book, action), "decline", Reason.RESPONDER_ANSWERED, action.actor)
    close_watch_if_over(book, dispatch.incident_id, Reason.RESPONDER_ANSWERED)


def _reassign(book: Book, action: OperatorAction) -> None:
    run = _run(book, action)
    responder = _responder(book, action)
    if responder.id == run.dispatch.responder:
        raise RefusedError(Reason.ILLEGAL_NOW, "已由此人处警", "this responder has the order already")
    reassign(book, run, responder, action.actor)


def _merge(book: Book, action: OperatorAction) -> None:
    case = _case(book, action)
    into = _case(book, replace(action, entity_id=text_of(action, "into")))
    if into.incident.id == case.incident.id or into.incident.status is not case.incident.status:
        raise RefusedError(
            Reason.ILLEGAL_NOW,
            "只能并入同为真实（或同为演练）的另一警情",
            "it is merged into another incident; an exercise only into an exercise",
        )
    merge(book, case, into, action.actor)


def _split(book: Book, action: OperatorAction) -> None:
    case = _case(book, action)
    alarm = _alarm(book, replace(action, entity=Entity.ALARM, entity_id=text_of(action, "alarm")))
    if alarm.incident_id != case.incident.id:
        raise RefusedError(Reason.ILLEGAL_NOW, "该报警不属于此警情", "this alarm belongs to another incident")
    split(book, case, alarm, action.actor)


def _close(book: Book, action: OperatorAction) -> None:
    case = _case(book, action)
    verdict = asked_verdict(action, case.incident, otherwise=case.incident.verdict)
    if verdict is Verdict.UNTRIAGED:
        raise RefusedError(Reason.ARGUMENT_MISSING, "结案需要核实结论", "closing needs a verdict")
    dangers = standing_dangers(book, case)
    if dangers and verdict not in NOT_REAL:
        raise RefusedError(
            Reason.ILLEGAL_NOW,
            f"危险尚未解除，不能结案：{dangers[0].sentence.zh}；现在可以：等待恢复、复位，或以误报、演练结案",
            f"the danger still stands: {dangers[0].sentence.en}; legal now: wait until it clears, reset it, or close it as"
            " false or drill",
        )
    text = action.arguments.get("text", "")
    close(book, case, verdict, action.actor, text[:NOTE_MAX] if isinstance(text, str) else "")


_VERBS: Final[Mapping[tuple[Verb, Entity], Do]] = {
    (Verb.ACKNOWLEDGE, Entity.INCIDENT): _acknowledge_incident,
    (Verb.ACKNOWLEDGE, Entity.ALARM): _acknowledge_alarm,
    (Verb.UNACKNOWLEDGE, Entity.INCIDENT): _unacknowledge_incident,
    (Verb.UNACKNOWLEDGE, Entity.ALARM): _unacknowledge_alarm,
    (Verb.VERIFY, Entity.INCIDENT): _verify,
    (Verb.SHELVE, Entity.ALARM): _shelve,
    (Verb.UNSHELVE, Entity.ALARM): _unshelve,
    (Verb.RESET, Entity.ALARM): _reset,
    (Verb.NAME_CAUSE, Entity.ALARM): _name_cause,
    (Verb.ORDER, Entity.INCIDENT): _order,
    (Verb.ACCEPT, Entity.DISPATCH): partial(_progress, "accept"),
    (Verb.DECLINE, Entity.DISPATCH): _decline,
    (Verb.EN_ROUTE, Entity.DISPATCH): partial(_progress, "en_route"),
    (Verb.ON_SCENE, Entity.DISPATCH): partial(_progress, "on_scene"),
    (Verb.COMPLETE, Entity.DISPATCH): partial(_progress, "complete"),
    (Verb.REASSIGN, Entity.DISPATCH): _reassign,
    (Verb.NOTE, Entity.INCIDENT): _note,
    (Verb.MERGE, Entity.INCIDENT): _merge,
    (Verb.SPLIT, Entity.INCIDENT): _split,
    (Verb.CLOSE, Entity.INCIDENT): _close,
    (Verb.SET_MODE, Entity.ZONE): ask_for_mode,
    (Verb.MAINTAIN, Entity.ZONE): ask_to_maintain,
    (Verb.MAINTAIN, Entity.DEVICE): ask_to_maintain,
    (Verb.RESTORE, Entity.ZONE): ask_to_restore,
    (Verb.RESTORE, Entity.DEVICE): ask_to_restore,
}
