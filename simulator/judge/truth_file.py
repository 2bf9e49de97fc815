"""Ground truth on disk: JSON Lines of what really happened, read with every fault told by file, line and column.

One line: ``{"hazard", "community", "zone", "start", "dangerous_at", "end", "due_by"}``. Instants are ISO 8601 with an offset, or
seconds or milliseconds since 1970. ``due_by`` is the latest instant of the alarm, or an object of the latest instants of
``warning``, ``alarm`` and ``dispatch``; a stage that is null or left out is not asked for (docs/judge.md).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simulator.recording import RecordingError, column_of, iso, raw_lines, read_instant

STAGES: Final = ("warning", "alarm", "dispatch")
"""The three stages of the chain, in their order: 预警, 报警, 处警."""
_FIELDS: Final = ("hazard", "community", "zone", "start", "dangerous_at", "end", "due_by")
_NEEDED: Final = ("hazard", "community", "zone", "start")


class TruthError(ValueError):
    """A truth file that cannot be used; ``faults`` has one line for each fault: file:line:column: what."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One thing that really happened. Instants are ms since 1970; an optional one is None where it is not known or not asked for.

    ``zone`` is as exact as the happening is: "" is the whole community. Nothing counts before ``start_at``. From
    ``dangerous_at`` on people are in danger. At ``end_at`` it was over; None means that the recording ends before it.
    """

    hazard: str
    community: str
    zone: str
    start_at: int
    dangerous_at: int | None = None
    end_at: int | None = None
    warning_due_at: int | None = None
    alarm_due_at: int | None = None
    dispatch_due_at: int | None = None

    def due_at(self, stage: str) -> int | None:
        """By when this stage must have been reached; None where it is not asked for."""
        return {"warning": self.warning_due_at, "alarm": self.alarm_due_at, "dispatch": self.dispatch_due_at}[stage]


def read_truth(path: Path) -> tuple[Happened, ...]:
    """All that a file tells, in its order; ``.gz`` is unpacked. Raises TruthError with every fault of the file."""
    found: list[Happened] = []
    faults: list[str] = []
    try:
        for number, line in enumerate(raw_lines(path), start=1):
            if line.strip():
                _take(line, f"{path}:{number}", found, faults)
    except RecordingError as fault:
        faults.append(str(fault))
    if faults:
        raise TruthError(faults)
    return tuple(found)


def truth_line(happened: Happened) -> str:
    """One line of a truth file, with its line end: what ``read_truth`` reads back as the same."""
    due_by = {stage: iso(due) for stage in STAGES if (due := happened.due_at(stage)) is not None}
    fields = {
        "hazard": happened.hazard,
        "community": happened.community,
        "zone": happened.zone,
        "start": iso(happened.start_at),
        "dangerous_at": None if happened.dangerous_at is None else iso(happened.dangerous_at),
        "end": None if happened.end_at is None else iso(happened.end_at),
        "due_by": due_by or None,
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")) + "\n"


def _take(line: bytes, where: str, found: list[Happened], faults: list[str]) -> None:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as fault:
        faults.append(f"{where}:{fault.colno}: expected one JSON object per line, but this is not JSON: {fault.msg}")
        return
    except (ValueError, RecursionError) as fault:
        faults.append(f"{where}:1: expected one JSON object per line, but this is not JSON: {fault}")
        return
    if not isinstance(record, dict):
        faults.append(f"{where}:1: expected a JSON object with {', '.join(_FIELDS)}")
        return
    wrong: list[tuple[str, str]] = []
    happened = _read(record, wrong)
    if happened is not None:
        found.append(happened)
    faults += [f"{where}:{column_of(line, name)}: {told}" for name, told in wrong]


def _read(record: Mapping[str, Any], wrong: list[tuple[str, str]]) -> Happened | None:
    """One happening, or None with what is wrong: the field and the words for it."""
    wrong += [("", f"{name} missing; a line has {', '.join(_FIELDS)}") for name in _NEEDED if name not in record]
    wrong += [(name, f"unknown field {name!r}; a line has {', '.join(_FIELDS)}") for name in record if name not in _FIELDS]
    texts = {name: _text(record.get(name, "-"), name, wrong) for name in ("hazard", "community", "zone")}
    instants = {name: _instant(record.get(name), name, name, wrong) for name in ("start", "dangerous_at", "end")}
    if record.get("start", 0) is None:
        wrong.append(("start", "start must be an instant: nothing counts before it"))
    due = _due(record.get("due_by"), wrong)
    start_at = instants["start"]
    if wrong or start_at is None:
        return None
    for name, field, at in (
        ("dangerous_at", "dangerous_at", instants["dangerous_at"]),
        ("end", "end", instants["end"]),
        *[("due_by", f"due_by of the {stage}", due[stage]) for stage in STAGES],
    ):
        if at is not None and at < start_at:
            wrong.append((name, f"{field} is {iso(at)}, before start, {iso(start_at)}"))
    return Happened(
        **texts,
        start_at=start_at,
        dangerous_at=instants["dangerous_at"],
        end_at=instants["end"],
        warning_due_at=due["warning"],
        alarm_due_at=due["alarm"],
        dispatch_due_at=due["dispatch"],
    )


def _text(value: Any, name: str, wrong: list[tuple[str, str]]) -> str:
    if isinstance(value, str) and (value or name == "zone"):
        return value.strip("/")
    wrong.append((name, f"{name} must be a text{'' if name == 'zone' else ' that is not empty'}, but is {value!r}"))
    return ""


def _instant(value: Any, name: str, told: str, wrong: list[tuple[str, str]]) -> int | None:
    if value is None:
        return None
    try:
        return read_instant(value, told)
    except ValueError as fault:
        wrong.append((name, str(fault)))
        return None


def _due(value: Any, wrong: list[tuple[str, str]]) -> dict[str, int | None]:
    stages: Mapping[str, Any] = value if isinstance(value, dict) else {"alarm": value}
    wrong += [("due_by", f"due_by has no {name!r}; it has {', '.join(STAGES)}") for name in stages if name not in STAGES]
    return {stage: _instant(stages.get(stage), "due_by", f"due_by of the {stage}", wrong) for stage in STAGES}
