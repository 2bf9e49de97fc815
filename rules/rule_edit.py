"""A rule says something else from now on: what a running watch keeps of it, what is judged anew, and what ends.

* What only tells, sends or gathers (title, sentence, source, plan, hazard, hours, latching, expiry) changes nothing that runs: an
  alarm keeps its latch, a warning its expiry and a case its plan, as they were when they began; what comes next has the new ones.
* A stage that is still there takes its memory along. Where its limit or its delay is another one, what is pending is judged
  anew by the last reading that is remembered; what counts as true stays true until a reading, or a person, says otherwise.
  Nothing is ever "back to normal" because somebody edited a rule.
* Where the rule looks at other events now (``kinds``, ``when``), what was only pending begins anew: its readings might not be
  looked at any more. A silence goes on: to forget it would be to miss somebody.
* A stage that is gone ends what only it held up, and that is told as the rule's removal. So does another ``watch``, and a kind
  that the rule no longer looks at: nothing could end such an alarm any more.
"""

import json
from dataclasses import fields, is_dataclass
from typing import Final

from rules.agreement import AgreementSignal
from rules.book import Book
from rules.canonical import to_json
from rules.definition import Match, Rule, Stage
from rules.gate import is_open
from rules.model import Evidence
from rules.primitive import Count, Rate, Silence, StateIs, Test, Threshold, Unusual
from rules.signals import FALLING, IDLE, ON, RISING, Signal
from rules.watch import Watch
from rules.windows import CountSignal, RateSignal, SilenceSignal, is_steep

_TELLING: Final = (
    *("title", "hazard", "guard", "unwatch", "hours", "days", "is_latching", "warning_expires_s"),
    *("plan", "sentence", "source", "digest", "card", "confidence"),
)
"""The fields of a rule that no running condition hangs on; a guard is compared by its text. A field that is not known here is
taken for one that does."""


def is_same_rule(one: Rule, other: Rule) -> bool:
    """Whether nothing at all was edited."""
    return one.digest == other.digest if one.digest or other.digest else one == other


def has_same_condition(one: Rule, other: Rule) -> bool:
    """Whether what runs under the one runs on under the other, as if nothing had been edited."""
    names = [field.name for field in fields(Rule) if field.name not in _TELLING]
    is_same_guard = (one.guard is None) is (other.guard is None) and (one.unwatch is None) is (other.unwatch is None)
    return is_same_guard and all(getattr(one, name) == getattr(other, name) for name in names)


def can_go_on(watch: Watch, new: Rule) -> bool:
    """Whether this watch has a place under the edited rule: the same sort of thing is watched, of kinds still looked at."""
    return watch.active.rule.key is new.key and all(_looks_at(new.match, kind) for kind in _kinds_of(watch))


def _looks_at(match: Match, kind: str) -> bool:
    return not match.kinds or kind in match.kinds


def _kinds_of(watch: Watch) -> list[str]:
    """Of which kinds the readings are that something pending or open here rests on."""
    kinds = [signal.heard_kind for signal in watch.silences if signal.heard_id]
    for signal in watch.signals:
        kinds += [item.kind for item in signal.evidence() if signal.phase != IDLE]
    return kinds


def take_over(old: Watch, new: Watch, now: int) -> None:
    """Let the new watch go on where the old one stands."""
    for name in ("device", "zone", "warning_id", "alarm_id", "warned_rank", "muted_rank", "muted_until_at", "tracks"):
        setattr(new, name, getattr(old, name))
    one, other = old.active.rule, new.active.rule
    is_seen_anew = (one.match, one.guard_text) != (other.match, other.guard_text)
    known = _last_known(old)
    for index, (before, after) in enumerate(_pairs(old, new)):
        if before is not None:
            new.speaking |= (old.speaking >> old.signals.index(before) & 1) << index
            is_plain = isinstance(before, SilenceSignal) and before.last is None  # the many that only wait: nothing to read back
            memory = before.dump(is_open=not is_plain)
            after.load(memory if is_plain else json.loads(to_json(memory)))
            if is_seen_anew and after.phase == RISING and not isinstance(after, SilenceSignal):
                after.set_right()
        if before is None or before.stage.condition != after.stage.condition:
            _judge_anew(after, None if is_seen_anew else known, now)


def _pairs(old: Watch, new: Watch) -> list[tuple[Signal | None, Signal]]:
    """Each signal of the new watch, with the one whose memory is its own: the same stage, else one with the same sort of test."""
    found: dict[int, Signal] = {}
    for ours, theirs in ((old.warnings, new.warnings), (old.alarms, new.alarms)):
        left = list(ours)
        for is_like in (_is_same, _has_same_test_and_level, _has_same_test, _is_alike_at_level, _is_alike):
            for signal in theirs:
                like = next((one for one in left if is_like(one.stage, signal.stage)), None)
                if id(signal) not in found and like is not None:
                    found[id(signal)] = like
                    left.remove(like)
    return [(found.get(id(signal)), signal) for signal in new.signals]


def _is_same(one: Stage, other: Stage) -> bool:
    return one == other


def _has_same_test_and_level(one: Stage, other: Stage) -> bool:
    return _has_same_test(one, other) and one.level is other.level


def _has_same_test(one: Stage, other: Stage) -> bool:
    return one.condition.test == other.condition.test


def _is_alike_at_level(one: Stage, other: Stage) -> bool:
    return one.level is other.level and _is_alike(one, other)


def _is_alike(one: Stage, other: Stage) -> bool:
    """Whether the memory of the one can be that of the other: the same sort of test, whose parts are plain or the same."""
    first, second = one.condition.test, other.condition.test
    is_same_sort = type(first) is type(second) or (isinstance(first, Silence) and isinstance(second, Silence))
    return is_same_sort and _direction(first) == _direction(second)


def _direction(test: Test) -> object:
    """What of a test its memory hangs on: which way it looks, and the tests within it."""
    if isinstance(test, Threshold):
        return test.above is None
    if isinstance(test, Unusual):
        return test.season, test.side, test.zone  # another rhythm, or other hours, must be learned anew
    inner = [getattr(test, field.name) for field in fields(test)]
    return [part for part in inner if _has_tests(part)]


def _has_tests(part: object) -> bool:
    return is_dataclass(part) or (isinstance(part, tuple) and any(is_dataclass(each) for each in part))


def _last_known(watch: Watch) -> Evidence | None:
    """The latest reading that is remembered of what is pending or true now."""
    lasts = [signal.last for signal in watch.signals if signal.phase in (RISING, ON) and signal.last is not None]
    return max(lasts, key=lambda item: item.received_at, default=None)


def _judge_anew(signal: Signal, known: Evidence | None, now: int) -> None:
    """Another limit, or another delay. What counts as true stays: only a reading or a person can say that it is over."""
    if signal.phase in (ON, FALLING):
        return
    test = signal.stage.condition.test
    if signal.phase == RISING and not _still_holds(signal, test):
        signal.set_right()
    if signal.phase != IDLE:
        return
    if isinstance(test, Threshold | StateIs):
        if known is not None and now - known.received_at <= signal.hold_ms and _holds(test, known):
            _begin(signal, known)
            signal.holders = {known.device: None if known.value is None else known.occurred_at}
    elif isinstance(signal, CountSignal) and isinstance(test, Count) and len(signal.hits) >= test.count:
        _begin(signal, signal.hits[-1])
    elif isinstance(signal, AgreementSignal):
        signal.recount(now)


def _begin(signal: Signal, item: Evidence) -> None:
    """The test has been true since this reading."""
    signal.phase = RISING if signal.on_ms else ON
    signal.first = signal.last = item
    signal.since_at = signal.last_at = item.received_at


def _still_holds(signal: Signal, test: Test) -> bool:
    """Whether what is pending would have begun under the new test too, as far as is remembered."""
    if isinstance(test, Threshold | StateIs):
        return signal.last is not None and _holds(test, signal.last)
    if isinstance(signal, RateSignal) and isinstance(test, Rate):
        return is_steep(test, signal.measure)
    if isinstance(signal, CountSignal) and isinstance(test, Count):
        return len(signal.hits) >= test.count
    return isinstance(signal, SilenceSignal)


def _holds(test: Threshold | StateIs, item: Evidence) -> bool:
    if isinstance(test, StateIs):
        return item.state in test.states
    value = item.value
    return value is not None and (
        (test.above is not None and value >= test.above) or (test.below is not None and value <= test.below)
    )


def pass_delays(book: Book, watch: Watch) -> None:
    """A delay, or a silence, that is shorter now may have run out already. What is about to be over waits for its timer."""
    for index, signal in enumerate(watch.signals):
        if signal.phase != FALLING:
            signal.pass_time(book.now, signal.sees_in_the_dark or is_open(book, watch, index, book.now))
