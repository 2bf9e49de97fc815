"""The measured rows as docs/performance.md."""

import os
import platform

from bench.rows import Row

_HEAD = """# Measured speeds 性能

Made by `./run bench --page docs/performance.md`; nothing here is an estimate, and no test fails on a slow machine. Each number
stands beside a yardstick of the same run, because a ratio says the same on another machine and a rate does not. The numbers
of one row vary by 5 to 30 % between runs.

Machine: {machine}.

| what | measured | must (design) | yardstick of the same run | ratio |
|---|---|---|---|---|
"""

_TAIL = """
How to read it:

* **The chain alone** is one core, no input or output, the default pack, 10,000 devices, an ordinary day in which almost
  nothing crosses a limit.
* **One incident gathers** the warnings of a storm: each is decided and its records and lines are put into words, as the store
  keeps them. The ratio says whether the last cost what the earlier ones did; it was 5.5 when an incident named all that it
  gathers.
* **Adapters** read the examples of their pages (docs/formats) in their order, on one core; messages that say nothing of concern
  are in it, so a format that brings many of them costs more for each event.
* **MQTT → store** is the whole way with the publisher ahead of the service all the time: Mosquitto, three lane sessions read
  by paho-mqtt, journal and store in SQLite with `synchronous=FULL`. Broker, publisher and service share the machine's cores.
  The yardstick is what the same broker passes from a publisher to a subscriber that cost next to nothing.
* **Critical latency** is from the call that publishes a smoke alarm to the moment at which another connection sees its
  incident committed, polling included.
* **Resident** is the most memory that a process held whose chain knows 100,000 devices.
* **Simulated messages** are made and written down as topic and payload on one core, in CPU time, from 18:00 on, when people are
  at home; in brackets the most memory that the process held. Nothing is sent.
"""


def page(rows: list[Row]) -> str:
    """The whole page."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {platform.system()}"
    lines = [
        f"| {row.name} | {row.value:,g} {row.unit} | {'' if row.must is None else f'{row.must:,g}'} "
        f"| {row.yardstick}: {row.yardstick_value:,g} | {row.ratio:.3g} |"
        for row in rows
    ]
    return _HEAD.format(machine=machine) + "\n".join(lines) + "\n" + _TAIL
