"""While the service was away it was deaf: no device is lost by that, and one that is silent all the same is."""

from ingest.topics import Lane
from rules.engine import Engine
from rules.model import Event, EventClass, Fact, Resumed, SetAside
from shouwang.recovery import DEAF_FROM_MS
from tests.shouwang.spine import NOON, Spine, event, facts_of, read

MINUTE_MS = 60_000
LOST_AFTER_MS = 210_000  # device_lost_seconds of the community's pack


def heartbeat(name: str, device: str) -> Event:
    """Of a camera that should speak each minute."""
    return event(name, EventClass.HEARTBEAT, device=device, kind="", zone="b03/u1/0502", attributes={"interval_s": 60.0})


def lost(spine: Spine) -> list[tuple[str, int]]:
    """Which devices were found lost, and when."""
    return [(fact.device, fact.at) for fact in spine.facts() if (fact.entity, fact.reason) == ("alarm", "went_silent")]


def resumed(spine: Spine) -> list[Resumed]:
    return [each.entry for each in spine.journal.read() if isinstance(each.entry, Resumed)]


def assert_a_replay_tells_the_same(spine: Spine) -> None:
    spine.settle()
    engine = Engine(read_pack=read)
    told: list[Fact] = []
    for each in spine.journal.read():
        told += facts_of(engine.receive(each.entry, each.received_at, each.position))
    told += facts_of(engine.advance(max(engine.now, spine.store.applied_at())))
    assert spine.facts() == told


def hear(spine: Spine, *devices: str) -> None:
    spine.put(*[heartbeat(f"{device}-{spine.clock.at}", device) for device in devices], lane=Lane.BULK)


def test_after_a_long_stop_nobody_is_lost_but_who_stays_silent(spine: Spine) -> None:
    spine.start()
    hear(spine, "heard", "silent")
    spine.pass_time(60)
    hear(spine, "beside")  # the last that was heard of anybody
    spine.crash()
    spine.clock.at += 3_600_000
    spine.start()
    back_at = spine.clock.at
    spine.settle()
    assert lost(spine) == []
    hear(spine, "heard", "beside")
    spine.pass_time(149.999)
    spine.settle()
    assert lost(spine) == []
    spine.pass_time(0.001)
    spine.until("the silent one is lost", lambda: lost(spine) == [("silent", back_at + LOST_AFTER_MS - MINUTE_MS)])
    assert [fact.value for fact in spine.facts() if fact.transition == "resumed"] == [3600.0]
    assert_a_replay_tells_the_same(spine)
    spine.stop()


def test_it_is_journaled_before_all_else_of_the_start_and_only_after_a_pause(spine: Spine) -> None:
    spine.start()
    assert resumed(spine) == [], "a first start was never deaf"
    hear(spine, "d")
    spine.settle()
    spine.crash()
    spine.clock.at += DEAF_FROM_MS - 1
    spine.start()
    assert resumed(spine) == []
    spine.settle()
    spine.crash()
    spine.clock.at = NOON + DEAF_FROM_MS
    for _ in range(2):
        spine.stumbles.record(2)
    spine.start()
    assert [type(each.entry) for each in spine.journal.read(after=2)] == [Resumed, SetAside]
    spine.stop()


def test_whom_a_timer_found_lost_after_the_last_entry_is_lost_once_and_comes_back(spine: Spine) -> None:
    """The alarm is stored, but no snapshot and no entry of the journal is as late as it."""
    spine.start()
    hear(spine, "d")
    spine.pass_time(230)
    spine.until("it is lost", lambda: lost(spine) == [("d", NOON + LOST_AFTER_MS)])
    spine.crash()
    spine.clock.at += 3_600_000
    spine.start()
    assert [entry.deaf_since_at for entry in resumed(spine)] == [NOON + 230_000]
    hear(spine, "d")
    spine.settle()
    assert lost(spine) == [("d", NOON + LOST_AFTER_MS)]
    assert [fact.transition for fact in spine.facts() if fact.entity == "alarm"] == ["opened", "cleared"]
    assert_a_replay_tells_the_same(spine)
    spine.stop()


def test_stopped_again_before_it_was_decided_both_pauses_count(spine: Spine) -> None:
    spine.start()
    hear(spine, "d")
    spine.settle()
    for _ in range(3):
        spine.crash()
        spine.clock.at += 600_000
        spine.start()
    spine.pass_time(209.999)
    spine.settle()
    assert lost(spine) == []
    spine.pass_time(0.001)
    spine.until("it is lost", lambda: lost(spine) == [("d", NOON + 3 * 600_000 + LOST_AFTER_MS)])
    assert_a_replay_tells_the_same(spine)
    spine.stop()


def test_when_each_position_is_looked_at_alone_no_timer_runs_ahead_of_it(spine: Spine) -> None:
    """The desk looks for what the store refuses, and lets time pass before each entry; not before this one."""
    spine.start()
    hear(spine, "d")
    spine.settle()
    spine.stumbles.suspect(spine.journal.last_position() + 1)
    spine.crash()
    spine.clock.at += 3_600_000
    spine.start()
    spine.settle()
    assert lost(spine) == []
    spine.stop()
