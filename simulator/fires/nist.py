"""NIST's home fires: smoke, heat and CO at each station. When commercial alarms sounded is the yardstick, and not published."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from simulator.fires.real_fire import UNDATED_START_AT, WHAT, Probe, RealFire, Sampler
from simulator.real_data import DATA, RecordingsMissingError, rows
from simulator.recording import Recorded

FOLDER: Final = DATA / "nist_smoke_alarms"


def nist_fires(folder: Path = FOLDER) -> Iterator[RealFire]:
    """The four fires. ``marks`` has the first activation of an ionisation and of a photoelectric alarm, in s."""
    labels = folder / "labels.json"
    if not labels.is_file():
        raise RecordingsMissingError(labels, WHAT)
    for name, label in sorted(json.loads(labels.read_text(encoding="utf-8")).items()):
        sounded = label["smoke_alarm_activation_s"]
        marks = {sort: min(second for unit, second in sounded.items() if unit.startswith(sort)) for sort in ("Ion", "Pho")}
        yield RealFire(
            name=name,
            collection="nist_smoke_alarms",
            start_at=UNDATED_START_AT,
            ignition_at=UNDATED_START_AT,
            records=partial(_records, folder / f"{name}.csv.gz"),
            marks=marks,
        )


def obscuration(density: float) -> float:
    """Optical density D [1/m], base 10, as obscuration [%/m]: the share of light lost in one metre."""
    return 100 * (1 - 10**-density)


def _records(path: Path) -> Iterator[Recorded]:
    sampler = Sampler(tuple(_probes()))
    for row in rows(path, WHAT):
        yield from sampler.sample(row, UNDATED_START_AT + round(float(row["TIME"]) * 1000))


def _probes() -> Iterator[Probe]:
    """One smoke, one heat and, where there is an analyser, one CO device per station; the home is one place, as a flat is.

    Smoke meters and CO analysers stand at a rest value that is not zero in clean air (one of them at 585 ppm), which a product
    would learn; the first row is taken for it. That can only delay an alarm, never hasten one.
    """
    for station in "ABCDEF":
        name = station.lower()
        yield Probe(f"SM{station}_1", f"smoke-{name}", "smoke_obscuration", "home", obscuration, 3, is_zeroed=True)
        yield Probe(f"TC{station}_1", f"heat-{name}", "temperature", "home")
        yield Probe(f"GAS{station}_1", f"co-{name}", "carbon_monoxide", "home", _ppm, 1, is_zeroed=True)
    yield Probe("SMG", "smoke-g", "smoke_obscuration", "home", obscuration, 3, is_zeroed=True)
    yield Probe("TCG", "heat-g", "temperature", "home")


def _ppm(volume_percent: float) -> float:
    return volume_percent * 10_000
