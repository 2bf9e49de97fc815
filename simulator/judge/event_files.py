"""The event files of a backtest: looked through once with all their faults, then read together in the order of their instants."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from pathlib import Path
from typing import Final

from ingest.topics import community_of
from simulator.recording import Recorded, RecordingError, look_at, raw_lines, read_known

FAULTS_MAX: Final = 200
"""Faults of all files that are told; of more, how many there are. Ours."""
_TOPIC: Final = re.compile(rb'"topic"\s*:\s*"[^"/\\]+/[^"/\\]+/([^"/\\]+)/')
_community_of: Final = lru_cache(131_072)(community_of)
_STEP: Final = 2000  # lines between two reports of progress


class EventsError(ValueError):
    """Event files that cannot be played; ``faults`` has one line for each fault: file:line:column: what."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the event files hold."""

    lines: dict[str, int]  # of each community
    files: dict[str, tuple[Path, ...]]  # in which each community speaks
    foreign_count: int  # lines whose topic names no community: they are not ours
    span_s: float  # from the first to the last instant of all

    @property
    def line_count(self) -> int:
        """All lines of our contract's topics."""
        return sum(self.lines.values())


def look_through(files: Sequence[Path], on_lines: Callable[[int], None] = lambda _: None) -> Seen:
    """Read every line of every file once. Raises EventsError with every fault (the first 200, and how many there are)."""
    lines: dict[str, int] = {}
    files_of: dict[str, dict[Path, None]] = {}
    faults: list[str] = []
    fault_count = foreign_count = 0
    first_at, last_at = 1 << 62, 0
    for file in files:
        for result in _results(file):
            if isinstance(result, str):
                fault_count += 1
                faults += [result] if len(faults) < FAULTS_MAX else []
                continue
            at, topic = result
            community = _community_of(topic)
            if not community:
                foreign_count += 1
                continue
            files_of.setdefault(community, {})[file] = None
            count = lines[community] = lines.get(community, 0) + 1
            first_at, last_at = min(first_at, at), max(last_at, at)
            if count % _STEP == 0:
                on_lines(_STEP)
    if faults:
        more = [f"… and {fault_count - len(faults)} more faults"] if fault_count > len(faults) else []
        raise EventsError([*faults, *more])
    return Seen(
        lines={name: lines[name] for name in sorted(lines)},
        files={name: tuple(files_of[name]) for name in sorted(files_of)},
        foreign_count=foreign_count,
        span_s=max(last_at - first_at, 0) / 1000,
    )


def read_together(files: Sequence[Path], community: str) -> Iterator[Recorded]:
    """The lines of one community out of all files, in the order of their instants; at the same one, of the earlier file first.

    Within a file a line that is older than the one before it is received together with that one.
    """
    streams = [_own_lines(file, community) for file in files]
    yield from streams[0] if len(streams) == 1 else merge(*streams, key=lambda record: record.at)


def _own_lines(file: Path, community: str) -> Iterator[Recorded]:
    latest_at, name = 0, community.encode()
    for place, line in enumerate(raw_lines(file), start=1):
        if _is_of_another(line, name):
            continue
        record = read_known(line, f"{file}:{place}")
        if _community_of(record.topic) == community:
            latest_at = max(latest_at, record.at)
            yield record._replace(at=latest_at)


def _is_of_another(line: bytes, name: bytes) -> bool:
    """Whether this line is surely nothing for this community: empty, or with one plain topic, which names another."""
    found = _TOPIC.findall(line)
    return (len(found) == 1 and found[0] != name) or not line.strip()


def _results(file: Path) -> Iterator[tuple[int, str] | str]:
    """Each line, or what is wrong with it."""
    try:
        for number, line in enumerate(raw_lines(file), start=1):
            if line.strip():
                try:
                    yield look_at(line, f"{file}:{number}")[:2]
                except RecordingError as fault:
                    yield str(fault)
    except RecordingError as fault:
        yield str(fault)
