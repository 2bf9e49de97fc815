"""A month of seven communities, 2,100 devices, made and judged at once: ``python -m bench.month > docs/judge-month.md``.

Every message is made, read by the contract and decided by the chain as it comes, and then forgotten: neither memory nor disk ever
holds the month. Communities are played side by side, as ``shouwang backtest`` plays them; each part's CPU time is measured apart.
"""

import argparse
import resource
import sys
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from itertools import islice
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bench.month_page import Lived, Run, page
from ingest.wire import decode
from rules.definition import RulePack
from shouwang.clock import monotonic_s
from simulator.judge.play import Player
from simulator.judge.score import Town
from simulator.month import COMMUNITY_COUNT, DAY_COUNT, month_of
from simulator.recording import Recorded
from simulator.scenario_packs import default_pack
from simulator.scenario_truth import event_lines

_CHUNK: Final = 2_000  # messages between two looks at the clock
_POLL_S: Final = 0.5
_done: "list[Synchronized[int]]" = []  # of a worker: the seconds of virtual time that it shares with the others


def live(number: int, day_count: float, pack: RulePack) -> Lived:
    """Play one community's month, message by message."""
    month = month_of(number, day_count=day_count)
    player = Player(pack)
    lines = event_lines(month.scenario, month.community)
    making_s = judging_s = 0.0
    heard_count, told_at = 0, month.scenario.start_at
    while True:
        began_s = time.process_time()
        chunk = [*islice(lines, _CHUNK)]
        made_s = time.process_time()
        _judge(player, chunk, heard_count)
        making_s += made_s - began_s
        judging_s += time.process_time() - made_s
        heard_count += len(chunk)
        until_at = chunk[-1].at if len(chunk) == _CHUNK else month.scenario.start_at + month.scenario.end_ms
        _tell((until_at - told_at) // 1000)
        told_at += (until_at - told_at) // 1000 * 1000
        if len(chunk) < _CHUNK:
            break
    return Lived(
        town=Town(played=player.played(month.community.id, tail_s=0), happened=month.truth),
        device_count=len(month.community.devices),
        making_s=making_s,
        judging_s=judging_s,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def live_all(job_count: int, day_count: int) -> Run:
    """All communities over this many processes, with a bar on stderr that says the rate and the time left."""
    began_s = monotonic_s()
    context = get_context("spawn")
    count: Synchronized[int] = context.Value("q", 0)
    with (
        _bar(COMMUNITY_COUNT * day_count * 86_400) as progress,
        ProcessPoolExecutor(job_count, mp_context=context, initializer=_begin, initargs=(count,)) as pool,
    ):
        task = progress.task_ids[0]
        futures = [pool.submit(_live, number, day_count) for number in range(1, COMMUNITY_COUNT + 1)]
        waiting = {*futures}
        while waiting:
            ended, waiting = wait(waiting, _POLL_S, FIRST_COMPLETED)
            for future in ended:
                future.result()  # whoever failed ends it all at once
            took_s = max(monotonic_s() - began_s, 0.001)
            progress.update(task, completed=count.value, times=count.value / COMMUNITY_COUNT / took_s)
        lived = tuple([future.result() for future in futures])
    return Run(lived=lived, wall_s=monotonic_s() - began_s, job_count=job_count, day_count=day_count)


def main(arguments: Sequence[str] | None = None) -> None:
    """Play the month and print the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.month", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="processes (default: %(default)s)")
    parser.add_argument("--days", type=int, default=DAY_COUNT, help="only the first days of the month (default: all)")
    chosen = parser.parse_args(arguments)
    run = live_all(chosen.jobs, chosen.days)
    sys.stdout.writelines(f"{line}\n" for line in page(run, default_pack()))


def _live(number: int, day_count: int) -> Lived:
    return live(number, day_count, default_pack())


def _judge(player: Player, chunk: Sequence[Recorded], heard_count: int) -> None:
    for number, (at, topic, payload) in enumerate(chunk, start=heard_count + 1):
        player.take(at, decode(topic, payload, arrival=str(number)))


def _begin(count: "Synchronized[int]") -> None:
    _done.append(count)


def _tell(seconds: int) -> None:
    for count in _done:
        with count.get_lock():
            count.value += seconds


def _bar(total_s: int) -> Progress:
    columns = (
        TextColumn("月 month"),
        BarColumn(),
        TextColumn("{task.fields[times]:,.0f}×"),
        TimeElapsedColumn(),
        TimeRemainingColumn(elapsed_when_finished=True, compact=False),
    )
    progress = Progress(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=300)
    progress.add_task("month", total=total_s, times=0.0)
    return progress


if __name__ == "__main__":
    main()
