"""The shadow: a chain that was never disturbed, fed with what the journal said to have taken, as far as the store has applied it.

(That the journal's files hold the same is looked at in the end, and by each start.)
What the store holds must be what the shadow decided: no fact more, none less, none in another order.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any, Final

from ingest.entries import Journaled
from rules.canonical import to_json
from rules.definition import RulePack
from rules.effects import (
    AnswerAction,
    Effect,
    IssueReceipt,
    Notify,
    RecordFact,
    RecordRejection,
    SaveAlarm,
    SaveDispatch,
    SaveIncident,
    SaveWarning,
)
from rules.engine import Engine
from rules.model import Fact, SetAside
from simulator.drill.law import Broken, Law

_RECORDS: Final = {SaveWarning: "warning", SaveAlarm: "alarm", SaveIncident: "incident", SaveDispatch: "dispatch"}


class Shadow:
    """Follows the store."""

    def __init__(self, entries: Sequence[Journaled], read_pack: Callable[..., RulePack]) -> None:
        self.engine = Engine(read_pack=read_pack)
        self.facts: list[Fact] = []
        self._told: set[str] = set()
        self.seen_count = 0  # facts that were compared with the store's
        self.records: dict[tuple[str, str], Any] = {}  # the last state of each: put into words in the end
        self.notices: dict[str, Notify] = {}
        self.answers: dict[str, AnswerAction] = {}
        self.receipts: dict[str, None] = {}
        self.rejected: list[int] = []
        self._counted = 0  # of all three, when they were held to the store's last
        self._entries = entries
        self._read_count = 0
        self._position = 0
        self._aside: set[int] = set()

    def follow(self, position: int, at: int) -> None:
        """Decide on the journal up to this position, and let time pass up to this instant."""
        for journaled in self._entries[self._read_count :]:
            if isinstance(journaled.entry, SetAside) and not journaled.entry.timer:
                self._aside.add(journaled.entry.position)
        self._read_count = len(self._entries)
        if position > len(self._entries):
            raise Broken(Law.AUDIT, f"the store has applied {position}, and the journal ends at {len(self._entries)}")
        for journaled in self._entries[self._position : position]:
            if journaled.position not in self._aside:
                self._keep(self.engine.receive(journaled.entry, journaled.received_at, journaled.position))
        self._position = max(position, self._position)
        if at >= self.engine.now:  # also at the same instant: an action may have set what was due before
            self._keep(self.engine.advance(at))

    def _keep(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            if isinstance(effect, RecordFact):
                self._tell(effect.fact)
            elif isinstance(effect, Notify):
                self.notices[effect.key] = effect
            elif isinstance(effect, AnswerAction):
                self.answers.setdefault(effect.action_id, effect)
            elif isinstance(effect, RecordRejection):
                self.rejected.append(effect.position)
            elif isinstance(effect, IssueReceipt):
                self.receipts[effect.event_id] = None
            elif (name := _RECORDS.get(type(effect))) is not None:
                record = getattr(effect, name)
                self.records[name, record.id] = record

    def _tell(self, fact: Fact) -> None:
        """A fact is what its id says: a kept message that comes twice at one instant is told of once."""
        if fact.id not in self._told:
            self._told.add(fact.id)
            self.facts.append(fact)

    def compare_facts(self, rows: Sequence[tuple[int, str, str]]) -> list[Fact]:
        """Hold the next rows of the stored timeline (seq, fact id, doc) to the facts that were decided, and give back these.

        Raises Broken.
        """
        found = self.facts[self.seen_count : self.seen_count + len(rows)]
        for (seq, fact_id, doc), wanted in zip_longest(rows, found):
            if wanted is None:
                raise Broken(Law.AUDIT, f"the timeline holds {fact_id} (seq {seq}), which an undisturbed chain does not decide")
            if fact_id != wanted.id:
                told = f"{wanted.entity} {wanted.transition} at {wanted.at}: {wanted.sentence.en}"
                raise Broken(
                    Law.AUDIT, f"seq {seq} of the timeline is {fact_id}; an undisturbed chain decides {wanted.id} ({told})"
                )
            if doc.encode() != (decided := to_json(wanted)):
                raise Broken(Law.AUDIT, f"seq {seq} of the timeline has {_difference(json.loads(doc), json.loads(decided))}")
        self.seen_count += len(rows)
        if self.seen_count < len(self.facts):
            lost = self.facts[self.seen_count]
            raise Broken(Law.TIMERS, f"not in the timeline: {lost.entity} {lost.transition} at {lost.at}, {lost.sentence.en}")
        return found

    @property
    def has_new_counts(self) -> bool:
        """Whether an answer, a refusal or a message was decided since they were counted last."""
        return self._counted != len(self.answers) + len(self.rejected) + len(self.notices)

    def compare_counts(self, counts: dict[str, int]) -> None:
        """Hold the number of stored answers, refusals and messages to what was decided. Raises Broken."""
        wanted = {"answer": len(self.answers), "rejected": len(self.rejected), "people": len(self.notices)}
        self._counted = sum(wanted.values())
        if counts != wanted:
            raise Broken(Law.AUDIT, f"the store holds {counts}; an undisturbed chain decides {wanted}")

    def compare_docs(self, connection: sqlite3.Connection) -> None:
        """Hold every stored record to the last state that was decided. Raises Broken."""
        for table in _RECORDS.values():
            wanted = {name: to_json(record) for (sort, name), record in self.records.items() if sort == table}
            stored: dict[str, str] = dict(connection.execute(f"SELECT id, doc FROM {table}"))  # noqa: S608 - a constant
            if sorted(stored) != sorted(wanted):
                raise Broken(Law.AUDIT, f"{table}: stored are {sorted(stored)}, decided {sorted(wanted)}")
            for name, doc in wanted.items():
                if stored[name].encode() != doc:
                    raise Broken(
                        Law.AUDIT, f"{table} {name} is stored as {_difference(json.loads(stored[name]), json.loads(doc))}"
                    )


def _difference(stored: dict[str, Any], wanted: dict[str, Any]) -> str:
    keys = [key for key in wanted if stored.get(key) != wanted[key]]
    return "; ".join(f"{key} {stored.get(key)!r} and decided as {wanted[key]!r}" for key in keys)[:600]
