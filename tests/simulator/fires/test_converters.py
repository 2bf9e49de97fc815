"""Converters of real fires, held to small recordings made here and, where they are present, to the real ones."""

import gzip
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from ingest.wire import decode
from rules.model import Event
from simulator.convert_fires import all_fires, main
from simulator.fires.battery import battery_fire
from simulator.fires.delco import delco_fires
from simulator.fires.fsri import fsri_fires
from simulator.fires.nist import nist_fires, obscuration
from simulator.fires.real_fire import UNDATED_START_AT, RealFire
from simulator.real_data import RecordingsMissingError
from simulator.recording import Recorded, read_recording


def put(path: Path, *lines: str) -> None:
    path.write_bytes(gzip.compress("\n".join(lines).encode()))


def events(fire: RealFire) -> list[Event]:
    return read(fire.records())


def read(records: Iterable[Recorded]) -> list[Event]:
    entries = [entry for record in records for entry in decode(record.topic, record.payload)]
    assert all(isinstance(entry, Event) for entry in entries)
    return [entry for entry in entries if isinstance(entry, Event)]


def said(fire: RealFire) -> list[tuple[int, str, Any]]:
    """Seconds after the fire's start, device, and value or state."""
    return [
        ((event.occurred_at or 0) - fire.start_at, event.device, event.state if event.value is None else event.value)
        for event in events(fire)
    ]


def test_a_room_becomes_heat_detectors_oxygen_and_a_door(tmp_path: Path) -> None:
    labels = [
        {"t": "2018-12-05 18:00:01", "event": "Ignition"},
        {"t": "2018-12-05 18:00:02", "event": "Door Open"},
        {"t": "2018-12-05 18:00:02", "event": "Burner Off"},
    ]
    (tmp_path / "labels.json").write_text(json.dumps({"compartment_x": labels}))
    put(
        tmp_path / "compartment_x.csv.gz",
        "Time,Timestamp,Quadrant A Temperature 25 mm Below Ceiling,Quadrant A Temperature 1.5 m Below Ceiling,"
        "Quad B Oxygen 0.6 m Below Ceiling,Heat Release Rate",
        "-1,2018-12-05 18:00:00,29.76,25.09,20.94,0",
        "0,2018-12-05 18:00:01,30.0,,20.95,1",
        "1,2018-12-05 18:00:02,61.5,26.0,20.5,90",
    )
    [fire] = fsri_fires(tmp_path)
    assert fire.calm_s == 1.0
    assert said(fire) == [
        (0, "heat-a", 29.76),
        (0, "temperature-a", 25.09),
        (0, "oxygen-b-high", 20.94),
        (1000, "heat-a", 30.0),
        (1000, "oxygen-b-high", 20.95),
        (2000, "door", "open"),
        (2000, "heat-a", 61.5),
        (2000, "temperature-a", 26.0),
        (2000, "oxygen-b-high", 20.5),
    ]
    assert {event.zone for event in events(fire)} == {"room"}


def test_a_home_starts_from_its_rest_values_and_publishes_no_commercial_alarm(tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_text(
        json.dumps({"SDC99": {"ignition_s": 0, "smoke_alarm_activation_s": {"Ion1A": 40.0, "Ion2E": 24.0, "Pho1A": 60.0}}})
    )
    put(
        tmp_path / "SDC99.csv.gz",
        "TIME,TCA_1,SMA_1,GASA_1,Ion1A",
        "0.0E+00,2.2E+01,2.0E-02,5.0E-02,4.3E+03",
        "2.0E+00,3.0E+01,1.2E-01,6.0E-02,1.3E+03",
    )
    [fire] = nist_fires(tmp_path)
    assert fire.marks == {"Ion": 24.0, "Pho": 60.0}
    assert said(fire) == [
        (0, "smoke-a", 0.0),
        (0, "heat-a", 22.0),
        (0, "co-a", 0.0),
        (2000, "smoke-a", pytest.approx(20.567, abs=0.001)),
        (2000, "heat-a", 30.0),
        (2000, "co-a", 100.0),
    ]


@pytest.mark.parametrize(("density", "percent"), [(0.0, 0.0), (0.05, 10.87), (1.0, 90.0), (5.0, 99.999)])
def test_optical_density_is_light_lost_per_metre(density: float, percent: float) -> None:
    assert obscuration(density) == pytest.approx(percent, abs=0.005)


def test_the_training_building_gives_parts_per_million_and_percent(tmp_path: Path) -> None:
    put(
        tmp_path / "Test_7.csv.gz",
        "Time,CO_A,CO2_B,O2_A,TC_A7_1",
        "s,mol/mol,mol/mol,mol/mol,C",
        "10,2.96E-04,3.05E-03,2.04E-01,34.5",
    )
    [fire] = delco_fires(tmp_path)
    assert fire.ignition_at is None
    assert said(fire) == [
        (10_000, "co-a", 296.0),
        (10_000, "co2-b", 3050.0),
        (10_000, "o2-a", pytest.approx(20.4)),
        (10_000, "heat-7-1", 34.5),
    ]


def test_the_battery_fills_its_room(tmp_path: Path) -> None:
    cells = ",".join(f"Cell {number} Temperature (C)" for number in range(1, 10))
    put(
        tmp_path / "battery.csv.gz",
        f"Time (s),THC (ppm),CO Flow (L/min),THC Flow (L/min),{cells}",
        "0,2,0.1,0.0," + ",".join(["24.5"] * 9),
        "60,2,60.0,0.05," + ",".join(["24.5"] * 8) + ",170.0",
        ",,,," + ",".join(["24.5"] * 9),
    )
    last = {event.device: event.value for event in events(battery_fire(tmp_path / "battery.csv.gz"))}
    assert last["heat-cell-9"] == 170.0
    assert last["co-room"] == 2000.0  # 60 L in 30 m³
    assert last["gas-room"] == 0.0  # within the meter's own unrest


def test_missing_recordings_are_named(tmp_path: Path) -> None:
    for fires in (fsri_fires, nist_fires, delco_fires):
        with pytest.raises(RecordingsMissingError, match=str(tmp_path)):
            list(fires(tmp_path))
    with pytest.raises(RecordingsMissingError):
        battery_fire(tmp_path / "no.csv.gz")
    out = io.StringIO()
    assert main([str(tmp_path / "out"), "--data", str(tmp_path)], out) == 1
    assert "is missing" in out.getvalue()


@pytest.mark.needs("recordings")
def test_every_recorded_fire_is_there_and_is_sane() -> None:
    fires = list(all_fires())
    assert len(fires) == 66 + 1 + 4 + 5
    assert all(fire.calm_s >= 119 for fire in fires if fire.name.startswith(("compartment", "house")))
    assert len({fire.name for fire in fires}) == len(fires)


@pytest.mark.needs("recordings")
def test_a_real_fire_is_written_as_an_event_file_that_the_contract_takes(tmp_path: Path) -> None:
    out = io.StringIO()
    assert main([str(tmp_path), "--only", "SDC02"], out) == 0
    assert "SDC02.jsonl.gz: 1818 events" in out.getvalue()
    records = list(read_recording(tmp_path / "SDC02.jsonl.gz"))
    times = [record.at for record in records]
    assert times == sorted(times)
    assert times[0] == UNDATED_START_AT
    assert {event.kind for event in read(records)} == {"smoke_obscuration", "temperature", "carbon_monoxide"}
