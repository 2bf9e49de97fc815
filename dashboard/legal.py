"""Which buttons are legal now, for each entity of an incident; computed from the same tables by which the chain moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from dashboard.models import ArgumentForm, LegalActions, LegalVerb
from dashboard.reads import CaseRows
from rules.definition import Responder
from rules.lifecycle import ALARM, DISPATCH, INCIDENT, Lifecycle, legal
from rules.model import Alarm, Dispatch, Entity, Incident, Sentence, Verb, Verdict
from rules.verdict import TAKEN_BACK, VERDICTS
from rules.words import NO_CAUSE

_VERDICTS: Final = [verdict.value for verdict in VERDICTS]
_VERDICT_WORDS: Final = list(VERDICTS.values())
CAUSES_MAX: Final = 20
"""Alarms that are offered as the cause of another: of a case of many each would otherwise list all the others; ours."""
_REASON: Final = ArgumentForm(name="reason", kind="text", is_required=True)
_WHY: Final = ArgumentForm(name="reason", kind="text", is_required=False)
_FOR_S: Final = ArgumentForm(name="for_s", kind="number", is_required=True)
_ONCE: Final = ArgumentForm(
    name="once",
    kind="choice",
    is_required=False,
    choices=["no", "yes"],
    labels=[Sentence("到时为止", "its time is over"), Sentence("恢复一次为止", "it has gone back once")],
)
_TEXT: Final = ArgumentForm(name="text", kind="text", is_required=True)
_REMARK: Final = ArgumentForm(name="text", kind="text", is_required=False)
NO_FORMS: Final[Mapping[Verb, tuple[ArgumentForm, ...]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Asked:
    """How a verb moves its entity: any of these transitions, or none at all (then anything that has not ended will do)."""

    verb: Verb
    label: Sentence
    transitions: tuple[str, ...] = ()
    arguments: tuple[ArgumentForm, ...] = ()


_OF_INCIDENT: Final = (
    _Asked(Verb.ACKNOWLEDGE, Sentence("确认", "Acknowledge"), ("acknowledge",)),
    _Asked(Verb.UNACKNOWLEDGE, Sentence("撤销确认", "Take back the acknowledgement"), ("unacknowledge",)),
    _Asked(Verb.VERIFY, Sentence("核实", "Verify")),
    _Asked(Verb.ORDER, Sentence("派警", "Order a response")),
    _Asked(Verb.MERGE, Sentence("并案", "Merge into another"), ("merge",)),
    _Asked(Verb.SPLIT, Sentence("分案", "Split an alarm off")),
    _Asked(Verb.NOTE, Sentence("备注", "Add a note"), arguments=(_TEXT,)),
    _Asked(Verb.CLOSE, Sentence("结案", "Close"), ("close",)),
)
_OF_ALARM: Final = (
    _Asked(Verb.ACKNOWLEDGE, Sentence("确认", "Acknowledge"), ("acknowledge",)),
    _Asked(Verb.UNACKNOWLEDGE, Sentence("撤销确认", "Take back the acknowledgement"), ("unacknowledge",)),
    _Asked(Verb.RESET, Sentence("复位", "Reset"), ("reset",)),
    _Asked(Verb.NAME_CAUSE, Sentence("指明原因", "Name the cause")),
    _Asked(Verb.SHELVE, Sentence("搁置", "Shelve"), ("shelve",), (_REASON, _FOR_S, _ONCE)),
    _Asked(Verb.UNSHELVE, Sentence("取消搁置", "Unshelve"), ("unshelve_seen_active",)),
)
_OF_DISPATCH: Final = (
    _Asked(Verb.ACCEPT, Sentence("接单", "Accept"), ("accept",)),
    _Asked(Verb.DECLINE, Sentence("退单", "Decline"), ("decline",)),
    _Asked(Verb.EN_ROUTE, Sentence("出警", "En route"), ("en_route",)),
    _Asked(Verb.ON_SCENE, Sentence("到场", "On scene"), ("on_scene",)),
    _Asked(Verb.COMPLETE, Sentence("完毕", "Complete"), ("complete",)),
    _Asked(Verb.REASSIGN, Sentence("转办", "Reassign"), ("reassign",)),
)


def actions_of(case: CaseRows, responders: Sequence[Responder] = (), others: Sequence[Incident] = ()) -> list[LegalActions]:
    """What may be asked now of the incident and of everything that it gathers; entities without any are left out.

    ``responders`` are those of the rule pack; where none are known, the form asks for a responder's id as text. ``others``
    are the other open incidents, into which this one may be merged.
    """
    busy = {dispatch.responder for dispatch in case.dispatches if dispatch.ended_at is None}
    free = _responder_form([each for each in responders if each.id not in busy])
    found = [_incident_actions(case.incident, free, _into_form(case.incident, others), _alarm_form(case))]
    found += [_alarm_actions(alarm, case) for alarm in case.alarms]
    found += [
        _dispatch_actions(dispatch, _responder_form([each for each in responders if each.id != dispatch.responder]))
        for dispatch in case.dispatches
    ]
    return [each for each in found if each.verbs]


def _responder_form(responders: Sequence[Responder]) -> ArgumentForm:
    if not responders:
        return ArgumentForm(name="responder", kind="text", is_required=True)
    return ArgumentForm(
        name="responder",
        kind="choice",
        is_required=True,
        choices=[each.id for each in responders],
        labels=[each.title for each in responders],
    )


def _into_form(incident: Incident, others: Sequence[Incident]) -> ArgumentForm:
    """Where an incident may be merged into: another open one of the same community, an exercise only into an exercise."""
    mine = (incident.community, incident.status)
    fit = [each for each in others if each.id != incident.id and (each.community, each.status) == mine]
    names, labels = [each.id for each in fit], [each.title for each in fit]
    return ArgumentForm(name="into", kind="choice", is_required=True, choices=names, labels=labels)


def _alarm_form(case: CaseRows) -> ArgumentForm:
    """Which alarm may be split off: one that has not ended, where it is not all that the incident has."""
    alone = len(case.incident.alarm_ids) < 2 and not case.incident.warning_ids
    fit = [] if alone else [each for each in case.alarms if each.ended_at is None]
    names, labels = [each.id for each in fit], [each.sentence for each in fit]
    return ArgumentForm(name="alarm", kind="choice", is_required=True, choices=names, labels=labels)


def _incident_actions(incident: Incident, responder: ArgumentForm, into: ArgumentForm, alarm: ArgumentForm) -> LegalActions:
    verdict = ArgumentForm(name="verdict", kind="choice", is_required=True, choices=_VERDICTS, labels=_VERDICT_WORDS)
    is_given = incident.verdict is not Verdict.UNTRIAGED
    closing = verdict.model_copy(update={"is_required": not is_given})
    again = verdict.model_copy(update={"choices": [*_VERDICTS, Verdict.UNTRIAGED.value], "labels": [*_VERDICT_WORDS, TAKEN_BACK]})
    forms = {
        Verb.VERIFY: (again, _REASON) if is_given else (verdict, _WHY),
        Verb.ORDER: (responder,),
        Verb.MERGE: (into,),
        Verb.SPLIT: (alarm,),
        Verb.CLOSE: (closing, _REMARK),
    }
    asked_now = _legal_of(_OF_INCIDENT, INCIDENT, incident.state)
    impossible = {Verb.ACKNOWLEDGE if incident.acknowledged_by else Verb.UNACKNOWLEDGE}
    impossible |= {verb for verb, form in ((Verb.MERGE, into), (Verb.SPLIT, alarm)) if not form.choices}
    return _offer(Entity.INCIDENT, incident.id, [each for each in asked_now if each.verb not in impossible], forms)


def _alarm_actions(alarm: Alarm, case: CaseRows) -> LegalActions:
    """An alarm on which a life may hang cannot be shelved; one whose condition a sensor still reports cannot be reset."""
    is_life_safety = case.incident.is_life_safety
    is_reported = bool(alarm.evidence) and alarm.evidence[-1].test == "report"
    impossible = {Verb.SHELVE} if is_life_safety else set()
    if alarm.is_active and not is_reported:
        impossible.add(Verb.RESET)
    causes = _cause_form(alarm, case)
    if is_life_safety or not causes.choices:
        impossible.add(Verb.NAME_CAUSE)
    asked_now = _legal_of(_OF_ALARM, ALARM, alarm.state)
    return _offer(
        Entity.ALARM, alarm.id, [each for each in asked_now if each.verb not in impossible], {Verb.NAME_CAUSE: (causes,)}
    )


def _cause_form(alarm: Alarm, case: CaseRows) -> ArgumentForm:
    """The alarms of the same incident whose condition holds; and that it has none, where a person has named one."""
    others = [each for each in case.alarms if each.is_active and alarm.id not in (each.id, each.cause_id)]
    choices = [(each.id, each.sentence) for each in others[:CAUSES_MAX]]
    if alarm.cause_named_by:
        choices.append((NO_CAUSE, Sentence("撤销所指原因", "take the named cause back")))
    names, labels = [name for name, _ in choices], [label for _, label in choices]
    return ArgumentForm(name="cause", kind="choice", is_required=True, choices=names, labels=labels)


def _dispatch_actions(dispatch: Dispatch, responder: ArgumentForm) -> LegalActions:
    asked_now = _legal_of(_OF_DISPATCH, DISPATCH, dispatch.state)
    return _offer(Entity.DISPATCH, dispatch.id, asked_now, {Verb.REASSIGN: (responder,)})


def _offer(
    entity: Entity, entity_id: str, asked_now: list[_Asked], forms: Mapping[Verb, tuple[ArgumentForm, ...]] = NO_FORMS
) -> LegalActions:
    verbs = [
        LegalVerb(verb=asked.verb, label=asked.label, arguments=[*asked.arguments, *forms.get(asked.verb, ())])
        for asked in asked_now
    ]
    return LegalActions(entity=entity, entity_id=entity_id, verbs=verbs)


def _legal_of(asked: tuple[_Asked, ...], lifecycle: Lifecycle, state: str) -> list[_Asked]:
    if lifecycle.is_final(state):
        return []
    possible = legal(lifecycle, state)
    return [each for each in asked if not each.transitions or any(step in possible for step in each.transitions)]
