"""How near one stage came: its value against its limit, its delay, its hits so far; read off a signal, changing nothing."""

from collections.abc import Mapping
from typing import Final

from rules.agreement import AgreementSignal
from rules.combination import CombinationSignal
from rules.definition import Stage
from rules.model import Event, Sentence
from rules.primitive import Count, Forecast, Rate, Silence, StateIs, Test, Threshold
from rules.sentence import LEVELS, STATES, duration, number
from rules.signals import IDLE, RISING, Signal, state_of, to_ms
from rules.terms import Agreement, Combination
from rules.why_not_shape import Near
from rules.why_not_words import stage_said
from rules.windows import CountSignal, SilenceSignal

ALMOST: Final = 0.999
"""The share of a stage that does not count as true yet: 1 says that it does."""
_WORDS: Final[Mapping[bool | None, Sentence]] = {
    True: Sentence("已满足", "holds"),
    False: Sentence("未满足", "does not hold"),
    None: Sentence("未知", "is not known"),
}


def near_of(sort: str, stage: Stage, event: Event | None, signal: Signal | None, at: int) -> Near:
    """How near this stage is at this instant. ``event``: what just came; ``signal``: what is remembered, where anything is."""
    share, is_true, said = _test_share(stage.condition.test, event, signal, at)
    on_ms = to_ms(stage.condition.on_delay_s)
    is_on = signal is not None and signal.is_on
    if on_ms and not isinstance(stage.condition.test, Silence):
        run_ms = on_ms if is_on else _run_ms(signal, at)
        run, whole = duration(round(run_ms / 1000, 1)), duration(stage.condition.on_delay_s)
        said = Sentence(f"{said.zh}；持续 {run.zh}（需 {whole.zh}）", f"{said.en}; for {run.en} of {whole.en}")
        share = 0.5 + 0.5 * run_ms / on_ms if is_true else share / 2  # the test is half of the way, its delay the other half
    return Near(
        stage=sort,
        level=stage.level,
        share=1.0 if is_on else min(share, ALMOST),
        is_true=is_true,
        sentence=stage_said(sort, LEVELS[stage.level], said),
    )


def _run_ms(signal: Signal | None, at: int) -> int:
    """How much of its delay has run; past what a reading is good for it stands still."""
    if signal is None or signal.phase != RISING:
        return 0
    return max(0, min(at, signal.last_at + signal.hold_ms, signal.since_at + signal.on_ms) - signal.since_at)


def _test_share(test: Test, event: Event | None, signal: Signal | None, at: int) -> tuple[float, bool, Sentence]:
    is_true = signal is not None and signal.phase != IDLE
    match test, signal:
        case Threshold(), _:
            return _threshold(test, event, is_true=is_true)
        case StateIs(), _:
            return _state(test, event, is_true=is_true)
        case Rate() | Forecast(), Signal():
            return _measured(test, signal, at, is_true=is_true)
        case Count(), CountSignal():
            return _counted(len(signal.hits), test, is_true=is_true)
        case Agreement(), AgreementSignal():
            return _counted(int(signal.measure), test, is_true=is_true)
        case Silence(), SilenceSignal():
            return _silence(signal, at, is_true=is_true)
        case Combination(), CombinationSignal():
            value = signal.value()
            return float(is_true), is_true, _WORDS[value]
        case _:
            return float(is_true), is_true, _WORDS[is_true]


def _state(test: StateIs, event: Event | None, *, is_true: bool) -> tuple[float, bool, Sentence]:
    seen = None if event is None else state_of(event)
    if seen is None:
        return float(is_true), is_true, _WORDS[is_true]
    is_true = is_true or seen in test.states
    wanted = "、".join([STATES.get(state, state) for state in test.states])
    said = Sentence(f"状态 {STATES.get(seen, seen)}（需 {wanted}）", f"is {seen}, wanted {'|'.join(test.states)}")
    return float(is_true), is_true, said


def _counted(count: int, test: Count | Agreement, *, is_true: bool) -> tuple[float, bool, Sentence]:
    long = duration(test.within_s)
    said = Sentence(f"{long.zh}内 {count} 次（需 {test.count} 次）", f"{count} of {test.count} within {long.en}")
    return min(1.0, count / test.count), is_true or count >= test.count, said


def _threshold(test: Threshold, event: Event | None, *, is_true: bool) -> tuple[float, bool, Sentence]:
    value = None if event is None else event.value
    if value is None:
        return float(is_true), is_true, _WORDS[is_true]
    sides = [
        _side(value, limit, is_low=is_low) for limit, is_low in ((test.above, False), (test.below, True)) if limit is not None
    ]
    share, said = max(sides, key=lambda side: side[0])
    is_true = is_true or share >= 1.0
    return (1.0 if is_true else share), is_true, said


def _side(value: float, limit: float, *, is_low: bool) -> tuple[float, Sentence]:
    """How near a value is to one limit: their ratio where both are positive."""
    near, far = (limit, value) if is_low else (value, limit)
    share = 1.0 if near >= far else max(0.0, near / far) if far > 0 else 0.0
    side = Sentence("不高于", "at most") if is_low else Sentence("不低于", "at least")
    shown, wanted = number(value), number(limit)
    return share, Sentence(f"{shown}（需{side.zh} {wanted}）", f"{shown}, wanted {side.en} {wanted}")


def _measured(test: Rate | Forecast, signal: Signal, at: int, *, is_true: bool) -> tuple[float, bool, Sentence]:
    if isinstance(test, Forecast):
        left_s = (signal.measure - at) / 1000
        if signal.measure <= 0:
            return float(is_true), is_true, Sentence("趋势不到限值", "the trend does not reach the limit")
        long, wanted = duration(float(round(left_s))), duration(test.in_s)
        return (
            float(is_true),
            is_true,
            Sentence(f"预计 {long.zh}后到限值（需 {wanted.zh}内）", f"in {long.en}, wanted within {wanted.en}"),
        )
    share = max(0.0, signal.measure / test.above) if test.above else float(is_true)
    said = Sentence(
        f"每分钟变化 {number(round(signal.measure, 1))}（需超过 {number(test.above)}）",
        f"{number(round(signal.measure, 1))} a minute, wanted more than {number(test.above)}",
    )
    return 1.0 if is_true else share, is_true, said


def _silence(signal: SilenceSignal, at: int, *, is_true: bool) -> tuple[float, bool, Sentence]:
    if signal.is_stopped or not signal.heard_id:
        return 0.0, False, Sentence("未在监看", "not watched now")
    quiet_s = max(0.0, (at - signal.last_at - signal.deaf_ms) / 1000)
    whole_s = signal.wait_s  # by the place's own rhythm it may be less than the fixed time
    run, whole = duration(float(round(quiet_s))), duration(float(round(whole_s)))
    said = Sentence(f"静默 {run.zh}（需 {whole.zh}）", f"silent for {run.en} of {whole.en}")
    return min(1.0, quiet_s / whole_s), is_true, said
