"""What a signal has found, in the form in which a case tells it: level, reason, readings and the sentence."""

from dataclasses import dataclass
from typing import Final

from rules.book import Book
from rules.model import Evidence, Level, Reason, Sentence
from rules.primitive import (
    Burst,
    Count,
    Forecast,
    Impossible,
    PersonalSilence,
    Rate,
    Silence,
    StateIs,
    Stuck,
    Test,
    Threshold,
    Unusual,
)
from rules.sentence import describe, join, say
from rules.sequences import TermSignal
from rules.signals import Signal
from rules.telling import REASONS, tell
from rules.terms import Agreement, Missing, Sequence
from rules.watch import Watch

_REASONS: Final[dict[type, Reason]] = {
    Threshold: Reason.LIMIT_CROSSED,
    StateIs: Reason.STATE_REPORTED,
    Rate: Reason.RATE_EXCEEDED,
    Unusual: Reason.UNLIKE_USUAL,
    Forecast: Reason.LIMIT_FORESEEN,
    Stuck: Reason.VALUE_STUCK,
    Burst: Reason.COUNT_REACHED,
    Impossible: Reason.VALUE_IMPOSSIBLE,
    Count: Reason.COUNT_REACHED,
    Silence: Reason.WENT_SILENT,
    PersonalSilence: Reason.WENT_SILENT,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition that counts as true, ready to be told."""

    level: Level
    reason: Reason
    evidence: tuple[Evidence, ...]
    sentence: Sentence


def finding_of(book: Book, watch: Watch, signal: Signal, *, is_again: bool = False) -> Finding:
    """What this signal, which is on, has found. ``is_again``: the repetition alone is what is told."""
    stage = signal.stage
    evidence = signal.evidence_again() if is_again else signal.evidence()
    if isinstance(signal, TermSignal) and watch.active.rule.sentence is None:
        said = join(watch.active.rule.title, tell(book, watch, signal, evidence))
        return Finding(stage.level, REASONS[type(stage.condition.test)], evidence, said)
    shown = next((item for item in reversed(evidence) if not _is_in_band(item)), evidence[-1])
    test = type(stage.condition.test)
    reason = REASONS.get(test) or (Reason.REPORTED if shown.test == "report" else _REASONS[test])
    sentence = say(
        watch.active.rule,
        shown,
        book.routes.kind_of(shown),
        watch.zone,
        held_s=stage.condition.on_delay_s,
        span_s=stage.condition.on_delay_s or _silent_s(shown) or _span_s(stage.condition.test),
        measure=signal.measure,
    )
    return Finding(stage.level, reason, evidence, sentence)


def _is_in_band(item: Evidence) -> bool:
    """Whether a reading kept the condition true only by the deadband: "4.95 is below the limit of 5" explains no warning."""
    if item.value is None or not isinstance(item.limit, float | int):
        return False
    return (item.test == "above" and item.value < item.limit) or (item.test == "below" and item.value > item.limit)


def ending_of(book: Book, watch: Watch, signals: tuple[Signal, ...]) -> tuple[Sentence, tuple[Evidence, ...]]:
    """How a condition that has ended is told, from the latest reading that any of its signals took in."""
    signal = max(signals, key=lambda one: one.last.received_at if one.last is not None else 0)
    last = signal.last
    if last is None:
        return watch.active.rule.title, ()
    seen = describe(
        last, book.routes.kind_of(last), watch.zone, held_s=signal.stage.condition.off_delay_s, measure=signal.measure
    )
    if last.test == "silent":
        seen = Sentence(f"设备 {last.device} 恢复通信", f"device {last.device} is heard again")
    return join(watch.active.rule.title, seen), (last,)


def _silent_s(item: Evidence) -> float:
    """How long it was silent, where that was told before the fixed time."""
    return float(item.limit) if item.test == "quiet" and isinstance(item.limit, int | float) else 0.0


def _span_s(test: Test) -> float:
    match test:
        case Silence(for_s=span_s) | Rate(window_s=span_s) | Count(within_s=span_s) | Forecast(in_s=span_s):
            return span_s
        case Stuck(for_s=span_s) | Burst(quiet_s=span_s):
            return span_s
        case Sequence(within_s=span_s) | Missing(within_s=span_s) | Agreement(within_s=span_s):
            return span_s
        case _:
            return 0.0
