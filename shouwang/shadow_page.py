"""The report on shadow rules as the web gives it: the same figures as the command's, with instants in milliseconds."""

from typing import Any, Final

from dashboard.shadow_shape import NotHeard, ShadowDecision, ShadowRule, ShadowsHeard, ShadowStage, ShadowsTooMany
from handlers.story import StoryViews
from shouwang.settings import Settings
from shouwang.shadow_report import TooManyFacts, heard_in
from simulator.judge.truth_file import STAGES
from simulator.recording import read_instant

FACTS_MAX: Final = 100_000
"""Lines of the shadows' file and the timeline that one answer is made from; more would keep a worker busy for long. Ours."""


def shadows_heard(settings: Settings, from_at: int, until_at: int) -> ShadowsHeard | None:
    """What ``shouwang shadow report`` says of this stretch (ms); None where no shadow was ever heard.

    Raises ShadowsTooMany, StoreUnavailable and StoreBroken.
    """
    story = StoryViews(settings.database)
    try:
        found: Any = heard_in(settings.data, story, from_at, until_at, facts_max=FACTS_MAX)
    except TooManyFacts as fault:
        raise ShadowsTooMany from fault
    finally:
        story.close()
    if found is None:
        return None
    return ShadowsHeard(
        heard_until_at=_ms(found["heard_until"]),
        gaps=[NotHeard(from_at=_at(gap["from"]), until_at=_at(gap["until"])) for gap in found["gaps"]],
        fault_count=found["faults"],
        rules=[_rule(one) for one in found["rules"]],
    )


def _rule(one: Any) -> ShadowRule:
    latest = [ShadowDecision(**{**row, "at": _at(row["at"])}) for row in one["latest"]]
    stages = {stage: _stage(one["difference"][stage]) for stage in STAGES}
    return ShadowRule(
        rule=one["rule"],
        hazard=one["hazard"],
        since_at=_at(one["since"]),
        until_at=_ms(one["until"]),
        heard_days=one["heard_days"],
        latest=sorted(latest, key=lambda row: -row.at),
        **stages,
    )


def _stage(told: Any) -> ShadowStage:
    return ShadowStage(
        raised_count=told["both"] + told["only_new"],
        both_count=told["both"],
        only_shadow_count=told["only_new"],
        only_live_count=told["only_old"],
        earlier_count=told["earlier"],
        later_count=told["later"],
        shift_p50_s=told["shift_p50_s"],
    )


def _at(said: str) -> int:
    return read_instant(said, "at")


def _ms(said: str | None) -> int | None:
    return None if said is None else _at(said)
