"""From the form of a stage to the condition that it means."""

from collections.abc import Iterable, Mapping
from datetime import tzinfo

from rules.definition import Stage
from rules.kinds import Kind
from rules.model import EventClass, Level
from rules.pack_form import StageForm
from rules.pack_terms import agreement_from, combination_from, ordered_from
from rules.primitive import Burst, Condition, Count, Rate, Silence, StateIs, Stuck, Test, Threshold
from rules.primitive_form import forecast_from, impossible_from
from rules.rhythm_form import personal_silence_from
from rules.unusual_form import unusual_from

Ranges = Mapping[str, tuple[float, float]]
"""What a reading can be, by the name of its kind."""


def ranges_of(kinds: Iterable[Kind]) -> Ranges:
    """The ranges of all these kinds that are readings."""
    return {
        kind.name: (float("-inf") if kind.low is None else kind.low, float("inf") if kind.high is None else kind.high)
        for kind in kinds
        if kind.event_class is EventClass.READING
    }


def stages_from(parts: list[StageForm], kinds: list[str], ranges: Ranges, zone: tzinfo) -> tuple[Stage, ...]:
    """The mildest first, whatever order they were written in. ``kinds`` are the rule's, ``zone`` is that of the pack's hours."""
    ordered = sorted(parts, key=lambda part: -Level(part.level).rank)
    return tuple(
        Stage(
            level=Level(part.level),
            condition=_condition(part, kinds, ranges, zone),
            modes=tuple(part.modes),
            not_modes=tuple(part.not_modes),
        )
        for part in ordered
    )


def _condition(part: StageForm, kinds: list[str], ranges: Ranges, zone: tzinfo) -> Condition:
    if part.impossible is not None:
        test: Test = impossible_from(part.impossible, *ranges[kinds[0]])
    elif part.unusual is not None:
        test = unusual_from(part.unusual, zone)
    elif part.rhythm is not None and part.silent_for is not None:
        test = personal_silence_from(part.rhythm, part.silent_for, zone)
    else:
        test = _test(part)
    return Condition(test=test, on_delay_s=part.delay, off_delay_s=part.clear_after)


def _test(part: StageForm) -> Test:
    ordered = part.sequence or part.missing
    if ordered is not None:
        return ordered_from(ordered)
    if part.sources is not None:
        return agreement_from(part.sources)
    if part.all_of or part.any_of or part.none_of:
        return combination_from(part, part.unavailable)
    if part.silent_for is not None:
        return Silence(for_s=part.silent_for)
    if part.forecast is not None:
        return forecast_from(part.forecast)
    if part.stuck_for is not None:
        return Stuck(for_s=part.stuck_for, tolerance=part.tolerance or 0.0, is_by_seq=part.stuck_by == "seq")
    if part.over is not None:
        above = part.rises_per_min if part.rises_per_min is not None else -(part.falls_per_min or 0.0)
        return Rate(above=above, window_s=part.over)
    return _plain(part)


def _plain(part: StageForm) -> Threshold | StateIs | Count | Burst:
    plain: Threshold | StateIs
    if part.state is not None:
        plain = StateIs(states=tuple(part.state))
    else:
        plain = Threshold(above=part.above, below=part.below, deadband=part.deadband or 0.0)
    if part.times is None or part.within is None:
        return plain
    if part.speaks is None:
        return Count(of=plain, count=part.times, within_s=part.within)
    return Burst(of=plain, count=part.times, quiet_s=part.within, speaks_last=part.speaks == "last")
