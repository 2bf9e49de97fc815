"""Row 35, the proposal: the smallest delay that would have removed the chatter, and its cost; held against the real chain."""

import random
from dataclasses import replace
from typing import Any

import pytest

from rules import primitive as p
from rules.alarm_record import Occurrence, occurrences_of
from rules.chatter import chatter_of
from rules.delay_proposal import Advice, Proposal, advice_of
from rules.delay_trial import DELAY_MAX_S, Means, Trial, candidates, rounded_up
from rules.hidden import Past
from rules.primitive import Threshold
from tests.rules.score import T0, Play, event, hazard, pack, rule, stage

Reading = tuple[float, float]
WHEN_HIGH, WHEN_LOW = 60.0, 49.0


def site(on_s: float = 0, off_s: float = 0, band: float = 0, *, is_life_safety: bool = False) -> Play:
    hot = rule("hot", "temperature", hazard="heat", alarms=(stage("yellow", Threshold(above=50, deadband=band), on_s, off_s),))
    return Play(pack(hot, hazards=(hazard("heat", is_life_safety=is_life_safety),)))


def feed(play: Play, readings: list[Reading], until_s: float = 100_000) -> Play:
    for number, (at_s, value) in enumerate(readings):
        play.receive(event("d1", "temperature", value, id=f"e{number}", zone="b1"), at_s)
    play.advance(until_s)
    return play


def spans(*pairs: tuple[float, float], low: float = WHEN_LOW) -> list[Reading]:
    return [row for began, ended in pairs for row in ((began, WHEN_HIGH), (ended, low))]


def past_of(play: Play) -> Past:
    assert play.pack is not None
    incidents = {incident.id: incident for incident in play.records("incident")}
    record = occurrences_of(play.facts, play.pack)
    return Past(since_at=T0, until_at=play.engine.now, occurrences=record, incidents=incidents, pack=play.pack)


def advice(play: Play, **changes: Any) -> Advice:
    (only,) = advice_of(past_of(play), **changes)
    return only


def by_means(one: Advice) -> dict[Means, Proposal]:
    return {each.means: each for each in one.proposals}


def record(play: Play) -> tuple[Occurrence, ...]:
    return past_of(play).occurrences


FLAPPING = spans((0, 4), (10, 14), (20, 24), (30, 34), (1000, 1200))


class TestTheSmallest:
    def test_off_delay_is_one_millisecond_longer_than_the_gap(self) -> None:
        """The gaps last 6 s: with an off-delay of 6 s each ends at that very millisecond, with 7 s none does."""
        found = by_means(advice(feed(site(), FLAPPING)))[Means.OFF_DELAY]
        assert (found.present, found.proposed, found.before_count, found.after_count) == (0, 7, 4, 0)
        assert (found.merged_count, found.hidden_count, found.delayed_count) == (3, 0, 0)
        assert [len(chatter_of(record(feed(site(off_s=off), FLAPPING)))[0].spells) for off in (5.999, 6)] == [1, 1]
        assert [one.spells for one in chatter_of(record(feed(site(off_s=6.001), FLAPPING)))] == [()]

    def test_on_delay_is_longer_than_the_spikes(self) -> None:
        found = by_means(advice(feed(site(), FLAPPING)))[Means.ON_DELAY]
        assert (found.proposed, found.hidden_count, found.delayed_count, found.delayed_s) == (5, 4, 1, 5)
        assert len(record(feed(site(on_s=5), FLAPPING))) == 1
        assert len(record(feed(site(on_s=4), FLAPPING))) == 5

    def test_deadband_is_as_wide_as_the_way_back(self) -> None:
        found = by_means(advice(feed(site(), FLAPPING)))[Means.DEADBAND]
        assert (found.proposed, found.is_estimate, found.merged_count) == (1, True, 4)
        assert chatter_of(record(feed(site(band=1), FLAPPING))) == ()
        assert len(record(feed(site(band=0.999), FLAPPING))) == 5

    @pytest.mark.parametrize(("share", "expected_s"), [(0.5, 3), (0.9, 10)])
    def test_only_as_much_as_is_asked_for(self, share: float, expected_s: float) -> None:
        """Six spikes, three of them 2 s long and three of them 9 s."""
        readings = spans((0, 2), (12, 14), (24, 26), (2000, 2009), (2012, 2021), (2024, 2033))
        found = by_means(advice(feed(site(), readings), share=share))[Means.ON_DELAY]
        assert (found.proposed, found.removed_share) == (expected_s, 0.5 if share == 0.5 else 1)

    @pytest.mark.parametrize(("lasted_s", "expected"), [(DELAY_MAX_S - 0.001, [600]), (DELAY_MAX_S, [])])
    def test_no_delay_is_longer_than_ten_minutes(self, lasted_s: float, expected: list[float]) -> None:
        """Alarms that begin within one minute are shorter; only a fleeting one can last, and no more than a minute."""
        own = record(feed(site(), spans((0, lasted_s))))
        trial = Trial(own=own, stage=stage("yellow", Threshold(above=50)), verdicts={})
        assert candidates(trial, Means.ON_DELAY) == expected

    @pytest.mark.parametrize(("value", "expected"), [(0, 0), (1, 1), (1.0001, 1.01), (0.01234, 0.0124), (123.4, 124), (-1, 0)])
    def test_a_deadband_is_rounded_up_to_three_digits(self, value: float, expected: float) -> None:
        assert rounded_up(value) == expected

    def test_a_deadband_of_a_quarter_of_the_limit_is_another_limit(self) -> None:
        readings = spans((0, 4), (10, 14), (20, 24), low=37.5)
        assert Means.DEADBAND in by_means(advice(feed(site(), readings)))
        readings = spans((0, 4), (10, 14), (20, 24), low=37.4)
        assert Means.DEADBAND not in by_means(advice(feed(site(), readings)))


class TestTheCost:
    def test_what_was_real_and_would_be_hidden_or_later_is_said(self) -> None:
        play = site()
        feed(play, FLAPPING, 2000)
        for incident in dict.fromkeys(one.id for one in play.records("incident")):
            play.act(2001, "li", "verify", incident, verdict="real")
        found = by_means(advice(play))
        on, off = found[Means.ON_DELAY], found[Means.OFF_DELAY]
        assert (on.hidden_count, on.hidden_real_count, on.delayed_count, on.delayed_real_count) == (4, 4, 1, 1)
        assert (off.merged_count, off.merged_real_count) == (3, 3)
        assert on.sentence.en == (
            "on-delay 5 s instead of 0 s: removes 100 % (4 become 0); 4 would not have rung (4 real), 1 5 s later (1 real)"
        )
        assert off.sentence.en == (
            "off-delay 7 s instead of 0 s: removes 100 % (4 become 0); no alarm is later, 3 would not have rung anew (3 real)"
        )

    def test_the_most_harmless_comes_first(self) -> None:
        assert [one.means for one in advice(feed(site(), FLAPPING)).proposals] == ["off_delay", "deadband", "on_delay"]

    def test_for_life_safety_no_on_delay_is_proposed_and_it_is_said(self) -> None:
        found = advice(feed(site(is_life_safety=True), FLAPPING))
        assert [one.means for one in found.proposals] == ["off_delay", "deadband"]
        assert found.is_life_safety
        assert "a life may hang on it, so no delay of the alarm is proposed" in found.sentence.en
        assert all("only with the consent" in one.sentence.en and "责任人" in one.sentence.zh for one in found.proposals)


class TestWhatIsNotProposed:
    def test_two_fleeting_alarms_are_no_habit_and_three_are(self) -> None:
        two = advice(feed(site(), spans((0, 10), (1000, 1010))))
        assert (two.chatter.fleeting_count, two.proposals) == (2, ())
        three = by_means(advice(feed(site(), spans((0, 10), (1000, 1010), (2000, 2010)))))
        assert (three[Means.ON_DELAY].proposed, three[Means.ON_DELAY].before_count) == (11, 3)

    def test_of_a_rule_that_is_gone_nothing_is_proposed(self) -> None:
        play = feed(site(), FLAPPING)
        past = past_of(play)
        (only,) = advice_of(replace(past, pack=replace(past.pack, rules=())))
        assert (only.proposals, only.sentence.en.endswith("look after the device")) == ((), True)

    def test_of_a_state_there_is_no_deadband(self) -> None:
        wet = rule("wet", "moisture", hazard="heat", alarms=(stage("yellow", p.StateIs(states=("wet",))),))
        play = Play(pack(wet, hazards=(hazard("heat"),)))
        for number, at_s in enumerate((0, 4, 10, 14, 20, 24)):
            play.receive(event("d1", "moisture", "dry" if number % 2 else "wet", id=str(number), zone="b1"), at_s)
        assert [one.means for one in advice(play).proposals] == ["off_delay", "on_delay"]

    def test_what_a_person_ended_does_not_go_on(self) -> None:
        play = site()
        for at_s in (0, 10, 20):
            play.receive(event("d1", "temperature", WHEN_HIGH, id=f"h{at_s}", zone="b1"), at_s)
            play.act(at_s + 1, "li", "close", "incident", verdict="false")
            play.receive(event("d1", "temperature", WHEN_LOW, id=f"l{at_s}", zone="b1"), at_s + 2)
        found = advice(play)
        assert (found.chatter.chatter_count, [one.means for one in found.proposals]) == (3, ["on_delay"])

    def test_what_is_below_a_limit_has_a_deadband_too(self) -> None:
        cold = rule("cold", "temperature", hazard="heat", alarms=(stage("yellow", Threshold(below=5, above=90)),))
        play = Play(pack(cold, hazards=(hazard("heat"),)))
        feed(play, [(at, 6.0 if at % 10 else 4.0) for at in (0, 4, 10, 14, 20, 24)])
        assert by_means(advice(play))[Means.DEADBAND].proposed == 1

    def test_what_holds_still_is_neither_hidden_nor_over(self) -> None:
        play = feed(site(), [*spans((0, 4), (10, 14), (20, 24)), (1000, WHEN_HIGH)])
        found = by_means(advice(play))
        assert (found[Means.ON_DELAY].hidden_count, found[Means.ON_DELAY].delayed_count) == (3, 1)
        assert found[Means.OFF_DELAY].merged_count == 2


class TestAgainstTheRealChain:
    """With the proposed delay the chain does what was foretold."""

    @pytest.mark.parametrize("seed", range(30))
    def test_what_is_proposed_holds(self, seed: int) -> None:
        chance = random.Random(seed)
        at_s, readings = 0.0, list[Reading]()
        for number in range(60):
            at_s += chance.choice((1, 2, 3, 5, 8, 30, 200)) + chance.choice((0, 0.5))
            readings.append((at_s, chance.choice((47.0, 48.5, 49.5)) if number % 2 else WHEN_HIGH))
        base = feed(site(), readings)
        for one in advice_of(past_of(base), share=chance.choice((0.5, 0.8, 1.0))):
            for proposal in one.proposals:
                _holds(base, readings, proposal)


def _holds(base: Play, readings: list[Reading], proposal: Proposal) -> None:
    in_order = (Means.ON_DELAY, Means.OFF_DELAY, Means.DEADBAND)
    on_s, off_s, band = [proposal.proposed if proposal.means is means else 0 for means in in_order]
    trial = feed(site(on_s, off_s, band), readings)
    after, before = chatter_of(record(trial)), record(base)
    assert proposal.after_count == (after[0].chatter_count if after else 0)
    assert len(record(trial)) == len(before) - proposal.hidden_count - proposal.merged_count
