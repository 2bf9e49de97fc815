"""GET /v1/floods: which positions are flooded now and what explains it; over a real store, filled by the chain itself."""

from dataclasses import replace
from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.definition import Aim, Inhibition, Key
from rules.flood import WINDOW_MS
from rules.model import Status
from tests.dashboard.conftest import Site
from tests.rules.score import T0, Play, event, hazard, pack, rule, said, stage

ON = p.StateIs(states=("on",))
POWER = rule("power", "power_lost", hazard="power", alarms=(stage("orange", ON),), plan="p")
FAULT = rule("fault", "device_fault", hazard="device", alarms=(stage("yellow", ON),), plan="p")
GAS = rule("gas", "methane", hazard="gas", alarms=(stage("red", ON),), plan="p")
OUTAGE = Inhibition(
    id="outage", title=said("power outage"), source=Aim(hazard="power"), target=Aim(hazard="device"), equal=Key.BUILDING
)
NORTH = d.Position(id="north", title=said("north desk"), zones=("b1", "b2"))
PLAN = d.Plan(id="p", title=said("plan"), notify_on_alarm=("desk",))


def laid(*positions: d.Position) -> d.RulePack:
    hazards = (hazard("power"), hazard("device"), replace(hazard("gas"), is_life_safety=True))
    made = pack(POWER, FAULT, GAS, hazards=hazards, plans=(PLAN,), parties=("desk",), positions=positions)
    return replace(made, inhibitions=(OUTAGE,))


def show(play: Play, kind: str, device: str, zone: str, at_s: float, **changes: Any) -> None:
    play.receive(event(device, kind, "on", id=f"{device}-{at_s}", zone=zone, **changes), at_s)


def storm(play: Play, faults: int = 12) -> None:
    """What follows from a power cut in b1, the cut itself, gas in b2, a fault and an exercise there."""
    for number in range(faults):
        show(play, "device_fault", f"d{number}", f"b1/u{number}", number)
    show(play, "power_lost", "m1", "b1/ups", faults)
    show(play, "methane", "g", "b2/u1/0101", 20)
    show(play, "device_fault", "e", "b2/u1", 21)
    show(play, "device_fault", "drill", "b2/u2", 22, status=Status.EXERCISE)


def kept(site: Site, play: Play, at_s: float) -> Site:
    play.advance(at_s)
    site.books.write_all(play.effects)
    site.clock.now = T0 + round(at_s * 1000)
    site.app.state.web = replace(site.web, find_pack=lambda: play.engine.pack)
    return site


def asked(site: Site, **query: object) -> dict[str, Any]:
    answer = site.client().get("/v1/floods", params=query)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    assert answer.json()["at"] == site.clock.now
    return dict(answer.json())


@pytest.fixture
def flooded(site: Site) -> Site:
    play = Play(laid(NORTH))
    storm(play)
    return kept(site, play, 30)


def test_one_power_cut_explains_most_of_it(flooded: Site) -> None:
    page = asked(flooded)
    (flood,) = page["floods"]
    assert (flood["community"], flood["position"], flood["title"]["en"]) == ("c1", "north", "north desk")
    assert (flood["since_at"], flood["count"], flood["peak"]) == (T0 + 10_000, 15, 15)
    assert flood["standing_count"] == 15, "the exercise is kept apart"
    power, gas, fault = flood["causes"]
    assert (power["rule"], power["zone"], power["count"], power["suppressed_count"]) == ("power", "b1/ups", 13, 12)
    assert power["cause_id"]
    assert (power["level"], power["waiting_count"], power["is_life_safety"]) == ("orange", 1, False)
    assert (gas["rule"], gas["zone"], gas["count"], gas["cause_id"], gas["is_life_safety"]) == ("gas", "b2", 1, "", True)
    assert (fault["rule"], fault["zone"], fault["count"]) == ("fault", "b2", 1)
    assert page["titles"]["power"] == {"zh": POWER.title.zh, "en": POWER.title.en}


def test_before_it_began_and_after_it_is_over_there_is_none(site: Site) -> None:
    play = Play(laid())
    for number in range(10):
        show(play, "device_fault", f"d{number}", f"b{number}", number)
    assert asked(kept(site, play, 9))["floods"] == []
    written = len(play.effects)
    show(play, "device_fault", "d10", "b10", 10)
    site.books.write_all(play.effects[written:])
    site.clock.now = T0 + 10_000
    (flood,) = asked(site)["floods"]
    assert (flood["position"], flood["title"], flood["count"]) == ("", {"zh": "", "en": ""}, 11)
    written = len(play.effects)
    play.advance(606)  # the fifth latest, of second 6, leaves the window
    site.books.write_all(play.effects[written:])
    site.clock.now = T0 + 606_000
    assert asked(site)["floods"] == [], "what stands still stands, but nobody is flooded any longer"


def test_a_flood_whose_end_nobody_told_is_over_when_nothing_comes(flooded: Site) -> None:
    flooded.clock.now = T0 + 22_000 + WINDOW_MS
    assert len(asked(flooded)["floods"]) == 1, "the last word about an alarm is just in the window"
    flooded.clock.now += 1
    assert asked(flooded)["floods"] == []


def test_each_position_has_its_own_and_another_communitys_is_left_out(site: Site) -> None:
    south = d.Position(id="south", title=said("south desk"), zones=("b9",))
    play = Play(laid(NORTH, south))
    storm(play)
    for number in range(11):
        show(play, "device_fault", f"s{number}", f"b9/u{number}", 30 + number)
    kept(site, play, 50)
    assert [(flood["position"], flood["standing_count"]) for flood in asked(site)["floods"]] == [("north", 15), ("south", 11)]
    assert len(asked(site, community="c1")["floods"]) == 2
    assert asked(site, community="c2")["floods"] == []


def test_without_the_pack_nobody_knows_its_positions(flooded: Site) -> None:
    flooded.app.state.web = replace(flooded.web, find_pack=lambda: None)
    assert asked(flooded)["floods"] == []


def test_nobody_without_a_token_is_told(flooded: Site) -> None:
    assert flooded.client(token="").get("/v1/floods").status_code == 401
