"""From the disk back to a running chain: whatever the moment of the stop, it decides on as one that never stopped."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.store import Store
from ingest.journal import Journal, read_only
from ingest.topics import Lane
from rules.canonical import to_json
from rules.effects import Effect
from rules.engine import Engine, TimerStoppedError
from rules.model import EventClass, Fact, Input, PackActivation, SetAside
from shouwang import clerk, recovery
from shouwang.recovery import JournalBehindStoreError, Recovered
from tests.shouwang.spine import NOON, PACK_TEXT, Spine, activation, event, facts_of, poison, poison_timers, read, smoke


def replayed(spine: Spine, until: int) -> list[Fact]:
    """What a chain that never stopped tells of the same journal, up to this instant."""
    engine = Engine(read_pack=read)
    entries = list(read_only(spine.folder / "journal"))
    aside = {each.entry.position for each in entries if isinstance(each.entry, SetAside)}
    effects: list[Effect] = []
    for each in entries:
        if each.position not in aside:
            effects += engine.receive(each.entry, each.received_at, each.position)
    effects += engine.advance(max(until, engine.now))
    return facts_of(effects)


def as_text(facts: Sequence[Fact]) -> list[bytes]:
    return [to_json(fact) for fact in facts]


def assert_as_if_never_stopped(spine: Spine) -> None:
    spine.settle()
    spine.stop()
    store = Store(spine.url)
    until = store.applied_at()
    store.close()
    assert as_text(spine.facts()) == as_text(replayed(spine, until))


# --------------------------------------------------------------------------------------------- a day cut to pieces


def day(seed: int) -> list[Input | float]:
    """Entries, and pauses in seconds: readings, states, alarms that come twice, and hours in which only clocks run."""
    dice = random.Random(seed)
    script: list[Input | float] = []
    for number in range(dice.randint(3, 25)):
        kind = dice.random()
        zone = f"b0{dice.randint(1, 3)}/u1/0{dice.randint(1, 3)}01"
        if kind < 0.45:
            value = dice.choice((21.0, 21.5, 58.0, 65.0, 80.0))
            script.append(event(f"r{number}", device=f"t-{zone}", value=value, zone=zone))
        elif kind < 0.6:
            script.append(smoke(f"s{number}", zone=zone))
        elif kind < 0.7:
            state = dice.choice(("open", "closed"))
            script.append(event(f"d{number}", EventClass.STATE, device=f"door-{zone}", kind="opening", zone=zone, state=state))
        elif kind < 0.8 and script and not isinstance(script[-1], float):
            script.append(script[-1])  # the broker delivers it again
        else:
            script.append(dice.choice((0.5, 5.0, 40.0, 400.0, 5000.0)))
    return script


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), cuts=st.lists(st.integers(0, 24), max_size=3), data=st.data())
@example(seed=7, cuts=[1, 2, 3], data=None)
def test_cut_anywhere_it_decides_on_as_if_it_had_never_stopped(seed: int, cuts: list[int], data: st.DataObject | None) -> None:
    """The store may be behind the journal, with a snapshot or without; the computer's clock may have been set back."""
    with TemporaryDirectory() as folder:
        spine = Spine(Path(folder)).start()
        try:
            for number, step in enumerate(day(seed)):
                play(spine, step)
                if number in cuts:
                    cut(spine, data)
            assert_as_if_never_stopped(spine)
        finally:
            if spine.is_running:
                spine.crash()


def play(spine: Spine, step: Input | float) -> None:
    if isinstance(step, float):
        spine.pass_time(step)
    else:
        lane = Lane.CRITICAL if getattr(step, "event_class", None) is EventClass.ALARM else Lane.BULK
        spine.put(step, lane=lane)


def cut(spine: Spine, data: st.DataObject | None) -> None:
    """End it, politely (which makes a snapshot) or not, with the store up to date or behind, and start it again."""
    how = data.draw(st.sampled_from(("stop", "crash", "crash behind", "crash early"))) if data else "crash"
    if how == "stop":
        spine.stop()
    elif how == "crash early":  # right after the journal has it
        spine.crash()
    else:
        spine.settle()
        if how == "crash behind":
            spine.store.is_away = True
            spine.put(smoke(f"behind-{spine.clock.at}", zone="b02/u1/0101"), lane=Lane.CRITICAL)
            spine.put(event(f"behind-{spine.clock.at}-r"), lane=Lane.BULK)
        spine.crash()
    spine.clock.at += data.draw(st.sampled_from((0, 1, 1000, 600_000, -3_600_000))) if data else 0
    spine.start()


# ----------------------------------------------------------------------------------------------------- single things


def test_a_clock_that_was_set_back_while_it_was_off_undoes_nothing_that_was_told(spine: Spine) -> None:
    spine.start()
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    spine.pass_time(3600)
    spine.until("clocks have run out", lambda: any(fact.at > NOON for fact in spine.facts()))
    spine.settle()
    spine.crash()
    spine.clock.at = NOON + 1000
    spine.start()
    spine.put(smoke("s2", zone="b01/u1/0101"), lane=Lane.CRITICAL)
    assert_as_if_never_stopped(spine)
    told = [fact.at for fact in spine.facts()]
    assert told == sorted(told)


def test_a_journal_that_ends_before_the_store_is_not_gone_on_with(spine: Spine) -> None:
    spine.start()
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    spine.settle()
    spine.stop()
    for file in (spine.folder / "journal").iterdir():
        file.unlink()
    with pytest.raises(JournalBehindStoreError, match=r"Put the journal files back"):
        spine.start()


def test_quick_restarts_do_not_make_the_tail_longer_and_longer(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clerk, "SNAPSHOT_AFTER", 10)
    tails = []
    for life in range(6):
        spine.start()
        spine.put(*(event(f"r{life}-{number}") for number in range(4)), lane=Lane.BULK)
        spine.settle()
        tails.append(spine.store.applied_position() - spine.store.load_snapshot()[0])
        spine.crash()
    assert max(tails) <= 10 + 4


def test_a_reading_delivered_again_after_a_restart_is_known(spine: Spine) -> None:
    spine.start()
    spine.put(*(event(f"r{number}") for number in range(10)), lane=Lane.BULK)
    spine.settle()
    spine.stop()
    spine.start()
    spine.put(*(event(f"r{number}") for number in range(10)), event("new"), lane=Lane.BULK)
    spine.settle()
    assert {name: count for name, count in spine.engine.counts.items() if not name.startswith("rule.")} == {
        "events": 11,
        "ignored.duplicate": 10,
    }
    spine.stop()


def test_only_so_much_of_the_journal_is_read_back_as_can_matter(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    spine.start()
    for number in range(6):
        spine.put(event(f"r{number}"), lane=Lane.BULK)
        spine.pass_time(500)
    spine.settle()
    spine.stop()
    journal = Journal(spine.folder / "journal", clock=spine.clock)
    last = journal.last_position()
    assert [each.entry.id for each in recovery.remembered(journal.backwards(last))] == ["r4", "r5"]
    assert [each.entry.id for each in recovery.remembered(journal.backwards(last - 1))] == ["r3", "r4"]
    monkeypatch.setattr(recovery, "SHORT_MAX", 1)
    assert [each.entry.id for each in recovery.remembered(journal.backwards(last))] == ["r5"]
    journal.close()


def test_what_was_set_aside_is_not_remembered_as_received(spine: Spine) -> None:
    journal = Journal(spine.folder / "journal", clock=spine.clock)
    journal.append([event("good")])
    journal.append([event("bad")])
    journal.append([SetAside(id="set-aside-2", position=2, detail="…")])
    assert [each.position for each in recovery.remembered(journal.backwards(3))] == [1, 3]
    journal.close()


def test_a_newer_chain_that_stumbles_over_what_was_decided_long_ago_sets_it_aside(
    spine: Spine, monkeypatch: pytest.MonkeyPatch
) -> None:
    spine.start()
    spine.put(smoke("s1"), smoke("old", zone="b01/u1/0101"), lane=Lane.CRITICAL)
    spine.settle()
    spine.crash()
    poison(monkeypatch, "old")
    for _ in range(2):
        with pytest.raises(ArithmeticError):
            spine.start()
    spine.start()
    spine.put(smoke("s2", zone="b02/u1/0101"), lane=Lane.CRITICAL)
    spine.settle()
    assert sum(fact.transition == "set_aside" for fact in spine.facts()) == 1
    spine.stop()


def warned_by_a_timer(spine: Spine) -> None:
    """A warning that the heat alone did not give: seconds later it still lasted. Then the process is killed."""
    spine.start()
    spine.put(event("hot", value=58.0))
    spine.settle()
    spine.pass_time(4)
    spine.until("warned", lambda: any(fact.entity == "warning" for fact in spine.facts()))
    spine.crash()


def recovered(spine: Spine) -> Recovered:
    journal, store = Journal(spine.folder / "journal", clock=spine.clock), Store(spine.url)
    try:
        return recovery.recover(journal, store, read, spine.stumbles)
    finally:
        store.close()
        journal.close()


def test_what_timers_led_to_is_not_decided_once_more_by_the_desk(spine: Spine) -> None:
    """It is stored. While the store hangs, the desk tells what it decides at once, and whoever was told would be told again."""
    warned_by_a_timer(spine)
    here = recovered(spine)
    assert here.engine.now == here.applied_at
    assert here.engine.advance(here.applied_at) == ()


def test_a_newer_chain_that_stumbles_over_a_timer_of_long_ago_passes_it_over(
    spine: Spine, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned_by_a_timer(spine)
    poison_timers(monkeypatch, "")
    for _ in range(2):
        with pytest.raises(TimerStoppedError):
            recovered(spine)
    assert len(list(spine.stumbles.poisonous_timers())) == 1


def test_stopped_right_after_it_was_journaled_a_position_is_set_aside_once(spine: Spine) -> None:
    spine.start()
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    spine.settle()
    spine.crash()
    for _ in range(2):
        spine.stumbles.record(2)
    kept = (spine.folder / "stumbles.json").read_bytes()
    spine.start()
    spine.crash()
    (spine.folder / "stumbles.json").write_bytes(kept)  # as if it had been stopped before it could forget
    spine.start()
    spine.settle()
    assert sum(fact.transition == "set_aside" for fact in spine.facts()) == 1
    spine.stop()


def test_an_entry_that_took_the_place_of_a_damaged_one_is_told(spine: Spine) -> None:
    spine.start()
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    spine.settle()
    spine.crash()
    journal = Journal(spine.folder / "journal", clock=spine.clock)
    journal.append([SetAside(id="mended-3", position=3, detail="the journal was damaged here and mended")])
    journal.close()
    spine.start()
    spine.settle()
    assert [fact.entity_id for fact in spine.facts() if fact.transition == "set_aside"] == ["3"]
    spine.stop()


def test_a_pack_that_is_the_same_is_not_activated_again_and_another_one_is(spine: Spine) -> None:
    for _ in range(3):
        spine.start()
        spine.settle()
        spine.crash()
    spine.start()
    packs = [each.entry for each in spine.journal.read() if isinstance(each.entry, PackActivation)]
    assert len(packs) == 1
    spine.settle()
    recovered = recovery.Recovered(spine.engine, spine.journal.last_position(), 0, ())
    other = PackActivation(id="pack-x", pack="other", version="2", digest="x", text="…")
    recovery.journal_news(spine.journal, recovered, spine.stumbles, other)
    packs = [each.entry for each in spine.journal.read() if isinstance(each.entry, PackActivation)]
    assert (packs[-1].pack, packs[-1].actor, packs[-1].id) == ("other", "start", "pack-x-2")
    spine.crash()


def test_a_pack_that_a_person_put_in_force_is_not_replaced_by_a_start(spine: Spine) -> None:
    spine.start()
    text = PACK_TEXT.replace('version: "1.0.0"', 'version: "1.1.0"')
    spine.put(replace(activation(text), id="live", actor="li"))
    spine.settle()
    for end in (spine.crash, spine.stop, spine.crash):
        end()
        spine.start()
        spine.settle()
        assert spine.engine.pack is not None
        assert (spine.engine.pack.version, spine.engine.activations[-1].actor) == ("1.1.0", "li")
    packs = [each.entry for each in spine.journal.read() if isinstance(each.entry, PackActivation)]
    assert [(one.version, one.actor) for one in packs] == [("1.0.0", "start"), ("1.1.0", "li")]
    spine.crash()
