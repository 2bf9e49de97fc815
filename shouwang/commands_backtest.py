"""``shouwang backtest``: recorded events through a rule pack in virtual time, scored by what really happened."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text
from typer.core import TyperCommand

from rules.pack import PackError
from shouwang.exits import Exit
from shouwang.options import stopped
from shouwang.pack_files import load_pack
from shouwang.settings import PACKS
from simulator.judge.crew import OnLines, PackText
from simulator.judge.event_files import EventsError, Seen, look_through
from simulator.judge.page import page
from simulator.judge.report import Wishes, as_bytes, backtest
from simulator.judge.summary import summary
from simulator.judge.truth_file import Happened, TruthError, read_truth
from simulator.virtual import TAIL_S

JOBS_MAX: Final = 64


class ManyFiles(TyperCommand):
    """Takes several files after one option, as a shell gives them: ``--events a b`` as ``--events a --events b``."""

    MANY: Final = ("--events", "--truth")

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Say the option again before each further file."""
        told: list[str] = []
        option = ""
        for word in args:
            is_option = word.startswith("-")
            if not is_option and option and told[-1] != option:
                told.append(option)
            option = (word if word in self.MANY else "") if is_option else option
            told.append(word)
        return super().parse_args(ctx, told)


def backtest_command(
    events: Annotated[list[Path], typer.Option(help='FILE…: JSON Lines of {"topic", "payload", "received_at"}; .gz too.')],
    truth: Annotated[list[Path], typer.Option(help="FILE…: JSON Lines of what really happened (docs/judge.md); .gz too.")],
    report: Annotated[Path, typer.Option(help="The folder for report.json and report.html.", file_okay=False)],
    pack: Annotated[Path, typer.Option(help="The rule pack that is judged.")] = PACKS / "community.yaml",
    against: Annotated[Path | None, typer.Option(help="An older pack: what only it says, only PACK, or both and when.")] = None,
    jobs: Annotated[int, typer.Option(min=0, max=JOBS_MAX, help="Processes; 0 is one per processor.")] = 0,
    tail: Annotated[float, typer.Option(min=0, help="Seconds that virtual time runs on after the last line.")] = TAIL_S,
) -> None:
    """Play recorded events through a rule pack and score it by the ground truth. 用历史事件回测规则包并评分。"""
    faults: list[str] = []
    ours, theirs = _text_of(pack, faults), None if against is None else _text_of(against, faults)
    happened = _truth_of(truth, faults)
    with _progress() as show:
        seen = _seen(events, faults, show)
        if seen is None or faults:
            raise stopped("\n".join(faults), Exit.FAILED)
        wishes = Wishes(pack=ours, old=theirs, truth=happened, job_count=jobs or os.cpu_count() or 1, tail_s=tail)
        found = backtest(seen, wishes, show("回测 playing", seen.line_count, seen.span_s))
    try:
        report.mkdir(parents=True, exist_ok=True)
        (report / "report.json").write_bytes(as_bytes(found))
        (report / "report.html").write_text(page(found), encoding="utf-8")
    except OSError as fault:
        raise stopped(f"The report cannot be written: {fault}  报告无法写入。", Exit.FAILED) from None
    typer.echo(summary(found), nl=False)
    typer.echo(f"  报告 report: {report / 'report.html'}, {report / 'report.json'}")


def _text_of(file: Path, faults: list[str]) -> PackText:
    """The whole text of a pack, or every fault of it."""
    try:
        files = load_pack(file)
        files.read()
    except PackError as error:
        faults += [str(fault) for fault in error.faults]
        return PackText(name=str(file), text="")
    return PackText(name=str(file), text=files.text)


def _truth_of(files: list[Path], faults: list[str]) -> tuple[Happened, ...]:
    """All happenings of all files, or every fault of all of them."""
    found: list[Happened] = []
    for file in files:
        try:
            found += read_truth(file)
        except TruthError as error:
            faults += error.faults
    return tuple(found)


def _seen(files: list[Path], faults: list[str], show: "Show") -> Seen | None:
    try:
        seen = look_through(files, show("查看 reading", None, 0.0))
    except EventsError as error:
        faults += error.faults
        return None
    if not seen.files:
        names = ", ".join(str(file) for file in files)
        faults.append(f"{names}: there is no event of a community: topics begin with shouwang/v1/.  没有可回测的事件。")
    return seen


class Show:
    """Begins a bar, and gives what moves it on: called with how many lines more are done."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(self, title: str, line_count: int | None, span_s: float) -> OnLines:
        """A bar of so many lines, which cover so much time; None where that is not known yet."""
        task = self._progress.add_task(title, total=line_count, span_s=span_s)
        return lambda lines: self._progress.advance(task, lines)


class Rate(ProgressColumn):
    """How many lines a second, and how many times faster than they were recorded."""

    def render(self, task: Task) -> Text:
        """The text beside the bar."""
        if not task.speed:
            return Text("")
        times = task.fields["span_s"] * task.speed / task.total if task.total else 0.0
        return Text(f"{task.speed:,.0f}/s" + (f", {times:,.0f}×" if times else ""))


@contextmanager
def _progress() -> Iterator[Show]:
    """Bars on stderr that are gone in the end."""
    columns = (TextColumn("{task.description}"), BarColumn(), Rate(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Show(progress)
