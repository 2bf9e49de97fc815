"""Whatever stands in the fields that the free formats know, no adapter raises, and what it says is fit to be told."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.adapter import Ignored
from rules.model import Rejected
from tests.ingest.iot.listening import told

ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["alarm", "normal", "open", "fall", "short", "2026-11-03T00:05:06Z", "AXVkBQAB", "010000FF0000"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "unit", "1", "time", "alarm"]), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = st.dictionaries(
    st.sampled_from(
        [
            "smoke",
            "event",
            "alarm",
            "press",
            "depth",
            "position",
            "angle_x",
            "threshold_x",
            "detection_status",
            "alarm_status",
            "events",
            "history",
            "temperature",
            "battery",
            "test",
            "latitude",
            "longitude",
            "co",
            "0500!00",
            "Contact",
            "ZoneStatusChange",
        ]
    ),
    ANY,
    max_size=6,
)
Envelope = Callable[[dict[str, object], object], dict[str, object]]
MESSAGES: dict[str, tuple[str, Envelope]] = {
    "chirpstack": (
        "application/1/device/a/event/up",
        lambda fields, any_: {"deviceInfo": any_ or {"devEui": "a"}, "object": fields, "rxInfo": any_},
    ),
    "tts": (
        "v3/a/devices/b/up",
        lambda fields, any_: {"uplink_message": {"decoded_payload": fields, "f_cnt": any_, "version_ids": any_}},
    ),
    "tasmota": (
        "tele/a/SENSOR",
        lambda fields, any_: {"ZbReceived": {"0x1": fields}, "LwReceived": {"b": fields}, "CHIP": fields, "Time": any_},
    ),
    "shelly": (
        "a/events/rpc",
        lambda fields, any_: {"method": "NotifyFullStatus", "params": {"ts": any_, "smoke:0": fields, "temperature:1": any_}},
    ),
    "thingsboard": ("v1/gateway/telemetry", lambda fields, any_: {"a": [{"ts": any_, "values": fields}, fields], "b": any_}),
    "hono": ("event/a/b", lambda fields, any_: {**fields, "timestamp": any_}),
    "ditto": (
        "d",
        lambda fields, any_: {
            "topic": "n/a/things/twin/events/modified",
            "path": "/features/smoke",
            "value": {"properties": fields},
            "revision": any_,
        },
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
@given(fields=FIELDS, any_=ANY)
def test_whatever_stands_in_the_fields_nothing_raises_and_all_that_is_said_is_fit_to_be_heard(
    name: str, fields: dict[str, object], any_: object
) -> None:
    topic, envelope = MESSAGES[name]
    heard = told(name, topic, json.dumps(envelope(fields, any_)).encode())
    refused = [] if isinstance(heard, Ignored) else [each.detail for each in heard if isinstance(each, Rejected)]
    assert [each for each in refused if "came nothing" not in each] == []  # an envelope without a device names nobody
