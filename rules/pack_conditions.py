"""From the form of a stage to the condition that it means."""

from rules.definition import Stage
from rules.model import Level
from rules.pack_form import StageForm
from rules.pack_terms import combination_from, ordered_from
from rules.primitive import Condition, Count, Forecast, Rate, Silence, StateIs, Test, Threshold


def stages_from(parts: list[StageForm]) -> tuple[Stage, ...]:
    """The mildest first, whatever order they were written in."""
    ordered = sorted(parts, key=lambda part: -Level(part.level).rank)
    return tuple(
        Stage(
            level=Level(part.level),
            condition=_condition(part),
            modes=tuple(part.modes),
            not_modes=tuple(part.not_modes),
        )
        for part in ordered
    )


def _condition(part: StageForm) -> Condition:
    return Condition(test=_test(part), on_delay_s=part.delay, off_delay_s=part.clear_after)


def _test(part: StageForm) -> Test:
    ordered = part.sequence or part.missing
    if ordered is not None:
        return ordered_from(ordered)
    if part.all_of or part.any_of or part.none_of:
        return combination_from(part, part.unavailable)
    if part.silent_for is not None:
        return Silence(for_s=part.silent_for)
    if part.forecast is not None:
        ahead = part.forecast
        return Forecast(above=ahead.above, below=ahead.below, in_s=ahead.within, window_s=ahead.over)
    if part.over is not None:
        above = part.rises_per_min if part.rises_per_min is not None else -(part.falls_per_min or 0.0)
        return Rate(above=above, window_s=part.over)
    plain: Threshold | StateIs
    if part.state is not None:
        plain = StateIs(states=tuple(part.state))
    else:
        plain = Threshold(above=part.above, below=part.below, deadband=part.deadband or 0.0)
    if part.times is not None and part.within is not None:
        return Count(of=plain, count=part.times, within_s=part.within)
    return plain
