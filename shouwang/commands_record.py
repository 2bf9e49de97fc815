"""``shouwang record``: a cassette of what a community said, out of the journal and without the people in it."""

import secrets
import sys
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ingest.journal import JournalDamaged, Journaled, read_only
from ingest.journal_at import last_before
from rules.pack import PackError
from shouwang.clock import wall_now
from shouwang.exits import Exit
from shouwang.instants import instant_or_stop
from shouwang.options import ConfigOption, DataOption, settings_or_exit, stopped
from shouwang.pack_files import load_pack
from shouwang.settings import Settings
from simulator.cassette.pseudonyms import Pseudonyms
from simulator.cassette.recorder import KEPT_TEXTS, Anonymity, Tally, cassette
from simulator.recording import write_recording

KEY_BYTES: Final = 32


def record(  # noqa: PLR0913, PLR0917 - the options of a command, each by its name
    file: Annotated[Path, typer.Argument(help="The cassette to write: JSON Lines; packed where the name ends in .gz.")],
    data: DataOption = None,
    config: ConfigOption = None,
    since: Annotated[str, typer.Option("--from", help="The first day or instant; the journal's beginning if not given.")] = "",
    until: Annotated[str, typer.Option("--to", help="The day (with all of it) or instant at which it ends.")] = "",
    community: Annotated[list[str] | None, typer.Option(help="Only these communities. May be repeated.")] = None,
    key_file: Annotated[
        Path | None, typer.Option(help="Draw pseudonyms from this secret (made where it is missing): cassettes fit together.")
    ] = None,
    keep_text: Annotated[
        list[str] | None, typer.Option(help="Leave this attribute's texts as they are. May be repeated.")
    ] = None,
    is_dated: Annotated[bool, typer.Option("--keep-dates", help="Leave the dates as they are.")] = False,
    is_open: Annotated[bool, typer.Option("--keep-names", help="Hide nothing: names, texts, dates. Not for other eyes.")] = False,
) -> None:
    """Record what was reported into a cassette: under other names and dates, but of the same structure. 录制脱敏磁带。"""
    settings = settings_or_exit(config, data)
    folder = settings.data / "journal"
    if not folder.is_dir():
        raise stopped(f"There is no journal in {settings.data}: name the data folder with --data.  此处没有流水。", Exit.FAILED)
    if file.exists():
        raise stopped(f"{file} is there already: name another file, or remove it first.  文件已存在。", Exit.USAGE)
    pack_zone = _timezone(settings)
    from_at = instant_or_stop(since, pack_zone) if since else 0
    until_at = instant_or_stop(until, pack_zone, is_end=True) if until else wall_now()
    pseudonyms = None if is_open else Pseudonyms(_key(key_file))
    anonymity = Anonymity(pseudonyms=pseudonyms, is_dated=is_dated or is_open, kept_texts=(*KEPT_TEXTS, *(keep_text or ())))
    tally = Tally()
    try:
        entries = read_only(folder, after=last_before(folder, from_at))
        wanted = _stretch(entries, from_at, until_at, tuple(community or ()))
        write_recording(file, cassette(_shown(wanted, from_at, until_at), anonymity, tally))
    except JournalDamaged as fault:
        raise stopped(f"{fault} {file} ends before that.  流水损坏，磁带到此为止。", Exit.DAMAGED) from None
    except OSError as fault:
        raise stopped(f"{file} cannot be written: {fault}  无法写入。", Exit.FAILED) from None
    if not tally.event_count:
        file.unlink()
        raise stopped("Nothing was recorded: the journal has no events of then and there.  该时段没有事件。", Exit.FAILED)
    _tell(file, tally, anonymity)


def _stretch(entries: Iterator[Journaled], from_at: int, until_at: int, communities: tuple[str, ...]) -> Iterator[Journaled]:
    for journaled in entries:
        if journaled.received_at >= until_at:
            return
        if journaled.received_at >= from_at and (not communities or journaled.entry.community in communities):
            yield journaled


def _shown(entries: Iterator[Journaled], from_at: int, until_at: int) -> Iterator[Journaled]:
    """The same, with a bar on a terminal: how much of the stretch is done, and how long the rest will take."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]} entries"))
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, disable=not sys.stderr.isatty()) as bar:
        task, begun_at = bar.add_task("recording 录制", total=None, count=0), from_at
        for count, journaled in enumerate(entries, start=1):
            if count == 1:
                begun_at = journaled.received_at
                bar.update(task, total=max(1, until_at - begun_at))
            if count % 1000 == 0:
                bar.update(task, completed=journaled.received_at - begun_at, count=count)
            yield journaled


def _key(file: Path | None) -> bytes:
    """A fresh secret, or the one of this file. Ends the command where the file cannot be used."""
    if file is None:
        return secrets.token_bytes(KEY_BYTES)
    try:
        if not file.exists():
            file.touch(mode=0o600, exist_ok=False)
            file.write_text(secrets.token_hex(KEY_BYTES) + "\n", encoding="ascii")
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as fault:
        raise stopped(f"The key file {file} cannot be used: {fault}  密钥文件无法使用。", Exit.USAGE) from None
    if len(key) < KEY_BYTES:
        raise stopped(f"The key in {file} is too short: {KEY_BYTES} bytes in hexadecimal are needed.  密钥太短。", Exit.USAGE)
    return key


def _tell(file: Path, tally: Tally, anonymity: Anonymity) -> None:
    typer.echo(f"{file}: {tally.event_count} events of {len(tally.communities)} communities.  已录制事件。")
    if tally.other_count:
        typer.echo(
            f"Left out: {tally.other_count} entries that no device said (actions, deliveries, refusals).  未录制其他条目。"
        )
    if anonymity.pseudonyms is None:
        typer.echo("Names, texts and dates are the true ones: keep this file as you keep the journal.  未脱敏，请妥善保管。")


def _timezone(settings: Settings) -> tzinfo | None:
    try:
        return load_pack(settings.pack).read().timezone
    except PackError:
        return None
