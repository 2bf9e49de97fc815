"""What became of each event of a load: when it left, when the broker had it, and when its receipt came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ingest.topics import Lane

SHARES: Final = (0.5, 0.9, 0.99)


@dataclass(slots=True)
class Sent:
    """One event. All times in s of one clock that only goes forward; None: not yet."""

    lane: Lane
    wants_receipt: bool
    sent_s: float
    acknowledged_s: float | None = None
    receipt_s: float | None = None
    receipt_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneFigures:
    """Of one lane: its events, those with a receipt, and the s from sending to the receipt (p50, p90, p99 and the worst)."""

    lane: Lane
    sent_count: int
    receipt_count: int
    quantiles_s: tuple[float, ...]
    worst_s: float | None


@dataclass(slots=True)
class Ledger:
    """By the event's id, in the order of sending. A message that is sent again counts from its first time."""

    events: dict[str, Sent] = field(default_factory=dict)
    stranger_count: int = 0  # receipts for what was never sent
    owed: dict[str, None] = field(default_factory=dict)  # acknowledged, and the receipt that was asked for is not there

    def send(self, event_id: str, lane: Lane, now_s: float, *, wants_receipt: bool) -> None:
        """It leaves."""
        self.events.setdefault(event_id, Sent(lane, wants_receipt, now_s))

    def acknowledge(self, event_id: str, now_s: float) -> None:
        """The broker has it."""
        sent = self.events[event_id]
        sent.acknowledged_s = now_s
        if sent.wants_receipt and sent.receipt_s is None:
            self.owed[event_id] = None

    def receipt(self, event_id: str, now_s: float) -> None:
        """Its receipt came: journaled, decided and stored."""
        sent = self.events.get(event_id)
        if sent is None:
            self.stranger_count += 1
            return
        self.owed.pop(event_id, None)
        sent.receipt_count += 1
        if sent.receipt_s is None:
            sent.receipt_s = now_s

    @property
    def acknowledged(self) -> list[str]:
        """The ids that the broker has taken: none of these may be lost."""
        return [event_id for event_id, sent in self.events.items() if sent.acknowledged_s is not None]

    def figures(self) -> list[LaneFigures]:
        """Lane by lane, the critical one first; lanes in which nothing was sent are left out."""
        found = []
        for lane in (Lane.CRITICAL, Lane.NORMAL, Lane.BULK):
            events = [sent for sent in self.events.values() if sent.lane is lane]
            waits = sorted(sent.receipt_s - sent.sent_s for sent in events if sent.receipt_s is not None)
            if events:
                found.append(
                    LaneFigures(
                        lane=lane,
                        sent_count=len(events),
                        receipt_count=len(waits),
                        quantiles_s=tuple(quantile(waits, share) for share in SHARES) if waits else (),
                        worst_s=waits[-1] if waits else None,
                    )
                )
        return found


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value that at least this share (0 to 1] of the ordered values do not exceed (nearest rank)."""
    return ordered[max(0, -(-round(share * 1000) * len(ordered) // 1000) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is not as it must be: every list is empty where nothing was lost, doubled or invented."""

    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    strange: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Nothing lost, nothing doubled, nothing invented."""
        return not (self.lost or self.doubled or self.strange)


def prove(must: Iterable[str], may: Iterable[str], found: Iterable[str]) -> Proof:
    """Compare what must be there once (and what may be) with what was found."""
    expected = list(must)
    allowed = {*expected, *may}
    seen: dict[str, int] = {}
    for each in found:
        seen[each] = seen.get(each, 0) + 1
    return Proof(
        lost=tuple(each for each in expected if each not in seen),
        doubled=tuple(each for each, count in seen.items() if count > 1),
        strange=tuple(each for each in seen if each not in allowed),
    )
