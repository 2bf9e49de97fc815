"""Journal positions that stopped the chain. The second time a position stops it, it is set aside by a journaled entry, loudly.

Without this, one poisonous event would stop the service, be read again after the restart, and stop it again, for ever.
"""

import json
import os
from pathlib import Path

STOPS_MAX = 2


class Stumbles:
    """A small file beside the journal, written before the process stops."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set_aside: frozenset[int] = frozenset()  # what the journal says is to be passed over
        kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        self._stops: dict[str, int] = kept.get("stops", {})
        self.suspect_until: int = kept.get("suspect_until", 0)
        """One of the positions up to here made something that the store refuses: they are to be stored one by one."""

    def record(self, position: int) -> None:
        """Note, durably, that this position stopped the chain once more."""
        self._stops[str(position)] = self._stops.get(str(position), 0) + 1
        self._write()

    def suspect(self, until: int) -> None:
        """Note, durably, that the store refused what the positions not yet stored, up to this one, have led to."""
        self.suspect_until = until
        self._write()

    def poisonous(self) -> list[int]:
        """Positions that must be set aside now."""
        return sorted(int(position) for position, stops in self._stops.items() if stops >= STOPS_MAX)

    def forget(self, position: int) -> None:
        """The position was set aside in the journal, which remembers it from here on."""
        self._stops.pop(str(position), None)
        self._write()

    def _write(self) -> None:
        temporary = self._file.with_suffix(".new")
        with open(temporary, "w", encoding="utf-8") as stream:
            json.dump({"stops": self._stops, "suspect_until": self.suspect_until}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(self._file)
