"""What the API says of shadow rules: how often each would have spoken, and where it and the live rules of its hazard differ."""

from typing import Final, Literal

from pydantic import Field

from dashboard.models import Answer

LATEST_MAX: Final = 20
"""Decisions of each fate that an answer lists, the latest; the counts are of all. Ours."""
Stage = Literal["warning", "alarm", "dispatch"]
Fate = Literal["both", "only_shadow", "only_live"]


class ShadowStage(Answer):
    """One stage: what the shadow reached, and how much of it the live rules of its hazard reached as well."""

    raised_count: int = Field(description="by the shadow: both, and only by it")
    both_count: int
    only_shadow_count: int
    only_live_count: int = Field(description="by the live rules of its hazard, and not by the shadow")
    earlier_count: int = Field(description="of both: the shadow was earlier")
    later_count: int
    shift_p50_s: float | None = Field(description="median of shadow minus live; below 0 the shadow is earlier")


class ShadowDecision(Answer):
    """One decision: the shadow's, or a live rule's that the shadow did not take."""

    fate: Fate
    stage: Stage
    at: int = Field(description="the shadow's instant; the live one's where only a live rule spoke")
    rule: str
    community: str
    zone: str
    device: str
    level: str = Field(description="of the warning or alarm; of a dispatch, that of the alarm for which it was ordered")
    live_rule: str = Field(description="of both: which live rule said it")
    incident_id: str = Field(description="the live case; empty where only the shadow spoke, for then there is none")


class ShadowRule(Answer):
    """One shadow rule, as it has been heard in its present form."""

    rule: str
    hazard: str
    since_at: int
    until_at: int | None = Field(description="when it left the pack; null while it is in force")
    heard_days: float = Field(description="of this stretch")
    warning: ShadowStage
    alarm: ShadowStage
    dispatch: ShadowStage
    latest: list[ShadowDecision] = Field(description=f"the latest first; at most {LATEST_MAX} of each fate")


class NotHeard(Answer):
    """A stretch of the journal that the shadows did not hear."""

    from_at: int
    until_at: int


class ShadowsHeard(Answer):
    """What the shadows' process has found in a stretch."""

    heard_until_at: int | None = Field(description="how far the shadows are; null before their first entry")
    gaps: list[NotHeard]
    fault_count: int = Field(description="entries and timers that stopped the shadows, and were passed over")
    rules: list[ShadowRule]


class ShadowsTooMany(Exception):  # noqa: N818 - a bound that was reached, not a mistake of ours
    """The stretch has more lines than one answer is made from."""


def nothing_heard(_from_at: int, _until_at: int) -> ShadowsHeard | None:
    """No shadow was ever heard."""
    return None
