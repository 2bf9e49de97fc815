"""Bug class "same actor, many cameras or updates" (frigate#476, #1313, #15727).

One walk past four cameras is one incident; updates of one tracked object are one observation; two persons at the same time stay
two where they can be told apart, and are one incident where they cannot.
"""

from dataclasses import replace
from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.actors import TRACKS_MAX
from rules.model import Event, EventClass, Network, PackActivation
from rules.pack import check_pack
from tests.rules.rows.test_row_21_independent_sources import PACK
from tests.rules.score import Play, event, hazard, pack, rule, stage

SEEN = p.StateIs(states=("on",))
WALK = rule("walk", "line_crossing", hazard="intruder", key=d.Key.ACTOR, alarms=(stage("orange", SEEN),))
INTRUDER = hazard("intruder", gather_by=d.Key.ZONE)
CAMERAS = ("wall/east", "wall/south", "wall/west", "gate")


def desk(*rules: d.Rule, gather_by: d.Key = d.Key.ZONE, is_restored_each_step: bool = False) -> Play:
    made = pack(*(rules or (WALK,)), hazards=(replace(INTRUDER, gather_by=gather_by),))
    return Play(made, is_restored_each_step=is_restored_each_step)


def see(play: Play, at_s: float, zone: str = "wall/east", state: str = "on", **changes: Any) -> list[str]:
    """What is told when the camera of this zone reports; ``track``, ``actor`` as attributes."""
    attributes = {name: changes.pop(name) for name in ("track", "actor") if name in changes}
    values: dict[str, Any] = {
        "id": f"e{at_s}-{zone}-{state}",
        "zone": zone,
        "network": Network.VIDEO,
        "event_class": EventClass.ALARM,
        "attributes": attributes,
    }
    seen: Event = event(changes.pop("device", f"cam-{zone}"), "line_crossing", state, **(values | changes))
    before = len(play.facts)
    play.receive(seen, at_s)
    return [f"{fact.entity} {fact.transition}" for fact in play.facts[before:]]


def incidents(play: Play) -> dict[str, Any]:
    return {one.id: one for one in play.records("incident")}


RAISED = ["incident opened", "alarm opened"]


class TestOneWalk:
    """One person past four cameras is one incident."""

    def test_of_one_zone(self) -> None:
        play = desk()
        for number in range(4):
            see(play, number * 20, device=f"cam-{number}")
        assert len(incidents(play)) == 1

    def test_of_four_zones_where_the_cameras_know_the_person_again(self) -> None:
        play = desk()
        told = [see(play, number * 60, zone, actor="p7") for number, zone in enumerate(CAMERAS)]
        assert told == [RAISED, *[["alarm repeated"]] * 3]
        (incident,) = incidents(play).values()
        assert (incident.zone, len(incident.alarm_ids)) == ("wall/east", 1)

    def test_of_four_zones_of_one_place_where_nobody_is_told_apart(self) -> None:
        play = desk(gather_by=d.Key.BUILDING)
        for number, zone in enumerate(("wall/1", "wall/2", "wall/3", "wall/4")):
            see(play, number * 60, zone)
        (incident,) = incidents(play).values()
        assert (incident.zone, len(incident.alarm_ids)) == ("wall", 4)

    def test_and_of_several_rules_that_see_the_same_person(self) -> None:
        again = replace(WALK, id="again")
        play = desk(WALK, again)
        for number, zone in enumerate(CAMERAS):
            see(play, number * 60, zone, actor="p7")
        (incident,) = incidents(play).values()
        assert len(incident.alarm_ids) == 2

    def test_a_second_rule_that_looks_by_the_zone_joins_at_the_place(self) -> None:
        by_zone = replace(WALK, id="by_zone", key=d.Key.ZONE)
        play = desk(WALK, by_zone)
        see(play, 0, "wall/east", actor="p7")
        assert len(incidents(play)) == 1

    def test_who_was_warned_of_is_the_one_who_crosses(self) -> None:
        lingers = rule("lingers", "loitering", hazard="intruder", key=d.Key.ACTOR, warnings=(stage("yellow", SEEN),))
        play = desk(WALK, lingers)
        see(play, 0, "gate", actor="p7", id="l", device="cam-0")
        play.receive(
            event(
                "cam-1",
                "loitering",
                "on",
                id="w",
                zone="wall/west",
                event_class=EventClass.ALARM,
                attributes={"actor": "p7"},
            ),
            1,
        )
        assert len(incidents(play)) == 1


class TestUpdates:
    """All that a camera says of one object that it follows is one observation."""

    def test_are_not_counted_as_new_happenings(self) -> None:
        play = desk()
        assert see(play, 0, track="17.1-a", confidence=0.5) == RAISED
        assert [see(play, at_s, track="17.1-a") for at_s in (0.2, 0.4, 60)] == [[], [], []]
        assert play.records("alarm")[-1].occurrence_count == 1

    def test_another_object_of_the_same_camera_is_a_new_one(self) -> None:
        play = desk()
        see(play, 0, track="a")
        assert see(play, 1, track="b") == ["alarm repeated"]
        assert see(play, 2, track="a") == []
        assert see(play, 3, track=7.0) == ["alarm repeated"]
        assert play.records("alarm")[-1].occurrence_count == 3

    def test_the_number_of_one_camera_means_nothing_to_another(self) -> None:
        play = desk()
        see(play, 0, track="a", device="cam-1")
        assert see(play, 1, track="a", device="cam-2") == ["alarm repeated"]

    def test_without_a_number_every_report_is_one(self) -> None:
        play = desk()
        assert [see(play, at_s) for at_s in (0, 1, 2)] == [RAISED, ["alarm repeated"], ["alarm repeated"]]
        assert see(play, 3, track=True) == ["alarm repeated"]

    def test_an_update_that_is_surer_makes_the_case_surer(self) -> None:
        play = desk()
        see(play, 0, track="a", confidence=0.5)
        assert see(play, 1, track="a", confidence=0.9) == []
        (incident,) = incidents(play).values()
        assert incident.confidence == 0.9

    def test_the_end_of_an_object_ends_and_the_next_one_is_new(self) -> None:
        play = desk()
        see(play, 0, track="a")
        assert see(play, 1, state="off", track="a") == ["alarm cleared", "incident recovered"]
        assert see(play, 2, track="a")[0] == "alarm retriggered"

    def test_an_update_does_not_open_what_a_person_has_closed(self) -> None:
        play = desk()
        see(play, 0, track="a")
        play.act(1, "li", "close", "incident", verdict="benign")
        assert [see(play, at_s, track="a") for at_s in (2, 3)] == [[], []]
        assert see(play, 4, track="b") == RAISED

    def test_so_many_are_remembered_and_no_more(self) -> None:
        play = desk()
        for number in range(TRACKS_MAX + 1):
            see(play, number, track=f"t{number}")
        counts = [TRACKS_MAX + 1]
        for at_s, track in ((100, "t1"), (101, "t0"), (102, "t0")):
            see(play, at_s, track=track)
            counts.append(play.records("alarm")[-1].occurrence_count)
        assert counts == [33, 33, 34, 34]

    def test_an_edit_of_the_rule_remembers_whom_it_has_met(self) -> None:
        play = desk()
        see(play, 0, track="a")
        edited = replace(WALK, alarms=(stage("orange", SEEN, 0, 9),), digest="2")
        play.packs["new"] = replace(pack(edited, hazards=(INTRUDER,)), version="2")
        play.receive(PackActivation(id="p2", pack="test", version="2", digest="2", text="new"), 1)
        assert see(play, 2, track="a") == []


class TestTwoPersons:
    """Who can be told apart stays apart; who cannot is one incident, and nobody is lost."""

    def test_at_the_same_place_and_time_are_two_where_they_are_told_apart(self) -> None:
        play = desk()
        assert see(play, 0, actor="p7") == RAISED
        assert see(play, 0, actor="p8", id="other") == RAISED
        places = sorted([one.zone for one in incidents(play).values()])
        assert places == ["wall/east", "wall/east/@p8"]

    def test_and_stay_two_on_their_way(self) -> None:
        play = desk()
        for number, zone in enumerate(CAMERAS):
            see(play, number * 60, zone, actor="p7")
            see(play, number * 60 + 5, zone, actor="p8", id=f"other{number}")
        assert len(incidents(play)) == 2

    def test_and_after_one_case_is_closed_the_other_goes_on(self) -> None:
        play = desk()
        see(play, 0, actor="p7")
        first = play.last_id("incident")
        see(play, 1, actor="p8")
        play.act(2, "li", "close", first, verdict="benign")
        assert see(play, 3, "gate", actor="p8") == ["alarm repeated"]
        assert see(play, 4, "gate", actor="p9", id="x") == RAISED

    def test_are_one_incident_where_they_are_not(self) -> None:
        play = desk()
        see(play, 0, track="a")
        assert see(play, 0, track="b", id="other") == ["alarm repeated"]
        assert len(incidents(play)) == 1

    def test_who_is_not_told_apart_joins_who_is(self) -> None:
        play = desk()
        see(play, 0, actor="p7")
        assert see(play, 1) == ["alarm opened"]
        assert see(play, 2, actor="") == ["alarm repeated"]
        assert len(incidents(play)) == 1

    def test_and_who_is_told_apart_joins_somebody_unknown_at_the_place_but_only_one(self) -> None:
        play = desk()
        see(play, 0)
        assert see(play, 1, actor="p7") == ["alarm opened"]
        assert see(play, 2, actor="p8") == RAISED

    def test_split_and_merged_by_hand_they_go_where_they_were_put(self) -> None:
        play = desk()
        see(play, 0)
        see(play, 1, actor="p7")
        joint = play.last_id("incident")
        alarm = play.last_id("alarm")
        play.act(2, "li", "split", joint, alarm=alarm)
        apart = next(name for name in incidents(play) if name != joint)
        see(play, 3, "gate", state="off", actor="p7")
        see(play, 4, "gate", actor="p7")
        assert play.records("incident")[-1].id == apart
        play.act(5, "li", "merge", apart, into=joint)
        see(play, 6, "gate", state="off", actor="p7")
        see(play, 7, "gate", actor="p7")
        assert play.records("incident")[-1].id == joint


@pytest.mark.parametrize("gather_by", [d.Key.ZONE, d.Key.BUILDING, d.Key.COMMUNITY])
def test_a_restart_at_every_step_changes_nothing(gather_by: d.Key) -> None:
    texts = []
    for is_restored in (False, True):
        play = desk(gather_by=gather_by, is_restored_each_step=is_restored)
        for number, zone in enumerate(CAMERAS):
            for one in ({"actor": "p7", "track": "a"}, {"actor": "p8"}, {"track": "b"}, {"track": "b", "confidence": 0.7}, {}):
                see(play, number * 60, zone, id=f"{number}{one}", **one)
        texts.append(play.text())
    assert texts[0] == texts[1]


def test_a_hazard_gathers_by_a_place_and_a_rule_may_watch_an_actor() -> None:
    assert check_pack(PACK.replace("watch: zone", "watch: actor")) == ()
    wrong = PACK.replace("theft: {title: {zh: 盗窃, en: Theft}}", "theft: {title: {zh: 盗窃, en: Theft}, gather_by: actor}")
    assert "gather_by: expected" in check_pack(wrong)[0].message
