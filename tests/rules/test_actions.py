"""Every verb on every record: done, or refused with a reason, and a refusal changes nothing."""

import pytest

from rules import primitive as p
from rules.effects import AnswerAction
from rules.model import Entity, OperatorAction, Verb
from tests.rules.score import T0, Play, pack, rule, stage

HOT = rule("hot", "temperature", alarms=(stage("red", p.Threshold(above=57)),))


def burning() -> Play:
    return Play(pack(HOT)).play("0 | b1/d1 temperature=60 | incident opened, alarm opened")


def ask(play: Play, verb: Verb, entity: Entity, name: str, community: str = "c1") -> AnswerAction:
    action = OperatorAction(
        id=f"{verb} {entity} {name}", community=community, actor="li", verb=verb, entity=entity, entity_id=name
    )
    (answer,) = play.receive(action, 1)
    assert isinstance(answer, AnswerAction)
    return answer


RIGHT = {
    Verb.ACKNOWLEDGE: (Entity.INCIDENT, Entity.ALARM),
    Verb.UNACKNOWLEDGE: (Entity.INCIDENT, Entity.ALARM),
    Verb.VERIFY: (Entity.INCIDENT,),
    Verb.SHELVE: (Entity.ALARM,),
    Verb.UNSHELVE: (Entity.ALARM,),
    Verb.RESET: (Entity.ALARM,),
    Verb.NAME_CAUSE: (Entity.ALARM,),
    Verb.ORDER: (Entity.INCIDENT,),
    Verb.NOTE: (Entity.INCIDENT,),
    Verb.MERGE: (Entity.INCIDENT,),
    Verb.SPLIT: (Entity.INCIDENT,),
    Verb.CLOSE: (Entity.INCIDENT,),
    Verb.SET_MODE: (Entity.ZONE,),
    Verb.MAINTAIN: (Entity.ZONE, Entity.DEVICE),
    Verb.RESTORE: (Entity.ZONE, Entity.DEVICE),
}


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("entity", list(Entity))
def test_a_verb_knows_its_records(verb: Verb, entity: Entity) -> None:
    answer = ask(burning(), verb, entity, "nobody")
    is_right = entity in RIGHT.get(verb, (Entity.DISPATCH,))
    reasons = {Verb.SET_MODE: "argument_missing", Verb.MAINTAIN: "argument_missing", Verb.RESTORE: "illegal_now"}
    missing = reasons.get(verb, "unknown_entity")
    assert answer.reason == (missing if is_right else "illegal_now")
    assert not answer.is_accepted
    if not is_right:
        assert "it is for" in answer.sentence.en


@pytest.mark.parametrize("verb", [Verb.CLOSE, Verb.NOTE, Verb.RESET, Verb.ACKNOWLEDGE])
def test_another_community_s_record_does_not_exist(verb: Verb) -> None:
    play = burning()
    entity = Entity.ALARM if verb is Verb.RESET else Entity.INCIDENT
    answer = ask(play, verb, entity, play.last_id(entity.value), community="c2")
    assert answer.reason == "unknown_entity"


def test_a_note_is_a_line_in_the_story() -> None:
    play = burning()
    assert play.act(1, "li", "note", "incident", text="  caller says: pan on fire  ").is_accepted
    assert play.last("incident").sentence.en == "li: caller says: pan on fire"
    assert play.act(2, "li", "note", "incident", text=" ").reason == "argument_missing"
    assert play.act(3, "li", "note", "incident", text=5).reason == "argument_missing"
    assert play.act(4, "li", "note", "incident", text="x" * 9999).is_accepted
    assert len(play.last("incident").sentence.en) == 4004


def test_a_close_may_say_something() -> None:
    play = burning()
    assert play.act(1, "li", "close", "incident", verdict="real", text="pan burnt").is_accepted
    assert play.last("incident").sentence.en == "li closed it: real; pan burnt"


def test_the_same_action_again_gets_the_same_answer_and_does_nothing() -> None:
    play = burning()
    action = OperatorAction(
        id="x",
        community="c1",
        actor="li",
        verb=Verb.ACKNOWLEDGE,
        entity=Entity.INCIDENT,
        entity_id=play.last_id("incident"),
    )
    first = play.receive(action, 1)
    play.restore()
    again = play.receive(action, 9)
    assert again == first[-1:]
    assert again[0].at == T0 + 1000  # type: ignore[union-attr]  # it is the answer


def test_a_refusal_changes_nothing_but_its_own_memory() -> None:
    play = burning()
    play.restore()
    play.act(1, "li", "reset", "alarm")
    assert set(play.engine.take_changes()) == {"engine", "known/0"}


def test_an_illegal_move_says_what_is_legal() -> None:
    play = burning().play("1 | li acknowledge alarm | alarm acknowledged, incident acknowledged")
    answer = play.act(2, "li", "acknowledge", "alarm")
    assert (
        answer.sentence.en == "acknowledge is not possible in state acknowledged; legal now: unacknowledge, shelve, reset, close"
    )
    assert answer.sentence.zh == "现在不能确认（状态 acknowledged）；可以：撤销确认、搁置、复位、结案"
