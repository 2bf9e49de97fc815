"""Other people's bug: a duration fires early or late (thingsboard#10590, ekuiper#3347 #3350).

Random readings, a millisecond or more apart, against an oracle that looks at every millisecond by itself: slow, and obvious.
"""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from rules import primitive as p
from tests.rules.score import T0, Play, event, pack, rule, stage

Reading = tuple[int, float | None]
"""At which millisecond, how much; None for a reading without a value."""
Told = list[tuple[int, bool]]
"""At which millisecond the condition began (or ended) to count."""

DELAY = st.integers(0, 6)
VALUES = st.sampled_from([None, 20.0, 53.999, 54.0, 56.999, 57.0, 60.0])
READINGS = st.lists(st.tuples(st.integers(0, 60), VALUES), max_size=25).map(lambda found: sorted(found, key=lambda one: one[0]))
END = 100


def chain_says(test: p.Test, readings: Sequence[Reading], on: int, off: int, ticks: Sequence[int]) -> Told:
    """What the chain told of it, in whatever rhythm it is woken, saved and restored in between."""
    play = Play(pack(rule("r", "generic", alarms=(stage("red", test, on / 1000, off / 1000),))), is_restored_each_step=True)
    steps = sorted(
        [*[(at, 1, value) for at, value in readings], *[(at, 0, None) for at in (*ticks, END)]], key=lambda one: one[:2]
    )
    for number, (at, is_reading, value) in enumerate(steps):
        if is_reading:
            play.receive(event("d1", "generic", value, id=f"e{number}"), at / 1000)
        else:
            play.advance(at / 1000)
    alarms = [fact for fact in play.facts if fact.entity == "alarm"]
    return [(fact.at - T0, fact.transition != "cleared") for fact in alarms]


def told_of(truths: Sequence[Sequence[bool]], on: int, off: int) -> Told:
    """``truths`` has for each millisecond what its reading said, if there was one. A delay is over at the beginning of the first
    millisecond before which it held for so many."""
    told: Told = []
    is_on = False
    ends: list[bool] = []
    for at in range(END + 1):
        if not is_on and on and len(ends) >= on and all(ends[-on:]):
            is_on = True
            told.append((at, True))
        elif is_on and off and len(ends) >= off and not any(ends[-off:]):
            is_on = False
            told.append((at, False))
        for truth in truths[at]:
            if truth and not is_on and not on:
                is_on = True
                told.append((at, True))
            elif not truth and is_on and not off:
                is_on = False
                told.append((at, False))
        ends.append(truths[at][-1] if truths[at] else bool(ends) and ends[-1])
    return told


@given(readings=READINGS, on=DELAY, off=DELAY, ticks=st.lists(st.integers(0, END), max_size=10))
def test_a_limit_with_its_delays(readings: list[Reading], on: int, off: int, ticks: list[int]) -> None:
    readings = list(dict(readings).items())  # one reading in a millisecond: the last one
    truths: list[list[bool]] = [[] for _ in range(END + 1)]
    is_true = False
    for at, value in readings:
        if value is not None:
            is_true = value >= (54 if is_true else 57)
            truths[at].append(is_true)
    assert chain_says(p.Threshold(above=57, deadband=3), readings, on, off, ticks) == told_of(truths, on, off)


@given(
    readings=READINGS,
    count=st.integers(1, 4),
    within=st.integers(1, 12),
    ticks=st.lists(st.integers(0, END), max_size=10),
)
def test_a_count_in_its_window(readings: list[Reading], count: int, within: int, ticks: list[int]) -> None:
    told: Told = []
    is_on = False
    hits: list[int] = []
    for at in range(END + 1):
        if is_on and sum(at - hit <= within for hit in hits) < count:
            is_on = False
            told.append((at, False))
        for when, value in readings:
            if when == at and value is not None and value >= 57:
                hits.append(at)
                if not is_on and sum(at - hit <= within for hit in hits) >= count:
                    is_on = True
                    told.append((at, True))
    test = p.Count(of=p.Threshold(above=57), count=count, within_s=within / 1000)
    assert chain_says(test, readings, 0, 0, ticks) == told


@given(readings=READINGS, for_ms=st.integers(1, 20), ticks=st.lists(st.integers(0, END), max_size=10))
def test_a_silence(readings: list[Reading], for_ms: int, ticks: list[int]) -> None:
    told: Told = []
    heard: int | None = None
    is_on = False
    for at in range(END + 1):
        if heard is not None and not is_on and at - heard >= for_ms:
            is_on = True
            told.append((at, True))
        if any(when == at and value is not None for when, value in readings):
            heard = at
            if is_on:
                is_on = False
                told.append((at, False))
    assert chain_says(p.Silence(for_s=for_ms / 1000), readings, 0, 0, ticks) == told
