"""The ``positions:`` of a pack: what they say, and everything that is wrong with them, with line and column."""

import pytest

from rules.definition import Position
from rules.model import Sentence
from rules.pack import check_pack, read_pack

PACK = """pack: small
version: "1.0.0"
title: {zh: 小, en: Small}
parties: {property: {title: {zh: 物业, en: Property}}}
hazards:
  power: {title: {zh: 断电, en: Power}}
plans: {p: {title: {zh: 预案, en: Plan}}}
rules:
  lost: {title: {zh: 甲, en: A}, hazard: power, kinds: power_lost, alarms: [{level: orange, state: "on"}], plan: p, source: ours}
positions:
"""
TITLE = "title: {zh: 北区席, en: North desk}"


def faults(entries: str) -> list[str]:
    return [str(fault) for fault in check_pack(PACK + entries, "pack.yaml")]


def test_a_position_says_its_places_and_its_parties() -> None:
    read = read_pack(
        f"{PACK}  north: {{{TITLE}, zones: [b01, garage/b1], parties: [property]}}\n  all: {{{TITLE}, zones: [], parties: []}}\n"
    )
    title = Sentence("北区席", "North desk")
    assert read.positions == (
        Position(id="north", title=title, zones=("b01", "garage/b1"), parties=("property",)),
        Position(id="all", title=title),
    )


@pytest.mark.parametrize(
    ("position", "where", "what"),
    [
        (f"{{{TITLE}, parties: [propert]}}", "11:55", "unknown party 'propert'; did you mean 'property'?"),
        (f"{{{TITLE}, parties: [property, polise]}}", "11:65", "unknown party 'polise'; known: property"),
        ("{zones: [b01]}", "11:3", "'title' is missing: what people read"),
        ("{title: North desk}", "11:18", "title: expected a mapping, came the text 'North desk'"),
        ("{title: {zh: 北区席}}", "11:11", "'en' is missing"),
        (f"{{{TITLE}, zones: b01}}", "11:52", "zones: expected a list, came the text 'b01'"),
        (f"{{{TITLE}, zone: [b01]}}", "11:45", "unknown field 'zone'; did you mean 'zones'?"),
        (f"{{{TITLE}, zones: [b01, 3]}}", "11:58", "expected a string, came the number 3"),
        (f"{{{TITLE}, zones: [b01/]}}", "11:53", "zone 'b01/' is no place, so nothing would be shown here; write it like 'b01'"),
        (f"{{{TITLE}, zones: [b01, /b02//u1]}}", "11:58", "zone '/b02//u1' is no place"),
        (f"{{{TITLE}, zones: ['']}}", "11:53", "zone '' is no place, so nothing would be shown here; write it like 'b01'"),
        ("north desk", "11:10", "north: expected a mapping, came the text 'north desk'"),
        ("", "12:1", "north: expected a mapping, came nothing"),
    ],
)
def test_what_is_wrong_with_one_is_said_where_it_stands(position: str, where: str, what: str) -> None:
    (fault,) = faults(f"  north: {position}\n")
    assert fault.startswith(f"pack.yaml:{where}: ")
    assert what in fault


@pytest.mark.parametrize(
    ("entries", "where", "what"),
    [
        (f"  North desk: {{{TITLE}}}\n", "11:3", "'North desk' is not an id: small letters, digits and _, a letter first"),
        ("  - north\n", "10:1", "positions: expected a mapping, came a list of 1"),
        (f"  north: {{{TITLE}}}\n  north: {{{TITLE}}}\n", "12:3", "'north' stands here twice, first in line 11; keep one"),
    ],
)
def test_what_is_wrong_with_the_section_is_said_too(entries: str, where: str, what: str) -> None:
    (fault,) = faults(entries)
    assert fault.startswith(f"pack.yaml:{where}: ")
    assert what in fault


def test_all_faults_are_said_at_once() -> None:
    found = faults(f"  north: {{{TITLE}, zones: [b01/], parties: [polise]}}\n  south: {{zones: [b02]}}\n")
    assert [fault.split(": ")[0] for fault in found] == ["pack.yaml:11:53", "pack.yaml:11:70", "pack.yaml:12:3"]
