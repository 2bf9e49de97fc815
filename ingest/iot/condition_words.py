"""What field names say of conditions: alarms (``gas_leak``), states (``door_open``), faults (``battery_low``), and test work.

One table for all formats whose fields are free, beside that of the quantities. A condition is true or false in any dress
(``true``, ``"1"``, ``"leak"``, ``"normal"``); what is neither says nothing.
"""

from itertools import islice
from typing import Final

from ingest.iot.quantity_words import plain
from ingest.loose import Object, truth, word
from rules.model import Status

OTHER: Final = "other_alarm"

_ALARMS: Final = {
    "smoke": "smoke smoke_alarm smoke_detected smoke_status fire fire_alarm fire_detected"
    " smoke_alarm_status fire_alarm_status fire_status",
    "heat": "heat heat_alarm heat_detected",
    "gas": "gas gas_alarm gas_leak gas_leakage gas_detected gas_status gas_alarm_status",
    "carbon_monoxide": "co carbon_monoxide co_alarm co_detected carbon_monoxide_alarm",
    "water_leak": "water_leak leak leakage leakage_status leak_status water_leakage leak_detected flood flooding"
    " water_leak_status",
    "sos": "sos sos_alarm sos_status panic panic_button emergency emergency_button",
    "fall": "fall fall_detected fall_alarm",
    "power_lost": "power_lost power_outage power_failure mains_lost",
    OTHER: "alarm alarm_active alarm_state",
}
"""``alarm`` says that there is one, not of what: a person must look."""

_FAULTS: Final = {
    "battery_low": "battery_low low_battery low_bat bat_low low_battery_alarm",
    "fault": "fault device_fault malfunction",
    "trouble": "trouble",
}
_STATES: Final = {
    ("tamper", "on", "off"): "tamper tamper_alarm tamper_status tampered anti_tamper",
    ("opening", "open", "closed"): "door_open window_open open opened contact_state magnet_status door_status door window"
    " door_open_status",
    ("motion", "on", "off"): "motion pir pir_status pir_trigger motion_detected motion_status",
    ("occupancy", "on", "off"): "occupancy presence occupied presence_sensor occupancy_status",
}
_BY_WORD_ONLY: Final = frozenset({"door", "window", "contact_state"})
"""``true`` may be open or shut: only ``open`` and ``closed`` tell."""

_ACTIVE: Final = frozenset(
    {"alarm", "alarming", "alert", "trigger", "triggered", "detected", "leak", "leaking", "active", "wet", "fire", "smoke", "gas"}
    | {"open", "opened", "occupied", "uninstalled", "removed", "tampered"}
)
_IDLE: Final = frozenset(
    {"normal", "clear", "cleared", "idle", "inactive", "ok", "safe", "dry", "no alarm", "not detected", "no leak"}
    | {"close", "closed", "vacant", "unoccupied", "installed"}
)
TESTS: Final = frozenset(
    {"test", "self_test", "selftest", "testing", "preheat", "preheating", "silence", "silenced", "mute", "muted", "simulated"}
    | {"simulation", "maintenance"}
)
"""Fields whose truth makes all that stands beside them a test."""
_EXERCISES: Final = frozenset({"exercise", "drill"})
TEST_WORDS: Final = frozenset({"test", "testing", "self_test", "simulated", "silent", "muted"})
"""Where a condition says this instead of true or false, it is that of a test, or a muted one."""
_AT_WORK: Final = TEST_WORDS | {"checking", "running", "active", "preheating"}
_NAMED_WORK: Final = TESTS | _EXERCISES

FIELDS_MAX: Final = 300
"""Fields of one object that are looked at; ours: real ones have some dozens."""

ALARM_OF: Final = {name: kind for kind, names in _ALARMS.items() for name in names.split()}
"""The alarm that a field of this (plain) name is."""
FAULT_OF: Final = {name: fault for fault, names in _FAULTS.items() for name in names.split()}
"""The fault likewise."""
STATE_OF: Final = {name: state for state, names in _STATES.items() for name in names.split()}
"""The state likewise: its kind, and the words for true and false."""


def holds(value: object) -> bool | None:
    """Whether a condition holds; None where the value does not say."""
    if (plainly := truth(value)) is not None:
        return plainly
    text = word(value)
    return True if text in _ACTIVE else False if text in _IDLE else None


def is_word_only(name: str) -> bool:
    """Whether of a field of this name a bare true or false says nothing."""
    return name in _BY_WORD_ONLY


def is_at_work(value: object) -> bool:
    """Whether a field that names test work says that it goes on."""
    return truth(value) is True or word(value) in _AT_WORK


def status_of(body: Object) -> Status:
    """What the whole message is, by its own words: a detector that tests, preheats or is muted raises no real alarm."""
    looked_at = ((plain(name), value) for name, value in islice(body.items(), FIELDS_MAX))
    at_work = {name for name, value in looked_at if name in _NAMED_WORK and is_at_work(value)}
    if at_work & TESTS:
        return Status.TEST
    return Status.EXERCISE if at_work else Status.ACTUAL
