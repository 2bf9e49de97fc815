"""The page about the baseline says what the detector does today, and the labelled series are read as they stand."""

import gzip
import io
import json
from pathlib import Path

import pytest

from simulator.labelled_series import cloud_series, nab_profiles, nab_series
from simulator.nab import PAGE, main, run, write_page
from simulator.nab_score import Window
from simulator.real_data import DATA, RecordingsMissingError

PROFILES = {"standard": {"CostMatrix": {"tpWeight": 1.0, "fnWeight": 1.0, "fpWeight": 0.11, "tnWeight": 1.0}}}


def small_data(folder: Path) -> Path:
    """Three hundred calm readings with one spike, in NAB's form and in Microsoft's."""
    nab = folder / "nab"
    (nab / "labels").mkdir(parents=True)
    (nab / "config").mkdir()
    (nab / "data" / "own").mkdir(parents=True)
    times = [f"2026-01-{1 + row // 24:02d} {row % 24:02d}:00:00" for row in range(300)]
    values = [90.0 if row == 200 else 10.0 + row % 3 for row in range(300)]
    window = [f"{times[190]}.000000", f"{times[210]}.000000"]
    (nab / "labels" / "combined_windows.json").write_text(json.dumps({"own/spike.csv": [window]}))
    (nab / "config" / "profiles.json").write_text(json.dumps(PROFILES))
    text = "".join(f"{time},{value}\n" for time, value in zip(times, values, strict=True))
    with gzip.open(nab / "data" / "own" / "spike.csv.gz", "wt") as file:
        file.write("timestamp,value\n" + text)
    cloud = folder / "ms_cloud_series" / "app"
    cloud.mkdir(parents=True)
    labels = ["1" if row in (200, 201) else "0" for row in range(300)]
    rows = "".join(f'"{at}",{value},{label}\n' for at, value, label in zip(times, values, labels, strict=True))
    with gzip.open(cloud / "one.csv.gz", "wt") as file:
        file.write("TimeStamp,Value,Label\n2025-12-31T23:00:00Z,,0\n" + rows)
    return folder


def test_a_series_is_read_with_its_windows(tmp_path: Path) -> None:
    (series,) = nab_series(small_data(tmp_path))
    assert (series.name, len(series.values), series.windows) == ("own/spike", 300, (Window(190, 210),))
    assert series.instants[1] - series.instants[0] == 3_600_000
    assert nab_profiles(tmp_path)[0].false_weight == 0.11


def test_a_run_of_marks_is_one_window_and_an_hour_without_a_value_is_none(tmp_path: Path) -> None:
    (series,) = cloud_series(small_data(tmp_path))
    assert (len(series.values), series.windows) == (300, (Window(200, 201),))


def test_the_command_writes_the_page_and_prints_its_tables(tmp_path: Path) -> None:
    out = io.StringIO()
    page = tmp_path / "page.md"
    assert main(["--data", str(small_data(tmp_path)), "--page", str(page)], out) == 0
    assert "| own/spike | 1 of 1 | 0 |" in page.read_text()
    assert "| app/one | 300 | 1 of 1 | 0 |" in out.getvalue()


def test_missing_series_are_told(tmp_path: Path) -> None:
    out = io.StringIO()
    assert main(["--data", str(tmp_path), "--page", str(tmp_path / "page.md")], out) == 1
    assert "is missing" in out.getvalue()
    with pytest.raises(RecordingsMissingError):
        cloud_series(tmp_path)


def test_every_series_begins_with_a_detector_that_knows_nothing(tmp_path: Path) -> None:
    (series,) = nab_series(small_data(tmp_path))
    first, second = run([series, series])
    assert first == second


@pytest.mark.needs("recordings")
def test_the_page_says_what_the_detector_does() -> None:
    text = write_page(DATA)
    assert text == PAGE.read_text(encoding="utf-8"), "python -m simulator.nab writes the page anew"
    standard = next(line for line in text.splitlines() if line.startswith("| standard"))
    assert float(standard.split("**")[1]) > 70.1
