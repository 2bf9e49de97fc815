"""Nothing is decided twice: what is remembered, for how long, and that the memory is bounded."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import identity
from rules.effects import AnswerAction
from rules.identity import BLOCK, LONG_MS, SHORT_MS, LongMemory, Name, ShortMemory
from rules.model import WEAK_ID, Reason, Sentence
from tests.rules.score import T0, Play, event, pack


def name(number: int) -> Name:
    return ("c", "d", f"e{number}")


@pytest.mark.parametrize(("make", "lasts_ms"), [(ShortMemory, SHORT_MS), (LongMemory, LONG_MS)])
def test_an_id_is_old_until_its_time_is_over(make: type[ShortMemory] | type[LongMemory], lasts_ms: int) -> None:
    memory = make()
    assert memory.is_new(name(1), T0)
    assert not memory.is_new(name(1), T0 + lasts_ms)
    assert memory.is_new(name(1), T0 + lasts_ms + 1)
    assert not memory.is_new(name(1), T0 + lasts_ms + 2)


def test_a_weak_id_is_old_for_minutes_only_because_a_power_cut_makes_a_device_count_from_0_again() -> None:
    memory = LongMemory()
    weak: Name = ("c", "d", f"{WEAK_ID}1")
    assert memory.is_new(weak, T0)
    assert not memory.is_new(weak, T0 + SHORT_MS)
    assert memory.is_new(weak, T0 + SHORT_MS + 1)


def test_the_same_id_of_another_device_or_community_is_another() -> None:
    memory = ShortMemory()
    assert memory.is_new(("c", "d", "e"), T0)
    assert memory.is_new(("c", "d2", "e"), T0)
    assert memory.is_new(("c2", "d", "e"), T0)


@pytest.mark.parametrize("limit", ["SHORT_MAX", "LONG_MAX"])
def test_memory_is_bounded_and_the_oldest_leave(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, limit, 1000)
    memory = ShortMemory() if limit == "SHORT_MAX" else LongMemory()
    for number in range(1001):
        assert memory.is_new(name(number), T0)
    assert not memory.is_new(name(1000), T0)
    assert not memory.is_new(name(1), T0)
    assert memory.is_new(name(0), T0)


@settings(max_examples=50)
@given(gaps=st.lists(st.integers(0, 200_000), min_size=2, max_size=60), repeats=st.sets(st.integers(0, 59)), data=st.data())
def test_what_readings_are_known_follows_from_what_came_last(gaps: list[int], repeats: set[int], data: st.DataObject) -> None:
    """A chain that was started again fills this memory from the journal's tail, and must judge as one never stopped."""
    limit = data.draw(st.integers(2, 20))
    cut = data.draw(st.integers(1, len(gaps) - 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "SHORT_MAX", limit)
        now, came = T0, []
        for number, gap in enumerate(gaps):
            now += gap
            came.append((name(number), now))
            if number in repeats:
                came.append((name(number), now + 1))  # the broker delivers it again
        whole, primed = ShortMemory(), ShortMemory()
        for each in came[:cut]:
            whole.is_new(*each)
        for each in came[:cut]:
            if came[cut - 1][1] - each[1] <= SHORT_MS + 60_000:
                primed.is_new(*each)
        rest = [*came[cut:], *((again, now + 2) for again, _ in came)]
        assert [whole.is_new(*each) for each in rest] == [primed.is_new(*each) for each in rest]


def test_an_id_that_comes_again_later_is_as_young_as_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "SHORT_MAX", 2)
    memory = ShortMemory()
    memory.is_new(name(1), T0)
    assert memory.is_new(name(1), T0 + SHORT_MS + 1)
    memory.is_new(name(2), T0 + SHORT_MS + 2)
    assert not memory.is_new(name(1), T0 + SHORT_MS + 3)
    memory.is_new(name(3), T0 + SHORT_MS + 4)
    assert memory.is_new(name(1), T0 + SHORT_MS + 5)


def test_blocks_survive_and_empty_ones_go() -> None:
    memory = LongMemory()
    for number in range(BLOCK + 10):
        memory.is_new(name(number), T0 + number)
    memory.keep_answer(name(5), answer())
    again = LongMemory()
    for number in sorted(memory.dirty):
        again.load(number, json.loads(_json(memory.dump(number))))
    assert again.answer(name(5)) == answer()
    assert again.answer(name(6)) is None
    assert again.answer(name(99_999)) is None
    later = T0 + LONG_MS + 10 * BLOCK
    for number in range(1000, 1000 + BLOCK):
        again.is_new(name(number), later)
    assert again.dump(0) is None
    assert 0 in again.dirty
    assert again.dump(2) is not None


def _json(value: object) -> bytes:
    from rules.canonical import to_json  # noqa: PLC0415 - only here

    return to_json(value)


def answer() -> AnswerAction:
    return AnswerAction(
        action_id="a", community="c", is_accepted=True, reason=Reason.OPERATOR_ASKED, sentence=Sentence("是", "yes"), at=T0
    )


def test_readings_are_primed_from_the_journal_and_alarms_come_with_the_snapshot() -> None:
    play = Play(pack())
    play.receive(event("d1", "temperature", 1.0, id="r"), 0)
    play.receive(event("d1", "smoke", "on", id="s"), 0)
    play.restore()
    play.engine.prime_identity(event("d1", "temperature", 1.0, id="r"), T0)
    play.engine.prime_identity(event("d1", "smoke", "on", id="s"), T0)
    play.engine.prime_identity(event("d1", "temperature", 1.0, id="kept", is_retained=True))
    play.receive(event("d1", "temperature", 1.0, id="r"), 1)
    play.receive(event("d1", "smoke", "on", id="s"), 1)
    assert play.engine.counts == {"events": 2, "ignored.duplicate": 2}
    play.receive(event("d1", "temperature", 1.0, id="kept"), 1)
    assert play.engine.counts == {"events": 3, "ignored.duplicate": 2}
