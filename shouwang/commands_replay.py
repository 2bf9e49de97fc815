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
from rules.pack import PackError
from shouwang.clock import wall_now
from shouwang.exits import Exit
from shouwang.options import stopped
from shouwang.pack_files import PackUnreadableError, load_pack
from shouwang.settings import PACKS
from simulator.broker import Broker, BrokerError
from simulator.publish import Counts, PublishError
from simulator.recording import RecordingError, read_recording
from simulator.replay import publish_file
from simulator.virtual import TAIL_S, decisions


def replay(
    file: Annotated[Path, typer.Argument(help='JSON Lines of {"topic", "payload", "at"}; .gz too.')],
    broker: Annotated[str, typer.Option(help="Publish to mqtt://[user:password@]host[:port] (mqtts:// for TLS).")] = "",
    speed: Annotated[float, typer.Option(min=0.001, help="How many times faster than it was recorded.")] = 1.0,
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
            asyncio.run(_publish(file, Broker.from_url(broker), speed))
    except BrokerError as fault:
        raise stopped(str(fault), Exit.USAGE) from None
    except (RecordingError, PackError, PublishError) as fault:
        raise stopped(str(fault), Exit.FAILED) from None
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


async def _publish(file: Path, broker: Broker, speed: float) -> None:
    instants = [record.at for record in read_recording(file)]
    span_s = (max(instants) - instants[0]) / 1000 if instants else 0.0
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[sent]} sent"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, transient=False) as progress:
        task = progress.add_task(f"{file.name} → {broker.address}", total=max(span_s, 0.001), sent=0)

        def show(counts: Counts) -> None:
            progress.update(task, completed=counts.offset_ms / 1000, sent=counts.acknowledged_count)

        counts = await publish_file(file, broker, start_at=wall_now(), speed=speed, on_progress=show)
        progress.update(task, completed=max(span_s, 0.001), sent=counts.acknowledged_count)
    typer.echo(f"{counts.acknowledged_count} messages, all acknowledged by the broker; {counts.reconnect_count} reconnects.")
