"""The graph of a decision: from the events over rule and version to orders and messages, and a sentence for every node."""

from dataclasses import replace
from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.effects import Notify, RecordFact, SaveAlarm, SaveDispatch, SaveIncident, SaveWarning
from rules.model import Alarm, Dispatch, EarlyWarning, Event, EventClass, Incident, Level
from rules.why import NODES_MAX, why
from rules.why_shape import CaseFile, Notice, Sort, Why
from tests.rules.score import Play, event, pack, rule, said, stage

ORDER = d.Order(capability="fire", task=said("go"), clocks=(d.Target(name="accepted", within_s=60),))
PLAN = d.Plan(
    id="plan",
    title=said("plan"),
    orders=(ORDER,),
    notify_on_warning=("owner",),
    notify_on_alarm=("owner", "police"),
    clocks=(d.Target(name="acknowledged", within_s=60),),
    escalations=(d.Escalation(at_share=1.0, notify=("police",)),),
)
NEAR = d.Responder(id="near", title=said("near"), party="owner", capabilities=("fire",), zone="b1/u1")
FAR = d.Responder(id="far", title=said("far"), party="owner", capabilities=("fire",), zone="b2")
COOK = d.Responder(id="cook", title=said("cook"), party="owner", capabilities=("cooking",))


def smoke_pack(**changes: Any) -> d.RulePack:
    stages: dict[str, Any] = {
        "warnings": (stage("yellow", p.Threshold(above=5)),),
        "alarms": (stage("red", p.Threshold(above=10), 20),),
    }
    one = rule("smoke", "smoke_obscuration", plan="plan", guard_text="zone != 'kitchen'", **(stages | changes))
    return pack(one, plans=(PLAN,), responders=(FAR, NEAR, COOK), parties=("owner", "police"))


def burn(play: Play) -> Play:
    for at_s, value in ((0, 1.0), (10, 6.0), (20, 11.0), (30, 12.0)):
        reading = event(
            "d1", "smoke_obscuration", value, id=f"e{at_s}", zone="b1/u1/0101", unit="%/m", attributes={"gateway": "gw-1"}
        )
        play.receive(reading, at_s)
    play.advance(45)
    return play


def case_of(play: Play, **changes: Any) -> CaseFile:
    """What a store would keep of the last incident: the last state of every record, and the facts in their order."""
    latest: dict[str, Any] = {}
    for effect in play.effects:
        for sort, name in (
            (SaveWarning, "warning"),
            (SaveAlarm, "alarm"),
            (SaveDispatch, "dispatch"),
            (SaveIncident, "incident"),
        ):
            if isinstance(effect, sort):
                record = getattr(effect, name)
                latest[record.id] = record
    records = list(latest.values())
    values: dict[str, Any] = {
        "incident": [one for one in records if isinstance(one, Incident)][-1],
        "warnings": [one for one in records if isinstance(one, EarlyWarning)],
        "alarms": [one for one in records if isinstance(one, Alarm)],
        "dispatches": [one for one in records if isinstance(one, Dispatch)],
        "facts": [effect.fact for effect in play.effects if isinstance(effect, RecordFact)],
        "notices": [
            Notice(key=effect.key, target=effect.target, state="delivered", at=effect.at)
            for effect in play.effects
            if isinstance(effect, Notify)
        ],
    }
    return CaseFile(**(values | changes))


def asked(case: CaseFile, asked_id: str = "", pack: d.RulePack | None = None) -> Why:
    found = why(case, asked_id, pack)
    assert found is not None
    return found


@pytest.fixture
def burned() -> tuple[Why, CaseFile]:
    case = case_of(burn(Play(smoke_pack())))
    return asked(case, pack=smoke_pack()), case


def sorts(found: Why) -> list[str]:
    return [node.sort.value for node in found.nodes]


def because(found: Why, node_id: str) -> list[str]:
    return [edge.because_of_id for edge in found.edges if edge.node_id == node_id]


def test_the_chain_of_causes_is_whole(burned: tuple[Why, CaseFile]) -> None:
    found, case = burned
    alarm, warning, order = case.alarms[0], case.warnings[0], case.dispatches[0]
    assert case.incident.id in because(found, order.id)
    assert {alarm.id, warning.id} <= set(because(found, case.incident.id))
    assert warning.id in because(found, alarm.id), "what was warned of came before it"
    (judged,) = [name for name in because(found, alarm.id) if name.startswith("f-")]
    assert because(found, judged) == ["d1/e20", "d1/e30"]


def test_an_event_has_its_value_its_instant_and_its_gateway(burned: tuple[Why, CaseFile]) -> None:
    node = next(node for node in burned[0].nodes if node.id == "d1/e20")
    assert node.sort is Sort.EVENT
    assert node.evidence is not None
    assert (node.evidence.value, node.at, node.evidence.gateway) == (11.0, node.evidence.received_at, "gw-1")
    assert "gw-1" in node.sentence.zh
    assert "11 %/m" in node.sentence.en


def test_a_judgement_has_rule_version_test_limit_delay_and_condition(burned: tuple[Why, CaseFile]) -> None:
    node = [node for node in burned[0].nodes if node.sort is Sort.JUDGEMENT][-1]
    assert (node.rule, node.pack_version, node.test, node.limit, node.delay_s) == ("smoke", "1", "above", 10, 20)
    assert node.guard == "zone != 'kitchen'"
    assert "version 1" in node.sentence.en
    assert "20 秒" in node.sentence.zh
    assert "zone != 'kitchen'" in node.sentence.zh


def test_an_order_says_who_was_passed_over_and_why(burned: tuple[Why, CaseFile]) -> None:
    (node,) = [node for node in burned[0].nodes if node.sort is Sort.DISPATCH]
    assert node.target == "near"
    assert [(one.responder, one.reason.value) for one in node.passed_over] == [("far", "farther"), ("cook", "not_capable")]
    assert [one.zh for one in node.passed_over_said] == ["far：离得更远", "cook：没有所需能力"]


def test_messages_hang_on_what_they_are_about(burned: tuple[Why, CaseFile]) -> None:
    found, case = burned
    told = {node.id.split("/")[1]: because(found, node.id)[0] for node in found.nodes if node.sort is Sort.NOTIFICATION}
    assert told[f"ordered_{case.dispatches[0].id}"] == case.dispatches[0].id
    assert told["alarm_red_1"] == case.alarms[0].id
    assert told["warning_yellow_1"] == case.warnings[0].id


def test_every_node_and_the_whole_speak_both_languages(burned: tuple[Why, CaseFile]) -> None:
    found, _ = burned
    for said_ in (found.sentence, *[node.sentence for node in found.nodes]):
        assert said_.zh
        assert said_.en
    assert "派出 near（略过 2 人次）" in found.sentence.zh
    assert "Cited events: 3" in found.sentence.en
    assert found.is_whole


def test_causes_come_before_effects(burned: tuple[Why, CaseFile]) -> None:
    found, _ = burned
    assert [node.at for node in found.nodes] == sorted(node.at for node in found.nodes)
    assert sorts(found)[0] == "event"


def test_a_part_can_be_asked_for(burned: tuple[Why, CaseFile]) -> None:
    _, case = burned
    alarm = asked(case, case.alarms[0].id)
    assert alarm.entity == "alarm"
    assert "dispatch" not in sorts(alarm), "what followed is not why"
    assert {"event", "judgement", "warning", "alarm", "notification"} <= set(sorts(alarm))
    order = asked(case, case.dispatches[0].id)
    assert {"event", "judgement", "alarm", "incident", "dispatch"} <= set(sorts(order))
    assert order.sentence.zh.startswith("派 near")
    warning = asked(case, case.warnings[0].id)
    assert "alarm" not in sorts(warning) or "change" in sorts(warning)
    assert why(case, "a-none") is None


def test_what_people_and_clocks_did_is_there() -> None:
    play = burn(Play(smoke_pack()))
    assert play.act(50, "li", "acknowledge", "incident").is_accepted
    play.advance(300)
    found = asked(case_of(play))
    (person,) = [node for node in found.nodes if node.sort is Sort.PERSON and node.transition == "acknowledged"][:1]
    assert person.actor == "li"
    assert any(node.transition == "deadline_missed" for node in found.nodes if node.sort is Sort.CHANGE)


def test_what_kept_it_quiet_is_there() -> None:
    play = burn(Play(smoke_pack()))
    assert play.act(50, "li", "shelve", "alarm", reason="steam", for_s=600).is_accepted
    play.advance(700)
    found = asked(case_of(play), case_of(play).alarms[0].id)
    assert [node.transition for node in found.nodes if node.sort is Sort.QUIETING] == ["shelved", "unshelved"]
    assert "steam" in next(node for node in found.nodes if node.sort is Sort.QUIETING).sentence.zh
    assert "2 次" in found.sentence.zh


def test_a_symptom_names_its_cause() -> None:
    case = case_of(burn(Play(smoke_pack())))
    first = case.alarms[0]
    symptom = replace(first, id="a-2", cause_id=first.id)
    found = asked(CaseFile(incident=case.incident, alarms=(first, symptom), facts=case.facts))
    assert (first.id, "symptom_of") in [(edge.because_of_id, edge.reason) for edge in found.edges if edge.node_id == "a-2"]
    assert "a-2/evidence" in because(found, "a-2"), "the story does not tell of it, so the record does"


def test_without_the_pack_the_delay_is_not_known_and_nothing_is_made_up(burned: tuple[Why, CaseFile]) -> None:
    _, case = burned
    for given in (None, pack(version="2")):
        node = [node for node in asked(case, pack=given).nodes if node.sort is Sort.JUDGEMENT][-1]
        assert (node.delay_s, node.guard) == (None, "")
    no_such_rule = pack()
    assert [node for node in asked(case, pack=no_such_rule).nodes if node.sort is Sort.JUDGEMENT][-1].delay_s is None


def test_of_two_stages_of_a_level_the_one_with_the_limit_is_meant() -> None:
    both = (stage("red", p.Threshold(above=10), 20), stage("red", p.Rate(above=500, window_s=60), 5))
    case = case_of(burn(Play(smoke_pack(alarms=both))))
    node = [node for node in asked(case, pack=smoke_pack(alarms=both)).nodes if node.sort is Sort.JUDGEMENT][-1]
    assert node.delay_s == 20


def test_a_silence_a_report_and_a_state() -> None:
    silence = rule(
        "r", "", match=d.Match(kinds=(), classes=(EventClass.HEARTBEAT,)), alarms=(stage("blue", p.Silence(for_s=60)),)
    )
    play = Play(pack(silence)).play("0 | d1 ~ |\n 60 | | incident opened, alarm opened")
    found = asked(case_of(play))
    assert any("最后一次消息" in node.sentence.zh for node in found.nodes if node.sort is Sort.EVENT)
    door = rule("r", "opening", alarms=(stage("blue", p.StateIs(states=("open",))),))
    found = asked(case_of(Play(pack(door)).play("0 | d1 opening:open | incident opened, alarm opened")))
    assert any("打开" in node.sentence.zh for node in found.nodes if node.sort is Sort.EVENT)


def test_repetitions_are_not_told_each_and_a_long_story_is_cut() -> None:
    sos = rule("r", "sos", alarms=(stage("red", p.StateIs(states=("on",))),))
    play = Play(pack(sos))
    for number in range(5):
        play.receive(event("d1", "sos", "on", id=f"e{number}", event_class=EventClass.ALARM), number)
    found = asked(case_of(play))
    assert [node.id for node in found.nodes if node.sort is Sort.EVENT] == ["d1/e0"]
    for number in range(NODES_MAX + 10):
        assert play.act(10 + number, "li", "note", "incident", text="x").is_accepted
    found = asked(case_of(play))
    assert (len(found.nodes), found.is_whole) == (NODES_MAX, False)
    assert not asked(case_of(Play(pack(sos)).play("0 | d1 sos!on | incident opened, alarm opened"), is_whole=False)).is_whole


def test_a_message_of_another_form_hangs_on_the_incident() -> None:
    case = case_of(burn(Play(smoke_pack())), notices=(Notice(key="odd", target="x", state="owed", at=0),))
    found = asked(case)
    assert because(found, "odd") == [case.incident.id]
    assert next(node for node in found.nodes if node.id == "odd").sentence.zh == "通知 x（待发）"


def test_facts_of_other_records_are_left_out() -> None:
    case = case_of(burn(Play(smoke_pack())))
    bare = CaseFile(incident=case.incident, facts=case.facts)
    assert {node.sort for node in asked(bare).nodes} <= {Sort.INCIDENT, Sort.CHANGE, Sort.PERSON}
    assert isinstance(event("d", "generic", 1.0), Event)
    assert Level.RED.rank == 1


def test_an_alarm_that_was_split_off_leaves_the_why_of_its_case_whole() -> None:
    case = case_of(burn(Play(smoke_pack())))
    found = asked(replace(case, alarms=()), pack=smoke_pack())
    assert "alarm" not in sorts(found)
    names = {node.id for node in found.nodes}
    assert {edge.because_of_id for edge in found.edges} | {edge.node_id for edge in found.edges} <= names
    assert asked(replace(case, alarms=()), case.warnings[0].id).entity == "warning"
