"""预演停用与抑制: the record of alarms is played once more past the very judgement that would quiet them, and nothing else.

``outage.py`` and ``inhibition.py`` judge each alarm as it was then, in the chain's own order (what was touched, by id), so that a
preview cannot drift from what is done later. What the record cannot know: alarms that were never raised, and repetitions of one
alarm beyond the eighth, of which only some are told (they prolong an inhibition that is bounded in time).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Final

from rules.alarm_record import Occurrence, Phase
from rules.book import Book, Case
from rules.definition import Inhibition
from rules.hidden import Hidden, Past, Preview, Span, hidden_of, preview_of
from rules.inhibition import source_of
from rules.lifecycle import QUIET
from rules.model import Alarm, Sentence
from rules.outage import covers, outage_of
from rules.place import Outage
from rules.quieted import Quieted
from rules.quieting import watch_bounds

DAY_MS: Final = 86_400_000
Row = tuple[int, int, Callable[[], None]]
"""When, in which order within the instant, and what happens."""
_IS_OVER, _BEGINS, _CONDITION_ENDS, _CONDITION_HOLDS, _CONDITION_WAS_BRIEF = range(5)
"""The order within an instant. Changes of conditions are one step, however many come at once; what ends as it began ends last."""
_UNSAID: Final = Sentence("", "")


def hidden_by_outages(past: Past, outages: Sequence[Outage]) -> Preview:
    """What these outages, each at its own hours, would have kept quiet."""
    return _Stage(past, (), outages).answer()


def hidden_by_inhibitions(past: Past, inhibitions: tuple[Inhibition, ...]) -> Preview:
    """What these inhibitions would have kept quiet, whichever were in force then."""
    return _Stage(past, inhibitions, ()).answer()


def same_hours_before(outage: Outage, past: Past) -> tuple[Outage, ...]:
    """This outage at the same hours of each day of the record; what would lie outside is cut off."""
    found: list[Outage] = []
    days = (max(outage.until_at, past.until_at) - past.since_at) // DAY_MS + 1
    for back in range(days, -1, -1):
        from_at = max(outage.from_at - back * DAY_MS, past.since_at)
        until_at = min(outage.until_at - back * DAY_MS, past.until_at)
        if from_at < until_at:
            found.append(replace(outage, id=f"{outage.id}/{back:04}", from_at=from_at, until_at=until_at))
    return tuple(found)


class _Stage:
    """A book on which nothing stands but the recorded alarms, and what is tried on them."""

    def __init__(self, past: Past, inhibitions: tuple[Inhibition, ...], outages: Sequence[Outage]) -> None:
        self.past = past
        self.outages = outages
        self.running: dict[str, Occurrence] = {}  # by the alarm's id
        self.spans: dict[tuple[str, int], list[Span]] = {}  # by the alarm's id and the occurrence's beginning
        self.kept: dict[tuple[str, int], None] = {}
        self.book = book = Book()
        book.pack = past.pack
        book.quieted = Quieted(inhibitions)
        for incident in past.incidents.values():
            book.cases[incident.id] = Case(incident=incident, plan=None, last_at=incident.opened_at)

    def answer(self) -> Preview:
        """Play the record, and say what was quiet."""
        score = sorted(self._score(), key=lambda row: row[:2])
        for (at, _), rows in groupby(score, key=lambda row: (row[0], min(row[1], _CONDITION_ENDS))):
            self._pass_time(at)
            self.book.begin_step(at, "")
            for _, _, do in rows:
                do()
            self._settle()
        self._pass_time(self.past.until_at)
        hidden = [found for one in self.past.occurrences if (found := self._hidden(one)) is not None]
        return preview_of(self.past, hidden, len(self.kept))

    def _score(self) -> Iterator[Row]:
        """What happens when: of one instant first what ends and begins by the clock, as in the chain."""
        for outage in self.outages:
            yield outage.until_at, _IS_OVER, partial(self._put_outage, replace(outage, ended_at=outage.until_at))
            yield outage.from_at, _BEGINS, partial(self._put_outage, replace(outage, is_running=True))
        for one in self.past.occurrences:
            if one.ended_at is not None:
                order = _CONDITION_WAS_BRIEF if one.ended_at == one.began_at else _CONDITION_ENDS
                yield one.ended_at, order, partial(self._end, one)
            for phase in one.phases:
                yield phase.at, _CONDITION_HOLDS, partial(self._hold, one, phase)

    # ---------------------------------------------------------------------------------------------- what happens

    def _put_outage(self, outage: Outage) -> None:
        self.book.put_outage(outage)
        for name in self.book.alarms:
            self.book.quieted.touched[name] = None

    def _hold(self, one: Occurrence, phase: Phase) -> None:
        before = self.book.alarms.get(one.alarm_id)
        self.running[one.alarm_id] = one
        self.book.put_alarm(alarm_of(one, phase) if before is None else _gone_on(before, one, phase))

    def _end(self, one: Occurrence) -> None:
        self.book.put_alarm(replace(self.book.alarms[one.alarm_id], state="normal", is_active=False))

    def _pass_time(self, at: int) -> None:
        """An inhibition that is bounded in time ends by itself."""
        while due := self.book.timers.take_due(at):
            deadline, _, fire = due
            self.book.begin_step(deadline, "")
            fire(deadline)
            self._settle()

    # ---------------------------------------------------------------------------------------------- what is quiet

    def _settle(self) -> None:
        book = self.book
        while book.quieted.touched:
            touched = sorted(book.quieted.touched)
            book.quieted.touched = {}
            for name in touched:
                alarm = book.alarms.get(name)
                if alarm is not None:
                    self._review(alarm)
                    watch_bounds(book, alarm)
        book.end_step()

    def _review(self, alarm: Alarm) -> None:
        outage = outage_of(self.book, alarm)
        source = None if outage is not None else source_of(self.book, alarm)
        after = replace(alarm, state="unacknowledged", cause_id="", inhibition="")
        if outage is not None:
            after = replace(after, state="out_of_service")
        elif source is not None:
            after = replace(after, state="suppressed", cause_id=source[0].id, inhibition=source[1])
        elif any(covers(one, alarm) for one in self.book.outages.running.get(alarm.community, {}).values()):
            self._keep(alarm)
        if after != alarm:
            self._be_quiet(alarm, is_quiet=after.state in QUIET)
            self.book.put_alarm(after)

    def _keep(self, alarm: Alarm) -> None:
        """It lies in what is out of service, but a life may hang on it: it rings."""
        one = self.running[alarm.id]
        if any(outage.from_at <= at < outage.until_at for at in one.rang_at for outage in self.outages):
            self.kept[alarm.id, one.began_at] = None

    def _be_quiet(self, alarm: Alarm, *, is_quiet: bool) -> None:
        """From now on it is quiet, or no longer is."""
        one = self.running[alarm.id]
        spans = self.spans.setdefault((alarm.id, one.began_at), [])
        is_open = bool(spans) and spans[-1].until_at is None
        if is_quiet and not is_open:
            spans.append(Span(from_at=self.book.now, until_at=None))
        elif is_open and not is_quiet:
            spans[-1] = replace(spans[-1], until_at=self.book.now)

    def _hidden(self, one: Occurrence) -> Hidden | None:
        spans = self.spans.get((one.alarm_id, one.began_at), ())
        since_at, until_at = self.past.since_at, self.past.until_at
        found = [span for span in spans if span.from_at < until_at and (span.until_at is None or span.until_at > since_at)]
        return hidden_of(self.past, one, tuple(found))


def alarm_of(one: Occurrence, phase: Phase) -> Alarm:
    """The alarm as it began."""
    return Alarm(
        id=one.alarm_id,
        community=one.key.community,
        hazard=one.hazard,
        level=phase.level,
        state="unacknowledged",
        zone=one.zone,
        device=one.device,
        rule=one.key.rule,
        pack_version="",
        opened_at=one.began_at,
        changed_at=phase.at,
        last_at=phase.at,
        incident_id=one.incident_id,
        sentence=_UNSAID,
        evidence=phase.evidence,
        status=one.key.status,
    )


def _gone_on(alarm: Alarm, one: Occurrence, phase: Phase) -> Alarm:
    """The alarm as it then was: another level, other evidence, reported again."""
    now = alarm_of(one, phase)
    last_at = alarm.last_at if phase.transition == "level_changed" else phase.at
    return replace(alarm, level=now.level, evidence=now.evidence, changed_at=phase.at, last_at=last_at)
