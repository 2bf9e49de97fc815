"""One decision finds at most one happening, in its place and its time; nothing is found twice, nothing by saying everything."""

import pytest

from simulator.judge.matching import AFTER_END_MS, match
from tests.simulator.judge.played import FLAT, alarm, happened

BURNS = happened(1000, 2000, alarm_s=1300)


@pytest.mark.parametrize(
    ("second", "verdict"),
    [
        (999.999, "false"),  # before it began there was nothing to find
        (1000, "found"),
        (2000, "found"),
        (2000 + AFTER_END_MS / 1000, "found"),
        (2000.001 + AFTER_END_MS / 1000, "false"),  # long after it was over
    ],
)
def test_only_what_comes_in_its_time_finds_it(second: float, verdict: str) -> None:
    matched = match("alarm", [alarm(second)], [BURNS])
    assert (len(matched.found), len(matched.false)) == ((1, 0) if verdict == "found" else (0, 1))


@pytest.mark.parametrize(
    ("zone", "is_found"),
    [
        (FLAT, True),
        ("b01/u1", True),  # the unit around it
        ("b01", True),
        (f"{FLAT}/kitchen", True),
        ("b01/u1/0102", False),  # next door
        ("b011", False),
        ("", False),  # who names no place has found no place
    ],
)
def test_the_right_hazard_at_another_place_is_false(zone: str, is_found: bool) -> None:
    matched = match("alarm", [alarm(1100, zone=zone)], [BURNS])
    assert len(matched.found) == is_found
    assert len(matched.false) == (not is_found)


def test_what_happens_everywhere_may_be_told_of_any_place() -> None:
    storm = happened(0, 100, zone="", hazard="storm")
    assert match("alarm", [alarm(1, zone="", hazard="storm")], [storm]).found
    assert match("alarm", [alarm(1, zone="b07", hazard="storm")], [storm]).found


def test_another_hazard_or_another_stage_finds_nothing() -> None:
    assert match("alarm", [alarm(1100, hazard="flood")], [BURNS]).false
    matched = match("alarm", [alarm(1100, stage="warning")], [BURNS])
    assert not matched.found
    assert not matched.false


def test_many_alarms_for_one_happening_are_one_detection_and_the_rest_duplicates() -> None:
    matched = match("alarm", [alarm(1000 + number) for number in range(50)], [BURNS])
    assert matched.found == {0: alarm(1000)}
    assert (len(matched.duplicates), len(matched.false)) == (49, 0)


def test_one_alarm_for_the_whole_building_finds_one_of_its_two_fires() -> None:
    flats = [happened(0, 100, zone="b01/u1/0101", alarm_s=50), happened(0, 100, zone="b01/u2/0201", alarm_s=40)]
    matched = match("alarm", [alarm(10, zone="b01")], flats)
    assert list(matched.found) == [1]  # the one that is due first


def test_the_more_exact_place_is_meant() -> None:
    both = [happened(0, 100, zone="b01", alarm_s=5), happened(0, 100, zone=FLAT, alarm_s=50)]
    assert list(match("alarm", [alarm(10)], both).found) == [1]
    assert match("alarm", [alarm(10), alarm(11)], both).found == {1: alarm(10), 0: alarm(11)}


def test_what_has_no_end_is_open_until_the_last_event() -> None:
    assert match("alarm", [alarm(1_000_000)], [happened(0, None, alarm_s=50)]).found
