"""The fires of UL FSRI in one room and in two houses: probes at the ceiling are heat detectors, oxygen, doors and windows."""

import json
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from simulator.fires.real_fire import WHAT, Probe, RealFire, Sampler, opening
from simulator.real_data import DATA, RecordingsMissingError, local_ms, rows
from simulator.recording import Recorded

FOLDER: Final = DATA / "fsri_fires"
_TEMPERATURE: Final = re.compile(r"^(?P<place>.+?) +Temperature (?P<depth>25 mm|0\.02 m|1\.5 m) Below Ceiling$")
_OXYGEN: Final = re.compile(r"^Quad (?P<place>[A-D]) Oxygen (?P<depth>0\.6|1\.8) m Below Ceiling$")
_OPENING: Final = re.compile(r"^(?P<what>(?:Front )?Door|Window [A-Z]) (?P<states>Open/Closed|Open|Closed)")


def fsri_fires(folder: Path = FOLDER) -> Iterator[RealFire]:
    """Every fire of the set in rooms and houses, by name. Raises RecordingsMissingError when the set is not there."""
    labels = folder / "labels.json"
    if not labels.is_file():
        raise RecordingsMissingError(labels, WHAT)
    for name, events in sorted(json.loads(labels.read_text(encoding="utf-8")).items()):
        path = folder / f"{name}.csv.gz"
        if name != "li_ion_cell_level":
            yield _fire(name, path, tuple((event["t"], event["event"]) for event in events))


def _fire(name: str, path: Path, events: tuple[tuple[str, str], ...]) -> RealFire:
    first = next(islice(rows(path, WHAT), 1))
    start_at = local_ms(first["Timestamp"])
    ignition_at = start_at - round(float(first["Time"]) * 1000)
    return RealFire(
        name=name,
        collection="fsri_fires",
        start_at=start_at,
        ignition_at=ignition_at,
        records=partial(_records, path, ignition_at, events, "house" if name.startswith("house") else "room"),
    )


def _records(path: Path, ignition_at: int, events: tuple[tuple[str, str], ...], building: str) -> Iterator[Recorded]:
    contacts = [record for at, event in events for record in _contact(local_ms(at), event, building)]
    sampler: Sampler | None = None
    for row in rows(path, WHAT):
        if sampler is None:
            sampler = Sampler(tuple(probe for column in row if (probe := _probe(column, building))))
        at = ignition_at + round(float(row["Time"]) * 1000)
        while contacts and contacts[0].at <= at:
            yield contacts.pop(0)
        yield from sampler.sample(row, at)


def _probe(column: str, building: str) -> Probe | None:
    if match := _TEMPERATURE.match(column):
        place = match["place"].replace("Quadrant ", "").lower().replace(" ", "-")
        sort = "temperature" if match["depth"] == "1.5 m" else "heat"
        return Probe(column, f"{sort}-{place}", "temperature", building)
    if match := _OXYGEN.match(column):
        height = "high" if match["depth"] == "0.6" else "low"
        return Probe(column, f"oxygen-{match['place'].lower()}-{height}", "oxygen", building)
    return None


def _contact(at: int, event: str, building: str) -> Iterator[Recorded]:
    if match := _OPENING.match(event):
        device = match["what"].lower().replace(" ", "-")
        for index, state in enumerate(match["states"].lower().split("/")):
            yield opening(device, building, at + index * 1000, state)
