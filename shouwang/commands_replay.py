"""``shouwang replay``: a recorded event file over a real broker, or through the chain in virtual time."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from rules.definition import RulePack
from rules.model import Status
from rules.pack import PackError
from shouwang.clock import wall_now
from shouwang.exits import Exit
from shouwang.keys import keys_to
from shouwang.options import stopped
from shouwang.pack_files import PackUnreadableError, load_pack
from shouwang.settings import PACKS
from simulator.broker import Broker, BrokerError
from simulator.pace import Pace
from simulator.publish import Counts, PublishError
from simulator.recording import RecordingError, read_recording
from simulator.replay import Manner, publish_file
from simulator.virtual import TAIL_S, decisions

SPEED_MIN, SPEED_MAX = 0.001, 1000.0
KEYS = "space: stand, go on   s: one message   + -: faster, slower   Ctrl-C: end      空格：暂停/继续  s：单步  + -：快慢"


def replay(  # noqa: PLR0913, PLR0917 - the options of a command, each by its name
    file: Annotated[Path, typer.Argument(help='JSON Lines of {"topic", "payload", "at"}; .gz too.')],
    broker: Annotated[str, typer.Option(help="Publish to mqtt://[user:password@]host[:port] (mqtts:// for TLS).")] = "",
    speed: Annotated[float, typer.Option(min=0.001, help="How many times faster than it was recorded.")] = 1.0,
    loop: Annotated[int, typer.Option(min=0, help="How often (with --broker); 0: until you end it.")] = 1,
    mark: Annotated[
        str, typer.Option(help="recorded: as it is; exercise or test: every event is marked so (with --broker).")
    ] = "recorded",
    is_paused: Annotated[bool, typer.Option("--paused", help="Begin standing still (with --broker, on a terminal).")] = False,
    is_virtual: Annotated[
        bool, typer.Option("--virtual", help="No broker: decide in virtual time, each decision a JSON line.")
    ] = False,
    pack: Annotated[Path, typer.Option(help="The rule pack that decides (with --virtual).")] = PACKS / "community.yaml",
    tail: Annotated[float, typer.Option(min=0, help="Seconds that virtual time runs on after the last line.")] = TAIL_S,
) -> None:
    """Replay a recorded file: over a broker as if it happened now, or in virtual time with each decision as a JSON line."""
    if is_virtual == bool(broker):
        raise stopped("Say either --broker mqtt://host:port or --virtual.  请指定 --broker 或 --virtual。", Exit.USAGE)
    try:
        if is_virtual:
            _decide(file, _pack_of(pack), tail)
        else:
            pace = Pace(speed, is_standing=is_paused and sys.stdin.isatty())
            asyncio.run(_publish(file, Broker.from_url(broker), pace, Manner(loop_count=loop, status=_status(mark))))
    except BrokerError as fault:
        raise stopped(str(fault), Exit.USAGE) from None
    except (RecordingError, PackError, PublishError) as fault:
        raise stopped(str(fault), Exit.FAILED) from None
    except KeyboardInterrupt:
        raise stopped("Ended before the end.  已提前结束。", Exit.FAILED) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read has seen enough


def _pack_of(pack: Path) -> RulePack:
    try:
        return load_pack(pack).read()
    except PackUnreadableError as fault:
        raise stopped(f"The pack {pack} cannot be read: {fault}", Exit.USAGE) from None


def _decide(file: Path, pack: RulePack, tail_s: float) -> None:
    for decision in decisions(read_recording(file), pack, tail_s=tail_s):
        sys.stdout.write(json.dumps(decision, ensure_ascii=False, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def _status(mark: str) -> Status | None:
    if mark == "recorded":
        return None
    try:
        return Status(mark)
    except ValueError:
        raise stopped(f"There is no mark {mark!r}: it is recorded, actual, exercise or test.  标记不对。", Exit.USAGE) from None


async def _publish(file: Path, broker: Broker, pace: Pace, manner: Manner) -> None:
    span_s = _span_s(file) * manner.loop_count or None
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[sent]} sent{task.fields[pace]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as progress:
        task = progress.add_task(f"{file.name} → {broker.address}", total=span_s, sent=0, pace="")

        def show(counts: Counts) -> None:
            progress.update(task, completed=counts.offset_ms / 1000, sent=counts.acknowledged_count)

        def obey(key: str) -> None:
            obeyed(pace, key)
            progress.update(task, pace=", standing 已暂停" if pace.is_standing else f", {pace.speed:g}×")

        with keys_to(obey) as has_keys:
            if has_keys:
                progress.console.print(KEYS, style="dim", markup=False)
                obey("")
            counts = await publish_file(file, broker, start_at=wall_now(), pace=pace, manner=manner, on_progress=show)
        progress.update(task, completed=span_s, sent=counts.acknowledged_count)
    typer.echo(f"{counts.acknowledged_count} messages, all acknowledged by the broker; {counts.reconnect_count} reconnects.")


def obeyed(pace: Pace, key: str) -> None:
    """Do what a key asks for; other keys do nothing."""
    if key == " ":
        (pace.go if pace.is_standing else pace.stand)()
    elif key in {"s", "\n"}:
        pace.step()
    elif key in {"+", "-"}:
        pace.run_at(min(SPEED_MAX, max(SPEED_MIN, pace.speed * (2.0 if key == "+" else 0.5))))


def _span_s(file: Path) -> float:
    """How long one turn of the file lasts, in its own seconds."""
    instants = [record.at for record in read_recording(file)]
    return max(0.001, (max(instants) - instants[0]) / 1000) if instants else 0.001
