"""The buttons follow the tables of rules.lifecycle, for every state that they have."""

from dataclasses import replace

import pytest

from dashboard.legal import CAUSES_MAX, actions_of
from dashboard.reads import CaseRows
from rules.definition import Responder
from rules.lifecycle import ALARM, DISPATCH, INCIDENT, Lifecycle, legal
from rules.model import Entity, Sentence, Status, Verb, Verdict
from tests.handlers import records

MOVES: dict[Entity, dict[Verb, tuple[str, ...]]] = {
    Entity.INCIDENT: {Verb.ACKNOWLEDGE: ("acknowledge",), Verb.CLOSE: ("close",)},
    Entity.ALARM: {
        Verb.ACKNOWLEDGE: ("acknowledge",),
        Verb.UNACKNOWLEDGE: ("unacknowledge",),
        Verb.RESET: ("reset",),
        Verb.SHELVE: ("shelve",),
        Verb.UNSHELVE: ("unshelve_seen_active",),
    },
    Entity.DISPATCH: {
        Verb.ACCEPT: ("accept",),
        Verb.DECLINE: ("decline",),
        Verb.EN_ROUTE: ("en_route",),
        Verb.ON_SCENE: ("on_scene",),
        Verb.COMPLETE: ("complete",),
        Verb.REASSIGN: ("reassign",),
    },
}


def _states(lifecycle: Lifecycle) -> list[str]:
    return sorted({state for state, _ in lifecycle.table} | set(lifecycle.final))


@pytest.mark.parametrize(
    ("entity", "lifecycle", "state"),
    [
        (entity, lifecycle, state)
        for entity, lifecycle in ((Entity.INCIDENT, INCIDENT), (Entity.ALARM, ALARM), (Entity.DISPATCH, DISPATCH))
        for state in _states(lifecycle)
    ],
)
def test_a_verb_is_offered_where_its_move_is_legal(entity: Entity, lifecycle: Lifecycle, state: str) -> None:
    offered = _offered(entity, state)
    possible = legal(lifecycle, state)
    assert {verb for verb in offered if verb in MOVES[entity]} == {
        verb for verb, steps in MOVES[entity].items() if set(steps) & set(possible)
    }
    free = {Verb.VERIFY, Verb.ORDER, Verb.NOTE} if entity is Entity.INCIDENT and not lifecycle.is_final(state) else set()
    assert set(offered) - set(MOVES[entity]) == free


def test_where_a_life_may_hang_on_it_nothing_is_shelved() -> None:
    case = _case(Entity.ALARM, "unacknowledged", is_life_safety=True)
    assert Verb.SHELVE not in [verb.verb for each in actions_of(case) if each.entity is Entity.ALARM for verb in each.verbs]


def test_what_a_sensor_still_reports_is_not_reset_but_what_a_person_reported_is() -> None:
    for test, is_offered in (("above", False), ("report", True)):
        alarm = replace(records.alarm(state="acknowledged"), evidence=(replace(records.EVIDENCE, test=test),))
        (alarms,) = [
            each for each in actions_of(replace(_case(Entity.ALARM, ""), alarms=(alarm,))) if each.entity is Entity.ALARM
        ]
        assert (Verb.RESET in [verb.verb for verb in alarms.verbs]) == is_offered


def test_an_incident_is_merged_into_another_open_one_of_its_community_and_split_where_it_has_more_than_one_alarm() -> None:
    case = _case(Entity.INCIDENT, "open")
    others = [records.incident("i-2"), records.incident("i-3", community="c9"), records.incident("i-4", status=Status.EXERCISE)]
    forms = {verb.verb: verb.arguments[0] for verb in actions_of(case, (), [case.incident, *others])[0].verbs if verb.arguments}
    assert forms[Verb.MERGE].choices == ["i-2"]
    assert Verb.SPLIT not in forms
    alarms = (records.alarm(), records.alarm("a-2", ended_at=5))
    two = replace(case, alarms=alarms, incident=records.incident(alarm_ids=("a-1", "a-2")))
    forms = {verb.verb: verb.arguments[0] for verb in actions_of(two)[0].verbs if verb.arguments}
    assert forms[Verb.SPLIT].choices == ["a-1"]
    assert Verb.MERGE not in forms


def test_a_cause_is_named_among_the_alarms_of_the_incident_and_can_be_taken_back() -> None:
    first, second = records.alarm(), replace(records.alarm("a-2"), cause_named_by="li", cause_id="a-1")
    offered = actions_of(replace(_case(Entity.ALARM, "unacknowledged"), alarms=(first, second)))
    named = [(each.entity_id, verb.arguments[0]) for each in offered for verb in each.verbs if verb.verb is Verb.NAME_CAUSE]
    forms = dict(named)
    assert {name: form.choices for name, form in forms.items()} == {"a-2": ["a-1", "none"]}


def test_closing_asks_for_a_verdict_only_while_there_is_none() -> None:
    for verdict, is_required in ((Verdict.UNTRIAGED, True), (Verdict.REAL, False)):
        case = _case(Entity.INCIDENT, "recovered", verdict=verdict)
        (close,) = [verb for verb in actions_of(case)[0].verbs if verb.verb is Verb.CLOSE]
        assert [(each.name, each.is_required) for each in close.arguments] == [("verdict", is_required), ("text", False)]
        assert "untriaged" not in close.arguments[0].choices


def test_who_can_be_sent_is_chosen_by_name_from_those_who_are_not_under_way() -> None:
    responders = [
        Responder(id=name, title=Sentence(f"{name} 号", f"No. {name}"), party="property", capabilities=("patrol",))
        for name in ("guard-1", "guard-2", "guard-3")
    ]
    case = replace(
        _case(Entity.INCIDENT, "open"), dispatches=(records.dispatch(), records.dispatch("d-2", ended_at=5, state="declined"))
    )
    incident, first = actions_of(case, responders)
    forms = {verb.verb: verb.arguments for verb in [*incident.verbs, *first.verbs]}
    for verb in (Verb.ORDER, Verb.REASSIGN):
        assert (forms[verb][0].kind, forms[verb][0].choices) == ("choice", ["guard-2", "guard-3"])
        assert forms[verb][0].labels[0].zh == "guard-2 号"
    (unknown,) = [verb for verb in actions_of(case)[0].verbs if verb.verb is Verb.ORDER]
    assert unknown.arguments[0].kind == "text"


def test_of_many_alarms_a_form_offers_some_as_the_cause_so_that_a_great_case_stays_small() -> None:
    alarms = tuple([records.alarm(f"a-{number}") for number in range(3 * CAUSES_MAX)])
    case = replace(_case(Entity.ALARM, "acknowledged"), alarms=alarms)
    forms = [verb.arguments[0] for each in actions_of(case) for verb in each.verbs if verb.verb is Verb.NAME_CAUSE]
    assert len(forms) == len(alarms)
    assert {len(form.choices or ()) for form in forms} == {CAUSES_MAX}


def test_every_button_is_labelled_in_both_languages() -> None:
    for entity, lifecycle in ((Entity.INCIDENT, INCIDENT), (Entity.ALARM, ALARM), (Entity.DISPATCH, DISPATCH)):
        for state in _states(lifecycle):
            for verb in (verb for each in actions_of(_case(entity, state)) for verb in each.verbs):
                assert verb.label.zh
                assert verb.label.en


def _case(entity: Entity, state: str, **of_incident: object) -> CaseRows:
    return CaseRows(
        incident=records.incident(**{"state": state if entity is Entity.INCIDENT else "closed", **of_incident}),  # type: ignore[arg-type]
        warnings=(),
        alarms=(replace(records.alarm(state=state), is_active=False),) if entity is Entity.ALARM else (),
        dispatches=(records.dispatch(state=state),) if entity is Entity.DISPATCH else (),
        timeline=(),
        is_timeline_whole=True,
        deliveries=(),
    )


def _offered(entity: Entity, state: str) -> list[Verb]:
    return [verb.verb for each in actions_of(_case(entity, state)) if each.entity is entity for verb in each.verbs]
