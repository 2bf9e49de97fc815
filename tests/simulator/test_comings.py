"""What is said of states: people's doors and beds, strangers' visits, lifts, and the re-telling of what is idle."""

from itertools import groupby, pairwise

from rules.model import EventClass, Network, Status
from simulator.devices import Device, Sort, Visits
from simulator.households import Flat
from simulator.sayings import Saying
from simulator.sorts.catalogue import SORTS
from simulator.stream import sayings
from simulator.world import World
from tests.simulator.test_readings import NOON, community, scenario

DAY_S = 86_400
HOME = "b02/u1/0301"
ELDER = Flat(zone=HOME, is_elder=True, has_family=False)
MIDNIGHT = NOON.replace(hour=0)


def said(device: Device, *, days: float = 2, flat: Flat = ELDER) -> tuple[World, list[Saying]]:
    world = World(community(device, flats=(flat,)), scenario(days * DAY_S, MIDNIGHT))
    return world, [each for each in sayings(world) if each.event_class is EventClass.STATE]


def hung(sort: str, room: str = "") -> Device:
    return Device(f"{sort}-1", f"{HOME}{room}", SORTS[sort])


def test_a_door_opens_when_its_people_come_and_go_and_shuts_again() -> None:
    world, told = said(hung("door"), days=4)
    lived = [day for number in range(4) if (day := world.day(HOME, number))]
    opened = [each.at_s for each in told if each.state == "open"]
    assert opened == [number * DAY_S + second for number, day in enumerate(lived) for second in day.doors_s] != []
    for at_s in opened:
        assert [each.state for each in told if each.at_s in (at_s, at_s + 25)] == ["open", "closed"]


def test_a_bed_is_left_in_the_morning_for_the_bathroom_and_never_by_day_alone() -> None:
    world, told = said(hung("bed", "/bed"))
    day = world.day(HOME, 0)
    assert day is not None
    assert [each for each in told if each.state == "on" and day.wakes_s < each.at_s < day.sleeps_s - 60] == []
    for earlier, later in pairwise([each for each in told if each.at_s > 300]):
        assert not (earlier.state == "off" and later.at_s - earlier.at_s < 0)
    assert any(each.state == "off" and abs(each.at_s - day.wakes_s + 60) < 1 for each in told)


def test_the_bathroom_is_entered_and_left() -> None:
    _, told = said(hung("bath", "/bath"))
    changes = [each for each in told if each.state == "on"]
    assert 8 < len(changes) < 40
    for change in changes:
        leaves = next(each for each in told if each.at_s > change.at_s and each.state == "off")
        assert leaves.at_s - change.at_s <= 16 * 60


def test_an_elder_who_travels_is_told_away_by_every_sensor_that_would_miss_them() -> None:
    homes = [Flat(zone=f"b02/u1/03{door:02d}", is_elder=True) for door in range(1, 60)]
    world = World(community(flats=tuple(homes)), scenario(11 * DAY_S, MIDNIGHT))
    travels = next(
        flat for flat in homes for number in range(2, 8) if (day := world.day(flat.zone, number)) and day.told_away_s is not None
    )
    for sort, room in (("motion", ""), ("bath", "/bath")):
        _, told = said(Device(sort, f"{travels.zone}{room}", SORTS[sort]), days=11, flat=travels)
        first, *again = [each for each in told if each.attributes.get("away")]
        assert {each.state for each in (first, *again)} == {"off"}
        back = min((each.at_s for each in told if each.at_s > first.at_s and each.state == "on"), default=None)
        assert back is None or back - first.at_s > 20 * 3600
        assert again, "the word is re-told, so that who begins to listen knows it"
        assert all(each.at_s - first.at_s < 7 * DAY_S for each in again)


def test_strangers_come_most_in_the_evening_and_one_after_the_other() -> None:
    _, told = said(Device("access-1", "b01/u1/entrance", SORTS["access"]), days=4)
    opened = [each for each in told if each.state == "open"]
    assert 4 * 50 < len(opened) < 4 * 80
    evening = sum(17 <= each.at_s % DAY_S / 3600 < 20 for each in opened)
    night = sum(each.at_s % DAY_S / 3600 < 5 for each in opened)
    assert evening > 8 * night
    assert all(a.state != b.state or a.state == "closed" for a, b in pairwise(told))


def test_what_stands_open_is_not_told_shut() -> None:
    sort = Sort(
        name="stall",
        network=Network.IOT,
        heartbeat_s=600,
        state_kind="occupancy",
        idle_state="off",
        state_interval_s=120,
        visits=Visits(active="on", per_day=20, lasts_s=(2000, 3000), is_by_day=False),
        outages_per_day=0,
    )
    _, told = said(Device("stall-1", "parking/p1", sort))
    runs = [(state, len(list(group))) for state, group in groupby(told, key=lambda each: each.state)]
    ons = [index for index, (state, _) in enumerate(runs) if state == "on"]
    assert len(ons) > 10
    at = {each.at_s: each.state for each in told}
    starts = [at_s for at_s, state in at.items() if state == "on"]
    for start in starts:
        ends = min(at_s for at_s, state in at.items() if at_s > start and state == "off")
        assert 2000 <= ends - start <= 3001


def test_a_lift_moves_stops_opens_and_shuts_in_this_order() -> None:
    _, told = said(Device("lift-1", "b01/u1/lift1", SORTS["lift"]))
    told = [each for each in told if each.status is Status.ACTUAL]
    assert len(told) > 400
    order = [(each.kind, each.state) for each in told]
    ride = [("lift_car", "moving"), ("lift_car", "stopped"), ("lift_door", "open"), ("lift_door", "closed")]
    assert order == ride * (len(order) // 4)
    assert all(each.attributes["is_level"] for each in told)


def test_a_technician_stops_it_between_floors_and_says_so_while_nobody_else_rides() -> None:
    lifts = [Device(f"lift-{number}", f"b{number:02d}/u1/lift1", SORTS["lift"]) for number in range(1, 61)]
    world = World(community(*lifts), scenario(DAY_S, MIDNIGHT))
    told = [each for each in sayings(world) if each.event_class is EventClass.STATE]
    stopped = [each for each in told if not each.attributes["is_level"]]
    serviced = {each.device.id for each in stopped}
    assert 0 < len(serviced) < 12
    assert {each.status for each in stopped} == {Status.TEST}
    assert {each.attributes["persons"] for each in stopped} == {1.0}
    for name in serviced:
        own = [each for each in told if each.device.id == name]
        times = [each.at_s for each in own if each.status is Status.TEST]
        assert all(each.status is Status.TEST for each in own if times[0] <= each.at_s <= times[-1])
        assert own[own.index(next(each for each in own if each.at_s == times[-1]))].attributes["is_level"]
