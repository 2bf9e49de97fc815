"""``shouwang decode``: what a foreign message means to us, before anybody sends it to a live desk."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from ingest.adapter import Format
from ingest.formats import FORMATS
from shouwang.decoding import COMMUNITY, NAMES, NATIVE, Decoder, LineError
from shouwang.exits import Exit
from shouwang.logs import escaped
from shouwang.mapping_file import MappingFileError, read_mapping
from shouwang.options import stopped


def decode(
    file: Annotated[Path | None, typer.Argument(help="JSON Lines to decode; standard input where none is named.")] = None,
    format_: Annotated[str, typer.Option("--format", help=f"For lines that name none: {NAMES}.")] = "",
    community: Annotated[str, typer.Option(help="The community of foreign messages.")] = COMMUNITY,
    mapping: Annotated[Path | None, typer.Option(help="A declarative mapping to try (docs/mapping.md). 映射文件。")] = None,
) -> None:
    """Say what messages mean, a JSON line each; input lines: format, topic, encoding, payload, retain, received_at. 试解码。"""
    if format_ and format_ not in {*FORMATS, NATIVE}:
        raise stopped(f"There is no format {escaped(format_)!r}; there are {NAMES}.  没有该格式。", Exit.USAGE)
    is_good = True
    decoder = Decoder(format_, community, _mapped(mapping))
    try:
        for number, line in enumerate(_lines(file), start=1):
            if line.strip():
                where = f"{file or '<stdin>'}:{number}"
                answer = decoder.answer(_given(line, where), where, number)
                is_good = is_good and answer["outcome"] != "rejected"
                sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    except LineError as fault:
        raise stopped(str(fault), Exit.FAILED) from None
    except OSError as fault:
        raise stopped(f"{file} cannot be read: {fault}  文件无法读取。", Exit.FAILED) from None
    raise typer.Exit(Exit.OK if is_good else Exit.FAILED)


def _mapped(path: Path | None) -> Format | None:
    if path is None:
        return None
    try:
        return read_mapping(path)
    except MappingFileError as fault:
        raise stopped(str(fault), Exit.FAILED) from None


def _lines(file: Path | None) -> Iterator[bytes]:
    if file is None:
        yield from sys.stdin.buffer
        return
    with file.open("rb") as opened:
        yield from opened


def _given(line: bytes, where: str) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise LineError(f"{where}: expected one JSON object per line, but this is not JSON: {fault}") from None
    if not isinstance(given, dict):
        raise LineError(f'{where}: expected a JSON object with "format", "topic" and "payload"')
    return given
