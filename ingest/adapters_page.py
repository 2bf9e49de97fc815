"""The pages about foreign formats, out of the adapters' own words and deeds: ``python -m ingest.adapters_page``.

docs/adapters.md lists the formats; docs/formats/NAME.md says what one takes, its traps, and what its examples mean.
"""

import inspect
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ingest.adapter import Adapter, Example, Foreign, Format, Ignored, understand
from ingest.formats import FORMATS
from rules.model import Event, Rejected

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"
READ_AT: Final = 1_793_664_310_000
"""2026-11-03 08:05:10 in China: when the examples are taken to arrive."""

_COMMAND: Final = "python -m ingest.adapters_page"
_HEAD: Final = """# Foreign formats

What an integrator brings is understood as it is. Each format is one small pure function; what it says is then checked like
our own [event contract](event-contract.md). `shouwang adapters` lists them; `shouwang decode` tells what a message means before
anybody sends it to a live desk:

```sh
echo '{"format":"zigbee2mqtt","topic":"zigbee2mqtt/hall","payload":"{\\"smoke\\":true}"}' | ./run shouwang decode
```

What none of them reads, a [declarative mapping](mapping.md) does. What each withstands of bytes that nobody should send:
[hostile-input.md](hostile-input.md). The pages are made by `python -m ingest.adapters_page`.

| format | 名称 | name | network |
|---|---|---|---|
"""


def pages() -> Mapping[str, str]:
    """Every page by its path below docs/."""
    rows = [
        f"| [{each.name}](formats/{each.name}.md) | {each.zh} | {each.en} | {each.network.value} |" for each in FORMATS.values()
    ]
    listed = {"adapters.md": _HEAD + "\n".join(rows) + "\n"}
    return listed | {f"formats/{each.name}.md": page_of(each) for each in FORMATS.values()}


def page_of(format_: Format) -> str:
    """What a format takes, and its examples with what they mean: in their order, read by one adapter."""
    adapter = format_.opens()
    shown = [_shown(format_, adapter, each, index) for index, each in enumerate(format_.examples)]
    head = f"# `{format_.name}`: {format_.zh}, {format_.en}"
    return (
        "\n\n".join([head, inspect.cleandoc(format_.words), "## Examples", *shown, f"This page is made by `{_COMMAND}`."]) + "\n"
    )


def _shown(format_: Format, adapter: Adapter, example: Example, index: int) -> str:
    foreign = Foreign(
        topic=example.topic,
        payload=example.payload,
        community="jade",
        network=format_.network,
        received_at=READ_AT,
        arrival=str(index),
    )
    told = understand(adapter, foreign)
    lines = [f"nothing of concern: {told.reason}"] if isinstance(told, Ignored) else [_line(each) for each in told]
    came, where = _readable(example.payload), f"At `{example.topic}`" if example.topic else "In a request"
    means = "\n".join(lines)
    return f"{where} comes\n\n```text\n{came}\n```\n\nand means\n\n```text\n{means}\n```"


def _readable(payload: bytes) -> str:
    """The payload as text; as hexadecimal where it is none."""
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError:
        return payload.hex(" ")
    return text if all(letter.isprintable() or letter in "\r\n\t" for letter in text) else payload.hex(" ")


def _line(told: Event | Rejected) -> str:
    if isinstance(told, Rejected):
        return f"refused, {told.reason}: {told.detail}"
    value = "" if told.value is None else f" {told.value:g} {told.unit}".rstrip()
    state = f" {told.state}" if told.state else ""
    status = "" if told.status.value == "actual" else f" ({told.status.value})"
    at = "" if told.occurred_at is None else f" at {datetime.fromtimestamp(told.occurred_at / 1000, UTC).isoformat()}"
    beside = f" {json.dumps(dict(told.attributes), ensure_ascii=False)}" if told.attributes else ""
    past = " (of the past)" if told.is_retained else ""
    return f"{told.event_class.value} {told.kind}{value}{state}{status}{past} of {told.device}{at}{beside}"


def write(folder: Path = DOCS) -> None:
    """Write every page that differs."""
    for name, text in pages().items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
