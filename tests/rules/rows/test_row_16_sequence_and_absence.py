"""Row 16: A then B within T, and A without B within T, at the instant T and one millisecond beside it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import definition as d
from rules import primitive as p
from rules.expression import compile_condition
from rules.model import EventClass, Reason, Resumed
from rules.pack import check_pack, read_pack
from rules.terms import Missing, Sequence, Term
from tests.rules.score import T0, Play, event, hazard, pack, rule, stage

OPENED = Term(kind="opening", test=p.StateIs(states=("open",)))
CLOSED = Term(kind="opening", test=p.StateIs(states=("closed",)))
MOVED = Term(kind="motion", test=p.StateIs(states=("on",)))
PRESSED = Term(kind="sos", test=p.StateIs(states=("on",)))
HOT = Term(kind="temperature", test=p.Threshold(above=50, deadband=5))
COLD = Term(kind="temperature", test=p.Threshold(below=5))
BREAK_IN = Sequence(first=OPENED, then=MOVED, within_s=30)
UNANSWERED = Missing(after=OPENED, expected=MOVED, within_s=30)


def playing(test: p.Test, off: float = 0, *, is_restored: bool = False, **changes: Any) -> Play:
    values: dict[str, Any] = {"key": d.Key.ZONE, "alarms": (stage("red", test, 0, off),)}
    found = rule("r", "opening motion sos temperature", **(values | changes))
    return Play(pack(found, hazards=(hazard("fire", gather_within_s=9_999),)), is_restored_each_step=is_restored)


class TestSequence:
    def test_b_within_t_after_a(self) -> None:
        play = playing(BREAK_IN).play("""
            0      | z1/door opening:open |
            29.999 | z1/pir motion:on     | incident opened, alarm opened red
        """)
        alarm = play.records("alarm")[-1]
        assert [(item.device, item.kind, item.test) for item in alarm.evidence] == [
            ("door", "opening", "is"),
            ("pir", "motion", "is"),
        ]
        assert play.last("alarm").reason is Reason.SEQUENCE_SEEN
        assert alarm.sentence.zh == "r（中）：z1：设备 door：门窗为“打开”；29.999 秒后 设备 pir：移动为“有”"
        assert alarm.sentence.en == "r: z1: device door: opening is “open”; 29.999 s later device pir: motion is “on”"

    @pytest.mark.parametrize(("at_s", "facts"), [("30", "incident opened, alarm opened"), ("30.001", "")])
    def test_the_instant_t_is_in_time_and_a_millisecond_later_is_not(self, at_s: str, facts: str) -> None:
        playing(BREAK_IN).play(f"0 | z1/door opening:open |\n{at_s} | z1/pir motion:on | {facts}")

    def test_a_wait_that_is_over_is_forgotten(self) -> None:
        play = playing(BREAK_IN).play("""
            0 | z1/door opening:open |
            1 | z1/door opening:closed |
            31 | |
        """)
        assert play.engine.counts["rule.r.watches"] == 0

    def test_b_before_a_is_no_sequence_even_where_b_still_holds(self) -> None:
        playing(BREAK_IN).play("""
            0 | z1/pir motion:on     |
            1 | z1/door opening:open |
            2 | z1/pir motion:off    |
        """)

    def test_at_one_instant_the_order_of_arrival_decides(self) -> None:
        playing(BREAK_IN).play("""
            5 | z1/door opening:open |
            5 | z1/pir motion:on     | incident opened, alarm opened
        """)
        playing(BREAK_IN).play("""
            5 | z1/pir motion:on     |
            5 | z1/door opening:open |
        """)

    def test_of_several_a_the_latest_counts(self) -> None:
        play = playing(BREAK_IN).play("""
            0  | z1/door opening:open   |
            20 | z1/gate opening:open   |
            50 | z1/pir motion:on       | incident opened, alarm opened
        """)
        assert [item.device for item in play.records("alarm")[-1].evidence] == ["gate", "pir"]

    def test_a_repeated_state_is_not_a_new_beginning(self) -> None:
        playing(BREAK_IN).play("""
            0  | z1/door opening:open   |
            20 | z1/door opening:open   |
            31 | z1/pir motion:on       |
            40 | z1/door opening:closed |
            41 | z1/door opening:open   |
            71 | z1/pir motion:on       | incident opened, alarm opened
        """)

    def test_a_reading_begins_where_it_leaves_the_deadband_and_null_is_no_reading(self) -> None:
        playing(Sequence(first=HOT, then=MOVED, within_s=30)).play("""
            0  | z1/t temperature=50 |
            40 | z1/t temperature=46 |
            41 | z1/t temperature=51 |
            42 | z1/t temperature=   |
            43 | z1/p motion:on      |
            44 | z1/t temperature=44 |
            45 | z1/t temperature=51 |
            46 | z1/p motion:        |
            75 | z1/p motion:on      | incident opened, alarm opened
        """)

    def test_one_event_is_never_both_and_every_press_is_a_beginning(self) -> None:
        playing(Sequence(first=PRESSED, then=PRESSED, within_s=10)).play("""
            0      | z1/b sos!on |
            11     | z1/b sos!on |
            21     | z1/b sos!on | incident opened, alarm opened
            31     | z1/b sos!on | alarm repeated
            41.001 |             | alarm cleared, incident recovered
            41.001 | z1/b sos!on |
        """)

    def test_it_is_over_when_t_has_passed_since_b(self) -> None:
        playing(BREAK_IN, off=5).play("""
            0      | z1/door opening:open |
            10     | z1/pir motion:on     | incident opened, alarm opened
            20     | z1/pir motion:on     |
            50     |                      |
            50.001 |                      |
            55.001 |                      | alarm cleared, incident recovered
        """)

    def test_again_during_the_off_delay_it_goes_on(self) -> None:
        playing(BREAK_IN, off=60).play("""
            0   | z1/door opening:open   |
            10  | z1/pir motion:on       | incident opened, alarm opened
            50  | z1/door opening:closed |
            51  | z1/door opening:open   |
            60  | z1/pir motion:on       |
            90  | z1/pir motion:off      |
            150 |                        |
            150.001 |                    | alarm cleared, incident recovered
        """)

    def test_another_zone_is_another_story(self) -> None:
        playing(BREAK_IN).play("""
            0 | z1/door opening:open |
            1 | z2/pir motion:on     |
        """)

    def test_outside_armed_hours_neither_a_nor_b_counts(self) -> None:
        night: dict[str, Any] = {"hours": d.Hours(start_minute=8 * 60 + 1, end_minute=8 * 60 + 2)}  # T0 is 08:00 local
        playing(BREAK_IN, **night).play("""
            50    | z1/door opening:open   |
            61    | z1/pir motion:on       |
            62    | z1/door opening:closed |
            110   | z1/door opening:open   |
            121   | z1/pir motion:on       |
        """)

    def test_a_condition_of_a_term_lets_pass_what_it_means_and_one_that_cannot_be_judged_is_counted(self) -> None:
        sure = Term(
            kind="motion", test=p.StateIs(states=("on",)), guard=compile_condition("attributes.score > 0.5"), guard_text="-"
        )
        play = playing(Sequence(first=sure, then=sure, within_s=30))
        for number, attributes in enumerate(({"score": 0.9}, {"score": 0.1}, {}, {"score": 0.6}), start=1):
            play.receive(event("pir", "motion", "on", id=f"m{number}", zone="z1", attributes=attributes), number)
        assert [fact.transition for fact in play.facts] == ["unjudged", "opened", "opened"]
        assert play.engine.counts["rule.r.errors"] == 1

    def test_a_condition_that_cannot_be_judged_begins_nothing_and_is_counted(self) -> None:
        vague = Term(kind="motion", test=p.StateIs(states=("on",)), guard=compile_condition("attributes.score > 0.5"))
        play = playing(Sequence(first=vague, then=OPENED, within_s=30))
        play.play("0 | z1/pir motion:on | pack unjudged\n1 | z1/door opening:open |")
        assert (play.engine.counts["rule.r.errors"], play.engine.counts["rule.r.watches"]) == (1, 0)


class TestMissing:
    @pytest.mark.parametrize(("at_s", "facts"), [("30", ""), ("30.001", "incident opened, alarm opened")])
    def test_the_instant_t_is_still_in_time(self, at_s: str, facts: str) -> None:
        playing(UNANSWERED).play(f"0 | z1/door opening:open |\n{at_s} | | {facts}")

    @pytest.mark.parametrize("at_s", ["0", "0.001", "29.999", "30"])
    def test_b_in_time_answers(self, at_s: str) -> None:
        playing(UNANSWERED).play(f"""
            0       | z1/door opening:open |
            {at_s}  | z1/pir motion:on     |
            99      |                      |
        """)

    def test_b_too_late_ends_what_was_raised(self) -> None:
        play = playing(UNANSWERED).play("""
            0      | z1/door opening:open |
            30.001 | z1/pir motion:on     | incident opened, alarm opened, alarm cleared, incident recovered
        """)
        raised = play.records("alarm")[0]
        assert [(item.device, item.test, item.limit) for item in raised.evidence] == [("door", "missing", 30)]
        assert play.facts[0].reason is Reason.EXPECTED_MISSING
        assert raised.sentence.zh == "r（中）：z1：设备 door：门窗为“打开”；此后 30 秒内没有移动“有”"
        assert raised.sentence.en == "r: z1: device door: opening is “open”; no motion “on” within 30 s"
        assert play.facts[2].sentence.en.endswith("motion is “on”")

    def test_b_before_a_does_not_count(self) -> None:
        playing(UNANSWERED).play("""
            0  | z1/pir motion:on     |
            1  | z1/door opening:open |
            40 |                      | incident opened @31.001, alarm opened @31.001
        """)

    def test_of_several_a_the_earliest_waits_and_one_b_answers_all(self) -> None:
        playing(UNANSWERED).play("""
            0      | z1/door opening:open |
            20     | z1/gate opening:open |
            30.001 |                      | incident opened, alarm opened
            45     | z1/pir motion:on     | alarm cleared, incident recovered
            99     |                      |
        """)
        playing(UNANSWERED).play("""
            0  | z1/door opening:open |
            20 | z1/gate opening:open |
            25 | z1/pir motion:on     |
            99 |                      |
        """)

    def test_the_end_of_a_does_not_excuse(self) -> None:
        playing(UNANSWERED).play("""
            0  | z1/door opening:open   |
            5  | z1/door opening:closed |
            31 |                        | incident opened @30.001, alarm opened @30.001
        """)

    def test_a_that_only_goes_on_does_not_begin_again_after_its_answer(self) -> None:
        playing(Missing(after=HOT, expected=CLOSED, within_s=30)).play("""
            0  | z1/t temperature=60      |
            10 | z1/v opening:closed      |
            20 | z1/t temperature=61      |
            99 |                          |
        """)

    def test_a_dead_mans_button_is_its_own_answer(self) -> None:
        playing(Missing(after=PRESSED, expected=PRESSED, within_s=60)).play("""
            0   | z1/b sos!on |
            60  | z1/b sos!on |
            120 | z1/b sos!on |
            190 |             | incident opened @180.001, alarm opened @180.001
            200 | z1/b sos!on | alarm cleared, incident recovered
        """)

    def test_an_answer_during_the_off_delay_is_no_second_one_and_a_new_a_waits_anew(self) -> None:
        playing(UNANSWERED, off=100).play("""
            0       | z1/door opening:open   |
            31      |                        | incident opened @30.001, alarm opened @30.001
            40      | z1/pir motion:on       |
            41      | z1/door opening:closed |
            42      | z1/door opening:open   |
            73      |                        |
            80      | z1/pir motion:on       |
            179.999 |                        |
            180     |                        | alarm cleared, incident recovered
        """)

    def test_outside_armed_hours_nothing_is_missed(self) -> None:
        hours: dict[str, Any] = {"hours": d.Hours(start_minute=8 * 60, end_minute=8 * 60 + 1)}
        playing(UNANSWERED, **hours).play("""
            40  | z1/door opening:open   |
            80  |                        |
            81  | z1/door opening:closed |
            82  | z1/door opening:open   |
            200 |                        |
        """)

    def test_a_person_may_reset_it_and_close_it_because_b_may_never_come(self) -> None:
        play = Play(
            pack(
                rule("r", "opening motion", hazard="life", key=d.Key.ZONE, alarms=(stage("red", UNANSWERED),)),
                hazards=(hazard("life", is_life_safety=True),),
            )
        ).play("""
            0  | z1/door opening:open    |
            31 |                         | incident opened @30.001, alarm opened @30.001
            39 | li acknowledge alarm    | alarm acknowledged, incident acknowledged
            40 | li reset alarm          | alarm reset, incident recovered
            41 | z1/door opening:open    |
            72 |                         | incident reopened @71.001, alarm opened @71.001
        """)
        assert play.act(80, "li", "close", "incident", verdict="real").is_accepted

    @pytest.mark.parametrize(
        ("expected", "zh", "en"),
        [
            (HOT, "温度不低于 50 °C", "temperature of at least 50 °C"),
            (COLD, "温度不高于 5 °C", "temperature of at most 5 °C"),
            (
                Term(kind="generic", test=p.Threshold(above=2, below=1)),
                "数值不低于 2或不高于 1",
                "value of at least 2 or of at most 1",
            ),
            (Term(kind="valve", test=p.StateIs(states=("closed", "shut"))), "valve“关闭、shut”", "valve “closed or shut”"),
        ],
    )
    def test_what_was_expected_is_said(self, expected: Term, zh: str, en: str) -> None:
        play = playing(Missing(after=OPENED, expected=expected, within_s=60), key=d.Key.DEVICE)
        play.play("0 | door opening:open |\n61 | | incident opened @60.001, alarm opened @60.001")
        said = play.records("alarm")[-1].sentence
        assert said.zh.endswith(f"此后 1 分钟内没有{zh}")
        assert said.en.endswith(f"no {en} within 1 min")


class TestDeafness:
    """Our own deafness is no part of T: what was said meanwhile is delivered late."""

    def deaf(self, play: Play, since_s: float, until_s: float) -> Play:
        play.receive(Resumed(id=f"r{until_s}", deaf_since_at=T0 + round(since_s * 1000)), until_s)
        return play

    @pytest.mark.parametrize(("at_s", "facts"), [("120", "incident opened, alarm opened"), ("120.001", "")])
    def test_a_sequence_waits_so_much_longer(self, at_s: str, facts: str) -> None:
        play = playing(BREAK_IN).play("0 | z1/door opening:open |")
        self.deaf(play, 10, 100)
        play.play(f"{at_s} | z1/pir motion:on | {facts}")

    def test_what_is_missed_is_missed_so_much_later(self) -> None:
        play = playing(UNANSWERED).play("0 | z1/door opening:open |")
        seen = len(play.facts)
        self.deaf(play, 10, 100)
        assert play.facts[seen + 1 :] == []
        play.play("120 | |\n120.001 | | incident opened, alarm opened")

    def test_what_was_found_is_not_over_for_deafness(self) -> None:
        play = playing(BREAK_IN).play("0 | z1/door opening:open |\n1 | z1/pir motion:on | incident opened, alarm opened")
        self.deaf(play, 11, 100)
        play.play("120 | |\n120.001 | | alarm cleared, incident recovered")


STEPS = st.lists(
    st.tuples(
        st.sampled_from([0, 0.001, 1, 9.999, 10, 10.001]),
        st.sampled_from(["door opening:open", "door opening:closed", "gate opening:open", "pir motion:on", "pir motion:off", ""]),
    ),
    max_size=14,
)


def plain(steps: list[tuple[float, str]]) -> list[tuple[int, str]]:
    at = 0
    return [(at := at + round(after * 1000), what) for after, what in steps]


def play_of(test: p.Test, steps: list[tuple[float, str]], *, is_restored: bool = False) -> Play:
    play = playing(test, is_restored=is_restored)
    for number, (at, what) in enumerate(plain(steps)):
        if not what:
            play.advance(at / 1000)
            continue
        device, found = what.split()
        kind, state = found.split(":")
        play.receive(event(device, kind, state, id=f"e{number}", zone="z1"), at / 1000)
    return play


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_saved_and_restored_at_any_point_both_decide_the_same(steps: list[tuple[float, str]]) -> None:
    for test in (Sequence(first=OPENED, then=MOVED, within_s=10), Missing(after=OPENED, expected=MOVED, within_s=10)):
        assert play_of(test, steps).text() == play_of(test, steps, is_restored=True).text()


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_after_one_a_exactly_one_of_the_two_is_true(steps: list[tuple[float, str]]) -> None:
    """The oracle reads the whole list at once: the first A, and whether a B came after it within T."""
    rows = [(at, what) for at, what in plain(steps) if what != "gate opening:open"]
    first = next((index for index, (_, what) in enumerate(rows) if what.endswith("open")), None)
    if first is None:
        return
    rows = [row for index, row in enumerate(rows) if index <= first or not row[1].endswith("open")]
    is_answered = any(what.endswith("motion:on") and at - rows[first][0] <= 10_000 for at, what in rows[first + 1 :])
    gaps = [(round((at - before) / 1000, 3), what) for (before, _), (at, what) in zip([(0, ""), *rows], rows, strict=False)]
    ended = [*gaps, (99.0, "")]
    sequence = play_of(Sequence(first=OPENED, then=MOVED, within_s=10), ended)
    missing = play_of(Missing(after=OPENED, expected=MOVED, within_s=10), ended)
    assert bool(sequence.records("alarm")) is is_answered
    assert bool(missing.records("alarm")) is not is_answered


def test_the_classes_of_events_are_told_apart() -> None:
    """A heartbeat of the same name says nothing."""
    play = playing(BREAK_IN).play("0 | z1/door opening:open |")
    play.receive(event("pir", "motion", None, event_class=EventClass.HEARTBEAT, id="h", zone="z1"), 1)
    assert not play.facts


PACK = """\
pack: small
version: "1.0.0"
title: {zh: 小包, en: Small}
parties:
  property: {title: {zh: 物业, en: Property}}
hazards:
  theft: {title: {zh: 盗窃, en: Theft}}
plans:
  go: {title: {zh: 去, en: Go}}
rules:
  break_in:
    title: {zh: 闯入, en: Break-in}
    hazard: theft
    watch: zone
    kinds: [opening, motion, temperature]
    warnings:
      - level: yellow
        missing: {after: {kind: temperature, below: 5, unit: °C}, expected: {kind: opening, state: closed}, within: 1min}
    alarms:
      - level: red
        sequence: {first: {kind: opening, state: open, when: "confidence >= 0.5"}, then: {kind: motion, state: "on"}, within: 30s}
    plan: go
    source: ours
"""


def test_a_pack_says_it() -> None:
    found = read_pack(PACK).rules[0]
    sequence, missing = found.alarms[0].condition.test, found.warnings[0].condition.test
    assert isinstance(sequence, Sequence)
    assert isinstance(missing, Missing)
    assert (sequence.first.guard_text, sequence.then.test, sequence.within_s) == ("confidence >= 0.5", MOVED.test, 30)
    assert (missing.after.test, missing.expected, missing.within_s) == (p.Threshold(below=5), CLOSED, 60)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("kind: opening, state: closed", "kind: door, state: closed", "the rule does not look at 'door'"),
        ("kind: opening, state: closed", "kind: opening", "a state or a limit, above or below; this has none"),
        ("state: closed", "state: closed, above: 1", "this has state and above"),
        ("state: closed", "state: shut", "opening never is 'shut'"),
        ("state: closed", "state: closed, deadband: 1", "a deadband belongs to above or below, not to state"),
        ("below: 5, unit: °C", "below: 5", "the term has a limit but no unit; write unit: '°C'"),
        ("below: 5, unit: °C", "below: 5, unit: mA", "temperature is measured in °C, not in mA"),
        ("below: 5, unit: °C", "below: -300, unit: °C", "-300 °C is outside what temperature can be"),
        ("kind: opening, state: closed", "kind: opening, above: 1", "'opening' comes as state and has no number"),
        ("confidence >= 0.5", "confidence >= 1", "when: "),
        ("level: red", "level: red\n        for: 3s", "sequence has its own time; write it as within"),
        ("level: red", "level: red\n        state: open", "this has state and sequence"),
        ("within: 30s", "within: 0s", "greater than 0"),
    ],
)
def test_what_is_wrong_with_a_term_is_said_where_it_is(right: str, wrong: str, said: str) -> None:
    text = PACK.replace(right, wrong, 1)
    faults = check_pack(text)
    assert any(said in fault.message for fault in faults), faults
    assert all(fault.line > PACK.count("\n", 0, PACK.index("rules:")) for fault in faults)


def test_what_the_guard_of_a_term_leaves_out_is_neither_a_nor_b() -> None:
    sure = compile_condition("confidence >= 0.5")
    test = Sequence(
        first=Term(kind="opening", test=p.StateIs(states=("open",)), guard=sure),
        then=Term(kind="motion", test=p.StateIs(states=("on",)), guard=sure),
        within_s=30,
    )
    playing(test).play("0 | z1/door opening:open |\n1 | z1/pir motion:on |", confidence=0.4)
    play = playing(test).play("0 | z1/door opening:open |", confidence=0.5)
    play.play("1 | z1/pir motion:on |", confidence=0.4)
    play.play("2 | z1/pir motion:on | incident opened, alarm opened", confidence=0.5)


def test_b_reported_once_more_repeats_the_alarm_with_all_that_it_rests_on() -> None:
    play = playing(Sequence(first=OPENED, then=PRESSED, within_s=30)).play("""
        0 | z1/door opening:open |
        1 | z1/pad sos!on        | incident opened, alarm opened
        2 | z1/pad sos!on        | alarm repeated
    """)
    assert [item.kind for item in play.last("alarm").evidence] == ["opening", "sos"]


def test_b_reported_again_after_the_case_was_closed_rests_on_a_as_well() -> None:
    play = playing(Sequence(first=OPENED, then=PRESSED, within_s=30)).play("""
        0 | z1/door opening:open           |
        1 | z1/pad sos!on                  | incident opened, alarm opened
        2 | li close incident verdict=real | alarm closed, incident closed
        3 | z1/pad sos!on                  | incident opened, alarm opened
    """)
    assert [item.kind for item in play.last("alarm").evidence] == ["opening", "sos"]
