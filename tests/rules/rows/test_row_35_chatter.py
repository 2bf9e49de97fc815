"""Row 35: alarms that flap and alarms that are gone before anybody can act are found, and a delay is proposed from the record."""

from typing import Any

import pytest

from rules import primitive as p
from rules.alarm_record import Occurrence, key_of, occurrences_of
from rules.chatter import Chatter, chatter_of, is_fleeting, spells_of
from rules.model import Entity, OperatorAction, Verb
from tests.rules.score import T0, Play, event, hazard, pack, rule, stage

HOT = (stage("yellow", p.Threshold(above=50, deadband=2)), stage("red", p.Threshold(above=90)))


def site(**changes: Any) -> Play:
    made = pack(rule("hot", "temperature", hazard="heat", alarms=HOT, **changes), hazards=(hazard("heat"),))
    return Play(made, is_restored_each_step=True)


def flap(play: Play, *spans: tuple[float, float], device: str = "d1", high: float = 60.0, low: float = 40.0) -> None:
    """The condition holds from … to …, in seconds."""
    for began, ended in spans:
        play.receive(event(device, "temperature", high, id=f"{device}{began}", zone="b1"), began)
        play.receive(event(device, "temperature", low, id=f"{device}{ended}", zone="b1"), ended)


def record(play: Play) -> tuple[Occurrence, ...]:
    assert play.pack is not None
    return occurrences_of(play.facts, play.pack)


def found(play: Play) -> list[Chatter]:
    return list(chatter_of(record(play)))


def seconds(*spans: Any) -> list[tuple[float, float, int]]:
    return [((one.began_at - T0) / 1000, (one.ended_at - T0) / 1000, one.count) for one in spans]


class TestChattering:
    """ISA-18.2: three beginnings within one minute."""

    @pytest.mark.parametrize(("third_s", "expected"), [(59.999, [(0, 59.999, 3)]), (60.0, []), (60.001, [])])
    def test_the_third_within_a_minute_makes_it(self, third_s: float, expected: list[tuple[float, float, int]]) -> None:
        play = site()
        flap(play, (0, 5), (20, 25), (third_s, third_s + 5))
        assert [spell for one in found(play) for spell in seconds(*one.spells)] == expected

    def test_two_never_do(self) -> None:
        play = site()
        flap(play, (0, 5), (10, 15))
        (only,) = found(play)
        assert (only.chatter_count, only.spells, only.occurrence_count, only.fleeting_count) == (0, (), 2, 2)

    def test_a_long_flapping_is_one_spell_and_a_later_one_another(self) -> None:
        assert seconds(*spells_of([T0 + at * 1000 for at in (0, 20, 40, 60, 80, 300, 310, 320, 900)])) == [
            (0, 80, 5),
            (300, 320, 3),
        ]

    def test_groups_that_share_one_beginning_are_one_spell_and_neighbours_two(self) -> None:
        assert [one.count for one in spells_of([0, 10_000, 59_000, 110_000, 118_000])] == [5]
        assert [one.count for one in spells_of([0, 1000, 2000, 62_000, 63_000, 64_000])] == [3, 3]

    def test_another_device_is_another_alarm(self) -> None:
        play = site()
        flap(play, (0, 1), (10, 11))
        flap(play, (20, 21), device="d2")
        assert [one.chatter_count for one in found(play)] == [0, 0]

    def test_an_alarm_that_ended_in_between_is_the_same_alarm(self) -> None:
        play = site()
        flap(play, (0, 5))
        play.act(6, "li", "close", "incident", verdict="false")
        flap(play, (10, 15), (20, 25))
        assert [one.chatter_count for one in found(play)] == [3]

    def test_what_is_reported_again_while_it_holds_has_not_begun_again(self) -> None:
        play = Play(pack(rule("r", "smoke", hazard="fire", alarms=(stage("red", p.StateIs(states=("on",))),))))
        play.play(
            "0 | s1 smoke!on |incident opened, alarm opened\n5 | s1 smoke!on | alarm repeated\n9 | s1 smoke!on | alarm repeated"
        )
        (only,) = record(play)
        repeated = [one.at - T0 for one in only.phases if one.transition == "repeated"]
        assert (repeated, only.ended_at, found(play)) == ([5000, 9000], None, [])

    def test_also_on_the_shelf_it_chatters(self) -> None:
        play = site()
        flap(play, (0, 5))
        play.act(6, "li", "shelve", "alarm", reason="flaps", for_s=600)
        flap(play, (10, 15), (20, 25))
        assert [one.chatter_count for one in found(play)] == [3]

    def test_work_on_the_device_is_left_out(self) -> None:
        play = site()
        flap(play, (0, 5))
        maintain(play, 6)
        flap(play, (10, 15), (20, 25))
        assert [one.is_out_of_service for one in record(play)] == [False, True, True]
        assert [(one.chatter_count, one.occurrence_count) for one in found(play)] == [(0, 1)]

    def test_the_most_restless_comes_first(self) -> None:
        play = site()
        flap(play, (0, 1), device="d1")
        flap(play, (10, 11), (20, 21), device="d2")
        flap(play, (30, 31), (40, 41), (50, 51), device="d3")
        assert [one.key.place for one in found(play)] == ["b1/d3", "b1/d2", "b1/d1"]


def maintain(play: Play, at_s: float) -> None:
    action = OperatorAction(
        id="m",
        community="c1",
        actor="li",
        verb=Verb.MAINTAIN,
        entity=Entity.DEVICE,
        entity_id="d1",
        arguments={"reason": "works", "for_s": 600},
    )
    play.receive(action, at_s)


class TestFleeting:
    @pytest.mark.parametrize(("lasted_s", "expected"), [(59.999, True), (60.0, False)])
    def test_gone_by_itself_in_less_than_a_minute(self, lasted_s: float, expected: bool) -> None:
        play = site()
        flap(play, (0, lasted_s))
        assert [is_fleeting(each) for each in record(play)] == [expected]

    def test_not_where_it_holds_still(self) -> None:
        play = site().play("0 | b1/d1 temperature=60 | incident opened, alarm opened")
        (only,) = record(play)
        assert (only.lasted_ms, is_fleeting(only)) == (None, False)

    def test_not_where_a_person_acted_meanwhile(self) -> None:
        play = site().play("0 | b1/d1 temperature=60 | incident opened, alarm opened")
        play.act(5, "li", "acknowledge", "alarm")
        play.receive(event("d1", "temperature", 40.0, id="low", zone="b1"), 9)
        (only,) = record(play)
        assert (only.acted_at, only.ended_at, is_fleeting(only)) == (T0 + 5000, T0 + 9000, False)

    def test_not_where_a_person_ended_it(self) -> None:
        play = site().play("0 | b1/d1 temperature=60 | incident opened, alarm opened")
        play.act(5, "li", "close", "incident", verdict="false")
        (only,) = record(play)
        assert (only.is_by_itself, is_fleeting(only)) == (False, False)


class TestTheRecord:
    def test_an_occurrence_knows_its_levels_and_when_it_rang(self) -> None:
        play = site()
        play.play("""
            0  | b1/d1 temperature=60 | incident opened, alarm opened
            3  | b1/d1 temperature=95 | alarm level_changed, incident level_changed
            9  | b1/d1 temperature=40 | alarm cleared, incident recovered
        """)
        (only,) = record(play)
        assert ([(one.at - T0, one.level) for one in only.phases], only.level) == ([(0, "yellow"), (3000, "red")], "red")
        assert ([at - T0 for at in only.rang_at], only.lasted_ms) == ([0, 3000], 9000)
        assert only.cleared_by[-1].value == 40.0

    def test_lines_of_an_alarm_that_began_before_the_record_say_nothing(self) -> None:
        play = site()
        flap(play, (0, 5), (10, 15))
        assert play.pack is not None
        late = occurrences_of([fact for fact in play.facts if fact.at > T0], play.pack)
        assert [each.began_at - T0 for each in late] == [10_000]

    def test_a_kept_alarm_and_its_lines_are_the_same_alarm(self) -> None:
        play = site().play("0 | b1/d1 temperature=60 | incident opened, alarm opened")
        assert play.pack is not None
        assert key_of(play.records("alarm")[-1], play.pack) == record(play)[0].key
        gone = pack(hazards=(hazard("heat"),))
        assert key_of(play.records("alarm")[-1], gone).place == "b1/d1"
