"""Plays the communities of a backtest, each by itself, over several processes. The result is the same for any number of them."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Final

from ingest.wire import decode
from rules.definition import RulePack
from rules.pack import read_pack
from rules.shadow import in_earnest
from simulator.judge.event_files import Seen, read_together
from simulator.judge.play import Player
from simulator.judge.reached import Played

OnLines = Callable[[int], None]
_STEP: Final = 500  # lines between two reports of progress
_POLL_S: Final = 0.2
_done: "list[Synchronized[int]]" = []  # of a worker: the count that it shares with the others


@dataclass(frozen=True, slots=True, kw_only=True)
class PackText:
    """A pack as its whole text, because a read one has compiled conditions that no other process could take over."""

    name: str  # as faults call it
    text: str
    has_shadows_at_work: bool = False

    def read(self) -> RulePack:
        """The pack. Raises rules.pack.PackError."""
        pack = read_pack(self.text, self.name)
        return in_earnest(pack) if self.has_shadows_at_work else pack


def play_all(
    seen: Seen, packs: Sequence[PackText], *, job_count: int, tail_s: float, on_lines: OnLines = lambda _: None
) -> list[list[Played]]:
    """For each pack what became of each community, by name. ``job_count`` processes; 1 is this one alone."""
    names = list(seen.files)
    if job_count <= 1 or len(names) <= 1:
        read = [pack.read() for pack in packs]
        rows = [_play(seen.files[name], name, read, tail_s, on_lines) for name in names]
    else:
        rows = _play_apart(seen, packs, min(job_count, len(names)), tail_s, on_lines)
    return [[row[number] for row in rows] for number in range(len(packs))]


def _play_apart(seen: Seen, packs: Sequence[PackText], job_count: int, tail_s: float, on_lines: OnLines) -> list[list[Played]]:
    """The largest communities first, so that nobody is left with one at the end."""
    context = get_context("spawn")
    count: Synchronized[int] = context.Value("q", 0)
    largest_first = sorted(seen.files, key=lambda name: (-seen.lines[name], name))
    with ProcessPoolExecutor(job_count, mp_context=context, initializer=_begin, initargs=(count,)) as pool:
        futures = {name: pool.submit(_play_one, seen.files[name], name, tuple(packs), tail_s) for name in largest_first}
        waiting: set[Future[list[Played]]] = {*futures.values()}
        told = 0
        while waiting:
            ended, waiting = wait(waiting, _POLL_S, FIRST_COMPLETED)
            for future in ended:
                future.result()  # whoever failed ends it all at once
            on_lines(count.value - told)
            told = count.value
        return [futures[name].result() for name in seen.files]


def _begin(count: "Synchronized[int]") -> None:
    _done.append(count)


def _play_one(files: Sequence[Path], name: str, packs: Sequence[PackText], tail_s: float) -> list[Played]:
    def count(lines: int) -> None:
        with _done[0].get_lock():
            _done[0].value += lines

    return _play(files, name, [pack.read() for pack in packs], tail_s, count)


def _play(files: Sequence[Path], name: str, packs: Sequence[RulePack], tail_s: float, on_lines: OnLines) -> list[Played]:
    players = [Player(pack) for pack in packs]
    number = 0
    for number, (at, topic, payload) in enumerate(read_together(files, name), start=1):
        entries = decode(topic, payload, arrival=str(number))
        for player in players:
            player.take(at, entries)
        if number % _STEP == 0:
            on_lines(_STEP)
    on_lines(number % _STEP)
    return [player.played(name, tail_s=tail_s) for player in players]
