"""``./run fuzz``: what every foreign format does with a million messages that nobody should send (docs/hostile-input.md).

An adapter may refuse, but neither raise, nor work for longer than 50 ms, nor take more than 10 MB, whatever the bytes are.
"""

import argparse
import gc
import sys
import time
import tracemalloc
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Final

from rich.console import Console
from rich.progress import Progress

from ingest.adapter import Adapter, Example, Foreign, Format, understand
from ingest.formats import FORMATS
from tests.hostile_bytes import LARGE_ONE_IN, hostile

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "hostile-input.md"
SLOW_S: Final = 0.05
MEMORY_MAX: Final = 10_000_000
_WEIGHED_ONE_IN: Final = 500
"""Weighing makes a call several times slower, so that it is done for some, and for all that are large."""

_HEAD: Final = """# Hostile input: what each format withstands

Real messages of each format, bent, cut, crossed, blown up and nested, by a seed. An adapter may refuse them; it may not raise,
work for more than {slow_ms:.0f} ms of processor time or take more than {memory_mb:.0f} MB. *Kept*: what it holds at
the end.

Made by `{command}`.

| format | inputs | raised | slowest, ms | most memory, MB | kept, MB |
|---|---|---|---|---|---|
"""


@dataclass(slots=True, kw_only=True)
class Stood:
    """What a format did with its inputs. ``faults``: inputs that it did not withstand, with what happened."""

    name: str
    count: int
    raised_count: int = 0
    slowest_s: float = 0.0
    memory_max: int = 0
    kept: int = 0
    faults: list[str]

    @property
    def is_good(self) -> bool:
        """Whether it withstood all of them."""
        return not self.raised_count and self.slowest_s <= SLOW_S and max(self.memory_max, self.kept) <= MEMORY_MAX


def try_out(name: str, count: int, seed: int) -> Stood:
    """Give a format ``count`` hostile messages, one adapter for all of them."""
    format_ = FORMATS[name]
    adapter, stood = format_.opens(), Stood(name=name, count=count, faults=[])
    for number, each in enumerate(hostile(format_.examples, seed, count)):
        foreign = foreign_of(format_, each, number)
        is_weighed = number % _WEIGHED_ONE_IN == 0 or number % LARGE_ONE_IN == LARGE_ONE_IN - 1
        try:
            _time(adapter, foreign, stood)
            if is_weighed:
                _weigh(adapter, foreign, stood)
        except Exception as error:  # noqa: BLE001 - whatever an adapter raises is what is looked for
            stood.raised_count += 1
            _note(stood, f"{type(error).__name__}: {error}", each)
    stood.kept = _size_of(adapter)
    return stood


def _time(adapter: Adapter, foreign: Foreign, stood: Stood) -> None:
    """Processor time, and the best of three where it looks slow: a neighbour makes a call slower, never faster."""
    best = 1e9
    for _ in range(3):
        start = time.thread_time()
        understand(adapter, foreign)
        best = min(best, time.thread_time() - start)
        if best <= SLOW_S:
            break
    if best > SLOW_S:
        _note(stood, f"{best * 1000:.0f} ms", Example(foreign.topic, foreign.payload))
    stood.slowest_s = max(stood.slowest_s, best)


def _weigh(adapter: Adapter, foreign: Foreign, stood: Stood) -> None:
    tracemalloc.start()
    understand(adapter, foreign)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    if peak > MEMORY_MAX:
        _note(stood, f"{peak / 1e6:.1f} MB", Example(foreign.topic, foreign.payload))
    stood.memory_max = max(stood.memory_max, peak)


def _size_of(adapter: object) -> int:
    """Bytes of all that hangs on an adapter: what its object or closure holds, without the code."""
    seen: set[int] = set()
    waiting, total = [adapter], 0
    while waiting:
        part = waiting.pop()
        if id(part) in seen or isinstance(part, type | ModuleType):
            continue
        seen.add(id(part))
        total += sys.getsizeof(part)
        waiting.extend(part.__closure__ or () if isinstance(part, FunctionType) else gc.get_referents(part))
    return total


def foreign_of(format_: Format, each: Example, number: int) -> Foreign:
    """The message as a route would hand it on, some of them retained."""
    return Foreign(
        topic=each.topic,
        payload=each.payload,
        community="jade",
        network=format_.network,
        received_at=1_793_664_310_000 + number,
        arrival=str(number),
        is_retained=number % 7 == 0,
    )


def _note(stood: Stood, what: str, each: Example) -> None:
    if len(stood.faults) < 10:
        stood.faults.append(f"{stood.name}: {what}: topic {each.topic!r}, {len(each.payload)} bytes: {each.payload[:200]!r}")


def page_of(results: Iterable[Stood], command: str) -> str:
    """The table for docs/."""
    rows = [
        f"| {each.name} | {each.count:,} | {each.raised_count} | {each.slowest_s * 1000:.1f} | {each.memory_max / 1e6:.1f} "
        f"| {each.kept / 1e6:.1f} |\n"
        for each in results
    ]
    return _HEAD.format(slow_ms=SLOW_S * 1000, memory_mb=MEMORY_MAX / 1e6, command=command) + "".join(rows)


def main() -> int:
    """Try all, print the table and every fault; 1 where a format did not withstand."""
    parser = argparse.ArgumentParser(prog="./run fuzz", description="Give every foreign format messages that nobody should send.")
    parser.add_argument("--format", action="append", choices=list(FORMATS), help="only this format; may be repeated")
    parser.add_argument("--count", type=int, default=1_000_000, help="inputs for each format (1000000)")
    parser.add_argument("--seed", type=int, default=1, help="what they are drawn from (1)")
    parser.add_argument("--processes", type=int, default=2, help="how many formats at a time (2)")
    parser.add_argument("--page", action="store_true", help="write docs/hostile-input.md")
    chosen = parser.parse_args()
    names, done = chosen.format or list(FORMATS), {}
    with ProcessPoolExecutor(chosen.processes) as pool, Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("formats 格式", total=len(names))
        for future in as_completed([pool.submit(try_out, name, chosen.count, chosen.seed) for name in names]):
            done[future.result().name] = future.result()
            progress.advance(task)
    results = [done[name] for name in names]
    page = page_of(results, f"./run fuzz --count {chosen.count} --seed {chosen.seed} --page")
    if chosen.page:
        PAGE.write_text(page, encoding="utf-8")
    sys.stdout.write("\n".join([page, *[fault for each in results for fault in each.faults], ""]))
    return 0 if all(each.is_good for each in results) else 1


if __name__ == "__main__":
    sys.exit(main())
