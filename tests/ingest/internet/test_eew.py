"""Earthquake early warning: reports and their order, cancel, training, the clocks of Japan and China, signs of life."""

import json
from typing import Any

import pytest

from ingest.adapter import Foreign, Ignored, understand
from ingest.areas import Spot
from ingest.formats import FORMATS
from rules.model import Network, Status
from tests.ingest.reading import Reader, score

ORIGIN_AT = 1_783_613_052_000  # 2026-07-10 00:04:12 in Beijing
RECEIVED_AT = ORIGIN_AT + 20_000


def sichuan(**changes: object) -> dict[str, object]:
    return {
        "type": "sc_eew",
        "EventID": "20260710000412.0001_1",
        "ReportTime": "2026-07-10 00:04:20",
        "ReportNum": 1,
        "OriginTime": "2026-07-10 00:04:12",
        "HypoCenter": "四川宜宾市高县",
        "Latitude": 28.509,
        "Longitude": 104.687,
        "Magunitude": 5.1,
        "Depth": None,
        "MaxIntensity": 7.1,
    } | changes


def japan(**changes: object) -> dict[str, object]:
    return {
        "type": "jma_eew",
        "Title": "緊急地震速報（予報）",
        "Issue": {"Source": "東京", "Status": "通常"},
        "EventID": "20260710010415",
        "Serial": 6,
        "AnnouncedTime": "2026/07/10 01:04:22",
        "OriginTime": "2026/07/10 01:04:12",
        "Hypocenter": "宮古島北西沖",
        "Latitude": 25.5,
        "Longitude": 125.0,
        "Magunitude": 4.4,
        "Depth": 100,
        "MaxIntensity": "2",
        "isTraining": False,
        "isAssumption": False,
        "isWarn": False,
        "isFinal": True,
        "isCancel": False,
    } | changes


def reader() -> Reader:
    return Reader("eew")


def one(body: dict[str, object]) -> Any:
    return reader().one(body, received_at=RECEIVED_AT)


def test_a_report_of_sichuan() -> None:
    event = one(sichuan())
    assert (event.network.value, *score(event)) == ("internet", "alarm", "warning_signal", "on", "sc_eew.20260710000412.0001")
    assert event.occurred_at == ORIGIN_AT + 8000
    expected = {
        "type": "earthquake",
        "level": "red",
        "magnitude": 5.1,
        "epicentre": "四川宜宾市高县",
        "latitude": 28.509,
        "longitude": 104.687,
        "origin_at": float(ORIGIN_AT),
        "expires_at": ORIGIN_AT + 600_000.0,
        "serial": 1.0,
    }
    assert {name: event.attributes.get(name) for name in expected} == expected
    assert "depth_km" not in event.attributes
    assert not event.is_retained


def test_a_report_of_japan_is_an_hour_ahead_of_beijing() -> None:
    event = one(japan())
    assert (*score(event), event.occurred_at) == ("alarm", "warning_signal", "on", "jma_eew.20260710010415", ORIGIN_AT + 10_000)
    assert (event.attributes["origin_at"], event.attributes["level"]) == (float(ORIGIN_AT), "blue")
    assert (event.attributes["is_final"], event.attributes["depth_km"]) == (True, 100.0)
    assert "is_assumed" not in event.attributes


@pytest.mark.parametrize(
    ("changes", "state", "status"),
    [
        ({"isCancel": True}, "off", Status.ACTUAL),
        ({"Issue": {"Status": "取消"}}, "off", Status.ACTUAL),
        ({"isTraining": True}, "on", Status.EXERCISE),
        ({"isTraining": "true", "isCancel": "true"}, "off", Status.EXERCISE),
        ({"Issue": {"Status": "訓練"}}, "on", Status.EXERCISE),
        ({"Issue": {"Status": "試験"}}, "on", Status.TEST),
        ({"isFinal": True}, "on", Status.ACTUAL),
    ],
)
def test_cancelled_and_only_trained(changes: dict[str, object], state: str, status: Status) -> None:
    event = one(japan(**changes))
    assert (event.state, event.status, "expires_at" in event.attributes) == (state, status, state == "on")


@pytest.mark.parametrize(
    ("body", "level"),
    [
        (japan(MaxIntensity="7"), "red"),
        (japan(MaxIntensity="6弱"), "red"),
        (japan(MaxIntensity="5強"), "orange"),
        (japan(MaxIntensity="5-"), "orange"),
        (japan(MaxIntensity="4"), "yellow"),
        (japan(MaxIntensity="1"), "blue"),
        (japan(MaxIntensity="不明"), None),
        (japan(MaxIntensity=None), None),
        (japan(MaxIntensity="3", isWarn=True), "orange"),
        (japan(MaxIntensity=None, isWarn=True), "orange"),
        (japan(MaxIntensity="7", isWarn=True), "red"),
        (sichuan(MaxIntensity=7), "red"),
        (sichuan(MaxIntensity=6.9), "orange"),
        (sichuan(MaxIntensity=5), "orange"),
        (sichuan(MaxIntensity="4.9"), "yellow"),
        (sichuan(MaxIntensity=3), "yellow"),
        (sichuan(MaxIntensity=2.9), "blue"),
        (sichuan(MaxIntensity=None), None),
    ],
)
def test_the_level_is_that_of_the_strongest_shaking(body: dict[str, object], level: str | None) -> None:
    assert one(body).attributes.get("level") == level


def test_reports_follow_each_other_and_an_old_one_changes_nothing() -> None:
    route = reader()
    told = [
        route.events(sichuan(ReportNum=n, MaxIntensity=felt), received_at=RECEIVED_AT) for n, felt in ((1, 4), (3, 7), (3, 7))
    ]
    assert [[(event.state, event.attributes.get("level")) for event in events] for events in told] == [
        [("on", "yellow")],
        [("off", None), ("on", "red")],
        [("on", "red")],
    ]
    assert told[1][1].id == told[2][0].id  # the same report again is the same event
    assert "report 2" in route.ignored(sichuan(ReportNum=2, MaxIntensity=4, EventID="20260710000412.0001_2"))
    (over,) = route.events(sichuan(ReportNum=4, isCancel=True), received_at=RECEIVED_AT)
    assert (over.state, over.device) == ("off", told[0][0].device)


def test_the_last_earthquake_there_was_is_past() -> None:
    assert reader().one(japan(), received_at=ORIGIN_AT + 10_000 + 600_000).is_retained is False
    event = reader().one(japan(), received_at=ORIGIN_AT + 10_000 + 600_001)
    assert (event.is_retained, event.state) == (True, "on")


@pytest.mark.parametrize(
    ("body", "topic", "device"),
    [
        (japan(type=None), "", "jma_eew.20260710010415"),
        (sichuan(type=None), "", "sc_eew.20260710000412.0001"),
        (sichuan(type=None), "eew/cenc_eew.json", "cenc_eew.20260710000412.0001"),
        (sichuan(type="fj_eew", Magunitude=None, Magnitude=5.2), "", "fj_eew.20260710000412.0001"),
        (sichuan(type="cwa_eew", EventID=None, ID=1130703), "", "cwa_eew.1130703"),
    ],
)
def test_which_office_it_is_from(body: dict[str, object], topic: str, device: str) -> None:
    assert reader().one(body, topic, RECEIVED_AT).device == device


def test_signs_of_life_and_lists() -> None:
    assert score(one({"type": "heartbeat", "timestamp": 1})) == ("heartbeat", "heartbeat", None, "wolfx")
    assert score(one({"type": "pong"})) == ("heartbeat", "heartbeat", None, "wolfx")
    assert "past earthquakes" in reader().ignored({"type": "cenc_eqlist", "No1": {}})


@pytest.mark.parametrize(
    "body",
    [{}, {"type": "x_eew", "EventID": "1", "Serial": 1}, japan(EventID=None), japan(Serial=None), japan(Serial="first")],
)
def test_what_is_no_report_is_refused_with_what_was_expected(body: dict[str, object]) -> None:
    assert reader().refusal(body).startswith("missing_field: expected EventID and Serial")


@pytest.mark.parametrize("written", ["", None, 5, "2026-07-10T00:04:12+08:00", "soon"])
def test_times_that_are_none_or_have_a_zone(written: object) -> None:
    event = one(sichuan(OriginTime=written))
    assert event.attributes.get("origin_at") == (float(ORIGIN_AT) if isinstance(written, str) and "T" in written else None)


def test_only_so_many_events_are_remembered() -> None:
    route = reader()
    for each in range(300):
        route.events(sichuan(EventID=str(each), ReportNum=5), received_at=RECEIVED_AT)
    assert "report 1" in route.ignored(sichuan(EventID="299", ReportNum=1))
    assert route.events(sichuan(EventID="0", ReportNum=1), received_at=RECEIVED_AT)


CHENGDU, GAOXIAN = Spot(latitude=30.66, longitude=104.06), Spot(latitude=28.509, longitude=104.687)


def at(spot: Spot | None, body: dict[str, object]) -> Any:
    foreign = Foreign(
        topic="",
        payload=json.dumps(body).encode(),
        community="jade",
        network=Network.INTERNET,
        received_at=RECEIVED_AT,
        arrival="1",
        spot=spot,
    )
    told = understand(FORMATS["eew"].opens(), foreign)
    assert not isinstance(told, Ignored)
    (event,) = told
    return event


@pytest.mark.parametrize(
    ("spot", "changes", "level", "level_of", "here"),
    [
        (None, {}, "red", "epicentre", None),
        (GAOXIAN, {}, "red", "here", 6.9),  # at the epicentre: 7.9 with the margin, 7.1 was announced
        (CHENGDU, {}, "blue", "here", 1.9),  # 247 km away
        (CHENGDU, {"Magunitude": 6.8}, "orange", "here", 4.4),
        (CHENGDU, {"Magunitude": 6.8, "MaxIntensity": 4.0}, "yellow", "here", 4.4),  # never above what was announced
        (CHENGDU, {"Magunitude": 6.8, "MaxIntensity": None}, "orange", "here", 4.4),
        (CHENGDU, {"Magunitude": 3.9}, "red", "epicentre", None),
        (CHENGDU, {"Magunitude": None}, "red", "epicentre", None),
        (CHENGDU, {"Latitude": 0, "Longitude": 0}, "red", "epicentre", None),
        (CHENGDU, japan(MaxIntensity="6弱", EventID="7"), "red", "epicentre", None),
    ],
)
def test_the_level_is_that_of_our_place_where_it_can_be_estimated(
    spot: Spot | None, changes: dict[str, object], level: str, level_of: str, here: float | None
) -> None:
    event = at(spot, sichuan(**changes))
    assert event.attributes.get("level") == level
    assert (event.attributes["level_of"], event.attributes.get("intensity_here")) == (level_of, here)


def test_how_far_away_it_is_stands_beside_it_also_for_japan() -> None:
    assert at(CHENGDU, sichuan()).attributes["distance_km"] == pytest.approx(246.8, abs=1)
    assert at(CHENGDU, japan()).attributes["distance_km"] == pytest.approx(2_116, abs=30)


@pytest.mark.parametrize("serial", [1e18, 10_000, -1])
def test_a_report_of_a_number_that_cannot_be_silences_no_later_one(serial: float) -> None:
    listening = reader()
    assert "EventID and Serial or ReportNum" in listening.refusal(sichuan(ReportNum=serial))
    assert listening.one(sichuan(ReportNum=2), received_at=RECEIVED_AT).state == "on"
