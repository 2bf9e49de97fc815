"""Row 23: an authority's area warning lowers local thresholds for its area and validity; updated and called off signals end it.

The community pack itself: a rainstorm signal of orange or red sets the mode ``rainstorm`` and the water level warns from 3 cm.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rules.model import EventClass, Network, Status
from rules.pack import read_pack
from tests.rules.score import T0, Play, event

TEXT = (Path(__file__).parents[3] / "rules/packs/community.yaml").read_text(encoding="utf-8")
PACK = read_pack(TEXT)


def desk() -> Play:
    return Play(PACK, is_restored_each_step=True)


def signal(
    play: Play, at_s: float, level: str | None = "orange", state: str | None = "on", *, sort: str = "rainstorm", **changes: Any
) -> None:
    """A signal of the weather service for the zone ``garage``."""
    attributes = {"type": sort} | ({} if level is None else {"level": level}) | changes.pop("attributes", {})
    values: dict[str, Any] = {
        "id": f"s{at_s}{changes.get('device', '')}",
        "event_class": EventClass.ALARM,
        "network": Network.DATA,
        "zone": "garage",
        "state": state,
        "value": None,
        "attributes": attributes,
    }
    play.receive(event(changes.pop("device", "cma"), "warning_signal", **(values | changes)), at_s)


def level(play: Play, at_s: float, value: float, zone: str = "garage/b1/sump") -> None:
    play.receive(event(f"level-{zone}", "water_level", value, id=f"l{at_s}", zone=zone), at_s)


def water(play: Play) -> list[tuple[float, str, str]]:
    """When which warning of the water level was told."""
    told = [fact for fact in play.facts if fact.rule == "water_level" and fact.entity == "warning"]
    return [((fact.at - T0) / 1000, fact.transition, fact.level.value if fact.level else "") for fact in told]


def ends(play: Play) -> list[float]:
    return [(fact.at - T0) / 1000 for fact in play.facts if fact.transition == "mode_ended"]


def test_the_same_water_is_nothing_without_a_signal_and_a_warning_with_it() -> None:
    play = desk()
    level(play, 0, 35)
    play.advance(599)
    assert water(play) == []
    signal(play, 600)
    play.advance(660)
    assert water(play) == [(660, "opened", "blue")]


def test_it_holds_for_its_area_only() -> None:
    play = desk()
    level(play, 0, 35, zone="b03/b1")
    signal(play, 600)
    play.advance(3000)
    assert water(play) == []
    signal(play, 3000, zone="", device="city")
    play.advance(3060)
    assert water(play) == [(3060, "opened", "blue")]


def test_it_ends_with_its_validity_and_so_does_the_warning_that_rested_on_it() -> None:
    play = desk()
    signal(play, 0, attributes={"expires_at": T0 + 3_600_000.0})
    level(play, 1, 35)
    play.advance(3599.999)
    assert water(play) == [(61, "opened", "blue")]
    play.advance(3600)
    assert water(play)[1:] == [(3600, "cancelled", "blue")]
    assert [fact.reason for fact in play.facts if fact.transition == "cancelled"] == ["mode_ended"]


@pytest.mark.parametrize(
    ("expires_at", "expected"),
    [
        ("2026-01-01T09:00:00+08:00", 3600),
        ("2026-01-01T09:00:00", 3600),  # the pack's own zone
        (datetime.fromtimestamp(T0 / 1000 + 3600, UTC).isoformat(), 3600),
        ("tomorrow", 43_200),
        ("9999-12-31T23:59:59+00:00", 7 * 86_400),
        (1e18, 7 * 86_400),
        (True, 43_200),
    ],
)
def test_validity_is_read_as_the_world_writes_it_and_bounded(expires_at: str | float, expected: float) -> None:
    play = desk()
    signal(play, 0, attributes={"expires_at": expires_at})
    play.advance(8 * 86_400)
    assert ends(play) == [expected]


def test_without_a_word_it_is_valid_for_the_pack_s_time_from_when_it_was_given() -> None:
    play = desk()
    signal(play, 600, occurred_at=T0)
    play.advance(43_199.999)
    assert ends(play) == []
    play.advance(43_200)
    assert ends(play) == [43_200]


def test_an_update_moves_its_end() -> None:
    play = desk()
    signal(play, 0, attributes={"expires_at": T0 + 3_600_000.0})
    signal(play, 1800, "red", attributes={"expires_at": T0 + 7_200_000.0})
    play.advance(7200)
    assert ends(play) == [7200]
    assert [fact.transition for fact in play.facts if fact.entity == "zone"] == ["mode_set", "mode_renewed", "mode_ended"]


@pytest.mark.parametrize(("colour", "state"), [("yellow", "on"), ("blue", "on"), (None, "off"), ("orange", "off")])
def test_called_off_or_made_milder_it_is_over(colour: str | None, state: str) -> None:
    play = desk()
    signal(play, 0)
    signal(play, 100, colour, state)
    assert ends(play) == [100]


def test_one_authority_does_not_call_off_another_s_signal() -> None:
    play = desk()
    signal(play, 0, device="city")
    signal(play, 1, device="district")
    level(play, 2, 35)
    signal(play, 100, state="off", device="district")
    assert water(play) == [(62, "opened", "blue")]
    signal(play, 200, state="off", device="city")
    assert water(play)[1:] == [(200, "cancelled", "blue")]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"sort": "typhoon"}, "another danger"),
        ({"level": "yellow"}, "milder than it takes"),
        ({"state": "off"}, "called off before it came"),
        ({"status": Status.EXERCISE}, "an exercise"),
        ({"attributes": {"expires_at": T0 - 1.0}}, "over already"),
    ],
)
def test_what_sets_nothing(changes: dict[str, Any], text: str) -> None:
    play = desk()
    signal(play, 0, **changes)
    assert play.records("mode") == [], text


def test_a_signal_that_is_over_on_arrival_ends_what_its_source_had_said() -> None:
    play = desk()
    signal(play, 0)
    signal(play, 10, attributes={"expires_at": T0 + 9000.0})
    assert ends(play) == [10]


def test_an_alarm_of_the_water_itself_is_not_ended_by_the_signal_s_end() -> None:
    play = desk()
    signal(play, 0)
    level(play, 1, 300)
    play.advance(100)
    signal(play, 200, state="off")
    assert [fact.transition for fact in play.facts if fact.rule == "water_level" and fact.entity == "alarm"] == ["opened"]
