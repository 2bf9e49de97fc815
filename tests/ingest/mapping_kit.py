"""A small mapping for tests, and messages for it."""

import json
from pathlib import Path

from ingest.adapter import Foreign, Ignored, understand
from rules.model import Event, Network, Rejected
from shouwang.mapping_file import read_mapping

GOOD = """\
mapping: box
title: {zh: 箱, en: Box}
device: $.sn
events:
  - {class: alarm, kind: smoke, state: $.a}
"""
HEAD = GOOD.partition("events:")[0] + "events:\n"


def told(body: object, topic: str = "box/d1/up") -> Foreign:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Foreign(topic=topic, payload=payload, community="jade", network=Network.IOT, received_at=0, arrival="1")


def understood(mapping: str, body: object, folder: Path, topic: str = "box/d1/up") -> list[Event | Rejected] | Ignored:
    """What a message means by a mapping that is written as text."""
    path = folder / "mapping.yaml"
    path.write_text(mapping, encoding="utf-8")
    return understand(read_mapping(path).opens(), told(body, topic))
