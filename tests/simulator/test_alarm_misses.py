"""Why a phase of the alarm floods is not told in time: said from the recording and from what rang, not by hand."""

import csv
import gzip
import json
from pathlib import Path

import pytest

from simulator.judge.reached import Played, Reached
from simulator.judge.score import Town
from simulator.judge.truth_file import Happened
from simulator.real_data import DATA
from simulator.real_sets.alarm_floods import alarm_floods
from simulator.real_sets.alarm_misses import HEAD, misses_of

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "real-judged.md").read_text(encoding="utf-8")
PHASES = ("scan", "crack", "shell", "steal", "stop")
ROWS = (
    ("10", "mail", "A-Crack", "crack", "crack"),
    ("12", "mail", "A-Noise", "scan", "-"),
    ("13", "web", "A-Noise", "scan", "-"),
    ("50", "dns", "A-Steal", "stop", "steal"),
    ("60", "web", "A-Shell", "shell", "shell"),
)


LATE = "| net | crack | 40 s after its begin "


def happened(number: int, zone: str) -> Happened:
    at = 1000 * (number + 1) * 100
    return Happened(hazard="report", community="net", zone=zone, start_at=at, end_at=at + 50_000, alarm_due_at=at + 20_000)


def rang(at_s: float, zone: str) -> Reached:
    return Reached(stage="alarm", at=round(at_s * 1000), hazard="report", zone=zone, rule="report")


def told(folder: Path, *reached: Reached) -> list[str]:
    """The lines of the table, for a network whose phases begin at 100, 200, 300 … s."""
    (folder / "labels.json").write_text(json.dumps({"net": {phase: ["", ""] for phase in PHASES}}), encoding="utf-8")
    with gzip.open(folder / "net.csv.gz", "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("time", "host", "short", "time_label", "event_label"))
        writer.writerows(ROWS)
    zones = ("nowhere", "mail", "web", "nowhere", "dns")
    played = Played(
        community="net",
        from_at=0,
        until_at=1_000_000,
        heard_ms=1_000_000,
        event_count=1,
        refused_count=0,
        reached=reached,
        rang=(),
        apart={},
    )
    town = Town(played=played, happened=tuple([happened(number, zone) for number, zone in enumerate(zones)]))
    return misses_of(folder)([town]).removeprefix(HEAD).splitlines()


def test_each_reason_is_said_of_the_phase_that_it_belongs_to(tmp_path: Path) -> None:
    assert told(tmp_path, rang(192, "mail/A-Crack"), rang(240, "mail/A-Crack"), rang(505, "dns/A-Steal")) == [
        "| net | scan | never | the recording: no alarm shows it; 2 in its time are called noise |",
        f"{LATE}| the judge's mapping: the machine's alarm mail/A-Crack had been told 8 s before the phase began, and stood |",
        "| net | shell | never | ours: its alarms were not announced in time, and none stood |",
        "| net | steal | never | the recording: no alarm shows it; the 1 that this step caused came outside its time |",
    ]


def test_what_is_told_late_by_a_type_that_had_not_rung_is_ours(tmp_path: Path) -> None:
    lines = told(tmp_path, rang(192, "mail/A-Other"), rang(240, "mail/A-Crack"), rang(310, "web"), rang(505, "dns"))
    assert "| net | crack | 40 s after its begin | ours: its alarms were not announced in time, and none stood |" in lines
    assert len(lines) == 3


def test_the_page_has_a_line_for_each_phase_that_was_asked_and_not_told_in_time() -> None:
    (row,) = [line for line in PAGE.splitlines() if line.startswith("| ait_alerts | 4 ")]
    asked, in_time = [int(cell) for cell in row.split(" | ")[4:6]]
    lines = PAGE.partition(HEAD)[2].splitlines()
    assert len(lines) == asked - in_time
    assert not [line for line in lines if "| ours: " in line]


@pytest.mark.needs("recordings")
def test_what_the_page_says_of_a_network_is_what_its_recording_says() -> None:
    """Of the smallest, as if nothing had rung: which of its phases no alarm shows."""
    case = next(case for case in alarm_floods(DATA).cases() if case.name == "russellmitchell")
    silent = Played(
        community=case.name, from_at=0, until_at=0, heard_ms=0, event_count=1, refused_count=0, reached=(), rang=(), apart={}
    )
    lines = misses_of(DATA / "ait_alerts")([Town(played=silent, happened=case.truth)]).splitlines()
    unshown = [line for line in lines if "no alarm shows it" in line]
    assert len(unshown) == 3
    assert all(line in PAGE.splitlines() for line in unshown)
