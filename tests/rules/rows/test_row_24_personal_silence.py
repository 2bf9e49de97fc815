"""Row 24: silence where somebody lives alone is told by the place's own rhythm, within bounds, and never of one who is away."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules import definition as d
from rules import primitive as p
from rules.effects import AnswerAction
from rules.model import Entity, Event, OperatorAction, PackActivation, Reason, Resumed, Sentence, Verb
from rules.pack import check_pack, read_pack
from rules.pack_diff import compare
from rules.rhythm import GAP_MAX_HOURS, LEARN_DAYS, MEMORY_DAYS, Rhythm
from rules.rule_words import explain
from tests.rules.rows.test_row_18_unlike_its_usual import PACK as SMALL
from tests.rules.score import T0, Play, event, pack, rule, stage

HOUR_S = 3600
DAY_S = 86_400
NOON_S = 9 * DAY_S + 13 * HOUR_S
"""One in the afternoon of the tenth day."""
OWN = p.PersonalSilence(for_s=12 * HOUR_S, at_least_s=3 * HOUR_S, score=0.9999)


def home(test: p.Silence = OWN, *, is_restored: bool = False, **changes: Any) -> Play:
    changes = {"warnings": (stage("yellow", test),), "warning_expires_s": 30 * DAY_S, **changes}
    return Play(pack(rule("quiet", "motion", **changes)), is_restored_each_step=is_restored)


def move(play: Play, at_s: float, **changes: Any) -> None:
    play.receive(event("d1", "motion", "on", id=f"m{at_s}", zone="b1/u1/101", **changes), at_s)


def live(play: Play, days: int = 9, from_hour: int = 7, to_hour: int = 22, step_s: int = 1200) -> None:
    """Somebody moves every 20 minutes from 7 to 22 o'clock."""
    for day in range(days):
        for at_s in range(day * DAY_S + from_hour * HOUR_S, day * DAY_S + to_hour * HOUR_S, step_s):
            move(play, at_s)


def live_until_noon(play: Play) -> Play:
    live(play)
    for at_s in range(9 * DAY_S + 7 * HOUR_S, NOON_S + 1, 1200):
        move(play, at_s)
    return play


def told(play: Play) -> list[str]:
    return [f"{fact.transition} {(fact.at - T0) / 1000:g}" for fact in play.facts if fact.entity == "warning"]


def rhythm_of(play: Play) -> Rhythm:
    watch = next(iter(play.engine._book.rules["quiet"].all_watches()))
    return watch.signals[0].rhythm  # type: ignore[attr-defined, no-any-return]


class TestWhenItIsTold:
    def test_a_silence_unlike_the_place_is_told_sooner_to_the_millisecond(self) -> None:
        play = live_until_noon(home())
        play.advance(NOON_S + 4 * HOUR_S - 0.001)
        assert told(play) == []
        play.advance(NOON_S + 4 * HOUR_S)  # four hours, in each of which something was heard on every day
        assert told(play) == [f"opened {NOON_S + 4 * HOUR_S:g}"]
        warning = play.last("warning")
        assert warning.reason is Reason.WENT_SILENT
        assert (warning.evidence[0].test, warning.evidence[0].limit) == ("quiet", 4 * HOUR_S)
        assert warning.evidence[0].received_at == T0 + NOON_S * 1000
        assert "nothing heard for about 4 h, which is not usual there" in warning.sentence.en
        assert "约 4 小时没有消息，平时不会这么久" in warning.sentence.zh

    def test_the_night_is_told_after_the_fixed_time_whatever_was_learned(self) -> None:
        play = home()
        live(play)
        last_s = 8 * DAY_S + 22 * HOUR_S - 1200
        play.advance(last_s + 12 * HOUR_S - 0.001)
        assert told(play) == []
        play.advance(last_s + 12 * HOUR_S)
        assert told(play) == [f"opened {last_s + 12 * HOUR_S:g}"]
        assert play.last("warning").evidence[0].test == "silent"

    def test_with_a_longer_fixed_time_the_morning_tells_it(self) -> None:
        play = home(replace(OWN, for_s=24 * HOUR_S))
        live(play)
        play.advance(9 * DAY_S + 10 * HOUR_S)
        assert told(play) == []
        play.advance(9 * DAY_S + 11 * HOUR_S)
        assert len(told(play)) == 1

    @pytest.mark.parametrize("at_least_h", [5, 8])
    def test_it_is_never_told_before_the_least_time(self, at_least_h: int) -> None:
        play = live_until_noon(home(replace(OWN, at_least_s=at_least_h * HOUR_S)))
        play.advance(NOON_S + at_least_h * HOUR_S - 0.001)
        assert told(play) == []
        play.advance(NOON_S + at_least_h * HOUR_S)
        assert len(told(play)) == 1

    def test_before_it_has_learned_only_the_fixed_time_counts(self) -> None:
        play = home()
        live(play, LEARN_DAYS - 1)
        begin_s, at_s = [(LEARN_DAYS - 1) * DAY_S + hour * HOUR_S for hour in (7, 13)]
        for each_s in range(begin_s, at_s + 1, 1200):
            move(play, each_s)
        play.advance(at_s + 12 * HOUR_S - 0.001)
        assert told(play) == []
        play.advance(at_s + 12 * HOUR_S)
        assert told(play) == [f"opened {at_s + 12 * HOUR_S:g}"]

    def test_how_near_it_is_goes_by_the_rhythm(self) -> None:
        play = live_until_noon(home())
        signal = next(iter(play.engine._book.rules["quiet"].all_watches())).signals[0]
        assert signal.wait_s == 4 * HOUR_S  # type: ignore[attr-defined]

    def test_one_who_is_heard_again_is_told_so(self) -> None:
        play = live_until_noon(home())
        move(play, NOON_S + 5 * HOUR_S)
        assert told(play) == [f"opened {NOON_S + 4 * HOUR_S:g}", f"cancelled {NOON_S + 5 * HOUR_S:g}"]
        assert "is heard again" in play.last("warning").sentence.en

    def test_the_sentence_of_a_pack_says_how_long_it_was(self) -> None:
        said = Sentence("{zone} 已 {for_s}", "{zone} for {for_s}")
        play = live_until_noon(home(sentence=said))
        play.advance(NOON_S + 4 * HOUR_S)
        assert play.last("warning").sentence.en == "yellow warning: b1/u1/101 for about 4 h"

    def test_each_place_has_its_own_rhythm(self) -> None:
        play = live_until_noon(home(key=d.Key.ZONE))
        play.receive(event("d2", "motion", "on", id="other", zone="b1/u1/102"), NOON_S)
        play.advance(NOON_S + 12 * HOUR_S - 0.001)
        assert len(told(play)) == 1
        play.advance(NOON_S + 12 * HOUR_S)
        assert len(told(play)) == 2

    def test_the_hours_are_those_of_the_packs_clock(self) -> None:
        play = home(replace(OWN, zone=ZoneInfo("Asia/Kolkata")))  # half an hour beside the others
        live(play)
        assert rhythm_of(play).weight(13) == 1.0
        assert rhythm_of(play).weight(5) < 0.1


class TestAway:
    def away(self, play: Play, at_s: float, *, is_on: bool = True) -> None:
        action = OperatorAction(
            id=f"a{at_s}",
            community="c1",
            actor="family",
            verb=Verb.SET_MODE,
            entity=Entity.ZONE,
            entity_id="b1/u1/101",
            arguments={"mode": "away", "is_on": is_on},
        )
        (answer,) = [effect for effect in play.receive(action, at_s) if isinstance(effect, AnswerAction)]
        assert answer.is_accepted, answer.sentence.en

    def test_who_is_away_is_not_missed_and_nothing_comes_of_it_later(self) -> None:
        play = live_until_noon(home(not_modes=("away",), key=d.Key.ZONE))
        self.away(play, NOON_S + 3.9 * HOUR_S)
        play.advance(NOON_S + 3 * DAY_S)
        assert told(play) == []
        assert play.last("zone").transition != "opened"

    def test_after_the_return_it_is_counted_from_there(self) -> None:
        play = live_until_noon(home(not_modes=("away",), key=d.Key.ZONE))
        self.away(play, NOON_S + HOUR_S)
        back_s = NOON_S + 2 * DAY_S
        self.away(play, back_s, is_on=False)
        play.advance(back_s + 4 * HOUR_S - 0.001)
        assert told(play) == []
        play.advance(back_s + 4 * HOUR_S)
        assert told(play) == [f"opened {back_s + 4 * HOUR_S:g}"]

    def test_the_time_away_teaches_nothing_nor_does_who_comes_then(self) -> None:
        play = live_until_noon(home(not_modes=("away",), key=d.Key.ZONE))
        before = rhythm_of(play).dump()
        self.away(play, NOON_S + 60)
        move(play, NOON_S + 5 * HOUR_S)  # somebody waters the flowers
        move(play, NOON_S + 9 * HOUR_S)
        assert rhythm_of(play).dump() == before
        self.away(play, NOON_S + 20 * HOUR_S, is_on=False)
        move(play, NOON_S + 21 * HOUR_S)
        assert rhythm_of(play).days[2] == before[0][2]

    def test_a_warning_that_stands_when_the_family_says_away_is_over(self) -> None:
        play = live_until_noon(home(not_modes=("away",), key=d.Key.ZONE))
        play.advance(NOON_S + 5 * HOUR_S)
        self.away(play, NOON_S + 6 * HOUR_S)
        play.advance(NOON_S + 3 * DAY_S)
        assert len(told(play)) == 2
        assert told(play)[1].startswith("cancelled")

    def test_an_event_that_says_away_stops_the_watch_until_the_next_movement(self) -> None:
        def is_away(entry: Event) -> bool:
            return entry.state == "off"

        play = live_until_noon(home(unwatch=is_away))
        before = rhythm_of(play).days[20]
        play.receive(event("d1", "motion", "off", id="leaves", zone="b1/u1/101"), NOON_S + 60)
        play.advance(NOON_S + 30 * HOUR_S)
        assert told(play) == []
        move(play, NOON_S + 20 * HOUR_S + 10 * HOUR_S)
        assert rhythm_of(play).days[20] == before


class TestWhatIsKept:
    def test_only_two_numbers_for_each_hour_of_the_day(self) -> None:
        play = live_until_noon(home())
        days, heard = rhythm_of(play).dump()
        assert (len(days), len(heard)) == (24, 24)
        assert max(days) <= MEMORY_DAYS

    def test_how_often_somebody_moved_cannot_be_told_from_it(self) -> None:
        seldom, often = home(), home()
        live(seldom, step_s=3600)
        live(often, step_s=60 * 7)
        assert rhythm_of(seldom).dump() == rhythm_of(often).dump()

    def test_a_day_in_hospital_is_not_his_rhythm(self) -> None:
        short, long = Rhythm(), Rhythm()
        zone = ZoneInfo("UTC")
        short.learn(0, GAP_MAX_HOURS * HOUR_S * 1000, zone, is_watched=True)
        long.learn(0, (GAP_MAX_HOURS + 1) * HOUR_S * 1000, zone, is_watched=True)
        assert sum(short.days) == GAP_MAX_HOURS
        assert sum(long.days) == 1.0

    def test_the_old_fades(self) -> None:
        rhythm = Rhythm()
        for day in range(100):
            rhythm.learn(day * 86_400_000, day * 86_400_000 + HOUR_S * 1000, ZoneInfo("UTC"), is_watched=True)
        assert rhythm.days[0] == pytest.approx(MEMORY_DAYS)
        assert rhythm.weight(0) == 1.0
        for day in range(100, 130):
            rhythm.learn(day * 86_400_000 - HOUR_S * 1000, day * 86_400_000 + HOUR_S * 1000, ZoneInfo("UTC"), is_watched=True)
        assert rhythm.weight(0) < 0.3

    def test_deafness_of_the_service_is_nobodys_silence_and_teaches_nothing(self) -> None:
        play = live_until_noon(home())
        before = rhythm_of(play).dump()
        play.receive(Resumed(id="r", deaf_since_at=T0 + (NOON_S + 60) * 1000), NOON_S + 10 * HOUR_S)
        assert told(play) == []
        move(play, NOON_S + 10 * HOUR_S + 60)
        days, _ = rhythm_of(play).dump()
        assert sum(days) == sum(before[0]) + 1  # only the hour in which it was heard last

    def test_a_restart_at_every_step_changes_nothing(self) -> None:
        def played(*, is_restored: bool) -> bytes:
            play = home(is_restored=is_restored)
            live(play, step_s=2400)
            for at_s in (0, 1000, 4000, 5 * HOUR_S, 6 * HOUR_S):
                move(play, 9 * DAY_S + 10 * HOUR_S + at_s)
            play.advance(12 * DAY_S)
            assert len(told(play)) >= 3
            return play.text()

        assert played(is_restored=True) == played(is_restored=False)

    def test_an_edit_that_gives_or_takes_the_rhythm_misses_nobody(self) -> None:
        plain = p.Silence(for_s=12 * HOUR_S)
        for first, second in ((plain, OWN), (OWN, plain)):
            play = home(first)
            move(play, 0)
            name = str(second)
            play.packs[name] = replace(pack(rule("quiet", "motion", warnings=(stage("yellow", second),))), version=name)
            play.receive(PackActivation(id=name, pack="test", version=name, digest=name, text=name), HOUR_S)
            play.advance(12 * HOUR_S)
            assert told(play) == [f"opened {12 * HOUR_S}"]


TEXT = SMALL.replace("    WATCH\n", "    classes: [state]\n").replace("KIND", "motion").replace("unusual: TEST", "TEST")


class TestPack:
    def test_a_warning_that_comes_after_the_alarm_s_rhythm_is_a_fault(self) -> None:
        alarms = "    alarms: [{level: orange, silent_for: 13h, rhythm: {at_least: 4h}}]\n    plan: look\n"
        text = TEXT.replace("TEST", "silent_for: 12h").replace("    plan: look\n", alarms)
        (fault,) = check_pack(text)
        assert "it must come before" in fault.message
        assert check_pack(text.replace("silent_for: 12h", "silent_for: 12h, rhythm: {at_least: 3h}")) == ()

    def test_a_rhythm_that_is_new_is_told_as_such(self) -> None:
        plain, own = [read_pack(TEXT.replace("TEST", f"silent_for: 12h{more}")) for more in ("", ", rhythm: {at_least: 4h}")]
        said = [change.sentence.en for change in compare(plain, own)]
        assert "rule hum (hum): warnings[blue silence].at_least from — to 4 h" in said
        assert not any("silent_for" in line for line in said)

    def test_a_pack_can_say_it(self) -> None:
        text = TEXT.replace("TEST", "silent_for: 12h, rhythm: {at_least: 4h}")
        assert [str(fault) for fault in check_pack(text)] == []
        found = read_pack(text)
        test = found.rules[0].warnings[0].condition.test
        assert test == p.PersonalSilence(for_s=43_200, at_least_s=14_400, score=0.9999, zone=found.timezone)
        said = [line.en for line in explain(found, found.rules[0])]
        assert any("or for 4 h where that is unlike its rhythm" in line for line in said)

    @pytest.mark.parametrize(
        ("test", "said"),
        [
            ("silent_for: 12h, rhythm: {at_least: 12h}", "at_least must be shorter than silent_for"),
            ("state: on, rhythm: {at_least: 4h}", "a rhythm belongs to silent_for"),
            ("silent_for: 12h, rhythm: {}", "at_least"),
            ("silent_for: 12h, rhythm: {at_least: 4h, score: 1}", "less than 1"),
        ],
    )
    def test_what_is_wrong_is_said_with_its_place(self, test: str, said: str) -> None:
        faults = [str(fault) for fault in check_pack(TEXT.replace("TEST", test))]
        assert len(faults) == 1
        assert said in faults[0]
        assert faults[0].startswith("<pack>:1")
