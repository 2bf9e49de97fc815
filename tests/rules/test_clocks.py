"""Clocks of the response: each step once, in the order of time, whatever the ticks."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.clocks import meet, next_step_at, run_clocks, start_clocks
from rules.definition import Escalation, Target
from rules.model import Clock

TARGETS = (Target(name="accepted", within_s=60), Target(name="on_scene", within_s=180))
STEPS = tuple([Escalation(at_share=share, notify=("x",)) for share in (2.0, 0.5, 1.0)])


def shown(clocks: tuple[Clock, ...], now: int) -> list[tuple[str, int, float | None]]:
    _, steps = run_clocks(clocks, STEPS, now)
    return [(step.clock, step.at, step.escalation.at_share if step.escalation else None) for step in steps]


def test_steps_come_by_time_and_missed_comes_before_its_escalation() -> None:
    clocks = start_clocks(TARGETS, 0)
    assert next_step_at(clocks, STEPS) == 30_000
    assert shown(clocks, 120_000) == [
        ("accepted", 30_000, 0.5),
        ("accepted", 60_000, None),
        ("accepted", 60_000, 1.0),
        ("on_scene", 90_000, 0.5),
        ("accepted", 120_000, 2.0),
    ]
    assert shown(clocks, 29_999) == []


def test_a_clock_that_is_met_is_silent_and_met_only_once() -> None:
    clocks = meet(start_clocks(TARGETS, 0), ("accepted",), 10)
    assert [clock.met_at for clock in meet(clocks, ("accepted", "on_scene"), 20)] == [10, 20]
    assert next_step_at(clocks, STEPS) == 90_000
    assert next_step_at((), STEPS) is None


def test_without_escalations_it_is_still_missed() -> None:
    clocks, steps = run_clocks(start_clocks(TARGETS[:1], 0), (), 60_000)
    assert (clocks[0].missed_at, len(steps)) == (60_000, 1)
    assert next_step_at(clocks, ()) is None


@settings(deadline=None)
@given(st.lists(st.integers(0, 500_000), max_size=20))
def test_ticks_do_not_matter(ticks: list[int]) -> None:
    clocks = start_clocks(TARGETS, 0)
    seen: list[tuple[str, int]] = []
    for now in [*sorted(ticks), 500_000]:
        clocks, steps = run_clocks(clocks, STEPS, now)
        seen += [(step.clock, step.at) for step in steps]
    assert sorted(seen) == sorted([(name, at) for name, at, _ in shown(start_clocks(TARGETS, 0), 500_000)])
    assert [clock.escalation_count for clock in clocks] == [3, 3]
