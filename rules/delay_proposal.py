"""延时建议: for an alarm that chatters or is fleeting, the smallest delay or deadband that would have removed most of it.

With what it would have cost: what would have been told later, told once instead of anew, or never, and what of that was real.
Where a life may hang on the alarm no on-delay is proposed, and everything else says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rules.alarm_record import AlarmKey, Occurrence, by_alarm
from rules.chatter import Chatter, chatter_of, is_fleeting, spells_of, that_count
from rules.definition import Stage
from rules.delay_trial import Means, Outcome, Trial, candidates, tried
from rules.hidden import Past
from rules.model import Sentence
from rules.primitive import Threshold
from rules.sentence import duration, number

SHARE: Final = 0.8
"""How much of the chatter a proposal must have removed; ours."""
FLEETING_COUNT: Final = 3
"""So many fleeting occurrences are a habit; ours."""
_HOW: Final = {
    Means.ON_DELAY: Sentence("报警延时", "on-delay"),
    Means.OFF_DELAY: Sentence("恢复延时", "off-delay"),
    Means.DEADBAND: Sentence("回差", "deadband"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One change of a rule's first alarm stage, with what it would have done to the recorded alarms. Delays in s."""

    means: Means
    present: float
    proposed: float
    removed_share: float  # of the occurrences that chattered, or of the fleeting ones where none chattered
    before_count: int
    after_count: int
    hidden_count: int  # occurrences that would not have rung at all
    hidden_real_count: int
    delayed_count: int  # … that would have rung later, by delayed_s
    delayed_real_count: int
    delayed_s: float
    merged_count: int  # … that would not have rung anew, because the one before still stood
    merged_real_count: int
    is_estimate: bool
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A restless alarm and what could be done about it, the most harmless first."""

    chatter: Chatter
    is_life_safety: bool
    proposals: tuple[Proposal, ...]
    sentence: Sentence


def advice_of(past: Past, share: float = SHARE) -> tuple[Advice, ...]:
    """For every alarm that chattered, or was fleeting, what would have removed this share (0 to 1) of it."""
    own = by_alarm(that_count(past.occurrences))
    return tuple([_advise(past, one, own[one.key], share) for one in chatter_of(past.occurrences)])


def _advise(past: Past, chatter: Chatter, own: tuple[Occurrence, ...], share: float) -> Advice:
    is_life_safety = any(past.is_life_safety(one) for one in own)
    stage = _stage_of(past, chatter.key)
    proposals: list[Proposal] = []
    if stage is not None:
        trial = Trial(own=own, stage=stage, verdicts={one.began_at: past.verdict_of(one) for one in own})
        means = [each for each in Means if not (is_life_safety and each is Means.ON_DELAY)]
        found = [_propose(trial, each, share, is_life_safety=is_life_safety) for each in means]
        proposals = [each for each in found if each is not None]
    proposals.sort(key=lambda one: (one.hidden_real_count, one.hidden_count, one.delayed_count))
    said = Sentence(
        f"共 {chatter.occurrence_count} 次，抖动 {chatter.chatter_count} 次，瞬时 {chatter.fleeting_count} 次",
        f"{chatter.occurrence_count} times in all, {chatter.chatter_count} of them chattering, {chatter.fleeting_count} fleeting",
    )
    if not proposals and restless_count(own):
        said = Sentence(f"{said.zh}；没有合适的延时，请检查设备", f"{said.en}; no delay would do: look after the device")
    if is_life_safety:
        said = Sentence(
            f"{said.zh}；涉及生命安全，不建议推迟报警", f"{said.en}; a life may hang on it, so no delay of the alarm is proposed"
        )
    return Advice(chatter=chatter, is_life_safety=is_life_safety, proposals=tuple(proposals), sentence=said)


def _stage_of(past: Past, key: AlarmKey) -> Stage | None:
    """The mildest stage: that which begins the alarm, and whose end ends it. None where the pack no longer has the rule."""
    pack = past.pack.by_community.get(key.community, past.pack)
    return next((rule.alarms[0] for rule in pack.rules if rule.id == key.rule and rule.alarms), None)


def _propose(trial: Trial, means: Means, share: float, *, is_life_safety: bool) -> Proposal | None:
    """The smallest one that removes the share; None where none does."""
    before = restless_count(trial.own)
    count = _chattering_count if _chattering_count(trial.own) else _fleeting_count
    for more in candidates(trial, means) if before else ():
        outcome = tried(trial, means, more)
        after = count(outcome.kept)
        if before - after >= round(share * before, 6):  # a share is no exact number: 0.7 of 10 is 7
            return _proposal(trial, means, more, outcome, (before, after), is_life_safety=is_life_safety)
    return None


def restless_count(own: Sequence[Occurrence]) -> int:
    """The occurrences that chattered; where none did, the fleeting ones, when they are a habit."""
    fleeting_count = _fleeting_count(own)
    return _chattering_count(own) or (fleeting_count if fleeting_count >= FLEETING_COUNT else 0)


def _chattering_count(own: Sequence[Occurrence]) -> int:
    return sum(spell.count for spell in spells_of([one.began_at for one in own]))


def _fleeting_count(own: Sequence[Occurrence]) -> int:
    return sum(1 for one in own if is_fleeting(one))


# ----------------------------------------------------------------------------------------------------- what is said


def _proposal(
    trial: Trial, means: Means, more: float, outcome: Outcome, counts: tuple[int, int], *, is_life_safety: bool
) -> Proposal:
    condition = trial.stage.condition
    band = condition.test.deadband if isinstance(condition.test, Threshold) else 0.0
    present = {Means.ON_DELAY: condition.on_delay_s, Means.OFF_DELAY: condition.off_delay_s, Means.DEADBAND: band}[means]
    before, after = counts
    found = Proposal(
        means=means,
        present=present,
        proposed=more if means is Means.DEADBAND else present + more,
        removed_share=round(1 - after / before, 4),
        before_count=before,
        after_count=after,
        hidden_count=len(outcome.hidden),
        hidden_real_count=trial.real_count(outcome.hidden),
        delayed_count=len(outcome.delayed),
        delayed_real_count=trial.real_count(outcome.delayed),
        delayed_s=more if outcome.delayed else 0.0,
        merged_count=len(outcome.merged),
        merged_real_count=trial.real_count(outcome.merged),
        is_estimate=means is Means.DEADBAND or condition.on_delay_s > 0 or condition.off_delay_s > 0,
        sentence=Sentence("", ""),
    )
    return replace(found, sentence=_said(found, is_life_safety=is_life_safety))


def _said(one: Proposal, *, is_life_safety: bool) -> Sentence:
    how = _HOW[one.means]
    was, new = _amount(one.means, one.present), _amount(one.means, one.proposed)
    percent = number(round(100 * one.removed_share))
    zh = f"{how.zh}由 {was.zh} 改为 {new.zh}：可消除 {percent} %（{one.before_count} 次减为 {one.after_count} 次）"
    en = f"{how.en} {new.en} instead of {was.en}: removes {percent} % ({one.before_count} become {one.after_count})"
    if one.means is Means.ON_DELAY:
        later = duration(one.delayed_s)
        zh += f"；{one.hidden_count} 次不再报警（属实 {one.hidden_real_count} 次）"
        en += f"; {one.hidden_count} would not have rung ({one.hidden_real_count} real)"
        if one.delayed_count:
            zh += f"，{one.delayed_count} 次晚 {later.zh}（属实 {one.delayed_real_count} 次）"
            en += f", {one.delayed_count} {later.en} later ({one.delayed_real_count} real)"
    else:
        zh += f"；不推迟报警，{one.merged_count} 次不再重复响（属实 {one.merged_real_count} 次）"
        en += f"; no alarm is later, {one.merged_count} would not have rung anew ({one.merged_real_count} real)"
    if is_life_safety:
        zh, en = f"{zh}；涉及生命安全，须由责任人批准", f"{en}; a life may hang on it: only with the consent of whoever answers"
    return Sentence(zh, en)


def _amount(means: Means, value: float) -> Sentence:
    return Sentence(number(value), number(value)) if means is Means.DEADBAND else duration(value)
