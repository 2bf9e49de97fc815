"""Replay in virtual time: each decision in the promised form, timers run on past the end, and order is the journal's."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from rules.definition import RulePack
from rules.pack import read_pack
from simulator.recording import Recorded
from simulator.virtual import decisions
from tests.simulator.judge.played import PACK

START_AT = 1_767_225_600_000
TOPIC = "shouwang/v1/c01/iot/reading/heat-1"

SMALL_PACK = PACK.replace("above: 45}", "above: 45, for: 20s}")

FIELDS = [
    "at",
    "entity",
    "id",
    "transition",
    "hazard",
    "level",
    "community",
    "zone",
    "device",
    "rule",
    "value",
    "status",
    "sentence",
]


@pytest.fixture(scope="module")
def small_pack() -> RulePack:
    return read_pack(SMALL_PACK, "small.yaml")


def readings(*pairs: tuple[int, float]) -> Iterator[Recorded]:
    for second, value in pairs:
        payload = f'{{"kind":"temperature","value":{value},"zone":"b01/u1/0101","at":{START_AT + second * 1000}}}'
        yield Recorded(START_AT + second * 1000, TOPIC, payload.encode())


def test_a_warning_an_alarm_and_a_dispatch_are_told_in_the_promised_form(small_pack: RulePack) -> None:
    told = list(decisions(readings((0, 22), (10, 50), (20, 52), (40, 54), (50, 60)), small_pack, tail_s=0))
    assert all(list(decision) == FIELDS for decision in told)
    opened = {decision["entity"]: decision for decision in told if decision["transition"] in ("opened", "ordered")}
    warning, alarm, dispatch = opened["warning"], opened["alarm"], opened["dispatch"]
    assert (warning["at"], alarm["at"], dispatch["at"]) == (
        "2026-01-01T00:00:30.000Z",
        "2026-01-01T00:00:50.000Z",
        "2026-01-01T00:00:50.000Z",
    )
    assert (alarm["hazard"], alarm["level"], alarm["community"], alarm["zone"]) == ("fire", "red", "c01", "b01/u1/0101")
    assert (alarm["device"], alarm["rule"], alarm["value"]) == ("heat-1", "heat", 60.0)
    assert alarm["sentence"]["zh"]
    assert alarm["sentence"]["en"]
    assert {decision["transition"] for decision in told if decision["entity"] == "warning"} == {"opened", "materialised"}


def test_the_clock_runs_on_after_the_last_line(small_pack: RulePack) -> None:
    lines = list(readings((0, 22), (10, 50)))
    assert list(decisions(lines, small_pack, tail_s=19)) == []
    assert [each["entity"] for each in decisions(lines, small_pack, tail_s=21) if each["entity"] == "warning"] == ["warning"]


def test_an_older_line_is_received_with_the_one_before_it(small_pack: RulePack) -> None:
    lines = [*readings((0, 22), (100, 22)), *readings((30, 70))]
    told = list(decisions(lines, small_pack, tail_s=0))
    assert {datetime.fromisoformat(decision["at"]).timestamp() * 1000 for decision in told} == {START_AT + 100_000}


def test_what_the_contract_refuses_stops_nothing(small_pack: RulePack) -> None:
    bad = [
        Recorded(START_AT, "somewhere/else", b"{}"),
        Recorded(START_AT, TOPIC, b"not json"),
        Recorded(START_AT, TOPIC, b'{"kind":"temperature","value":"hot"}'),
    ]
    told = list(decisions([*bad, *readings((1, 80))], small_pack, tail_s=0))
    assert [each["entity"] for each in told if each["transition"] == "opened"] != []


def test_no_lines_no_decisions(small_pack: RulePack) -> None:
    assert list(decisions([], small_pack)) == []


def test_decisions_come_while_lines_are_still_being_read(small_pack: RulePack) -> None:
    def endless() -> Iterator[Recorded]:
        yield from readings((0, 80))
        raise AssertionError("read too far ahead")

    assert next(decisions(endless(), small_pack))["transition"]
