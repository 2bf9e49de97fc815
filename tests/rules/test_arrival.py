"""What an event is worth on arrival: each quirk has a stated behaviour, and each is counted."""

from typing import Any

import pytest

from rules import primitive as p
from rules.arrival import CLOCK_SET_AT, NOTES_MAX, Notes
from rules.effects import IssueReceipt
from rules.kinds import KINDS
from rules.model import EventClass, Reason, Status
from tests.rules.score import T0, Play, event, hazard, pack, rule, stage

HOUR_MS = 3_600_000


def desk(**changes: Any) -> Play:
    return Play(
        pack(
            rule("hot", "temperature", alarms=(stage("red", p.Threshold(above=57)),)),
            rule("sos", "sos", hazard="help", alarms=(stage("red", p.StateIs(states=("on",))),)),
            hazards=(hazard("fire", late_max_s=600), hazard("help", late_max_s=3600)),
        )
    )


def ignored(play: Play) -> dict[str, int]:
    return {name.removeprefix("ignored."): count for name, count in play.engine.counts.items() if name.startswith("ignored.")}


def test_a_retained_alarm_raises_nothing_and_the_live_one_still_does() -> None:
    play = desk()
    play.play("0 | d1 sos!on | device ignored", is_retained=True, id="same")
    play.play("1 | d1 sos!on | incident opened, alarm opened", id="same")
    play.play("2 | d1 temperature=99 |", is_retained=True)
    assert ignored(play) == {"retained": 2}


def test_a_test_is_noted_for_alarms_and_raises_nothing() -> None:
    play = desk()
    play.play("0 | d1 sos!on | device tested", status=Status.TEST)
    play.play("1 | d1 temperature=99 |", status=Status.TEST)
    assert ignored(play) == {"test_only": 2}
    assert play.last("device").reason == "test_only"


@pytest.mark.parametrize(
    ("kind", "age_ms", "facts"),
    [
        ("temperature=60", 600_000, "incident opened, alarm opened"),
        ("temperature=60", 600_001, "device late"),
        ("sos!on", 3_600_000, "incident opened, alarm opened"),
        ("sos!on", 3_600_001, "device late"),
        ("temperature=60", -60_000, "incident opened, alarm opened"),
        ("temperature=60", -60_001, "device clock_wrong, incident opened, alarm opened"),
    ],
)
def test_lateness_is_judged_by_the_hazard_and_a_clock_ahead_is_clamped(kind: str, age_ms: int, facts: str) -> None:
    desk().play(f"0 | d1 {kind} | {facts}", occurred_at=T0 - age_ms)


@pytest.mark.parametrize("occurred_at", [0, 2460, -1, CLOCK_SET_AT - 1])
def test_a_clock_that_was_never_set_does_not_make_an_event_late(occurred_at: int) -> None:
    play = desk().play("0 | d1 temperature=60 | device clock_wrong, incident opened, alarm opened", occurred_at=occurred_at)
    assert play.facts[0].reason == "clock_unset"
    assert play.records("alarm")[0].evidence[0].occurred_at is None


def test_year_9999_is_a_clock_ahead() -> None:
    play = desk().play("0 | d1 temperature=20 | device clock_wrong", occurred_at=253_402_300_799_000)
    assert play.facts[0].reason == "clock_ahead"


def test_a_late_reading_neither_raises_nor_clears() -> None:
    play = desk().play("0 | d1 temperature=60 | incident opened, alarm opened")
    play.play("1 | d1 temperature=20 | device late", occurred_at=T0 - HOUR_MS)
    play.play("2 | d1 temperature=20 |", occurred_at=T0 - HOUR_MS)
    assert ignored(play) == {"too_late": 2}
    assert play.records("alarm")[-1].is_active


def test_late_history_that_crosses_nothing_is_not_worth_a_line() -> None:
    play = desk().play("0 | d1 temperature=20 |", occurred_at=T0 - HOUR_MS)
    assert ignored(play) == {}


def test_what_physics_does_not_allow_is_a_device_fault_once_a_day() -> None:
    play = desk().play("""
        0     | d1 temperature=1400.1 | device faulty
        1     | d1 temperature=-60.1  |
        2     | d2 temperature=5000   | device faulty
        86400 | d1 temperature=1401   | device faulty
    """)
    assert ignored(play) == {"value_impossible": 4}
    assert "1401 °C" in play.facts[-1].sentence.zh
    assert "1400" in play.facts[-1].sentence.en


def test_the_bounds_themselves_are_believed() -> None:
    desk().play("0 | d1 temperature=1400 | incident opened, alarm opened")


def test_not_a_number_is_a_device_fault() -> None:
    play = desk()
    play.receive(event("d1", "temperature", float("nan")), 0)
    assert [fact.reason for fact in play.facts] == ["value_impossible"]


def test_an_unknown_kind_has_no_bounds_and_no_fault() -> None:
    play = Play(pack(rule("odd", "flux", alarms=(stage("blue", p.Threshold(above=1e9)),))))
    play.play("0 | d1 flux=2e9 | incident opened, alarm opened")
    assert "flux" in play.facts[0].sentence.en


class TestReceipts:
    def test_who_asks_gets_one_and_the_second_time_it_says_duplicate(self) -> None:
        play = desk()
        for _ in range(2):
            play.receive(event("d1", "temperature", 20.0, wants_receipt=True), 5)
        assert [effect for effect in play.effects if isinstance(effect, IssueReceipt)] == [
            IssueReceipt(event_id="e-d1-temperature", community="c1", device="d1", at=T0 + 5000, is_duplicate=False),
            IssueReceipt(event_id="e-d1-temperature", community="c1", device="d1", at=T0 + 5000, is_duplicate=True),
        ]

    def test_who_does_not_ask_gets_none(self) -> None:
        play = desk()
        play.receive(event("d1", "temperature", 20.0), 0)
        assert play.effects == []


def test_notes_are_bounded_and_forgotten_at_midnight() -> None:
    notes = Notes()
    for number in range(NOTES_MAX):
        assert notes.is_first("c", f"d{number}", Reason.TOO_LATE, T0)
    assert not notes.is_first("c", "one too many", Reason.TOO_LATE, T0)
    assert notes.is_first("c", "d0", Reason.CLOCK_AHEAD, T0)
    assert notes.is_first("c", "one too many", Reason.TOO_LATE, T0 + 24 * HOUR_MS)
    assert notes.dump("c/d0") is None
    assert "c/d0" in notes.dirty


def test_every_known_alarm_kind_can_be_told_of() -> None:
    for event_class, kind in KINDS:
        if event_class is EventClass.ALARM:
            play = Play(pack(rule("r", kind, alarms=(stage("red", p.StateIs(states=("on",))),))))
            play.play(f"0 | d1 {kind}!on | incident opened, alarm opened")
            assert KINDS[event_class, kind].zh in play.facts[0].sentence.zh
