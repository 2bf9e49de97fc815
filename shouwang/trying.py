"""The web's side of a trial: the formats with their examples, and a process for each trial that is ended at its bounds."""

import json
import os
import signal
import subprocess
import sys
from typing import Final

from dashboard.trial_shape import FormatItem, TrialAnswer, TrialExample, TrialRequest, Trials, TrialStopped
from ingest.formats import FORMATS
from rules.model import Sentence
from shouwang.decoding import NATIVE

CPU_S: Final = 3
"""Of the processor: the examples of a format take a few hundredths; ours."""
WITHIN_S: Final = 15.0
"""Of the wall clock, the start of the process included; ours."""
_KEPT: Final = ("PATH", "PYTHONPATH", "PYTHONHOME", "LANG", "VIRTUAL_ENV")
"""What the process is given of our surroundings: no setting and no secret."""
_DETAIL_MAX: Final = 200

EXAMPLE_MAPPING: Final = """\
mapping: guard_box                       # the format's name, here and in a route
title: {zh: 门卫箱（某厂家）, en: Guard boxes of a maker}
each: $.data[*]                          # one message brings several records
when: record.type != "debug"             # CEL: others are passed over
device: $.sn
gateway: message:$.gw                    # from the message around the record
at: $.t
id: $.no
test: has(record.mode) && record.mode == "selftest"
events:
  - class: alarm
    kind: smoke
    state: $.alarm
    states: {on: [1, fire], off: [0, normal]}
    attributes: {level: $.level}
  - class: reading
    kind: temperature
    value: $.temp
    unit: °F                             # converted once, here
  - class: reading
    kind: battery
    value: $.bat
    factor: 0.1                          # they send tenths of a percent
  - class: alarm
    kind: device_fault
    when: has(record.bat)
    state: $.low
    fault: battery_low
"""
"""docs/examples/mapping_guard.yaml, which an installed service does not have."""

_GUARD: Final = (
    {
        "type": "s",
        "no": "a1",
        "sn": "b03-0502",
        "t": 1793664306,
        "alarm": "fire",
        "level": 3,
        "temp": 131,
        "bat": 815,
        "low": False,
    },
    {"type": "s", "no": "a2", "sn": "b03-0502", "t": 1793664366, "mode": "selftest", "alarm": 1},
    {"type": "s", "no": "a3", "sn": "b03-0502", "alarm": "perhaps"},
)


def _example(topic: str, payload: bytes) -> TrialExample:
    """As text where it is one, else in hexadecimal."""
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if payload and not all(letter.isprintable() or letter in "\r\n\t" for letter in text or "\0"):
        return TrialExample(topic=topic, payload=payload.hex(" "), encoding="hex")
    return TrialExample(topic=topic, payload=text, encoding="utf8")


def trials() -> Trials:
    """What the web process offers."""
    items = [
        FormatItem(
            name=each.name,
            network=each.network.value,
            title=Sentence(each.zh, each.en),
            examples=[_example(one.topic, one.payload) for one in each.examples],
        )
        for each in FORMATS.values()
    ]
    native = _example("shouwang/v1/jade/iot/alarm/smoke-0502", b'{"id": "a1", "kind": "smoke", "state": "on"}')
    own = Sentence("守望自有约定", "Shouwang's own contract")
    items.append(FormatItem(name=NATIVE, network="iot", title=own, examples=[native]))
    messages = [_example("maker/gw7/up", json.dumps({"gw": "gw7", "data": [each]}).encode()) for each in _GUARD]
    return Trials(formats=tuple(items), mapping=EXAMPLE_MAPPING, mapping_examples=tuple(messages), run=run_trial)


def run_trial(request: TrialRequest, at: int, *, within_s: float = WITHIN_S, cpu_s: int = CPU_S) -> TrialAnswer:
    """Try it in a process of its own; ``at`` in ms. Raises TrialStopped where that reached one of its bounds, RuntimeError
    where the process failed by a fault of ours.
    """
    try:
        ended = subprocess.run(  # noqa: S603 - our own module; what is tried goes to its standard input
            [sys.executable, "-m", "shouwang.trial", str(at), str(cpu_s)],
            input=request.model_dump_json().encode(),
            capture_output=True,
            timeout=within_s,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TrialStopped(f"{within_s:g} s") from None
    if ended.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise TrialStopped(f"CPU {cpu_s} s")
    last = ended.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:_DETAIL_MAX]
    if ended.returncode < 0 or last.startswith("MemoryError"):
        raise TrialStopped(last or f"signal {-ended.returncode}")
    if ended.returncode:
        raise RuntimeError(f"the trial's process failed by itself: {last}")
    return TrialAnswer.model_validate_json(ended.stdout)
