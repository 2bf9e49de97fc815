"""The life of a CAP alert: replaced, cancelled, cleared, only exercised, come too late, for elsewhere."""

import math
from typing import Any

import pytest

from ingest.adapter import Foreign, Ignored, Said
from ingest.areas import Spot
from rules.model import Status
from tests.ingest.internet.cap_kit import alert, device, info, reference, shape
from tests.ingest.reading import Reader


def reader() -> Reader:
    return Reader("cap")


def bare(route: Reader, body: object) -> list[tuple[Any, ...]]:
    """Device (without the sender), state, level."""
    return [(each.device.rpartition(",")[2], each.state, each.attributes.get("level")) for each in route.events(body)]


@pytest.mark.parametrize(
    ("status", "expected"),
    [("Exercise", Status.EXERCISE), ("Test", Status.TEST), ("System", Status.TEST), ("Draft", Status.TEST)],
)
def test_what_is_not_actual_is_never_a_real_alarm_and_ends_none(status: str, expected: Status) -> None:
    route = reader()
    route.one(alert("1"))
    assert route.one(alert("x", status=status)).status is expected
    drill = route.events(alert("2", "Update", references=[reference("1")], status=status))
    assert [(each.state, each.status) for each in drill] == [("on", expected), ("off", expected)]
    real = route.events(alert("3", "Update", references=[reference("1")]))
    assert [(each.state, each.status) for each in real] == [("on", Status.ACTUAL), ("off", Status.ACTUAL)]


def test_an_exercise_around_an_alert_makes_it_one() -> None:
    envelope = (
        '<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><distributionStatus>Exercise</distributionStatus>'
        f"<contentObject>{alert('1')}{alert('2', status='Test')}{alert('3', kind='New')}</contentObject></EDXLDistribution>"
    )
    told = reader().told(envelope)
    assert isinstance(told, list)
    assert [getattr(each, "status", None) for each in told] == [Status.EXERCISE, Status.TEST, None]
    assert "without CAP" in reader().ignored('<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0"/>')


def test_languages_of_one_event_are_one_signal_and_chinese_goes_first() -> None:
    event = reader().one(alert(infos=[info("Rainstorm", "en-US"), info("暴雨", "zh-CN")]))
    assert (event.attributes["headline"], event.attributes["headline_en"]) == ("暴雨", "Rainstorm")
    assert (event.attributes["languages"], event.attributes["type"]) == ("zh-CN en-US", "rainstorm")


def test_two_events_are_two_signals_of_one_alert_and_end_together() -> None:
    route = reader()
    first, second = route.events(alert(infos=[info("暴雨"), info("大风", severity="Minor")]))
    assert (first.attributes["level"], second.attributes["level"]) == ("orange", "blue")
    assert (first.device == second.device, first.id == second.id) == (True, False)
    (end,) = route.events(alert("2", "Cancel", [], [reference("1")]))
    assert (end.device, end.state, end.attributes["cancelled_by"]) == (first.device, "off", device("2"))


def test_an_update_replaces_and_a_cancel_ends() -> None:
    route = reader()
    one, two = reference("1"), reference("2", "2026-03-02T19:00:00+08:00")
    assert bare(route, alert("1")) == [("1", "on", "orange")]
    update = alert("2", "Update", [info(severity="Extreme")], [one], "2026-03-02T19:00:00+08:00")
    assert bare(route, update) == [("2", "on", "red"), ("1", "off", None)]
    assert bare(route, alert("3", "Cancel", [], [one, two], "2026-03-02T20:00:00+08:00")) == [("2", "off", None)]


def test_an_end_carries_the_kind_of_danger_that_a_mode_of_the_pack_waits_for() -> None:
    _, end = reader().events(alert("2", "Update", references=[reference("1")]))
    assert (end.attributes["type"], end.attributes["replaced_by"]) == ("rainstorm", device("2"))


def test_what_comes_after_its_end_does_not_rise_again() -> None:
    route = reader()
    assert bare(route, alert("9", "Cancel", [], [reference("1")])) == [("1", "off", None)]  # of a message never heard of: kept
    assert "was ended by" in route.ignored(alert("1"))
    assert bare(route, alert("1", status="Exercise")) == [("1", "on", "orange")]


def test_the_same_message_again_is_the_same_event() -> None:
    route = reader()
    assert route.one(alert()).id == route.one(alert()).id


def test_an_update_that_says_all_clear_ends_both() -> None:
    route = reader()
    route.one(alert("1"))
    assert bare(route, alert("2", "Update", [info(response="AllClear")], [reference("1")])) == [
        ("2", "off", "orange"),
        ("1", "off", None),
    ]
    mixed = route.events(alert("3", infos=[info("大风"), info("暴雨", urgency="Past")]))
    assert [(each.state, each.attributes["event"]) for each in mixed] == [
        ("off", "暴雨"),
        ("on", "大风"),
    ]  # so that the end ends only the past


@pytest.mark.parametrize("kind", ["Ack", "Error"])
def test_an_answer_warns_of_nothing(kind: str) -> None:
    assert reader().ignored(alert("2", kind, references=[reference("1")])).startswith(f"{kind} answers")


@pytest.mark.parametrize(("kind", "references"), [("Alert", []), ("Update", [reference("1")])])
def test_without_info_nothing_is_said_and_nothing_ended(kind: str, references: list[str]) -> None:
    route = reader()
    assert "has no info" in route.ignored(alert("2", kind, [], references))
    assert bare(route, alert("1")) == [("1", "on", "orange")]


def test_an_unknown_severity_is_that_of_the_title() -> None:
    assert bare(reader(), alert(infos=[info("暴雨红色预警信号", severity="Unknown")])) == [("1", "on", "red")]
    assert bare(reader(), alert(infos=[info("rain", severity="Unknown")])) == [("1", "on", None)]


# ---------------------------------------------------------------------------------------------------------------- where

HERE = Spot(latitude=30.67, longitude=104.06, codes=(("adcode", "510107"),))


def told_here(route: Reader, body: str) -> list[tuple[Any, ...]]:
    foreign = Foreign(
        topic="", payload=body.encode(), community="jade", network=route.format.network, received_at=0, arrival="1", spot=HERE
    )
    said = route.adapter(foreign)
    if isinstance(said, Ignored):
        return []
    assert isinstance(said, list)
    return [(each.device, each.state, each.attributes.get("area_match")) for each in said if isinstance(each, Said)]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("<polygon>30,104 30,105 31,105 31,104 30,104</polygon>", "inside"),
        ("<polygon>30,104.1 30,105 31,105 31,104.1 30,104.1</polygon>", "near"),
        ("<polygon>40,116 40,117 41,117 41,116 40,116</polygon>", None),
        ("<circle>30.6,104.0 20</circle>", "inside"),
        ("<circle>39.9,116.4 50</circle>", None),
        ("<geocode><valueName>adcode</valueName><value>510100</value></geocode>", "inside"),
        ("<geocode><valueName>adcode</valueName><value>110000</value></geocode>", None),
        ("", "unknown"),
    ],
)
def test_a_warning_for_elsewhere_is_of_no_concern(text: str, where: str | None) -> None:
    expected = [] if where is None else [(device("1"), "on", where)]
    assert told_here(reader(), shape(text)) == expected


def test_an_update_that_moves_elsewhere_ends_what_was_here() -> None:
    route = reader()
    assert told_here(route, alert("1"))
    far = info(area="<area><areaDesc>x</areaDesc><circle>39.9,116.4 50</circle></area>")
    assert told_here(route, alert("2", "Update", [far], [reference("1")])) == [(device("1"), "off", None)]


def ring(index: int) -> str:
    """A many-cornered polygon that is right, and unlike the others."""
    turns = [math.tau * corner / 190 for corner in range(190)]
    points = [f"{30 + math.sin(turn):.4f},{100 + index + math.cos(turn):.4f}" for turn in turns]
    return f"<polygon>{' '.join([*points, points[0]])}</polygon>"


def test_only_so_many_shapes_are_searched_for_crossings_and_the_rest_is_taken_on_trust() -> None:
    crossed = "<polygon>0,0 1,1 0,1 1,0 0,0</polygon>"
    assert (
        reader().refusal(shape(ring(1) + crossed)).startswith("out_of_range: area.polygon: expected a line that does not cross")
    )
    assert reader().one(shape("".join(ring(index) for index in range(2)) + crossed)).state == "on"
    large = ring(1).replace("</polygon>", "") + " " + ring(1).removeprefix("<polygon>")
    assert reader().refusal(shape(large + crossed)).startswith("out_of_range: area.polygon: expected a line that does not cross")


def test_an_update_that_comes_after_its_cancel_still_ends_what_it_replaces() -> None:
    route = reader()
    assert bare(route, alert("1"))[0][:2] == ("1", "on")
    assert bare(route, alert("3", "Cancel", references=[reference("2")])) == [("2", "off", None)]
    assert bare(route, alert("2", "Update", references=[reference("1")])) == [("1", "off", None)]
    assert "was ended by" in route.ignored(alert("2", "Update", references=[reference("1")]))
