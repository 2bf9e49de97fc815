"""Replaying only what a decision cites gives the same decision: for every primitive, at random, and for the bundled pack."""

import random
from functools import cache
from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules import promise
from rules.decision import is_decision
from rules.engine import Engine
from rules.model import Entity, Event, EventClass, Fact, Input, Resumed
from rules.pack import read_pack
from rules.reproduce import Cited, beside_of, by_name, names_of, reproduce
from tests.rules.score import T0, Play, event, pack, rule, stage
from tests.rules.test_community_pack import PACKS, PROMISES, TEXT

MINUTE, HOUR = 60, 3600


class Journal:
    """What came in, and what was told of it."""

    def __init__(self, pack: d.RulePack) -> None:
        self.play = Play(pack, is_restored_each_step=True)
        self.entries: list[Cited] = []

    def hear(self, at_s: float, entry: Input) -> "Journal":
        self.entries.append(Cited(T0 + round(at_s * 1000), entry))
        self.play.receive(entry, at_s)
        return self

    def readings(self, *rows: tuple[float, str, float | str]) -> "Journal":
        for at_s, device, value in rows:
            zone, _, name = device.rpartition("/")
            self.hear(at_s, event(name, "generic", value, id=f"e{len(self.entries)}", zone=zone))
        return self

    def until(self, at_s: float) -> "Journal":
        self.play.advance(at_s)
        return self

    @property
    def decisions(self) -> list[Fact]:
        return [fact for fact in self.play.facts if is_decision(fact)]

    def check(self, count: int) -> list[Fact]:
        """Each decision is reproduced by what it cites, and there are as many as expected."""
        assert self.play.pack is not None
        assert len(self.decisions) == count, [fact.sentence.en for fact in self.decisions]
        beside = beside_of(self.entries, self.play.facts)
        for fact in self.decisions:
            found = reproduce(self.play.pack, fact, by_name(self.entries), beside)
            assert found.is_same, (fact.sentence.en, [(item.event_id, item.test) for item in fact.evidence])
        return self.decisions


def on(test: p.Test, delay: float = 0, off: float = 0, **changes: Any) -> Journal:
    return Journal(pack(rule("r", "generic", alarms=(stage("red", test, delay, off),), **changes)))


ABOVE = p.Threshold(above=50, deadband=5)


def test_a_limit_is_proved_by_the_reading_that_crossed_it() -> None:
    (fact,) = on(ABOVE).readings((0, "d1", 49.9), (1, "d1", 50), (2, "d1", 51)).check(1)
    assert [item.event_id for item in fact.evidence] == ["e1"]


def test_a_delay_is_proved_by_its_begin_and_its_end() -> None:
    journal = on(ABOVE, 60).readings(*[(second, "d1", 52.0) for second in range(0, 61, 10)])
    (fact,) = journal.check(1)
    assert [item.event_id for item in fact.evidence] == ["e0", "e5"]  # at 60 s the delay was over before the reading came
    assert fact.at == T0 + 60_000


def test_a_delay_longer_than_a_reading_is_good_for_cites_what_kept_it_going() -> None:
    journal = on(ABOVE, 4 * HOUR).readings(*[(second, "d1", 52.0) for second in range(0, 3 * HOUR + 1, 5 * MINUTE)])
    (fact,) = journal.until(5 * HOUR).check(1)
    assert fact.at == T0 + 4 * HOUR * 1000
    assert 2 < len(fact.evidence) <= 6, "not every reading: each is good for two hours"


def test_a_delay_that_stood_still_is_reproduced_to_the_millisecond() -> None:
    journal = on(ABOVE, 2 * HOUR).readings((0, "d1", 52.0), (10, "d1", 52.0), (5 * HOUR, "d1", 53.0)).until(9 * HOUR)
    (fact,) = journal.check(1)
    assert fact.at == T0 + (5 * HOUR + 2 * HOUR - (10 + HOUR)) * 1000  # held for an hour after the second reading


def test_of_a_place_the_readings_in_the_band_need_their_device_to_be_known() -> None:
    journal = on(ABOVE, HOUR, key=d.Key.ZONE)
    journal.readings((0, "z/d1", 52.0), (5, "z/d2", 51.0), (1700, "z/d2", 46.0), (3300, "z/d2", 46.0)).until(2 * HOUR)
    (fact,) = journal.check(1)
    assert {item.device for item in fact.evidence} == {"d1", "d2"}


def test_a_place_cites_a_bounded_number_of_devices() -> None:
    journal = on(ABOVE, HOUR, key=d.Key.ZONE)
    journal.readings(*[(number, f"z/d{number}", 52.0) for number in range(100)], (1700, "z/d1", 52.0), (3300, "z/d1", 52.0))
    journal.until(2 * HOUR)
    (fact,) = journal.check(1)
    assert len(fact.evidence) <= 34


def test_a_rate_cites_the_sample_that_it_was_taken_from() -> None:
    rows = [(second, "d1", 20 + second / 10) for second in range(0, 300, 10)]
    climb = [(300 + second, "d1", 50 + second / 2) for second in range(0, 120, 10)]
    (fact,) = on(p.Rate(above=20, window_s=60)).readings(*rows, *climb).check(1)
    assert [item.test for item in fact.evidence] == ["sample", "rate"]
    assert fact.evidence[0].received_at <= fact.evidence[1].received_at - 60_000


def test_a_rate_that_had_to_last_cites_the_begin_too() -> None:
    rows = [(second * 1.0, "d1", 20 + second / 2) for second in range(0, 400, 7)]
    (fact,) = on(p.Rate(above=20, window_s=60), 90).readings(*rows).check(1)
    assert [item.test for item in fact.evidence].count("rate") == 2


def test_a_rate_whose_later_readings_prove_nothing_alone_cites_its_begin() -> None:
    """The spike at 62 s is no sample in the whole stream; among the cited ones it would be, and hide the climb after it."""
    rows = [(0, "d1", 0.0), (60, "d1", 1.0), (62, "d1", 100.0), (64, "d1", 40.0), (100, "d1", 90.0), (124, "d1", 95.0)]
    (fact,) = on(p.Rate(above=20, window_s=60), 65).readings(*rows).until(600).check(1)
    assert [item.received_at - T0 for item in fact.evidence] == [0, 62_000]


def test_a_falling_rate() -> None:
    on(p.Rate(above=-8, window_s=60)).readings((0, "d1", 50.0), (60, "d1", 42.0), (61, "d1", 60.0), (62, "d1", 41.0)).check(1)


def test_a_count_cites_every_hit() -> None:
    count = p.Count(of=p.Threshold(above=1), count=20, within_s=60)
    (fact,) = on(count).readings(*[(second, "d1", 1.0) for second in range(25)]).check(1)
    assert len(fact.evidence) == 20


@pytest.mark.parametrize("every_s", [1, 3, 3.3])
def test_a_count_that_had_to_last_cites_enough_hits_and_not_all(every_s: float) -> None:
    count = p.Count(of=p.Threshold(above=1), count=3, within_s=10)
    number = round(120 / every_s)
    journal = on(count, 60).readings(*[(index * every_s, "d1", 1.0) for index in range(number)])
    (fact,) = journal.check(1)
    assert len(fact.evidence) <= 2 * 3 * (1 + 60 / 10)


def test_a_count_that_ends_with_the_delay_itself() -> None:
    count = p.Count(of=p.Threshold(above=1), count=3, within_s=10)
    on(count, 9).readings((0, "d1", 1.0), (0.5, "d1", 1.0), (1, "d1", 1.0)).until(60).check(1)
    on(count, 9).readings((0, "d1", 1.0), (0.5, "d1", 1.0), (1.001, "d1", 1.0)).until(60).check(0)


def test_a_silence_cites_the_last_that_was_heard() -> None:
    journal = on(p.Silence(for_s=600)).readings((0, "d1", 1.0), (300, "d1", 2.0)).until(901)
    (fact,) = journal.check(1)
    assert [item.event_id for item in fact.evidence] == ["e1"]
    assert fact.at == T0 + 900_000


def test_a_silence_over_our_own_deafness() -> None:
    journal = on(p.Silence(for_s=600)).readings((0, "d1", 1.0))
    journal.hear(400, Resumed(id="r1", deaf_since_at=T0 + 100_000, community="c1")).until(2000)
    (fact,) = journal.check(1)
    assert fact.at == T0 + 900_000


def test_a_state_that_lasts() -> None:
    journal = on(p.StateIs(states=("open",)), 60).readings((0, "d1", "open"), (30, "d1", "open"), (90, "d1", "closed"))
    journal.check(1)


def test_worse_and_again_are_decisions_too() -> None:
    stages = (stage("orange", p.Threshold(above=50)), stage("red", p.Threshold(above=80), 20))
    journal = Journal(pack(rule("r", "generic", alarms=stages, warnings=(stage("blue", p.Threshold(above=30)),))))
    journal.readings((0, "d1", 31.0), (1, "d1", 81.0), (30, "d1", 60.0), (40, "d1", 10.0), (50, "d1", 90.0)).until(100)
    facts = journal.check(5)
    assert [(fact.entity.value, fact.transition) for fact in facts] == [
        ("warning", "opened"),
        ("alarm", "opened"),
        ("alarm", "level_changed"),
        ("alarm", "retriggered"),
        ("alarm", "level_changed"),
    ]


def test_a_repetition_after_a_closed_case_cites_itself() -> None:
    journal = Journal(pack(rule("r", "sos", alarms=(stage("red", p.StateIs(states=("on",))),))))

    def press(at_s: float) -> None:
        journal.hear(at_s, event("d1", "sos", "on", id=f"e{at_s}", event_class=EventClass.ALARM))

    press(0)
    assert journal.play.act(10, "op", "close", "incident", verdict="false").is_accepted
    press(4000)
    assert [item.event_id for item in journal.decisions[-1].evidence] == ["e4000"]
    journal.check(2)


def test_what_is_missing_is_named_and_what_differs_is_told() -> None:
    journal = on(ABOVE).readings((0, "d1", 52.0))
    (fact,) = journal.decisions
    found = reproduce(journal.play.pack or pack(), fact, {})
    assert not found.is_same
    assert found.missing == ("e0",)
    assert "e0" in found.sentence.zh
    stricter = pack(rule("r", "generic", alarms=(stage("red", p.Threshold(above=60)),)))
    other = reproduce(stricter, fact, by_name(journal.entries))
    assert not other.is_same
    assert "more history" in other.sentence.en


def test_of_a_delivery_that_came_twice_the_first_counts() -> None:
    once, twice = event("d1", "generic", 52.0, id="e0"), event("d1", "generic", 52.0, id="e0")
    retained = event("d1", "generic", 52.0, id="e0", is_retained=True)
    found = by_name([Cited(1, retained), Cited(2, once), Cited(3, twice), Cited(4, Resumed(id="r", deaf_since_at=0))])
    assert [entry.received_at for entry in found.values()] == [2]


TESTS = (
    p.Threshold(above=50, deadband=8),
    p.Threshold(below=20, deadband=3),
    p.Rate(above=15, window_s=120),
    p.Rate(above=-15, window_s=60),
    p.Count(of=p.Threshold(above=60), count=4, within_s=300),
    p.Silence(for_s=700),
)


@pytest.mark.parametrize("seed", range(40))
def test_at_random(seed: int) -> None:
    """Walks with gaps: whatever is decided, what it cites is enough."""
    chance = random.Random(seed)
    delay = chance.choice([0, 0, 1, 45, 300, 2500, 6000])
    test = chance.choice(TESTS)
    delay = 0 if isinstance(test, p.Silence) else delay
    key = chance.choice([d.Key.DEVICE, d.Key.ZONE])
    journal = on(test, delay, chance.choice([0, 60]), key=key)
    at_s, value = 0.0, 45.0
    for number in range(300):
        at_s += chance.choice([0.001, 1, 7, 20, 60, 60, 300, 1000, 1500])
        value = min(100.0, max(0.0, value + chance.gauss(0, 9)))
        journal.hear(at_s, event(f"d{chance.choice('112')}", "generic", round(value, 1), id=f"e{number}", zone="z"))
    journal.until(at_s + 10_000).check(len(journal.decisions))


@cache
def community() -> d.RulePack:
    return read_pack(TEXT, "community.yaml")


class Recording(Engine):
    """An engine that remembers what it was given, and what it told."""

    entries: list[Cited]
    facts: list[Fact]
    all: "list[Recording]" = []  # noqa: RUF012 - of this test run

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.entries = []
        self.effects: list[Any] = []
        self.all.append(self)

    def receive(self, entry: Input, now: int, position: int = 0) -> tuple[Any, ...]:
        self.entries.append(Cited(now, entry))
        effects = super().receive(entry, now, position)
        self.effects += effects
        return effects

    def advance(self, now: int) -> tuple[Any, ...]:
        effects = super().advance(now)
        self.effects += effects
        return effects


def test_every_decision_in_the_promises_of_the_bundled_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promise, "Engine", Recording)
    monkeypatch.setattr(Recording, "all", [])
    promise.run_promises(community(), PROMISES, "community_test.yaml")
    count = 0
    for engine in Recording.all:
        for fact in [effect.fact for effect in engine.effects if hasattr(effect, "fact") and is_decision(effect.fact)]:
            count += 1
            told = [effect.fact for effect in engine.effects if hasattr(effect, "fact")]
            found = reproduce(community(), fact, by_name(engine.entries), beside_of(engine.entries, told))
            assert found.is_same, (fact.rule, fact.transition, fact.sentence.en, names_of(fact.evidence))
    assert count > 60


def test_the_ids_of_what_is_cited_are_those_of_events() -> None:
    fact = on(ABOVE).readings((0, "d1", 52.0)).decisions[0]
    assert names_of(fact.evidence) == (("d1", "e0"),)
    assert isinstance(event("d1", "generic", 1.0), Event)
    assert fact.entity is Entity.ALARM
    assert PACKS.is_dir()
