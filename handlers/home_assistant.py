"""Warnings and alarms as entities of Home Assistant: MQTT discovery messages, one retained as long as the record lasts.

The form is Home Assistant's own (home-assistant.io, integrations/mqtt, "MQTT Discovery" and "Binary sensor"). The entity follows
the record's state topic; its attributes are the record.
"""

import json
import re
from hashlib import blake2b
from typing import Final

from rules.model import Alarm, EarlyWarning, Status

_NO_PART: Final = re.compile(r"[^A-Za-z0-9_-]")
"""All that a level of a discovery topic may not have."""
_PART_MAX: Final = 64

_CLASSES: Final = {
    "fire": "smoke",
    "gas": "gas",
    "carbon_monoxide": "carbon_monoxide",
    "water_leak": "moisture",
    "flood": "moisture",
    "device": "problem",
    "power_lost": "problem",
}
"""Home Assistant's device class by our hazard; ``safety`` for all others."""

_WARNS: Final = "{{ 'ON' if value_json.ended_at is none else 'OFF' }}"
_ALARMS: Final = "{{ 'ON' if value_json.is_active else 'OFF' }}"
"""An alarm whose condition went back is off, and stays until somebody has acknowledged it."""


def discovery_topic(prefix: str, record: EarlyWarning | Alarm) -> str:
    """``PREFIX/binary_sensor/shouwang_COMMUNITY/ID/config``."""
    return f"{prefix}/binary_sensor/{_part(f'shouwang_{record.community}')}/{_part(record.id)}/config"


def discovery_config(record: EarlyWarning | Alarm, state_topic: str) -> bytes:
    """What Home Assistant must know of a record. The same for all of its states, so that it is made anew for none of them."""
    is_alarm = isinstance(record, Alarm)
    sort = "报警 alarm" if is_alarm else "预警 early warning"
    played = "" if record.status is Status.ACTUAL else "演练 exercise · "
    config = {
        "name": f"{played}{sort} · {record.hazard} · {record.zone or record.device}"[:200],
        "unique_id": _part(f"shouwang_{record.community}_{record.id}"),
        "device_class": _CLASSES.get(record.hazard, "safety"),
        "state_topic": state_topic,
        "value_template": _ALARMS if is_alarm else _WARNS,
        "json_attributes_topic": state_topic,
        "qos": 1,
        "device": {
            "identifiers": [_part(f"shouwang_{record.community}")],
            "name": f"守望 Shouwang · {record.community}",
            "manufacturer": "Shouwang",
        },
        "origin": {"name": "Shouwang"},
    }
    return json.dumps(config, ensure_ascii=False).encode()


def _part(text: str) -> str:
    """A level of a topic that Home Assistant takes; what had to be changed is marked, so that no two meet in one."""
    plain = _NO_PART.sub("_", text)[:_PART_MAX]
    return plain if plain == text else f"{plain}_{blake2b(text.encode('utf-8', 'replace'), digest_size=4).hexdigest()}"
