"""Journal positions and timers that stopped the chain. The second time, they are set aside by a journaled entry, loudly.

Without this, one poisonous event would stop the service, be read again after the restart, and stop it again, for ever.
"""

import os
from pathlib import Path

import structlog
from pydantic import BaseModel, ValidationError

log = structlog.get_logger(__name__)

STOPS_MAX = 2


class _Kept(BaseModel):
    """The file."""

    stops: dict[int, int] = {}
    timer_stops: dict[str, int] = {}
    suspect_until: int = 0


class Stumbles:
    """A small file beside the journal, written before the process stops."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set_aside: frozenset[int] = frozenset()  # what the journal says is to be passed over
        kept = _read(file)
        self._stops, self._timer_stops = kept.stops, kept.timer_stops
        self.suspect_until = kept.suspect_until
        """One of the positions up to here made something that the store refuses: they are to be stored one by one."""

    def record(self, position: int) -> None:
        """Note, durably, that this position stopped the chain once more."""
        self._stops[position] = self._stops.get(position, 0) + 1
        self._write()

    def record_timer(self, name: str, deadline_at: int) -> None:
        """Note, durably, that this timer stopped the chain once more at this deadline."""
        key = f"{deadline_at} {name}"
        self._timer_stops[key] = self._timer_stops.get(key, 0) + 1
        self._write()

    def suspect(self, until: int) -> None:
        """Note, durably, that the store refused what the positions not yet stored, up to this one, have led to."""
        self.suspect_until = until
        self._write()

    def poisonous(self) -> list[int]:
        """Positions that must be set aside now."""
        return sorted(position for position, stops in self._stops.items() if stops >= STOPS_MAX)

    def poisonous_timers(self) -> list[tuple[str, int]]:
        """Names and deadlines of timers that must be set aside now."""
        keys = sorted(key for key, stops in self._timer_stops.items() if stops >= STOPS_MAX)
        return [(name, int(deadline_at)) for deadline_at, _, name in (key.partition(" ") for key in keys)]

    def forget(self, position: int) -> None:
        """The position was set aside in the journal, which remembers it from here on."""
        self._stops.pop(position, None)
        self._write()

    def forget_timer(self, name: str, deadline_at: int) -> None:
        """The same for a timer."""
        self._timer_stops.pop(f"{deadline_at} {name}", None)
        self._write()

    def _write(self) -> None:
        kept = _Kept(stops=self._stops, timer_stops=self._timer_stops, suspect_until=self.suspect_until)
        temporary = self._file.with_suffix(".new")
        with open(temporary, "w", encoding="utf-8") as stream:
            stream.write(kept.model_dump_json())
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(self._file)


def _read(file: Path) -> _Kept:
    """What the file says. One that somebody spoiled is begun anew: a poisonous position then needs two stops more."""
    if not file.exists():
        return _Kept()
    try:
        return _Kept.model_validate_json(file.read_bytes())
    except ValidationError as fault:
        log.error("stumbles_unreadable", file=str(file), detail=str(fault), todo="Nothing; it is written anew.")  # noqa: TRY400
        return _Kept()
