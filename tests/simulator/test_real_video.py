"""Annotated surveillance video before the judge: a quiet day rings for nobody, an armed night for who comes, and for ghosts."""

import gzip
from pathlib import Path

import pytest

from rules.definition import RulePack
from simulator.judge.matching import match
from simulator.judge.play import play
from simulator.judge.reached import Played
from simulator.real_data import DATA
from simulator.real_sets.labelled import Case
from simulator.real_sets.video import GHOSTS_PER_H, LOST_SHARE, videos

ACTIVITIES = "level,clip,site,camera,activity,id,start_frame,end_frame,start_local,end_local,actors\n"
CLIPS = "level,clip,site,camera,start_local,end_local,activities\n"


def recorded(folder: Path, *activities: tuple[str, str, str, str]) -> Path:
    """A set of one clip at a school's camera: (activity, id, from, to) with clocks of the day."""
    place = folder / "meva_video"
    place.mkdir()
    lines = [f"training,c,school,G1,{name},{number},0,0,2018-03-05T{a},2018-03-05T{b},1\n" for name, number, a, b in activities]
    (place / "activities.csv.gz").write_bytes(gzip.compress((ACTIVITIES + "".join(lines)).encode()))
    (place / "clips.csv.gz").write_bytes(gzip.compress(CLIPS.encode()))
    return folder


def only(data: Path, *, at_night: bool) -> Case:
    [case] = videos(data, at_night=at_night).cases()
    return case


def found(played: Played, case: Case, stage: str = "alarm") -> tuple[int, int, int]:
    """How many were asked, found in time, and false."""
    matched = match(stage, played.reached, case.truth)
    due = {number: each.due_at(stage) for number, each in enumerate(case.truth)}
    asked = [number for number, at in due.items() if at is not None]
    in_time = [number for number in asked if number in matched.found and matched.found[number].at <= (due[number] or 0)]
    return len(asked), len(in_time), len(matched.false)


def test_two_rules_of_a_camera_that_see_the_same_person_at_night_alarm_and_by_day_do_not(tmp_path: Path, pack: RulePack) -> None:
    comes = ("person_enters_scene_through_structure", "1", "10:00:00.000", "10:00:02.000")
    opens = ("person_opens_facility_door", "2", "10:00:01.000", "10:00:03.000")
    data = recorded(tmp_path, comes, opens)
    night, day = only(data, at_night=True), only(data, at_night=False)
    assert [(each.hazard, each.zone) for each in night.truth] == [("intrusion", "school/G1")]
    assert found(play(night.records(), pack, night.name), night) == (1, 1, 0)
    assert day.truth == ()
    assert play(day.records(), pack, day.name).reached == ()


def test_who_is_seen_once_at_night_is_told_because_the_camera_is_sure(tmp_path: Path, pack: RulePack) -> None:
    case = only(recorded(tmp_path, ("person_texts_on_phone", "1", "10:00:00.000", "10:00:09.000")), at_night=True)
    assert found(play(case.records(), pack, case.name), case) == (1, 1, 0)


def test_a_vehicle_that_lets_somebody_out_blocks_the_lane_after_three_minutes(tmp_path: Path, pack: RulePack) -> None:
    long = ("vehicle_picks_up_person", "1", "10:00:00.000", "10:04:00.000")
    short = ("vehicle_drops_off_person", "2", "10:20:00.000", "10:20:40.000")
    case = only(recorded(tmp_path, long, short), at_night=False)
    played = play(case.records(), pack, case.name)
    assert [each.alarm_due_at is not None for each in case.truth] == [True, False]
    assert found(played, case) == (1, 1, 0)
    assert [one.rule for one in played.reached if one.stage == "alarm"] == ["fire_lane"]


def test_the_cameras_are_as_imperfect_as_the_page_says_and_always_in_the_same_way(tmp_path: Path) -> None:
    many = [("person_sits_down", str(number), "10:00:00.000", "10:00:01.000") for number in range(500)]
    case = only(recorded(tmp_path, *many), at_night=True)
    lines = list(case.records())
    assert abs(len(lines) / 1000 - (1 - LOST_SHARE)) < 0.03
    assert lines == list(case.records())
    assert f"{GHOSTS_PER_H:g} ghosts" in videos(DATA, at_night=True).asked


@pytest.mark.needs("recordings")
def test_a_recorded_day_rings_for_nobody_and_moved_to_the_night_for_most_who_came(pack: RulePack) -> None:
    day, night = (next(iter(videos(DATA, at_night=at_night).cases())) for at_night in (False, True))
    by_day = play(day.records(), pack, day.name)
    assert found(by_day, day) == (0, 0, 0)
    assert found(by_day, day, "warning")[2] == 0
    assert found(play(night.records(), pack, night.name), night) == (40, 36, 7)
