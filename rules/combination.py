"""AND, OR and NOT over several kinds, in three values: true, untrue, and unknown (Kleene's strong logic).

Of each term every device's last report is kept. A term is true while one device says so; else it is unknown where none was ever
heard, or where the report of one is older than ``good_for_s``; else it is untrue. The instant ``good_for_s`` itself is still
good. A sighting past its time is over instead: a camera never says that it stopped seeing something. Null is no report.

What an unknown formula does, ``Unavailable`` says; it never ends what is on. A delay that stood still goes on from there.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final, cast

from rules.canonical import from_plain
from rules.definition import Stage
from rules.model import Event, EventClass, Evidence
from rules.sequences import TermSignal
from rules.signals import FALLING, FOR_EVER, IDLE, ON, RISING, Plain, Signal, copy_of, limit_of, to_ms
from rules.terms import All, AnyOf, Combination, Formula, Not, Term, Unavailable, terms_of

Truth = bool | None
DEVICES_MAX: Final = 256
"""Devices of one term and place that are remembered; past this the one heard longest ago is forgotten."""
CITED_MAX: Final = 32
"""Readings that one finding cites."""


def value_of(formula: Formula, truths: Iterator[Truth]) -> Truth:
    """What the formula says, given what its terms say from left to right; None where that is not known."""
    match formula:
        case Term():
            return next(truths)
        case Not(of=part):
            inner = value_of(part, truths)
            return None if inner is None else not inner
        case All(of=parts):
            return _strong([value_of(part, truths) for part in parts], decisive=False)
        case AnyOf(of=parts):
            return _strong([value_of(part, truths) for part in parts], decisive=True)


def _strong(values: list[Truth], *, decisive: bool) -> Truth:
    """One decisive value decides whatever the unknown ones are; without it they leave it open."""
    if decisive in values:
        return decisive
    return None if None in values else not decisive


def reasons_of(formula: Formula, truth_of: Callable[[Term], Truth]) -> tuple[Term, ...]:
    """The terms on which the formula's value rests: of an AND that is untrue those that are, of one that is true all."""
    match formula:
        case Term():
            return (formula,)
        case Not(of=part):
            return reasons_of(part, truth_of)
        case _:
            value = _worth(formula, truth_of)
            decisive = isinstance(formula, AnyOf)
            parts = [part for part in formula.of if value is not decisive or _worth(part, truth_of) is decisive]
            return tuple([term for part in parts for term in reasons_of(part, truth_of)])


def _worth(formula: Formula, truth_of: Callable[[Term], Truth]) -> Truth:
    return value_of(formula, iter([truth_of(term) for term in terms_of(formula)]))


class Report:
    """What one device said last of one term."""

    __slots__ = ("evidence", "good_until_at", "truth")

    def __init__(self, truth: Truth, good_until_at: int, evidence: Evidence) -> None:
        self.truth = truth
        self.good_until_at = good_until_at  # FOR_EVER where it does not age, or has aged already
        self.evidence = evidence


@lru_cache(maxsize=1024)
def _terms(test: Combination) -> tuple[Term, ...]:
    return terms_of(test.of)


class CombinationSignal(TermSignal):
    """The last reports of every term, and the phase that follows from them. ``between`` is what it began with."""

    __slots__ = ("deaf_until", "paused_at", "reports")
    remembers = True

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.reports: list[dict[str, Report]] = [{} for _ in self.terms]
        self.paused_at = 0  # since when a delay stands still; 0 while it runs
        self.deaf_until = 0  # within one step: until when nobody could hear

    @property
    def _test(self) -> Combination:
        return cast(Combination, self.stage.condition.test)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms of the formula, from left to right."""
        return _terms(self._test)

    def see(self, event: Event, now: int, is_armed: bool) -> bool:
        """Remember what the event says of each term, and follow what the formula says now.

        What may be due earlier than before is news too: somebody has to be woken for it.
        """
        aging = sum([_ages(report) for reports in self.reports for report in reports.values()])
        heard = [self._hear(index, term, event, now) for index, term in enumerate(self.terms)]
        said = [report for report in heard if report is not None]
        if not said:
            return False
        is_moved = self._settle(now, is_armed)
        if self.phase == ON and event.event_class is EventClass.ALARM:
            self.last = next((report.evidence for report in said if report.truth), self.last)
        return is_moved or aging < sum([_ages(report) for reports in self.reports for report in reports.values()])

    def _hear(self, index: int, term: Term, event: Event, now: int) -> Report | None:
        reports = self.reports[index]
        before = reports.get(event.device)
        truth = self.says(term, event, was_true=before is not None and before.truth is True)
        if truth is None:
            return None
        if before is not None:
            del reports[event.device]  # the one heard longest ago stands first
        elif len(reports) >= DEVICES_MAX:
            del reports[next(iter(reports))]
        good_until = FOR_EVER if term.good_for_s is None else now + to_ms(term.good_for_s)
        report = reports[event.device] = Report(truth, good_until, copy_of(event, now, *limit_of(term.test, event)))
        return report

    def _age(self, now: int) -> None:
        """What is older than it is good for says nothing any more; a sighting is over."""
        for term, reports in zip(self.terms, self.reports, strict=True):
            for report in reports.values():
                if now > report.good_until_at:
                    report.truth = False if term.is_sighting else None
                    report.good_until_at = FOR_EVER

    def _truth_at(self, index: int) -> Truth:
        truths = [report.truth for report in self.reports[index].values()]
        return _strong(truths, decisive=True) if truths else None

    def value(self) -> Truth:
        """What the formula says of the last reports."""
        return value_of(self._test.of, iter([self._truth_at(index) for index in range(len(self.terms))]))

    def _settle(self, now: int, is_armed: bool) -> bool:
        """Let the phase follow what is known now. Returns whether anything moved. Of nothing nothing can be said."""
        if not any(self.reports):
            return False
        self._age(now)
        value = self.value()
        if value is None and self._test.unavailable is not Unavailable.TRUE:
            return self._wait_and_see(now)
        is_paused = self.paused_at != 0
        if is_paused:
            self.since_at += now - self.paused_at
            self.paused_at = 0
        return self._go(value is not False, now, is_armed) or is_paused

    def _wait_and_see(self, now: int) -> bool:
        """Unknown: nothing begins and nothing ends."""
        if self.phase == RISING and self._test.unavailable is Unavailable.UNTRUE:
            self.phase = IDLE
            self.paused_at = 0
            return True
        if self.phase not in (RISING, FALLING) or self.paused_at:
            return False
        self.paused_at = max(now, self.deaf_until)
        return True

    def _go(self, truth: bool, now: int, is_armed: bool) -> bool:
        before = self.phase
        if before == (ON if truth else IDLE) or (truth and not is_armed and before in (IDLE, RISING)):
            return False
        self.last = max([report.evidence for reports in self.reports for report in reports.values()], key=_age_of)
        self.last_at = now
        if truth:
            begun = self._reasons() if before == IDLE else self.between
            self._rise(now)
            self.between = begun
        else:
            self._fall(now)
        return self.phase != before

    def _reasons(self) -> tuple[Evidence, ...]:
        """The reports on which the value rests: of a term that is true the latest that says so."""
        terms = self.terms
        truths = {term: self._truth_at(index) for index, term in enumerate(terms)}
        wanted = reasons_of(self._test.of, truths.__getitem__)
        found: dict[tuple[str, str, str], Evidence] = {}
        for term, reports in zip(terms, self.reports, strict=True):
            said = [report for report in reports.values() if report.truth is truths[term] and report.truth is not None]
            if said and term in wanted:
                evidence = said[-1].evidence
                found[evidence.device, evidence.event_id, evidence.test] = evidence
        return tuple(sorted(found.values(), key=_age_of))

    def evidence(self) -> tuple[Evidence, ...]:
        """What it began with and what it rests on now, each reading once, the earliest first."""
        both = (*self.between, *self._reasons(), *(() if self.last is None else (self.last,)))
        found = {(item.device, item.event_id, item.test): item for item in both}
        return tuple(sorted(found.values(), key=_age_of)[-CITED_MAX:])

    def due_at(self) -> int | None:
        """When a report ages, or a delay that runs is over."""
        delay = FOR_EVER if self.paused_at else Signal.due_at(self) or FOR_EVER
        ages = [report.good_until_at + 1 for reports in self.reports for report in reports.values()]
        first = min([delay, *ages])
        return first if first < FOR_EVER else None

    def pass_time(self, at: int, is_armed: bool) -> bool:
        """Let reports age first: at the end of a delay it must still be known."""
        is_moved = self._settle(at, is_armed)
        if self.paused_at or (Signal.due_at(self) or FOR_EVER) > at:
            return is_moved
        self.phase = ON if self.phase == RISING and is_armed else IDLE
        return True

    def sleep(self, since: int, until: int) -> bool:
        """A delay stands still while nobody hears. Reports age all the same: what is old is old."""
        self.deaf_until = until
        if self.phase not in (RISING, FALLING) or self.paused_at:
            return False
        self.since_at += until - since
        return True

    def is_idle(self) -> bool:
        """Nothing is true, and nothing is known."""
        return self.phase == IDLE and all(report.truth is None for reports in self.reports for report in reports.values())

    def set_right(self) -> None:
        """Back to idle. What is known of the world stays known."""
        super().set_right()
        self.paused_at = 0

    def dump(self, *, is_open: bool) -> Plain:
        """As for every signal, then the reports, and since when a delay stands still."""
        rows = [
            [index, device, report.truth, report.good_until_at, report.evidence]
            for index, reports in enumerate(self.reports)
            for device, report in reports.items()
        ]
        return [*super().dump(is_open=is_open), rows, self.paused_at]

    def load(self, plain: Sequence[object]) -> None:
        """Become what ``dump`` saw."""
        super().load(plain)
        for index, device, truth, good_until_at, evidence in cast(list[Plain], plain[1]):
            report = Report(cast(Truth, truth), cast(int, good_until_at), from_plain(Evidence, evidence))
            self.reports[cast(int, index)][cast(str, device)] = report
        self.paused_at = cast(int, plain[2])


def _ages(report: Report) -> bool:
    return report.good_until_at < FOR_EVER


def _age_of(evidence: Evidence) -> int:
    return evidence.received_at
