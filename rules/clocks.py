"""Clocks that people see: what must have happened by when, and the escalation steps at shares of the time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rules.definition import Escalation, Target
from rules.model import Clock
from rules.signals import to_ms


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a clock does at one instant: it is missed, or (with an escalation) somebody is told."""

    clock: str
    at: int
    due_at: int
    escalation: Escalation | None = None


def start_clocks(targets: Sequence[Target], now: int) -> tuple[Clock, ...]:
    """The clocks of these targets, all counted from now."""
    return tuple([Clock(name=target.name, started_at=now, due_at=now + to_ms(target.within_s)) for target in targets])


def meet(clocks: tuple[Clock, ...], names: Sequence[str], now: int) -> tuple[Clock, ...]:
    """The clocks, with those of these names met now where they still ran. A clock that was missed may still be met, late."""
    return tuple([replace(clock, met_at=now) if clock.name in names and clock.met_at is None else clock for clock in clocks])


def next_step_at(clocks: tuple[Clock, ...], escalations: tuple[Escalation, ...]) -> int | None:
    """When the next of these clocks does something."""
    instants = [step.at for clock in clocks if (step := _next_step(clock, escalations)) is not None]
    return min(instants) if instants else None


def run_clocks(
    clocks: tuple[Clock, ...], escalations: tuple[Escalation, ...], now: int
) -> tuple[tuple[Clock, ...], tuple[Step, ...]]:
    """Let the clocks do what is due by now, each step once and in the order of time."""
    steps: list[Step] = []
    run: list[Clock] = []
    for clock in clocks:
        after = clock
        while (step := _next_step(after, escalations)) is not None and step.at <= now:
            steps.append(step)
            if step.escalation is None:
                after = replace(after, missed_at=step.at)
            else:
                after = replace(after, escalation_count=after.escalation_count + 1)
        run.append(after)
    return tuple(run), tuple(sorted(steps, key=lambda step: step.at))


def _next_step(clock: Clock, escalations: tuple[Escalation, ...]) -> Step | None:
    """At the same instant the clock is missed first, and the escalation of its deadline follows."""
    if clock.met_at is not None:
        return None
    length = clock.due_at - clock.started_at
    missed = Step(clock.name, clock.due_at, clock.due_at) if clock.missed_at is None else None
    ordered = sorted(escalations, key=lambda escalation: escalation.at_share)
    if clock.escalation_count < len(ordered):
        escalation = ordered[clock.escalation_count]
        at = clock.started_at + round(length * escalation.at_share)
        if missed is None or at < missed.at:
            return Step(clock.name, at, clock.due_at, escalation)
    return missed
