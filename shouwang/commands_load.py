"""``shouwang load``: a set rate and mix of events over MQTT, what each lane took, and the proof that nothing was lost."""

import asyncio
import json
import re
import sys
from typing import Annotated, Final

import aiomqtt
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from ingest.topics import Lane
from shouwang.clock import wall_now
from shouwang.exits import Exit
from shouwang.load_proof import journal_proof, store_proof
from shouwang.options import ConfigOption, DataOption, settings_or_exit, stopped
from simulator.broker import Broker, BrokerError
from simulator.load.ledger import Ledger, Proof, prove
from simulator.load.plan import LoadPlan, Mix
from simulator.load.run import LoadRun
from simulator.publish import Counts, PublishError

SHOWN_MAX: Final = 5
_MIX: Final = re.compile(r"\s*(\d+(?:\.\d+)?):(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)\s*")
RECEIPTS, JOURNAL, ALARMS = "receipts 回执", "journal 流水", "alarms 报警"
_GOOD: Final = {  # what comes twice is known by its id: only of alarms can it be seen that none was doubled
    RECEIPTS: "nothing lost, nothing invented.  无丢失，无多出。",
    JOURNAL: "nothing lost, nothing invented.  无丢失，无多出。",
    ALARMS: "nothing lost, nothing doubled, nothing invented.  无丢失，无重复，无多出。",
}
_LANES: Final = {Lane.CRITICAL: "critical 紧急", Lane.NORMAL: "normal 一般", Lane.BULK: "bulk 批量"}


def load(  # noqa: PLR0913, PLR0917 - the options of a command, each by its name
    broker: Annotated[str, typer.Option(help="Publish to mqtt://[user:password@]host[:port] (mqtts:// for TLS).")],
    rate: Annotated[float, typer.Option(min=0.1, max=100_000, help="Events per second.")] = 500.0,
    seconds: Annotated[float, typer.Option("--for", min=0.1, max=86_400, help="For so many seconds.")] = 30.0,
    mix: Annotated[str, typer.Option(help="Parts of critical:normal:bulk.")] = "1:9:90",
    devices: Annotated[int, typer.Option(min=1, max=100_000, help="So many devices speak in the two lower lanes.")] = 2000,
    community: Annotated[str, typer.Option(help="The community whose devices they are.")] = "load",
    is_actual: Annotated[bool, typer.Option("--actual", help="As real events: people are told; else as an exercise.")] = False,
    seed: Annotated[int, typer.Option(help="Draws the mix and the values.")] = 1,
    patience: Annotated[float, typer.Option(min=1, max=3600, help="Seconds that no receipt may stay away.")] = 30.0,
    data: DataOption = None,
    config: ConfigOption = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
) -> None:
    """Publish at a set rate and prove by receipts that nothing was lost; with --data by journal and alarms too. 压测。"""
    started_at = wall_now()
    plan = LoadPlan(
        run=f"{seed}-{started_at}",
        rate=rate,
        lasts_s=seconds,
        device_count=devices,
        mix=_mix(mix),
        community=community,
        status="actual" if is_actual else "exercise",
        seed=seed,
        asks_all=data is None,
    )
    run = LoadRun(plan=plan, broker=_broker(broker), patience_s=patience)
    try:
        asyncio.run(_with_bar(run))
    except* (PublishError, aiomqtt.MqttError, OSError) as faults:
        fault = faults.exceptions[0]
        raise stopped(f"The broker at {run.broker.address} could not be used: {fault}  消息服务器不可用。", Exit.FAILED) from None
    proofs = {RECEIPTS: _receipts(run.ledger)}
    if data is not None:
        settings = settings_or_exit(config, data)
        proofs[JOURNAL] = journal_proof(settings, plan, run.ledger, started_at)
        proofs[ALARMS] = store_proof(settings, plan, run.ledger, started_at)
    if is_json:
        typer.echo(json.dumps(_plain(run, proofs), ensure_ascii=False))
    else:
        _show(run, proofs)
    raise typer.Exit(Exit.OK if all(proof.is_good for proof in proofs.values()) else Exit.FAILED)


def _mix(text: str) -> Mix:
    found = _MIX.fullmatch(text)
    parts = [float(part) for part in found.groups()] if found else []
    if sum(parts) <= 0:
        raise stopped(f"The mix {text!r} is none: write critical:normal:bulk, such as 1:9:90.  配比格式不对。", Exit.USAGE)
    return Mix(critical=parts[0], normal=parts[1], bulk=parts[2])


def _broker(url: str) -> Broker:
    try:
        return Broker.from_url(url)
    except BrokerError as fault:
        raise stopped(str(fault), Exit.USAGE) from None


async def _with_bar(run: LoadRun) -> None:
    """Run, with a bar on a terminal: what has left, what is owed, and how long the rest will take."""
    columns = (
        TextColumn("load 压测"),
        BarColumn(),
        TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=run.plan.event_count, said="")

        def show(counts: Counts, ledger: Ledger) -> None:
            said = f"{counts.acknowledged_count} taken, {len(ledger.owed)} receipts owed, {counts.behind_s:.1f} s behind"
            bar.update(task, completed=counts.acknowledged_count, said=said)

        run.on_progress = show
        await run.run()


def _receipts(ledger: Ledger) -> Proof:
    asked = [event_id for event_id in ledger.acknowledged if ledger.events[event_id].wants_receipt]
    came = [event_id for event_id, sent in ledger.events.items() if sent.receipt_s is not None]
    strange = tuple(["(a receipt for what was never sent)"] * ledger.stranger_count)
    proof = prove(asked, ledger.events, came)
    return Proof(lost=proof.lost, doubled=proof.doubled, strange=strange)


def _plain(run: LoadRun, proofs: dict[str, Proof]) -> dict[str, object]:
    lanes = [
        {
            "lane": figures.lane.value,
            "sent": figures.sent_count,
            "receipts": figures.receipt_count,
            "p50_s": figures.quantiles_s[0] if figures.quantiles_s else None,
            "p90_s": figures.quantiles_s[1] if figures.quantiles_s else None,
            "p99_s": figures.quantiles_s[2] if figures.quantiles_s else None,
            "max_s": figures.worst_s,
        }
        for figures in run.ledger.figures()
    ]
    return {
        "asked_rate": run.plan.rate,
        "rate": _rate(run),
        "acknowledged": run.counts.acknowledged_count,
        "reconnects": run.counts.reconnect_count,
        "lanes": lanes,
        "proofs": {
            name.split()[0]: {"lost": list(proof.lost), "doubled": list(proof.doubled), "strange": list(proof.strange)}
            for name, proof in proofs.items()
        },
    }


def _rate(run: LoadRun) -> float:
    return round(run.counts.acknowledged_count / run.took_s, 1) if run.took_s else 0.0


def _show(run: LoadRun, proofs: dict[str, Proof]) -> None:
    console = Console()
    rate = _rate(run)
    typer.echo(f"{run.counts.acknowledged_count} events taken by the broker, {rate:,.0f}/s (asked for: {run.plan.rate:,.0f}/s).")
    if rate < 0.95 * run.plan.rate:
        typer.echo("The rate was not reached: the broker, the service or this publisher is at its end.  未达到设定速率。")
    table = Table("lane 通道", "sent 已发", "receipts 回执", "p50", "p90", "p99", "max")
    for figures in run.ledger.figures():
        waits = [
            f"{wait * 1000:,.0f} ms" for wait in (*figures.quantiles_s, *(() if figures.worst_s is None else (figures.worst_s,)))
        ]
        table.add_row(_LANES[figures.lane], str(figures.sent_count), str(figures.receipt_count), *waits)
    console.print(table)
    for name, proof in proofs.items():
        typer.echo(f"{name}: {_GOOD[name] if proof.is_good else _faults(proof)}")


def _faults(proof: Proof) -> str:
    said = [
        f"{len(those)} {word} ({', '.join(those[:SHOWN_MAX])}{' …' if len(those) > SHOWN_MAX else ''})"
        for word, those in (("LOST 丢失", proof.lost), ("DOUBLED 重复", proof.doubled), ("STRANGE 多出", proof.strange))
        if those
    ]
    return "; ".join(said)
