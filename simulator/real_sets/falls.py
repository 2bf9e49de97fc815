"""Acted falls and daily movement for the judge: a belt device that calls out by two published thresholds, and the chain."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from simulator.judge.truth_file import Happened
from simulator.real_data import local_ms, rows
from simulator.real_sets.labelled import Case, RealSet, event
from simulator.recording import Recorded

WHAT: Final = "the recordings of falls"
IMPACT_G: Final = 3.52
FREE_FALL_G: Final = 0.41
"""Bourke, O'Brien, Lyons 2007, Gait & Posture 26: 194-199 [K]: upper and lower threshold at the trunk. The device is sure of an
impact (0.9) and not of a free fall (0.6): the pack alarms from 0.7 on and warns below it (the confidences are ours)."""
QUIET_S: Final = 10
"""The device calls once in so long; ours."""
RATE_HZ: Final = 100
"""Of ``imu/``; the source says both 100 Hz and 20 ms."""
_START_AT: Final = 1_767_225_600_000


def falls(data: Path) -> RealSet:
    """Nine short recordings, three of them falls, and two adults on stairs for eighteen minutes."""
    return RealSet(
        name="falls_imu",
        cases=lambda: _cases(data / "falls_imu"),
        asked=(
            "elder, a fall: warning or alarm within the recording (7 s); daily movement and stairs: all is false. The device is "
            f"imagined: impact over {IMPACT_G} g, free fall under {FREE_FALL_G} g (Bourke 2007 [K])"
        ),
        published="impact threshold: 100 % of other people's falls, none of their daily movement (Bourke 2007 [K])",
    )


def _cases(folder: Path) -> Iterator[Case]:
    for file in sorted((folder / "imu").glob("*.csv.gz")):
        moments = [
            (_START_AT + number * 1000 // RATE_HZ, float(row["acc_svm"]) / 1000) for number, row in enumerate(rows(file, WHAT))
        ]
        name = file.name.removesuffix(".csv.gz").replace(".", "-")
        end_at = moments[-1][0]
        fell = Happened(
            hazard="elder",
            community=name,
            zone="home",
            start_at=_START_AT,
            end_at=end_at,
            warning_due_at=end_at,
            alarm_due_at=end_at,
        )
        truth = (fell,) if name.startswith("fall") else ()
        yield Case(name=name, records=partial(_calls, moments, name), truth=truth)
    for file in sorted((folder / "stairs").glob("*.csv.gz")):
        belt = sorted([(local_ms(row["TIMESTAMP"]), _size(row)) for row in rows(file, WHAT) if row["SOURCE"] == "TAG"])
        name = f"stairs-{file.name.removesuffix('.csv.gz')}"
        yield Case(name=name, records=partial(_calls, belt, name), truth=())


def _calls(moments: list[tuple[int, float]], name: str) -> Iterator[Recorded]:
    """What the device says: a sign of life first, then its calls, each taken back when the wearer moves as usual again."""
    yield event(moments[0][0], name, "iot/heartbeat", "belt-1", '"zone":"home"')
    quiet_until_at = 0
    for at, size in moments:
        if at >= quiet_until_at and not FREE_FALL_G <= size <= IMPACT_G:
            confidence = 0.9 if size > IMPACT_G else 0.6
            yield event(at, name, "iot/alarm", "belt-1", f'"kind":"fall","state":"on","confidence":{confidence},"zone":"home"')
            quiet_until_at = at + QUIET_S * 1000
    yield event(moments[-1][0], name, "iot/heartbeat", "belt-1", '"zone":"home"')


def _size(row: dict[str, str]) -> float:
    return float(sum(float(row[axis]) ** 2 for axis in "XYZ") ** 0.5)
