"""The state as rows of canonical JSON: what changed since the last call, and the way back.

Every record has a row of its own; watches are saved 64 to a row, remembered ids 256 to a row. Timers are not saved: each is
derived from the record that it belongs to.
"""

import json
from collections.abc import Callable, Iterable, Mapping

from rules.activation import set_pack
from rules.arrival import Notes
from rules.book import Activated, Book, Case, Run
from rules.canonical import from_json, from_plain, to_json
from rules.definition import RulePack
from rules.dispatch import arm_retry
from rules.dispatch import watch_clocks as watch_run
from rules.escalation import watch_clocks as watch_case
from rules.flood import Flood
from rules.identity import LongMemory
from rules.intake import Intake
from rules.judgement import arm
from rules.load import watch_flood
from rules.maintenance import watch_outage
from rules.messages import watch_group
from rules.model import Alarm, EarlyWarning
from rules.modes import watch_mode
from rules.place import Outage, PlaceMode
from rules.quieting import watch_bounds
from rules.suppress import watch_shelf
from rules.warning import watch_expiry
from rules.watch import Row

ENGINE = "engine"
PACK = "pack"
PASSED_OVER = "passed_over"
CLOCK = "clock"


def take_changes(book: Book, intake: Intake, now: int) -> dict[str, bytes | None]:
    """Every key that changed since the last call with its bytes now, None where it is gone."""
    changes: dict[str, bytes | None] = {ENGINE: to_json({"now": now})}
    for row in book.dirty_rows:
        row.is_dirty = False
        book.dirty[row.name] = None
    for name in intake.notes.dirty:
        changes[f"notes/{name}"] = _bytes(intake.notes.dump(name))
    if intake.clock.is_dirty:
        changes[CLOCK] = to_json(intake.clock.dump())
    for number in intake.known.dirty:
        changes[f"known/{number}"] = _bytes(intake.known.dump(number))
    for key in book.dirty:
        changes[key] = _bytes(_value(book, key))
    book.dirty_rows.clear()
    book.dirty.clear()
    intake.notes.dirty.clear()
    intake.known.dirty.clear()
    intake.clock.is_dirty = False
    return changes


def _bytes(value: object) -> bytes | None:
    return None if value is None else to_json(value)


def _value(book: Book, key: str) -> object:
    """What a key of the book holds now; None where it is gone."""
    sort, _, name = key.partition("/")
    records: Mapping[str, Mapping[str, object]] = {
        "warning": book.warnings,
        "alarm": book.alarms,
        "case": book.cases,
        "run": book.runs,
        "mode": book.modes.by_id,
        "outage": book.outages.by_id,
    }
    if sort in records:
        return records[sort].get(name)
    match sort:
        case "passed_over":
            return [list(timer) for timer in book.timers.passed_over]
        case "pack":
            return {"text": book.pack_text, "activations": book.activations}
        case "flood":
            return book.floods[name].dump() if name in book.floods else None
        case _:
            row = _row(book, name)
            return None if row is None or not row.watches else [watch.dump() for watch in row.watches.values()]


def _row(book: Book, name: str) -> Row | None:
    rule, _, number = name.rpartition("/")
    active = book.rules.get(rule)
    return None if active is None else active.rows.get(int(number))


def load(book: Book, intake: Intake, read_pack: Callable[[str], RulePack], entries: Iterable[tuple[str, bytes]]) -> int:
    """Become what the changes described. Returns the instant of the snapshot. Raises RecordError for what is unreadable."""
    rows: dict[str, list[tuple[str, bytes]]] = {}
    now = 0
    for key, text in sorted(entries):
        sort, _, name = key.partition("/")
        rows.setdefault(sort, []).append((name, text))
    for _, text in rows.get(ENGINE, []):
        now = json.loads(text)["now"]
    book.now = now
    for _, text in rows.get(PACK, []):
        saved = json.loads(text)
        set_pack(book, read_pack(saved["text"]), saved["text"])
        book.activations = tuple([from_plain(Activated, plain) for plain in saved.get("activations", [])])
    for _, text in rows.get(PASSED_OVER, []):
        book.timers.passed_over = dict.fromkeys((name, deadline) for name, deadline in json.loads(text))
    _load_memories(intake.known, intake.notes, rows)
    for _, text in rows.get(CLOCK, []):
        intake.clock.load(json.loads(text))
    _load_records(book, rows)
    _load_watches(book, rows.get("watch", []))
    _arm_all(book)
    book.dirty.clear()
    return now


def _load_memories(known: LongMemory, notes: Notes, rows: dict[str, list[tuple[str, bytes]]]) -> None:
    for name, text in sorted(rows.get("known", []), key=lambda row: int(row[0])):
        known.load(int(name), json.loads(text))
    for name, text in rows.get("notes", []):
        notes.load(name, json.loads(text))


def _load_records(book: Book, rows: dict[str, list[tuple[str, bytes]]]) -> None:
    for _, text in rows.get("warning", []):
        book.keep_warning(from_json(EarlyWarning, text))
    for _, text in rows.get("alarm", []):
        book.keep_alarm(from_json(Alarm, text))
    book.quieted.touched.clear()  # each step ends with all of them in line
    for _, text in rows.get("case", []):
        book.keep_case(from_json(Case, text))
    for name, text in rows.get("run", []):
        book.runs[name] = from_json(Run, text)
    for name, text in rows.get("flood", []):
        book.floods[name] = Flood.load(json.loads(text))
    for _, text in rows.get("outage", []):
        book.outages.put(from_json(Outage, text))
    for _, text in rows.get("mode", []):
        book.modes.put(from_json(PlaceMode, text))


def _load_watches(book: Book, rows: list[tuple[str, bytes]]) -> None:
    for name, text in rows:
        active = book.rules.get(name.rpartition("/")[0])
        if active is None:
            continue
        for plain in json.loads(text):
            watch = active.load_watch(plain)
            for record_id in (watch.warning_id, watch.alarm_id):
                if record_id:
                    book.watch_of[record_id] = watch


def _arm_all(book: Book) -> None:
    """Derive every timer from the record that it belongs to."""
    for active in book.rules.values():
        for watch in active.all_watches():
            arm(book, watch)
    for warning in book.warnings.values():
        watch_expiry(book, warning)
    for alarm in book.alarms.values():
        watch_shelf(book, alarm)
        watch_bounds(book, alarm)
    for name in book.cases:
        watch_case(book, name)
        watch_group(book, name)
    for run in book.runs.values():
        watch_run(book, run)
    for name in book.floods:
        watch_flood(book, name)
    for outage in book.outages.by_id.values():
        watch_outage(book, outage)
    for mode in book.modes.by_id.values():
        watch_mode(book, mode)
    arm_retry(book)
