"""Many drills beside each other, one process a core, told in the order of their seeds; and how soon a planted bug is found."""

import gc
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, Self

import structlog

from simulator.drill.disk import in_memory
from simulator.drill.drill import Outcome, drill
from simulator.drill.packs import Packs
from simulator.drill.planted import BY_NAME, NONE, planted
from simulator.drill.steps import Step, draw

CHUNK: Final = 8
"""Seeds that a process takes at a time: about a second's work (ours)."""


@contextmanager
def silent() -> Iterator[None]:
    """Without the log: the house of a drill complains of every fault that the drill plays."""
    before = structlog.get_config()
    structlog.configure(processors=[_drop], cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.configure(**before)


def _drop(*_: object) -> Any:
    raise structlog.DropEvent


class Ground:
    """Where the drills of one process take place: its packs, read once, and its room in memory."""

    def __init__(self, room: Path) -> None:
        self._room = room
        self._packs = Packs()

    def play(self, seed: int, *, until: int = 0, plant: str = NONE, steps: tuple[Step, ...] = ()) -> Outcome:
        """One drill, with a bug planted where one is named; ``steps`` instead of those that the seed draws."""
        with planted(plant):
            return drill(seed, self._room, self._packs, until=until, steps=steps)


@contextmanager
def ground() -> Iterator[Ground]:
    """A place for drills in this process; gone afterwards."""
    with in_memory() as room, silent():
        yield Ground(room)


_GROUND: dict[str, Ground] = {}


def _settle_in(room: str) -> None:
    structlog.configure(processors=[_drop])
    _GROUND["mine"] = Ground(Path(room))
    gc.collect()
    gc.disable()  # a drill's garbage is small: to look for it once a chunk is soon enough
    gc.freeze()  # what a process has loaded by now stays: looking through it for garbage took a tenth of each drill


def _play_chunk(seeds: list[int], plant: str) -> list[Outcome]:
    outcomes = [_GROUND["mine"].play(seed, plant=plant) for seed in seeds]
    gc.collect()
    return outcomes


class Fleet:
    """Processes that drill. Use it as a context."""

    def __init__(self, processes: int = 0) -> None:
        self._count = processes or os.cpu_count() or 1

    def __enter__(self) -> Self:
        self._room = in_memory()
        folder = self._room.__enter__()
        self._pool = ProcessPoolExecutor(
            self._count, mp_context=get_context("spawn"), initializer=_settle_in, initargs=(str(folder),)
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._room.__exit__(None, None, None)

    def play(self, seeds: Iterable[int], plant: str = NONE) -> Iterator[Outcome]:
        """The outcomes in the order of the seeds. What is not asked for any more is not begun."""
        waiting = []
        for chunk in _chunks(seeds, 1 if plant else CHUNK):
            waiting.append(self._pool.submit(_play_chunk, chunk, plant))
            if len(waiting) > 2 * self._count:
                yield from waiting.pop(0).result()
        for each in waiting:
            yield from each.result()

    def find(self, plant: str, seeds: Iterable[int]) -> Outcome | None:
        """The first seed that finds this bug, and is well without it; None where none of these does."""
        bug = BY_NAME[plant]
        for outcome in self.play((seed for seed in seeds if bug.may_show(draw(seed))), plant):
            if not outcome.is_well and next(self.play([outcome.seed])).is_well:
                return outcome
        return None


def _chunks(seeds: Iterable[int], size: int) -> Iterator[list[int]]:
    chunk: list[int] = []
    for seed in seeds:
        chunk.append(seed)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
