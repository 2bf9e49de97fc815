"""Event files: looked through once with all their faults, and read together in the order of their instants."""

import gzip
from pathlib import Path

import pytest

from simulator.judge.event_files import FAULTS_MAX, EventsError, look_through, read_together
from tests.simulator.judge.played import START_AT, a_day, reading, written


def test_what_the_files_hold_is_counted(tmp_path: Path) -> None:
    first = written(tmp_path / "a.jsonl.gz", [reading(0, 20), reading(60, 20, community="c02")])
    second = written(tmp_path / "b.jsonl", [reading(90, 20), reading(3600, 20)])
    with second.open("a") as file:
        file.write('\n{"topic":"weather/now","payload":{},"at":1}\n')
    seen = look_through([first, second])
    assert seen.lines == {"c01": 3, "c02": 1}
    assert seen.files == {"c01": (first, second), "c02": (first,)}
    assert (seen.line_count, seen.foreign_count, seen.span_s) == (4, 1, 3600.0)


def test_files_are_read_together_by_their_instants(tmp_path: Path) -> None:
    first = written(tmp_path / "a.jsonl", [reading(0, 1), reading(100, 2), reading(50, 3), reading(40, 9, community="c02")])
    second = written(tmp_path / "b.jsonl", [reading(60, 4), reading(100, 5)])
    read = list(read_together([first, second], "c01"))
    assert [(record.at - START_AT) // 1000 for record in read] == [0, 60, 100, 100, 100]
    assert [record.payload.split(b'"value":')[1][:1] for record in read] == [b"1", b"4", b"2", b"3", b"5"]


def test_a_topic_inside_a_payload_is_not_the_lines_own(tmp_path: Path) -> None:
    line = reading(0, 20)
    decoy = b'{"kind":"temperature","value":1,"attributes":{"topic":"shouwang/v1/c02/iot/reading/x"}}'
    file = written(tmp_path / "a.jsonl", [line._replace(payload=decoy)])
    assert len(list(read_together([file], "c01"))) == 1
    assert list(read_together([file], "c02")) == []


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    first = written(tmp_path / "a.jsonl", a_day()[:2])
    with first.open("a") as file:
        file.write('nonsense\n{"topic":"a/b","payload":{},"received_at":"yesterday"}\n')
    second = tmp_path / "b.jsonl.gz"
    second.write_bytes(gzip.compress(b"[]\n")[:-8])
    with pytest.raises(EventsError) as caught:
        look_through([first, second, tmp_path / "none.jsonl"])
    places = [fault.replace(str(tmp_path), "").split(" ", 1)[0] for fault in caught.value.faults]
    assert places == ["/a.jsonl:3:1:", "/a.jsonl:4:43:", "/b.jsonl.gz:1:1:", "/b.jsonl.gz:", "/none.jsonl:"]


def test_of_very_many_faults_the_rest_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("x\n" * (FAULTS_MAX + 5))
    with pytest.raises(EventsError) as caught:
        look_through([file])
    assert caught.value.faults[-1] == "… and 5 more faults"
    assert len(caught.value.faults) == FAULTS_MAX + 1
