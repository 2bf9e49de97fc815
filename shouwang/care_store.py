"""Where the references of the care lists are kept: one file that only the service's user can read, without what has expired."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog

from dashboard.care_list import CareReference, CareUnreadable
from rules.canonical import RecordError, from_json, to_json

log = structlog.get_logger(__name__)

_FILE: Final = "care.jsonl"


class CareStore:
    """The references in the data folder. Raises CareUnreadable; ``replace`` also OSError where the folder cannot be used."""

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
        """Those that are valid now. What has expired is forgotten on the disk as well. Raises CareUnreadable."""
        try:
            written_at = self._file.stat().st_mtime_ns
            if written_at != self._known[0]:
                self._known = (written_at, tuple(self._read()))
        except FileNotFoundError:
            return ()
        except OSError as fault:
            raise CareUnreadable(f"{_FILE}: {fault.strerror}") from fault
        known = self._known[1]
        valid = tuple([each for each in known if each.valid_until_at > now])
        if len(valid) < len(known):
            self._forget(now)
        return valid

    def _forget(self, now: int) -> None:
        """Take from the disk what has expired; where that cannot be now, the next look tries again."""
        try:
            with self._alone():
                self._write([each for each in self._read() if each.valid_until_at > now])
        except OSError as fault:
            log.warning("care_not_forgotten", detail=str(fault))

    def _read(self) -> list[CareReference]:
        if not self._file.exists():
            return []
        try:
            return [from_json(CareReference, line) for line in self._file.read_bytes().splitlines()]
        except RecordError as fault:
            raise CareUnreadable(f"{_FILE} is damaged") from fault

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
