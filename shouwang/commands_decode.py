"""``shouwang decode``: what a foreign message means to us, before anybody sends it to a live desk."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from ingest.adapter import Adapter, Foreign, Format, Ignored, understand
from ingest.formats import FORMATS
from ingest.topics import PREFIX, community_of
from ingest.wire import decode as decode_native
from rules.model import Event, Rejected
from shouwang.clock import wall_now
from shouwang.exits import Exit
from shouwang.logs import escaped
from shouwang.mapping_file import MappingFileError, read_mapping
from shouwang.options import stopped
from simulator.recording import iso, read_instant

NATIVE: Final = "native"
COMMUNITY: Final = "community"
"""What foreign messages are taken to come from, where nothing says it."""

_NAMES: Final = ", ".join((*FORMATS, NATIVE))


class LineError(ValueError):
    """An input line that cannot be decoded at all; the message says line, what was expected and what came."""


def decode(
    file: Annotated[Path | None, typer.Argument(help="JSON Lines to decode; standard input where none is named.")] = None,
    format_: Annotated[str, typer.Option("--format", help=f"For lines that name none: {_NAMES}.")] = "",
    community: Annotated[str, typer.Option(help="The community of foreign messages.")] = COMMUNITY,
    mapping: Annotated[Path | None, typer.Option(help="A declarative mapping to try (docs/mapping.md). 映射文件。")] = None,
) -> None:
    """Say what messages mean, a JSON line each; input lines: format, topic, encoding, payload, retain, received_at. 试解码。"""
    if format_ and format_ not in {*FORMATS, NATIVE}:
        raise stopped(f"There is no format {escaped(format_)!r}; there are {_NAMES}.  没有该格式。", Exit.USAGE)
    is_good = True
    route = _Route(format_, community, _mapped(mapping))
    try:
        for number, line in enumerate(_lines(file), start=1):
            if line.strip():
                answer = route.answer(line, f"{file or '<stdin>'}:{number}", number)
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


class _Route:
    """What all lines share: format and community where they name none, and what the formats have learnt from earlier lines."""

    def __init__(self, format_: str, community: str, mapping: Format | None = None) -> None:
        self._formats = FORMATS if mapping is None else {**FORMATS, mapping.name: mapping}
        self._format = format_ or (mapping.name if mapping else "")
        self._community = community
        self._adapters: dict[str, Adapter] = {}

    def answer(self, line: bytes, where: str, number: int) -> dict[str, Any]:
        """What one input line means. Raises LineError where it is no line of input."""
        given = _given(line, where)
        name = given.get("format") or self._format
        if not name:
            raise LineError(f'{where}: "format" is missing, and no --format was given; it is one of {_NAMES}')
        if name not in {*self._formats, NATIVE}:
            return {"outcome": "rejected", "events": [], "reason": f"unknown format {name!r}; there are {_NAMES}"}
        topic, payload = str(given.get("topic") or ""), _payload(given, where)
        is_retained = bool(given.get("retain", False))
        if name == NATIVE:
            return _told(decode_native(topic, payload, is_retained=is_retained, arrival=str(number)))
        foreign = Foreign(
            topic=topic,
            payload=payload,
            community=community_of(topic, PREFIX) or self._community,
            network=self._formats[name].network,
            received_at=_received_at(given, where),
            arrival=str(number),
            is_retained=is_retained,
        )
        if name not in self._adapters:
            self._adapters[name] = self._formats[name].opens()
        understood = understand(self._adapters[name], foreign)
        if isinstance(understood, Ignored):
            return {"outcome": "ignored", "events": [], "reason": understood.reason}
        return _told(understood)


def _given(line: bytes, where: str) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise LineError(f"{where}: expected one JSON object per line, but this is not JSON: {fault}") from None
    if not isinstance(given, dict):
        raise LineError(f'{where}: expected a JSON object with "format", "topic" and "payload"')
    return given


def _payload(given: dict[str, Any], where: str) -> bytes:
    payload, encoding = given.get("payload", ""), given.get("encoding", "utf8")
    if isinstance(payload, dict | list):
        return json.dumps(payload, ensure_ascii=False).encode()
    if encoding not in {"utf8", "hex"} or not isinstance(payload, str):
        raise LineError(f'{where}: "payload" must be a text and "encoding" utf8 or hex')
    if encoding == "utf8":
        return payload.encode("utf-8", "surrogatepass")
    try:
        return bytes.fromhex(payload)
    except ValueError as fault:
        raise LineError(f'{where}: "payload" is no hexadecimal text: {fault}') from None


def _received_at(given: dict[str, Any], where: str) -> int:
    at = given.get("received_at")
    if at is None:
        return wall_now()
    try:
        return read_instant(at, "received_at")
    except ValueError as fault:
        raise LineError(f"{where}: {fault}") from None


def _told(results: Iterable[Event | Rejected]) -> dict[str, Any]:
    """One refused event makes the message rejected; what is good in it is told all the same."""
    events, reasons = [], []
    for result in results:
        if isinstance(result, Event):
            events.append(_plain(result))
        else:
            reasons.append(f"{result.reason}: {result.detail}")
    return {"outcome": "rejected" if reasons else "events", "events": events, "reason": "; ".join(reasons)}


def _plain(event: Event) -> dict[str, Any]:
    return {
        "network": event.network.value,
        "class": event.event_class.value,
        "device": event.device,
        "kind": event.kind,
        "value": event.value,
        "unit": event.unit,
        "state": event.state,
        "at": None if event.occurred_at is None else iso(event.occurred_at),
        "status": event.status.value,
        "zone": event.zone,
        "retained": event.is_retained,
        "attributes": dict(event.attributes),
    }
