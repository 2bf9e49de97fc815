"""What is told to whom: the columns of the contract, places by purpose, cursors without a typing error, harmless cells."""

import csv
import io
import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.exchange.contract import COLUMNS, Purpose, SharedIncident, shared, told_zone
from handlers.exchange.csv_form import BOM, harmless, write_csv
from handlers.exchange.cursor import LENGTH_MAX, ForeignCursor, Place, mark_of, read_cursor, write_cursor
from rules.canonical import to_json
from rules.model import Incident, Level, Sentence, Status, Verdict
from tests.handlers.records import incident

SECRET = "张三 13800001111"
FULL = incident(
    title=Sentence(SECRET, SECRET),
    sentence=Sentence(SECRET, SECRET),
    acknowledged_by=SECRET,
    closed_by=SECRET,
    parties=(SECRET,),
    alarm_ids=(SECRET,),
    plan=SECRET,
)
TOLD = SharedIncident(
    id="i-1",
    revision=7,
    community="jiayuan",
    hazard="fire",
    level=Level.RED,
    status=Status.ACTUAL,
    state="open",
    verdict=Verdict.UNTRIAGED,
    has_happened=True,
    zone="b03",
    merged_into="",
    opened_at=1000,
    changed_at=1000,
    closed_at=None,
)


def plain(record: Incident) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(to_json(record))
    return found


def test_these_are_the_columns_of_version_1_and_they_never_change() -> None:
    assert ",".join(COLUMNS) == (
        "id,revision,community,hazard,level,status,state,verdict,has_happened,zone,merged_into,opened_at,changed_at,closed_at"
    )


def test_an_incident_is_told_without_a_person_a_sentence_or_a_device() -> None:
    told = shared(plain(FULL), 7, Purpose.OVERSIGHT)
    assert told == TOLD
    assert SECRET not in repr(told)


@pytest.mark.parametrize(
    ("purpose", "zone", "told"),
    [
        (Purpose.STATISTICS, "b03/u1/0502", ""),
        (Purpose.OVERSIGHT, "b03/u1/0502", "b03"),
        (Purpose.OVERSIGHT, "", ""),
        (Purpose.RESCUE, "b03/u1/0502", "b03/u1/0502"),
    ],
)
def test_the_purpose_says_how_exact_the_place_is(purpose: Purpose, zone: str, told: str) -> None:
    assert told_zone(zone, purpose) == told


@pytest.mark.parametrize("status", Status)
def test_exercises_and_tests_are_marked(status: Status) -> None:
    assert shared(plain(incident(status=status)), 1, Purpose.RESCUE).status is status


def test_a_warning_alone_has_not_happened_yet() -> None:
    assert not shared(plain(incident(warning_ids=("w-1",))), 1, Purpose.RESCUE).has_happened


@given(st.integers(0, 2**63))
def test_a_cursor_says_where_it_stands(seq: int) -> None:
    for place in (Place(seq), Place(seq, mark_of(f"f-{seq}"))):
        assert read_cursor(write_cursor(place)) == place
        assert len(write_cursor(place)) <= LENGTH_MAX


@given(seq=st.integers(0, 10**9), place=st.integers(0, 40), other=st.characters())
def test_a_cursor_with_one_letter_wrong_missing_or_too_many_is_none(seq: int, place: int, other: str) -> None:
    cursor = write_cursor(Place(seq, mark_of(f"f-{seq}")))
    place %= len(cursor)
    for wrong in (cursor[:place] + other + cursor[place + 1 :], cursor[:place] + cursor[place + 1 :], cursor + other):
        if wrong != cursor:
            with pytest.raises(ForeignCursor):
                read_cursor(wrong)


@given(st.text(st.characters(codec="ascii"), max_size=70))
def test_no_text_that_we_never_gave_is_a_cursor(text: str) -> None:
    with pytest.raises(ForeignCursor):
        read_cursor(text)


def test_the_table_has_a_header_and_crlf_and_an_absent_value_is_an_empty_cell() -> None:
    assert write_csv([TOLD]).decode() == (
        ",".join(COLUMNS) + "\r\ni-1,7,jiayuan,fire,red,actual,open,untriaged,true,b03,,1000,1000,\r\n"
    )
    assert write_csv([], has_bom=True) == (BOM + ",".join(COLUMNS) + "\r\n").encode()


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", '=cmd|"/c calc"!A0'])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless(f"\0{cell}") == f"'{cell}"


def test_a_place_is_a_place() -> None:
    assert [harmless(cell) for cell in ("b03/u1/0502", "3号楼", "")] == ["b03/u1/0502", "3号楼", ""]


@given(st.text(), st.text())
def test_whatever_a_place_is_called_every_table_can_be_read_back_and_holds_no_formula(zone: str, hazard: str) -> None:
    row = replace(TOLD, zone=zone, hazard=hazard)
    text = write_csv([row, row]).decode("utf-8")
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert len(read) == 3
    assert all(len(line) == len(fields(SharedIncident)) for line in read)
    assert read[1] == read[2]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for line in read for cell in line)
