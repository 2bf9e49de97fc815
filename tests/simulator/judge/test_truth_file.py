"""Truth files: written and read back the same, and all their faults told at once with line and column."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.judge.truth_file import Happened, TruthError, read_truth, truth_line
from tests.simulator.judge.played import START_AT, happened, the_fire

INSTANTS = st.none() | st.integers(START_AT, START_AT + 10**9)


@given(st.builds(Happened, hazard=st.just("fire"), community=st.just("c"), zone=st.sampled_from(["", "b01", "b01/u1"]),
                 start_at=st.just(START_AT), dangerous_at=INSTANTS, end_at=INSTANTS, warning_due_at=INSTANTS,
                 alarm_due_at=INSTANTS, dispatch_due_at=INSTANTS))  # fmt: skip
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, one: Happened) -> None:
    path = tmp_path_factory.getbasetemp() / "truth.jsonl"
    path.write_text(truth_line(one) + "\n" + truth_line(the_fire()), encoding="utf-8")
    assert read_truth(path) == (one, the_fire())


def test_one_instant_is_the_alarms(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    path.write_text('{"hazard":"fire","community":"c01","zone":"b01/u1/0101","start":1767225600,"due_by":1767225660}')
    assert read_truth(path) == (happened(0, alarm_s=60),)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    path.write_text(
        '{"hazard":"fire","community":"c01","zone":"b01","start":1767225600}\n'
        "nonsense\n"
        '["fire"]\n'
        '{"hazard":"","community":"c01","zone":5,"start":"yesterday"}\n'
        '{"hazard":"fire","community":"c01","zone":"b01","start":1767225600,"end":1767225599,"dangerous":1}\n'
        '{"community":"c01","zone":"b01","start":null,"due_by":{"alert":1}}\n',
        encoding="utf-8",
    )
    with pytest.raises(TruthError) as caught:
        read_truth(path)
    assert [fault.removeprefix(str(path)).split(" ", 1)[0] for fault in caught.value.faults] == [
        ":2:1:",
        ":3:1:",
        ":4:11:",
        ":4:39:",
        ":4:49:",
        ":5:97:",
        ":6:1:",
        ":6:41:",
        ":6:55:",
    ]


def test_an_end_before_the_start_is_told(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    path.write_text('{"hazard":"fire","community":"c01","zone":"b01","start":1767225600,"end":1767225599}\n', encoding="utf-8")
    with pytest.raises(TruthError, match=r"truth\.jsonl:1:74: end is 2025-12-31T23:59:59\.000Z, before start"):
        read_truth(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TruthError, match="cannot be read"):
        read_truth(tmp_path / "none.jsonl")
