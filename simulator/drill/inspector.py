"""The laws that hold after every step, read off disk, store and house; written without reading the engine."""

import sqlite3
from typing import Any, Final

from rules.definition import RulePack
from rules.lifecycle import ALARM, DISPATCH, INCIDENT, WARNING
from rules.model import Fact
from shouwang.backlog import LANE_MAX
from simulator.drill.disk import Disk
from simulator.drill.house import House
from simulator.drill.law import Broken, Law
from simulator.drill.shadow import Shadow

SLACK: Final = 1_000
"""Entries that a lane may hold beyond its limit: one message is never cut."""
UNHEALTHY_S: Final = 15.0
"""How long trouble may stay unseen (reliability I12)."""

_TABLES: Final = {"warning": WARNING, "alarm": ALARM, "dispatch": DISPATCH, "incident": INCIDENT}
_DOUBLE: Final = (
    "SELECT community, hazard, zone, count(*) FROM incident WHERE closed_at IS NULL "
    "GROUP BY community, hazard, zone, status HAVING count(*) > 1"
)
_COUNTS: Final = (
    "SELECT (SELECT count(*) FROM answer), (SELECT count(*) FROM rejected), count(*), coalesce(max(rowid), 0) "
    "FROM outbox WHERE channel = 'people' AND rowid > ?"
)


class Inspector:
    """Looks after every step. Raises Broken."""

    def __init__(self, disk: Disk, shadow: Shadow, pack: RulePack) -> None:
        self._disk = disk
        self._shadow = shadow
        self._latching = {rule.id for rule in pack.rules if rule.is_latching}
        self._life = {hazard.id for hazard in pack.hazards.values() if hazard.is_life_safety}
        self._done: dict[tuple[str, ...], int] = {}
        self.old_ids: set[str] = set()  # events that the broker only remembers
        self.connection = sqlite3.connect(f"file:{disk.folder / 'store.db'}?mode=ro", uri=True, isolation_level=None)
        self._version = -1
        self._seq = 0
        self._at = 0
        self._people_count = self._people_row = 0  # messages to people that were counted, and the last of them
        self._states: dict[tuple[str, str], str] = {}
        self._unwell_since_ms: int | None = None
        self._applied = 0
        self.news: list[Fact] = []  # since the last look, as people read them

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def is_life_safety(self, hazard: str) -> bool:
        """Whether a life may hang on it."""
        return hazard in self._life

    def version(self) -> int:
        """Changes whenever anybody has written to the store."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def look(self, house: House | None) -> None:
        """Check all laws now."""
        version = self.version()
        if version != self._version:
            self._version = version
            self.connection.execute("BEGIN")
            try:
                self._look_at_store()
            finally:
                self.connection.execute("COMMIT")
        if house is not None:
            self._look_at_house(house)

    def _look_at_store(self) -> None:
        execute = self.connection.execute
        position, at = execute("SELECT applied_position, changed_at FROM progress").fetchone()
        self._shadow.follow(position, at)
        rows = execute("SELECT seq, fact_id, doc FROM timeline WHERE seq > ? ORDER BY seq", (self._seq,)).fetchall()
        facts = self._shadow.compare_facts(rows)
        if self._shadow.has_new_counts:
            self._count()
        if any(fact.entity == "incident" for fact in facts):
            self._look_for_doubles()
        self._seq = rows[-1][0] if rows else self._seq
        self.news.extend(facts)
        for fact in facts:
            self._read(fact)

    def look_at_all(self) -> None:
        """Check also what ``look`` leaves out where the undisturbed chain decided nothing that moves it, all counted anew."""
        self._people_count = self._people_row = 0
        self._count()
        self._look_for_doubles()

    def _count(self) -> None:
        answers, rejected, people, row = self.connection.execute(_COUNTS, (self._people_row,)).fetchone()
        self._people_count, self._people_row = self._people_count + people, max(self._people_row, row)
        self._shadow.compare_counts({"answer": answers, "rejected": rejected, "people": self._people_count})

    def _look_for_doubles(self) -> None:
        double = self.connection.execute(_DOUBLE).fetchone()
        if double is not None:
            raise Broken(Law.ONE_INCIDENT, f"open {double[3]} times: {double[:3]}")

    def _read(self, fact: Fact) -> None:
        """One line of the story: not before the one above it, and from the state in which the record was."""
        if fact.at < self._at:
            raise Broken(Law.ORDER, f"{fact.transition} is told for {fact.at}, after what is told for {self._at}")
        self._at = fact.at
        self._read_cause(fact)
        table = _TABLES.get(fact.entity)
        if table is None or not fact.to_state:
            return
        if fact.entity == "alarm":
            self._read_alarm(fact)
        name = (fact.entity, fact.entity_id)
        before = self._states.get(name)
        if before is not None and before != fact.from_state:
            raise Broken(Law.ORDER, f"{name} was {before}, and its story goes on from {fact.from_state}: {fact.transition}")
        if before is not None and table.is_final(before) and fact.to_state != before:
            raise Broken(Law.ORDER, f"{name} had ended as {before}, and became {fact.to_state}: {fact.transition}")
        moves = 2 if fact.transition == "took_in" else 1  # a case that takes another in goes on from where that one was
        if before is not None and fact.to_state != before and not _can(table.table, before, fact.to_state, moves):
            raise Broken(Law.ORDER, f"{name} went from {before} to {fact.to_state}, which the table does not have")
        self._states[name] = fact.to_state

    def _read_cause(self, fact: Fact) -> None:
        """One event or action does a thing once, however often it comes; what the broker only remembered does nothing."""
        cause = fact.cause_id
        if fact.entity not in _TABLES:
            return
        if cause in self.old_ids and fact.transition == "opened":
            raise Broken(Law.NO_LOSS, f"{fact.entity} opened by {cause}, which is an old message that the broker had kept")
        name = (fact.community, cause, fact.entity, fact.entity_id, fact.transition)
        if self._done.setdefault(name, fact.at) != fact.at and cause in self._disk.names:
            raise Broken(Law.NO_LOSS, f"{cause} came again, and was decided again: {fact.entity} {fact.transition}")

    def _read_alarm(self, fact: Fact) -> None:
        """What latches waits for a person; what a life may hang on is not put on a shelf."""
        after, reason = fact.to_state, fact.reason
        is_back = after == "returned_unacknowledged" or (after == "normal" and reason == "back_to_normal")
        if is_back and fact.rule in self._latching:
            raise Broken(Law.ORDER, f"alarm {fact.entity_id} latches, and went back by itself: {fact.from_state} to {after}")
        if after == "shelved" and fact.hazard in self._life:
            raise Broken(Law.TOLD, f"alarm {fact.entity_id} ({fact.hazard}) was shelved, and a life may hang on it")

    def _look_at_house(self, house: House) -> None:
        now_ms = self._disk.hours.passed_ms
        for lane, depth in house.desk.backlog.depths().items():
            if depth > LANE_MAX[lane] + SLACK:  # type: ignore[index]  # a StrEnum's own word
                raise Broken(Law.BOUNDED, f"the {lane} lane holds {depth} entries")
            if depth and house.is_ready():
                raise Broken(Law.HONEST, f"{depth} entries wait in the {lane} lane for the journal, and health says ready")
        progress = house.desk.progress
        if progress.decided_position == progress.journaled_position:
            deadline = house.engine.next_deadline()
            if deadline is not None and deadline < house.engine.now:
                raise Broken(Law.TIMERS, f"due at {deadline}, and it is {house.engine.now}")
        if progress.applied_position == progress.decided_position:
            self._unwell_since_ms = None
        elif self._unwell_since_ms is None or progress.applied_position != self._applied or not house.is_ready():
            self._unwell_since_ms, self._applied = now_ms, progress.applied_position
        elif now_ms - self._unwell_since_ms > UNHEALTHY_S * 1000:
            raise Broken(Law.HONEST, "for more than 15 s nothing could be stored, and health says ready")


def _can(table: Any, before: str, after: str, moves: int) -> bool:
    """Whether the table leads there in so many moves or fewer."""
    follows = [following for (origin, _), following in table.items() if origin == before]
    return after in follows or (moves > 1 and any(_can(table, each, after, moves - 1) for each in follows))
