"""Row 32: before a shelf, an inhibition or an outage is made, what it would have hidden is known: from the record, to the alarm.

Held against the real chain: the same happenings are played twice, without and with it, and what rang is compared.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.alarm_record import AlarmKey, Occurrence, occurrences_of
from rules.hidden import Fate, Past, Preview
from rules.hiding import hidden_by_inhibitions, hidden_by_outages, same_hours_before
from rules.hiding_shelf import hidden_by_shelves
from rules.model import Entity, Incident, Level, OperatorAction, Status, Verb, Verdict
from rules.place import Outage
from tests.rules.score import T0, Play, event, hazard, pack, rule, said, stage

HOT = rule(
    "hot",
    "temperature",
    hazard="heat",
    alarms=(stage("yellow", p.Threshold(above=50)), stage("red", p.Threshold(above=90))),
)
DAMP = rule("damp", "moisture", hazard="water", key=d.Key.ZONE, alarms=(stage("orange", p.StateIs(states=("wet",))),))
POWER = rule("power", "power", hazard="power", key=d.Key.ZONE, alarms=(stage("red", p.StateIs(states=("off",))),))
SMOKE = rule("smoke", "smoke_obscuration", hazard="fire", alarms=(stage("red", p.Threshold(above=5)),))
HAZARDS = (
    hazard("heat"),
    hazard("water"),
    hazard("power", gather_by=d.Key.BUILDING),
    hazard("fire", is_life_safety=True),
)
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
Told = dict[tuple[str, str, int], tuple[str, int | None]]
"""For each occurrence that was hidden: its rule, place and beginning; its fate, and when it was told if late."""


def site(*inhibitions: d.Inhibition) -> Play:
    return Play(replace(pack(HOT, DAMP, POWER, SMOKE, hazards=HAZARDS), inhibitions=inhibitions))


def inhibition(name: str, source: str, target: str, **changes: Any) -> d.Inhibition:
    return d.Inhibition(id=name, title=said(name), source=d.Aim(hazard=source), target=d.Aim(hazard=target), **changes)


def happenings(seed: int, count: int = 120) -> list[tuple[float, Any]]:
    """A night of readings and states of a few devices in a few places, in whole seconds."""
    chance = random.Random(seed)
    found: list[tuple[float, Any]] = []
    at_s = 0.0
    for number in range(count):
        at_s += chance.choice((1, 5, 20, 60, 300))
        device, zone = chance.choice((("d1", "b1/u1"), ("d2", "b1/u1"), ("d3", "b1/u2"), ("d4", "b2/u1")))
        name = f"e{number}"
        kind, value = chance.choice(
            (
                ("temperature", chance.choice((20.0, 60.0, 95.0))),
                ("moisture", chance.choice(("wet", "dry"))),
                ("power", chance.choice(("on", "off"))),
                ("smoke_obscuration", chance.choice((0.0, 20.0))),
            )
        )
        found.append((at_s, event(f"{device}{kind[0]}", kind, value, id=name, zone=zone)))
    return found


def play(
    happening: Sequence[tuple[float, Any]], *inhibitions: d.Inhibition, then: Callable[[Play], None] = lambda _: None
) -> Play:
    """Everything in order, each deadline at its own instant; ``then`` is done after each step."""
    played = site(*inhibitions)
    end_s = happening[-1][0] + 7200
    for at_s, entry in [*happening, (end_s, None)]:
        while (due := played.engine.next_deadline()) is not None and due <= T0 + at_s * 1000:
            played.advance((due - T0) / 1000)
            then(played)
        if entry is None:
            played.advance(at_s)
        else:
            played.receive(entry, at_s)
            then(played)
    return played


def past_of(played: Play, **changes: Any) -> Past:
    incidents: dict[str, Incident] = {incident.id: incident for incident in played.records("incident")}
    assert played.pack is not None
    past = Past(
        since_at=T0,
        until_at=played.engine.now,
        occurrences=record(played),
        incidents=incidents,
        pack=played.pack,
    )
    return replace(past, **changes)


def name_of(one: Occurrence) -> tuple[str, str, int]:
    return one.key.rule, one.key.place, one.began_at


def record(played: Play) -> tuple[Occurrence, ...]:
    assert played.pack is not None
    return occurrences_of(played.facts, played.pack)


def hidden_in_truth(base: Play, trial: Play) -> Told:
    """What rang without it and not, or later, with it; and what was quieted after it had rung."""
    tried = {name_of(one): one for one in record(trial)}
    quieted = [(fact.entity_id, fact.at) for fact in trial.facts if fact.transition in ("retired", "suppressed")]
    found: Told = {}
    for one in record(base):
        other = tried[name_of(one)]
        assert (other.ended_at, [phase.at for phase in other.phases]) == (one.ended_at, [phase.at for phase in one.phases])
        if not one.rang_at:
            continue
        if not other.rang_at:
            found[name_of(one)] = (Fate.NEVER_TOLD, None)
        elif other.rang_at[0] > one.rang_at[0]:
            found[name_of(one)] = (Fate.LATE, other.rang_at[0])
        elif any(name == other.alarm_id and _lasts(other, at) for name, at in quieted):
            found[name_of(one)] = (Fate.QUIETED, None)
    return found


def _lasts(one: Occurrence, at: int) -> bool:
    return one.began_at <= at and (one.ended_at is None or at <= one.ended_at)


def foretold(preview: Preview) -> Told:
    return {(one.rule, one.place, one.began_at): (one.fate, one.told_at) for one in preview.hidden}


def outage(from_s: float, until_s: float, zone: str = "", device: str = "", *, is_life_safety: bool = False) -> Outage:
    return Outage(
        id="o",
        community="c1",
        zone=zone,
        device=device,
        owner="li",
        reason="works",
        from_at=T0 + round(from_s * 1000),
        until_at=T0 + round(until_s * 1000),
        is_life_safety=is_life_safety,
    )


def maintained(wanted: Outage) -> OperatorAction:
    return OperatorAction(
        id="m",
        community="c1",
        actor="li",
        verb=Verb.MAINTAIN,
        entity=Entity.DEVICE if wanted.device else Entity.ZONE,
        entity_id=wanted.device or wanted.zone or "*",
        arguments={
            "reason": "works",
            "from_s": max(0.001, (wanted.from_at - T0) / 1000),
            "for_s": (wanted.until_at - wanted.from_at) / 1000,
            "life_safety": wanted.is_life_safety,
        },
    )


class TestAgainstTheRealChain:
    """What is foretold from the record is what the chain does."""

    @pytest.mark.parametrize("seed", range(8))
    @pytest.mark.parametrize(
        "wanted",
        [
            outage(900.5, 4500.5, "b1"),
            outage(900.5, 4500.5, "b1/u2"),
            outage(900.5, 4500.5),
            outage(300.5, 3900.5, device="d1t"),
            outage(300.5, 3900.5, device="d1m"),
            outage(300.5, 3900.5, device="d2s", is_life_safety=True),
            outage(300.5, 3900.5, device="d2s"),
        ],
        ids=lambda one: f"{one.device or one.zone or 'all'}{'!' if one.is_life_safety else ''}",
    )
    def test_an_outage(self, seed: int, wanted: Outage) -> None:
        happening = happenings(seed)
        base = play(happening)
        trial = play([(0, maintained(wanted)), *happening])
        preview = hidden_by_outages(past_of(base), (wanted,))
        assert foretold(preview) == hidden_in_truth(base, trial)

    @pytest.mark.parametrize("seed", range(8))
    @pytest.mark.parametrize(
        "wanted",
        [
            (inhibition("p", "power", "heat"),),
            (inhibition("p", "power", "water", equal=d.Key.BUILDING),),
            (inhibition("p", "power", "heat", lasts_s=60.0),),
            (inhibition("p", "heat", "water", from_level=Level.RED), inhibition("q", "water", "power", equal=d.Key.BUILDING)),
            (inhibition("p", "power", "fire"), inhibition("q", "fire", "heat", equal=d.Key.COMMUNITY)),
            (inhibition("p", "power", "heat", to_level=Level.YELLOW),),
        ],
        ids=["zone", "building", "bounded", "chain of two", "life safety", "mild targets"],
    )
    def test_inhibitions(self, seed: int, wanted: tuple[d.Inhibition, ...]) -> None:
        happening = happenings(seed)
        base, trial = play(happening), play(happening, *wanted)
        preview = hidden_by_inhibitions(past_of(base), wanted)
        assert foretold(preview) == hidden_in_truth(base, trial)

    @pytest.mark.parametrize("seed", range(8))
    @pytest.mark.parametrize("for_s", [60.0, 600.0, 28_800.0])
    @pytest.mark.parametrize("is_one_shot", [False, True])
    def test_a_shelf(self, seed: int, for_s: float, is_one_shot: bool) -> None:
        happening = happenings(seed)
        key = AlarmKey("c1", "hot", "b1/u1/d1t", Status.ACTUAL)

        def shelve(trial: Play) -> None:
            for alarm in list(trial.engine._book.alarms.values()):
                if (alarm.rule, alarm.device, alarm.state) == ("hot", "d1t", "unacknowledged"):
                    once = {"once": "yes"} if is_one_shot else {}
                    at_s = (trial.engine.now - T0) / 1000
                    assert trial.act(at_s, "li", "shelve", alarm.id, reason="x", for_s=for_s, **once).is_accepted

        base, trial = play(happening), play(happening, then=shelve)
        preview = hidden_by_shelves(past_of(base), key, for_s, is_one_shot=is_one_shot)
        assert foretold(preview) == hidden_in_truth(base, trial)


class TestSmall:
    """The same by hand, where each number can be counted."""

    def test_an_outage_says_which_were_never_told_which_late_and_which_had_rung(self) -> None:
        play = site().play("""
            10  | b1/d1 temperature=60 | incident opened, alarm opened
            100 | b1/d2 temperature=60 | alarm opened
            150 | b1/d2 temperature=20 | alarm cleared
            160 | b1/d3 temperature=60 | alarm opened
            300 | b1/d3 temperature=20 | alarm cleared
            310 | b2/d4 temperature=60 | incident opened, alarm opened
            320 | b1/s1 smoke_obscuration=20 | incident opened, alarm opened
        """)
        play.advance(400)
        preview = hidden_by_outages(past_of(play), (outage(50, 200, "b1"), outage(315, 330, "b1")))
        fates = [(one.device, one.fate, one.told_at) for one in preview.hidden]
        assert fates == [("d1", "quieted", None), ("d2", "never_told", None), ("d3", "late", T0 + 200_000)]
        assert [(span.from_at - T0, (span.until_at or 0) - T0) for span in preview.hidden[0].spans] == [
            (50_000, 200_000),
            (315_000, 330_000),
        ]
        assert (preview.rang_count, preview.never_told_count, preview.late_count, preview.quieted_count) == (5, 1, 1, 1)
        assert (preview.life_safety_count, preview.real_count, preview.kept_count) == (0, 0, 1)
        assert preview.sentence.en == (
            "in the last 400 s: 3 of 5 alarms would have been hidden, 1 of them never told; "
            "life safety 0, verified as real 0; 1 life-safety alarms would have rung all the same"
        )

    @pytest.mark.parametrize(
        ("from_s", "until_s", "expected"),
        [
            (99.999, 100.001, ["late"]),
            (100, 100.001, ["late"]),
            (100.001, 100.002, ["quieted"]),
            (99, 100, []),
            (99.999, 150.001, ["never_told"]),
        ],
    )
    def test_to_the_millisecond_at_both_ends(self, from_s: float, until_s: float, expected: list[str]) -> None:
        play = site().play("""
            100 | b1/d2 temperature=60 | incident opened, alarm opened
            150 | b1/d2 temperature=20 | alarm cleared, incident recovered
        """)
        play.advance(400)
        preview = hidden_by_outages(past_of(play), (outage(from_s, until_s, "b1"),))
        assert [one.fate for one in preview.hidden] == expected

    def test_what_was_real_and_what_a_life_hung_on_is_counted(self) -> None:
        play = site().play(
            """
            1 | b1/d1 temperature=60       | incident opened, alarm opened
            2 | b1/s1 smoke_obscuration=20 | incident opened, alarm opened
            """
        )
        for incident in dict.fromkeys(one.id for one in play.records("incident")):
            play.act(3, "li", "verify", incident, verdict="real")
        play.advance(10)
        heat = hidden_by_outages(past_of(play), (outage(0, 5, "b1"),))
        assert (len(heat.hidden), heat.real_count, heat.life_safety_count, heat.kept_count) == (1, 1, 0, 1)
        smoke = hidden_by_outages(past_of(play), (outage(0, 5, device="s1", is_life_safety=True),))
        assert (smoke.real_count, smoke.life_safety_count, smoke.hidden[0].verdict) == (1, 1, Verdict.REAL)

    def test_what_was_quiet_anyway_is_not_hidden(self) -> None:
        play = site(inhibition("p", "power", "heat")).play("1 | b1/p1 power:off | incident opened, alarm opened")
        play.receive(event("d1", "temperature", 60.0, id="h", zone="b1"), 2)
        play.advance(10)
        assert hidden_by_outages(past_of(play), (outage(0, 5, device="d1"),)).hidden == ()
        assert len(hidden_by_inhibitions(past_of(play), (inhibition("q", "power", "heat"),)).hidden) == 0

    def test_a_life_safety_alarm_is_on_no_shelf(self) -> None:
        play = site().play("1 | b1/s1 smoke_obscuration=20 | incident opened, alarm opened")
        play.advance(10)
        preview = hidden_by_shelves(past_of(play), AlarmKey("c1", "smoke", "b1/s1", Status.ACTUAL), 600)
        assert (preview.hidden, preview.kept_count) == ((), 1)

    def test_another_alarm_is_not_on_the_shelf(self) -> None:
        play = site().play("1 | b1/d1 temperature=60 | incident opened, alarm opened")
        play.advance(10)
        assert hidden_by_shelves(past_of(play), AlarmKey("c1", "hot", "b1/d2", Status.ACTUAL), 600).hidden == ()

    def test_what_began_and_ended_in_one_instant_was_not_kept_quiet(self) -> None:
        play = site()
        play.receive(event("d1", "temperature", 60.0, id="h", zone="b1"), 1)
        play.receive(event("d1", "temperature", 20.0, id="l", zone="b1"), 1)
        play.advance(10)
        assert hidden_by_outages(past_of(play), (outage(0, 5, "b1"),)).hidden == ()

    def test_nothing_recorded_nothing_hidden(self) -> None:
        play = site()
        play.advance(10)
        preview = hidden_by_inhibitions(past_of(play), (inhibition("q", "power", "heat"),))
        assert (preview.rang_count, preview.hidden) == (0, ())


class TestTheSameHoursOfEachDay:
    def test_an_outage_of_today_is_tried_on_each_day_of_the_record(self) -> None:
        play = site()
        play.advance(3 * 86_400)
        past = past_of(play)
        found = same_hours_before(outage(3 * 86_400 + 3600, 3 * 86_400 + 7200, "b1"), past)
        assert [((one.from_at - T0) / HOUR, (one.until_at - T0) / HOUR) for one in found] == [(1, 2), (25, 26), (49, 50)]
        assert len({one.id for one in found}) == 3

    def test_what_lies_outside_the_record_is_cut_off(self) -> None:
        play = site()
        play.advance(86_400)
        past = past_of(play)
        found = same_hours_before(outage(86_400 - 3600, 86_400 + 3600), past)
        assert [((one.from_at - T0) / HOUR, (one.until_at - T0) / HOUR) for one in found] == [(0, 1), (23, 24)]

    def test_one_of_several_days_covers_the_whole_record(self) -> None:
        play = site().play(
            """
            100   | b1/d2 temperature=60 | incident opened, alarm opened
            90000 | b1/d2 temperature=20 | alarm cleared, incident recovered
            """
        )
        play.advance(2 * 86_400)
        past = past_of(play)
        found = same_hours_before(outage(2 * 86_400, 5 * 86_400), past)
        assert (found[0].from_at, found[-1].until_at) == (past.since_at, past.until_at)
        assert [one.fate for one in hidden_by_outages(past, found).hidden] == ["never_told"]
