"""The sorts of devices: more than a district lists, in both languages, in the contract's units, each hung somewhere."""

import pytest

from rules.kinds import KINDS
from rules.model import EventClass, Network
from simulator.community import build_community
from simulator.devices import Sort
from simulator.sorts import causes
from simulator.sorts.catalogue import SORTS, SUBJECTS
from simulator.sorts.page import HOMELY, PAGE, written

ALL = tuple(SORTS.values())


def test_there_are_more_than_forty_two_and_no_name_twice() -> None:
    assert len(SORTS) == sum(len(sorts) for sorts in SUBJECTS.values()) >= 42


def test_all_four_networks_speak() -> None:
    assert {sort.network for sort in ALL} == set(Network)


@pytest.mark.parametrize("sort", ALL, ids=lambda sort: sort.name)
def test_a_sort_is_named_in_both_languages_and_measures_in_the_units_of_the_contract(sort: Sort) -> None:
    assert sort.zh
    assert not sort.zh.isascii()
    assert sort.en.isascii()
    assert sort.en
    assert sort.heartbeat_s > 0
    assert not sort.like or sort.like in SORTS
    for gauge in sort.gauges:
        known = KINDS.get((EventClass.READING, gauge.kind))
        assert gauge.unit == (known.unit if known else gauge.unit) != ""
        assert 0.0 <= gauge.noise < max(abs(gauge.base), 1.0) + gauge.spread
    if known := KINDS.get((EventClass.STATE, sort.state_kind)):
        assert sort.idle_state in known.states
        assert sort.visits is None or sort.visits.active in known.states
    for sighting in sort.sightings:
        assert (EventClass.ALARM, sighting.kind) in KINDS
        assert 0 < sighting.confidence[0] <= sighting.confidence[1] <= 1


def test_every_sort_hangs_somewhere_in_the_default_community() -> None:
    assert {device.sort.name for device in build_community(1).devices} == set(SORTS)


def test_every_cause_is_felt_by_somebody() -> None:
    felt = [going.cause for sort in ALL for going in sort.goings] + list(HOMELY)
    for name, cause in vars(causes).items():
        if name.isupper():
            assert cause in felt, f"nobody ever meets {cause.en}"


def test_what_is_shared_is_felt_by_the_sort_that_lists_it() -> None:
    for sort in ALL:
        for going in sort.goings:
            is_felt = any(effect.kind in sort.kinds for effect in going.cause.effects)
            assert is_felt or sort.name == "lift", f"{sort.name} feels no {going.cause.en}"


def test_the_tables_of_the_manual_are_these() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == written(text), "run: python -m simulator.sorts.page"
