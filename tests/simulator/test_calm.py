"""What looks like a danger and is none: it stays below what the default pack looks for, and calm hours stay calm."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from rules.definition import RulePack
from rules.primitive import Rate, Threshold
from simulator.community import Size, build_community
from simulator.devices import Effect, Gauge, Sort
from simulator.scenario import Scenario, Title
from simulator.sky import YEAR_MEAN_C
from simulator.sorts.catalogue import SORTS
from simulator.sorts.page import HOMELY, IN_HOMES
from simulator.stream import messages, sayings
from simulator.virtual import decisions, recorded
from simulator.world import World

HOTTEST, COLDEST = 34.5 - YEAR_MEAN_C, -2.0 - YEAR_MEAN_C
BEIJING = timezone(timedelta(hours=8))
GAUGES = [(sort, gauge) for sort in SORTS.values() for gauge in sort.gauges]


def felt(sort: Sort, kind: str) -> list[Effect]:
    """What any of its causes adds to readings of a kind."""
    causes = [*(HOMELY if sort.name in IN_HOMES else ()), *(going.cause for going in sort.goings)]
    return [effect for cause in causes for effect in cause.effects if effect.kind == kind]


def worst(sort: Sort, gauge: Gauge) -> tuple[float, float]:
    """The lowest and highest that all but a few show on the coldest and the hottest day, with one cause at its height."""
    adds = [effect.amount for effect in felt(sort, gauge.kind)]
    around = 1.5 * gauge.spread + 3 * gauge.noise + gauge.drift
    weather = sorted((gauge.outdoor * HOTTEST, gauge.outdoor * COLDEST))
    machines = (gauge.load, gauge.sun, gauge.pulse, gauge.ramp)
    low = gauge.base - around + weather[0] + sum(each for each in machines if each < 0) + min([0.0, *adds])
    high = gauge.base + around + weather[1] + sum(each for each in machines if each > 0) + max([0.0, *adds])
    return low, high


def limits(pack: RulePack, kind: str) -> Iterator[Threshold | Rate]:
    """What the pack looks for in this kind, whatever mode holds or not."""
    for rule in pack.rules:
        for stage in (*rule.warnings, *rule.alarms):
            test = stage.condition.test
            if kind in rule.match.kinds and isinstance(test, Threshold | Rate) and not stage.modes:
                yield test


@pytest.mark.parametrize(("sort", "gauge"), GAUGES, ids=[f"{sort.name}-{gauge.kind}" for sort, gauge in GAUGES])
def test_no_ordinary_cause_reaches_what_the_default_pack_looks_for(pack: RulePack, sort: Sort, gauge: Gauge) -> None:
    low, high = worst(sort, gauge)
    fastest = max([0.0, *(effect.amount / effect.rise_s * 60 for effect in felt(sort, gauge.kind))])
    for test in limits(pack, gauge.kind):
        if isinstance(test, Rate):
            assert fastest < test.above
        else:
            assert test.above is None or high < test.above
            assert test.below is None or low > test.below


def test_the_pack_looks_for_something_in_most_of_what_could_be_dangerous(pack: RulePack) -> None:
    looked_for = {gauge.kind for _, gauge in GAUGES if any(True for _ in limits(pack, gauge.kind))}
    assert looked_for >= {"smoke_obscuration", "temperature", "methane", "carbon_monoxide", "oxygen"}
    assert looked_for >= {"residual_current", "cable_temperature", "water_level", "water_pressure"}


@pytest.mark.parametrize(
    ("seed", "starts"),
    [
        (21, datetime(2026, 7, 17, 18, tzinfo=BEIJING)),  # a summer evening: cooking, showers, charging, dancing, coils
        (22, datetime(2026, 1, 10, 23, tzinfo=BEIJING)),  # a winter night in armed hours, over midnight: cats and shadows
        (23, datetime(2026, 2, 28, 6, tzinfo=BEIJING)),  # the morning of a Saturday on which people work
    ],
)
def test_calm_hours_are_calm(pack: RulePack, seed: int, starts: datetime) -> None:
    calm = Scenario(scenario="calm", title=Title(zh="平静", en="calm"), starts=starts, lasts_s=7200, tells="calm hours")
    stream = messages(build_community(seed), calm)
    assert list(decisions(recorded(stream, calm.start_at), pack, tail_s=0)) == []


def test_what_a_device_says_does_not_depend_on_which_others_there_are() -> None:
    calm = Scenario(
        scenario="calm",
        title=Title(zh="平静", en="calm"),
        starts=datetime(2026, 3, 4, 17, 50, tzinfo=BEIJING),
        lasts_s=3600,
        tells="an hour",
    )
    small, large = (build_community(1, Size(floor_count=10, building_count=1, device_count=count)) for count in (90, None))
    names = {device.id for device in small.devices}
    assert len(large.devices) > 3 * len(names)
    alone = list(sayings(World(small, calm)))
    among = [each for each in sayings(World(large, calm)) if each.device.id in names]
    assert alone == among
