"""What waits for the journal: three lanes, bounded, the critical one first, and nothing ever thrown away."""

import threading
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ingest.port import Delivery
from ingest.topics import Lane
from shouwang.backlog import BATCH_MAX, BESIDE_CRITICAL_MAX, LANE_MAX, Backlog
from tests.shouwang.spine import Told, event

LANES = (Lane.CRITICAL, Lane.NORMAL, Lane.BULK)


def delivery(name: str, lane: Lane = Lane.BULK, count: int = 1) -> Delivery:
    return Delivery([event(f"{name}-0")] * count, Told(), lane)


def names(batch: list[Delivery]) -> list[str]:
    return [each.entries[0].id.rpartition("-")[0] for each in batch]


def test_the_critical_lane_goes_first_and_each_lane_keeps_its_order() -> None:
    backlog = Backlog()
    for number in range(3):
        for lane in (Lane.BULK, Lane.NORMAL, Lane.CRITICAL):
            assert backlog.offer(delivery(f"{lane.value}{number}", lane))
    assert names(backlog.take(0)) == [f"{lane.value}{number}" for lane in LANES for number in range(3)]


def test_a_batch_is_bounded_and_no_delivery_is_split() -> None:
    backlog = Backlog()
    for number in range(4):
        backlog.offer(delivery(f"d{number}", count=200))
    assert [sum(len(each.entries) for each in backlog.take(0)) for _ in range(2)] == [600, 200]
    assert backlog.take(0) == []


def test_an_alarm_is_not_kept_waiting_by_five_hundred_readings_in_its_batch() -> None:
    backlog = Backlog()
    for number in range(100):
        assert backlog.offer(delivery(f"bulk-{number}", Lane.BULK, 10))
    assert backlog.offer(delivery("alarm", Lane.CRITICAL, 1))
    first = backlog.take(0)
    assert names(first)[0] == "alarm"
    assert 1 < sum(len(each.entries) for each in first) <= BESIDE_CRITICAL_MAX + 10
    assert sum(len(each.entries) for each in backlog.take(0)) == BATCH_MAX


def test_a_full_lane_says_no_and_the_others_do_not_care() -> None:
    backlog = Backlog()
    assert backlog.offer(delivery("big", Lane.BULK, LANE_MAX[Lane.BULK]))
    assert not backlog.offer(delivery("more", Lane.BULK))
    assert backlog.offer(delivery("fire", Lane.CRITICAL))
    assert backlog.depths() == {"critical": 1, "normal": 0, "bulk": LANE_MAX[Lane.BULK]}


def test_one_delivery_may_be_larger_than_its_lane() -> None:
    backlog = Backlog()
    assert backlog.offer(delivery("huge", Lane.NORMAL, LANE_MAX[Lane.NORMAL] + 1))
    assert names(backlog.take(0)) == ["huge"]


def test_room_is_announced_once_to_all_who_may_have_been_refused() -> None:
    backlog = Backlog()
    calls: list[str] = []
    backlog.on_room(lambda: calls.append("a"))
    backlog.on_room(lambda: calls.append("b"))
    backlog.offer(delivery("big", Lane.BULK, LANE_MAX[Lane.BULK]))
    backlog.take(0)
    assert calls == [], "nobody was refused"
    backlog.offer(delivery("big", Lane.BULK, LANE_MAX[Lane.BULK]))
    backlog.offer(delivery("more", Lane.BULK))
    backlog.take(0)
    assert calls == ["a", "b"]
    backlog.take(0)
    assert calls == ["a", "b"]


def test_who_is_called_may_offer_at_once() -> None:
    backlog = Backlog()
    backlog.offer(delivery("big", Lane.BULK, LANE_MAX[Lane.BULK]))
    waiting = [delivery("more", Lane.BULK)]
    assert not backlog.offer(waiting[0])

    def offer() -> None:
        if waiting:
            backlog.offer(waiting.pop())

    backlog.on_room(offer)
    backlog.take(0)
    assert names(backlog.take(0)) == ["more"]


def test_refused_again_one_is_called_again() -> None:
    """Room in one lane is announced to all; who waits for another one asks in vain, and must not be forgotten for that."""
    backlog = Backlog()
    for number in range(2):
        backlog.offer(delivery(f"bulk{number}", Lane.BULK, LANE_MAX[Lane.BULK] // 2))
    for _ in range(2):
        backlog.offer(delivery("fire", Lane.CRITICAL, BATCH_MAX))
    taken: list[bool] = []
    backlog.on_room(lambda: taken.append(backlog.offer(delivery("more", Lane.BULK))))
    assert not backlog.offer(delivery("more", Lane.BULK))
    for _ in range(3):
        backlog.take(0)
    assert taken == [False, False, True]


def test_what_is_given_back_is_in_front_in_its_order() -> None:
    backlog = Backlog()
    for name in ("a", "b"):
        backlog.offer(delivery(name))
    batch = backlog.take(0)
    backlog.offer(delivery("c"))
    backlog.give_back(batch)
    assert names(backlog.take(0)) == ["a", "b", "c"]


def test_closed_it_hands_back_what_it_has_and_takes_nothing_more() -> None:
    backlog = Backlog()
    backlog.offer(delivery("bulk"))
    backlog.offer(delivery("fire", Lane.CRITICAL))
    assert names(backlog.close()) == ["fire", "bulk"]
    assert not backlog.offer(delivery("late"))
    assert backlog.close() == []
    assert backlog.take(60) == [], "who takes does not wait for what cannot come"


def test_a_wake_is_not_lost_whenever_it_comes() -> None:
    backlog = Backlog()
    backlog.wake()
    assert backlog.take(60) == []
    threading.Timer(0.01, backlog.wake).start()
    assert backlog.take(60) == []
    threading.Timer(0.01, lambda: backlog.offer(delivery("a"))).start()
    assert names(backlog.take(60)) == ["a"]


def test_many_sources_and_one_taker_lose_nothing_and_keep_each_sources_order() -> None:
    backlog = Backlog()
    each_count = 300

    def source(number: int) -> None:
        room = threading.Event()
        backlog.on_room(room.set)
        for index in range(each_count):
            while not backlog.offer(delivery(f"{number}:{index}", LANES[number % 3], 40)):
                assert room.wait(20)
                room.clear()

    threads = [threading.Thread(target=source, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    came: dict[str, list[int]] = defaultdict(list)
    while sum(map(len, came.values())) < 6 * each_count:
        for name in names(backlog.take(20)):
            source_name, _, index = name.partition(":")
            came[source_name].append(int(index))
    for thread in threads:
        thread.join()
    assert all(indices == list(range(each_count)) for indices in came.values())


class Lanes(RuleBasedStateMachine):
    """Against plain lists: whatever is offered, taken and given back, in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.backlog = Backlog()
        self.lanes: dict[Lane, list[Delivery]] = {lane: [] for lane in LANES}
        self.number = 0
        self.out: list[Delivery] = []

    @rule(lane=st.sampled_from(LANES), count=st.integers(1, 3000))
    def offer(self, lane: Lane, count: int) -> None:
        self.number += 1
        made = delivery(str(self.number), lane, count)
        has_room = self.held(lane) < LANE_MAX[lane]
        assert self.backlog.offer(made) == has_room
        if has_room:
            self.lanes[lane].append(made)

    @precondition(lambda self: not self.out)
    @rule()
    def take(self) -> None:
        self.out = self.backlog.take(0)
        size = 0
        room = BESIDE_CRITICAL_MAX if self.lanes[Lane.CRITICAL] else BATCH_MAX
        for made in self.out:
            assert size < (BATCH_MAX if made.lane is Lane.CRITICAL else room)
            lane = next(lane for lane in LANES if self.lanes[lane])
            assert self.lanes[lane].pop(0) is made
            size += len(made.entries)
        assert size >= room or not any(self.lanes.values())

    @precondition(lambda self: self.out)
    @rule(is_journaled=st.booleans())
    def end(self, is_journaled: bool) -> None:
        if not is_journaled:
            self.backlog.give_back(self.out)
            for made in reversed(self.out):
                self.lanes[made.lane].insert(0, made)
        self.out = []

    def held(self, lane: Lane) -> int:
        return sum(len(made.entries) for made in self.lanes[lane])

    @invariant()
    def counts_are_right(self) -> None:
        assert self.backlog.depths() == {lane.value: self.held(lane) for lane in LANES}


TestLanes = Lanes.TestCase
TestLanes.settings = settings(max_examples=50, stateful_step_count=30)


@given(st.lists(st.sampled_from(LANES)))
def test_closing_hands_back_everything(lanes: list[Lane]) -> None:
    backlog = Backlog()
    offered = [delivery(str(number), lane) for number, lane in enumerate(lanes)]
    for each in offered:
        backlog.offer(each)
    assert sorted(names(backlog.close())) == sorted(names(offered))
