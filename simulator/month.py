"""A month of several communities: ordinary life, and on every second day one of the bundled scenarios at its own hour of the day.

The days between are quiet. Scenarios are dealt from a shuffled deck, so that every hazard and every near-miss comes about as
often as another; each community has an order of its own. What is true is what each scenario says of itself, moved to its day.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Final

from simulator.chance import chance
from simulator.community import Community, Size, build_community
from simulator.judge.truth_file import Happened
from simulator.scenario import Expectation, Scenario
from simulator.scenario_file import load_scenario, scenario_names
from simulator.scenario_truth import happened
from simulator.world import unfelt

DAY_S: Final = 86_400.0
DAY_COUNT: Final = 30
COMMUNITY_COUNT: Final = 7
SIZE: Final = Size(building_count=1, floor_count=5)
"""One building of two units and five floors: 290 to 315 devices, so that seven of them are a little more than 2,000."""
STARTS: Final = datetime(2026, 6, 1, tzinfo=timezone(timedelta(hours=8)))
"""June 2026: four weekends and the Dragon Boat holiday."""
SEED: Final = 1
_BUILDING: Final = re.compile(r"^b\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One community's month. ``plan`` says which scenario came on which day, counted from 1."""

    community: Community
    scenario: Scenario
    plan: tuple[tuple[int, str], ...]
    truth: tuple[Happened, ...]


def month_of(number: int, *, day_count: float = DAY_COUNT, seed: int = SEED) -> Month:
    """The month of the given community, from 1 on; the first ``day_count`` days of it. The same arguments give the same month."""
    community = build_community(number, SIZE, f"c{number:02d}")
    plan = tuple([each for each in plan_of(number, seed) if each[0] - 1 < day_count])
    placed = [_moved(_in_the_only_building(load_scenario(name)), day - 1) for day, name in plan]
    whole = load_scenario("quiet_day").model_copy(
        update={
            "scenario": "month",
            "starts": STARTS,
            "lasts_s": day_count * DAY_S,
            "hazards": tuple([hazard for each in placed for hazard in each.hazards]),
        }
    )
    truth = [one for each, (day, _) in zip(placed, plan, strict=True) for one in _truth(each, community, day - 1)]
    return Month(community=community, scenario=whole, plan=plan, truth=tuple(truth))


def plan_of(number: int, seed: int = SEED) -> tuple[tuple[int, str], ...]:
    """On which day (from 1) which scenario comes in the given community, from 1 on."""
    days = range(1, DAY_COUNT + 1, 2)
    names = fitting()
    first = (number - 1) * len(days)
    return tuple([(day, _card(names, first + place, seed)) for place, day in enumerate(days)])


@cache
def fitting() -> tuple[str, ...]:
    """The bundled scenarios of less than a day whose hazards all have their place, and are felt, in a community of this size."""
    community = build_community(1, SIZE)
    found = {name: _in_the_only_building(load_scenario(name)) for name in scenario_names()}
    return tuple([name for name, each in found.items() if each.hazards and _fits(each, community)])


def _fits(scenario: Scenario, community: Community) -> bool:
    is_placed = all(hazard.zone == "everywhere" or community.at(hazard.zone) for hazard in scenario.hazards)
    return is_placed and not [*unfelt(scenario, community)]


def _in_the_only_building(scenario: Scenario) -> Scenario:
    """What happens in one building alone happens in the first, whichever it was written for."""
    if len({hazard.zone[:3] for hazard in scenario.hazards if _BUILDING.match(hazard.zone)}) != 1:
        return scenario
    hazards = tuple([each.model_copy(update={"zone": _BUILDING.sub("b01", each.zone)}) for each in scenario.hazards])
    expected = tuple([each.model_copy(update={"zone": _BUILDING.sub("b01", each.zone)}) for each in scenario.truth.expected])
    allowed = tuple([each.model_copy(update={"zone": _BUILDING.sub("b01", each.zone)}) for each in scenario.truth.allowed])
    truth = scenario.truth.model_copy(update={"expected": expected, "allowed": allowed})
    return scenario.model_copy(update={"hazards": hazards, "truth": truth})


def _card(names: tuple[str, ...], place: int, seed: int) -> str:
    """The card at this place of one deck after another, each shuffled by itself."""
    deck, index = divmod(place, len(names))
    return chance(seed, "month", deck).sample(names, len(names))[index]


def _moved(scenario: Scenario, day: int) -> Scenario:
    """The scenario as a part of the month that ends with it, on the given day from 0; without its faults of the network."""
    by_s = day * DAY_S + scenario.start_of_day_s
    hazards = tuple([each.model_copy(update={"starts_s": each.starts_s + by_s}) for each in scenario.hazards])
    truth = scenario.truth.model_copy(update={"expected": tuple([_later(each, by_s) for each in scenario.truth.expected])})
    ends_s = by_s + scenario.lasts_s
    return scenario.model_copy(update={"starts": STARTS, "lasts_s": ends_s, "hazards": hazards, "truth": truth, "faults": ()})


def _later(asked: Expectation, by_s: float) -> Expectation:
    moved = {name: at_s + by_s for name, at_s in asked.model_dump().items() if name.endswith("_s") and at_s is not None}
    return asked.model_copy(update=moved)


def _truth(scenario: Scenario, community: Community, day: int) -> list[Happened]:
    """What is true of one scenario; what it allows is allowed from its day on and not from the first of the month."""
    first_at = scenario.start_at + round(day * DAY_S * 1000)
    return [replace(one, start_at=max(one.start_at, first_at)) for one in happened(scenario, community)]
