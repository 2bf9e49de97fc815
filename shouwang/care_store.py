"""Where the references of the care lists are kept: one file that only the service's user can read, without what has expired."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dashboard.care_list import CareReference
from rules.canonical import from_json, to_json

_FILE: Final = "care.jsonl"


class CareStore:
    """The references in the data folder. Raises OSError where the folder cannot be used."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._known: tuple[int, tuple[CareReference, ...]] = (0, ())  # the file's mtime [ns], and what it held

    def replace(self, community: str, references: Sequence[CareReference]) -> int:
        """Keep these as all that there are of the community; says how many went."""
        with self._alone():
            known = self._read()
            others = [each for each in known if each.community != community]
            self._write([*others, *references])
        return len(known) - len(others)

    def standing(self, now: int) -> tuple[CareReference, ...]:
        """Those that are valid now. What has expired is forgotten on the disk as well."""
        if not self._file.exists():
            return ()
        written_at = self._file.stat().st_mtime_ns
        if written_at != self._known[0]:
            self._known = (written_at, tuple(self._read()))
        known = self._known[1]
        valid = tuple([each for each in known if each.valid_until_at > now])
        if len(valid) < len(known):
            with self._alone():
                self._write([each for each in self._read() if each.valid_until_at > now])
        return valid

    def _read(self) -> list[CareReference]:
        if not self._file.exists():
            return []
        return [from_json(CareReference, line.encode()) for line in self._file.read_text(encoding="utf-8").splitlines()]

    def _write(self, references: Sequence[CareReference]) -> None:
        fresh = self._file.with_suffix(".fresh")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(to_json(each) + b"\n" for each in references)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(self._file)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer at a time: the command and the web may both write."""
        handle = os.open(self._file.with_suffix(".lock"), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
