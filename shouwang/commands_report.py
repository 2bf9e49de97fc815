"""``shouwang report``: what a stretch of the past says about the alarms themselves."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

import typer

from dashboard.reads import StoreReads
from rules.canonical import to_json
from rules.definition import RulePack
from rules.false_ratio import tally, tally_all
from rules.kpi import kpi
from shouwang.casebook import opened_casebook
from shouwang.clock import system_now
from shouwang.exits import Exit
from shouwang.instants import instant_or_stop
from shouwang.options import ConfigOption, DataOption, settings_or_exit, stopped
from shouwang.report_view import as_plain, show_kpi, titles_in, verdict_table
from shouwang.screen import show
from shouwang.settings import Settings
from simulator.recording import iso

STRETCH: Final = timedelta(days=30)
"""ISA-18.2 asks for at least 30 days of data."""

app = typer.Typer(
    no_args_is_help=True, help="Reports on the alarms themselves: figures, verdicts.  报警本身的报告：绩效、核实结论。"
)

FromOption = Annotated[
    str, typer.Option("--from", help="The first day or instant (2026-11-01, 2026-11-01T08:00), in the pack's time zone.")
]
ToOption = Annotated[str, typer.Option("--to", help="The day (with all of it) or instant at which it ends; now if not given.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON, as the API gives it.")]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a report reads, and of when (ms)."""

    reads: StoreReads
    pack: RulePack | None
    from_at: int
    until_at: int


@contextmanager
def opened_stretch(settings: Settings, since: str, until: str) -> Iterator[Stretch]:
    """Open the store for reading; what cannot be read, or understood, is told and ends the command."""
    with opened_casebook(settings) as book:
        pack = book.pack_in_force() or book.configured_pack()
        zone = pack.timezone if pack is not None else None
        until_at = system_now() if not until else instant_or_stop(until, zone, is_end=True)
        from_at = instant_or_stop(since, zone) if since else until_at - round(STRETCH.total_seconds() * 1000)
        if from_at >= until_at:
            raise stopped(f"The stretch ends ({iso(until_at)}) before it begins ({iso(from_at)}).  起止时间颠倒。", Exit.USAGE)
        yield Stretch(book.reads, pack, from_at, until_at)


@app.command("kpi")
def report_kpi(
    data: DataOption = None,
    config: ConfigOption = None,
    since: FromOption = "",
    until: ToOption = "",
    is_json: JsonOption = False,
) -> None:
    """Judge the alarm system by ISA-18.2 and EEMUA 191, per operator position; of 30 days if not told. 报警绩效。"""
    with opened_stretch(settings_or_exit(config, data), since, until) as stretch:
        facts = stretch.reads.alarm_facts(stretch.from_at, stretch.until_at)
        cases = stretch.reads.judged(stretch.from_at, stretch.until_at)
        report = kpi(facts, cases, stretch.pack, from_at=stretch.from_at, until_at=stretch.until_at)
        if is_json:
            typer.echo(json.dumps(as_plain(report), ensure_ascii=False, indent=1))
        else:
            show_kpi(report, stretch.pack)


@app.command()
def verdicts(
    data: DataOption = None,
    config: ConfigOption = None,
    since: FromOption = "",
    until: ToOption = "",
    is_json: JsonOption = False,
) -> None:
    """Say what people found out by rule, and how often each one cried wolf, with a 95 % interval. 各规则的核实结论与误报率。"""
    with opened_stretch(settings_or_exit(config, data), since, until) as stretch:
        cases = stretch.reads.judged(stretch.from_at, stretch.until_at)
        found, everything = tally(cases), tally_all(cases)
        if is_json:
            plain = {
                "from_at": stretch.from_at,
                "until_at": stretch.until_at,
                "all_rules": json.loads(to_json(everything)),
                "rules": [json.loads(to_json(one)) for one in found],
            }
            typer.echo(json.dumps(plain, ensure_ascii=False, indent=1))
            return
        typer.echo(f"{iso(stretch.from_at)} … {iso(stretch.until_at)}")
        if not found:
            typer.echo("No alarm was opened in this stretch.  此段时间没有报警。")
            return
        show(verdict_table(found, everything, titles_in(stretch.pack)))
