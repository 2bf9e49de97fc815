"""``shouwang baseline``: what the streaming baseline says of a series, row by row, before a rule is written with it."""

import csv
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from rules.baseline import DETECTION, Baseline
from rules.model import Level
from shouwang.exits import Exit
from shouwang.options import stopped
from shouwang.series_file import Row, Series, SeriesError, text_of

if TYPE_CHECKING:
    from shouwang.series_plot import Picture

LEVELS: Final = ((0.9999, Level.ORANGE), (0.999, Level.YELLOW), (DETECTION, Level.BLUE))
"""From which score on a row is told as which level. Never red: what is dangerous has a limit, not a baseline. Ours."""
NO_LEVEL: Final = "none"
DIGITS: Final = 6
"""Decimal places of a score, and of what the level is taken from."""
FORMATS: Final = (".png", ".svg", ".pdf")
SHOW_EVERY: Final = 500
"""Rows between two looks at the progress bar."""

Took = Callable[[int], None]


def baseline(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A CSV file (.gz too), or - for what comes down a pipe.")],
    time: Annotated[str | None, typer.Option(metavar="COLUMN", help="The column of times; found if not named.")] = None,
    value: Annotated[str | None, typer.Option(metavar="COLUMN", help="The column of values; found if not named.")] = None,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw it as well: .png, .svg or .pdf.")] = None,
) -> None:
    """Print timestamp,value,score,level of a series: how unlike its usual each row is, judged by the rows before it alone."""
    picture = _picture(plot)
    try:
        with _opened(file) as (source, name):
            _judge(source, name, (time, value), picture, is_flushed=file == "-")
        if picture is not None and plot is not None:
            _draw(picture, plot, name)
    except SeriesError as fault:
        sys.stdout.flush()
        raise stopped(str(fault), Exit.FAILED) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read has seen enough


def level_of(score: float) -> Level | None:
    """The level that a score is told as, if any."""
    return next((level for least, level in LEVELS if score >= least), None)


def _judge(
    source: BinaryIO, name: str, columns: tuple[str | None, str | None], picture: "Picture | None", *, is_flushed: bool
) -> None:
    series = Series(name, time=columns[0], value=columns[1], say=lambda said: typer.echo(said, err=True))
    out = csv.writer(sys.stdout, lineterminator="\n")
    detector = Baseline()
    with _progress(source, name) as took, text_of(source, is_packed=name.endswith(".gz")) as text:
        for count, row in enumerate(series.rows(text)):
            if not count:
                out.writerow(("timestamp", "value", "score", "level"))
            score, level = _say(detector, row)
            out.writerow((row.timestamp, row.value, f"{score:.{DIGITS}f}", NO_LEVEL if level is None else level.value))
            if is_flushed:
                sys.stdout.flush()
            if picture is not None:
                picture.add(row.at, row.number, score, level)
            if not count % SHOW_EVERY:
                took(count)
    sys.stdout.flush()


def _say(detector: Baseline, row: Row) -> tuple[float, Level | None]:
    if row.number is None:
        return 0.0, None  # nothing was measured, so nothing is unusual and nothing is learned
    score = round(detector.take(row.hour, row.number).score, DIGITS)
    return score, level_of(score)


@contextmanager
def _opened(file: str) -> Iterator[tuple[BinaryIO, str]]:
    """The bytes and what faults call them."""
    if file == "-":
        yield sys.stdin.buffer, "<stdin>"
        return
    try:
        source = Path(file).open("rb")  # noqa: SIM115 - closed below; only the opening may fail for want of a file
    except OSError as fault:
        raise stopped(f"{file} cannot be read: {fault.strerror}. Name a CSV file, or - for a pipe.", Exit.USAGE) from None
    with source:
        yield source, file


@contextmanager
def _progress(source: BinaryIO, name: str) -> Iterator[Took]:
    """A bar on the standard error of a terminal, unless the rows themselves run over the same screen."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda _: None
        return
    size = _size(source)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]} rows"))
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task(Path(name).name, total=size, rows=0)

        def took(count: int) -> None:
            progress.update(task, rows=count, completed=0 if size is None else source.tell())

        yield took
        progress.update(task, total=size or 1, completed=size or 1)


def _size(source: BinaryIO) -> int | None:
    """How many bytes will come; None of a pipe."""
    try:
        status = os.fstat(source.fileno())
    except OSError:
        return None
    return status.st_size or None if stat.S_ISREG(status.st_mode) else None


def _picture(plot: Path | None) -> "Picture | None":
    """What collects the rows for a drawing; None where none is wanted. Says early what would be missing at the end."""
    if plot is None:
        return None
    if plot.suffix.lower() not in FORMATS:
        raise stopped(f"--plot {plot}: the name must end in {', '.join(FORMATS)}.", Exit.USAGE)
    if not plot.resolve().parent.is_dir():
        raise stopped(f"--plot {plot}: there is no folder {plot.resolve().parent}; make it first.", Exit.USAGE)
    try:
        from shouwang.series_plot import Picture  # noqa: PLC0415 - matplotlib is an optional extra
    except ImportError:
        raise stopped(
            "--plot needs matplotlib: pip install 'shouwang[plot]'. Without --plot the rows are printed all the same.\n"
            "--plot 需要 matplotlib：请执行 pip install 'shouwang[plot]'；不加 --plot 仍可输出逐行结果。",
            Exit.MISSING,
        ) from None
    return Picture()


def _draw(picture: "Picture", plot: Path, name: str) -> None:
    try:
        picture.write(plot, Path(name).name)
    except OSError as fault:
        raise stopped(f"--plot {plot} cannot be written: {fault.strerror}", Exit.FAILED) from None
