"""预演的结果: which alarms of the record something would have kept quiet, what of them was never told, and what was real.

Three things quiet alarms: a shelf, an inhibition, an outage. Before one of them is done, a person can ask what it would have
hidden: hiding.py and hiding_shelf.py look it up in the record, this page says it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rules.alarm_record import Occurrence
from rules.definition import RulePack
from rules.model import Incident, Sentence, Verdict
from rules.sentence import duration, join


class Fate(StrEnum):
    """What would have become of an alarm that was kept quiet."""

    NEVER_TOLD = "never_told"  # nobody would have heard of it: it ended, or the record does, while it was quiet
    LATE = "late"  # told when the quiet was over, because it still held
    QUIETED = "quieted"  # it had rung before it was quieted: known, and no longer shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Quiet from … until before … (ms); None: to the end of the occurrence or of the record."""

    from_at: int
    until_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """One occurrence of an alarm that would have been kept quiet."""

    alarm_id: str
    incident_id: str
    rule: str
    hazard: str
    level: str
    place: str  # as exact as the rule looks
    zone: str
    device: str
    began_at: int
    ended_at: int | None
    fate: Fate
    told_at: int | None  # of a late one: when it would have been told
    is_life_safety: bool
    verdict: Verdict
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would have been hidden from ``since_at`` until before ``until_at`` (ms), the earlier first."""

    since_at: int
    until_at: int
    rang_count: int  # alarms of the whole record that rang then
    hidden: tuple[Hidden, ...]
    never_told_count: int
    late_count: int
    quieted_count: int
    life_safety_count: int
    real_count: int
    kept_count: int  # life-safety alarms that lie in it and would have rung all the same
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The record to look at: what rang, the cases, and the rules by which dangers are judged."""

    since_at: int
    until_at: int
    occurrences: tuple[Occurrence, ...]
    incidents: Mapping[str, Incident]
    pack: RulePack

    def is_life_safety(self, one: Occurrence) -> bool:
        """Whether a life may hang on it, by its own hazard or by its case."""
        pack = self.pack.by_community.get(one.key.community, self.pack)
        hazard, case = pack.hazards.get(one.hazard), self.incidents.get(one.incident_id)
        return (hazard is not None and hazard.is_life_safety) or (case is not None and case.is_life_safety)

    def verdict_of(self, one: Occurrence) -> Verdict:
        """What a person found."""
        case = self.incidents.get(one.incident_id)
        return Verdict.UNTRIAGED if case is None else case.verdict

    def rang_in(self, one: Occurrence) -> bool:
        """Whether it rang within the period."""
        return any(self.since_at <= at < self.until_at for at in one.rang_at)


def hidden_of(past: Past, one: Occurrence, spans: tuple[Span, ...]) -> Hidden | None:
    """What these spans of quiet would have made of it; None where it was quiet anyway."""
    first_rang_at = one.rang_at[0] if one.rang_at else None
    if first_rang_at is None or not spans:
        return None
    around = [span for span in spans if span.from_at <= first_rang_at and _is_before(first_rang_at, span.until_at)]
    fate, told_at = Fate.QUIETED, None
    if around:
        told_at = around[0].until_at
        is_told = told_at is not None and told_at <= (past.until_at if one.ended_at is None else one.ended_at)
        fate, told_at = (Fate.LATE, told_at) if is_told else (Fate.NEVER_TOLD, None)
    return Hidden(
        alarm_id=one.alarm_id,
        incident_id=one.incident_id,
        rule=one.key.rule,
        hazard=one.hazard,
        level=one.level.value,
        place=one.key.place,
        zone=one.zone,
        device=one.device,
        began_at=one.began_at,
        ended_at=one.ended_at,
        fate=fate,
        told_at=told_at,
        is_life_safety=past.is_life_safety(one),
        verdict=past.verdict_of(one),
        spans=spans,
    )


def _is_before(at: int, end: int | None) -> bool:
    return end is None or at < end


def preview_of(past: Past, hidden: Iterable[Hidden], kept_count: int = 0) -> Preview:
    """The whole answer, with a sentence."""
    found = tuple(sorted(hidden, key=lambda one: (one.began_at, one.rule, one.zone, one.device, one.alarm_id)))
    rang_count = sum(1 for one in past.occurrences if past.rang_in(one))
    never_told_count = sum(1 for one in found if one.fate is Fate.NEVER_TOLD)
    life_safety_count = sum(1 for one in found if one.is_life_safety)
    real_count = sum(1 for one in found if one.verdict is Verdict.REAL)
    long = duration(round((past.until_at - past.since_at) / 1000))
    lead = Sentence(f"过去 {long.zh}", f"in the last {long.en}")
    said = Sentence(
        f"会隐去 {len(found)} 条报警（共响 {rang_count} 条），其中 {never_told_count} 条始终无人得知；"
        f"涉及生命安全 {life_safety_count} 条，核实属实 {real_count} 条",
        f"{len(found)} of {rang_count} alarms would have been hidden, {never_told_count} of them never told; "
        f"life safety {life_safety_count}, verified as real {real_count}",
    )
    if kept_count:
        said = Sentence(
            f"{said.zh}；另有 {kept_count} 条生命安全报警照常响",
            f"{said.en}; {kept_count} life-safety alarms would have rung all the same",
        )
    return Preview(
        since_at=past.since_at,
        until_at=past.until_at,
        rang_count=rang_count,
        hidden=found,
        never_told_count=never_told_count,
        late_count=sum(1 for one in found if one.fate is Fate.LATE),
        quieted_count=sum(1 for one in found if one.fate is Fate.QUIETED),
        life_safety_count=life_safety_count,
        real_count=real_count,
        kept_count=kept_count,
        sentence=join(lead, said),
    )
