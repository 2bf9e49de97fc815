"""Row 26: condition and acknowledgement are orthogonal; every state with every transition, moved or refused as the table says."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import primitive as p
from rules.lifecycle import ALARM, DISPATCH, INCIDENT, WARNING, IllegalMove, Lifecycle, legal, move
from rules.model import Event
from tests.rules.score import Play, event, pack, rule, stage

# The table once more, written by hand from ISA-18.2's figure and the domain page: state by state, what follows.
SHELF = {"shelve": "shelved", "suppress": "suppressed", "retire": "out_of_service", "close": "normal"}
MEANT: dict[str, dict[str, str]] = {
    "unacknowledged": {
        "acknowledge": "acknowledged",
        "return": "returned_unacknowledged",
        "latch": "latched_unacknowledged",
        "retrigger": "unacknowledged",
        "worsen": "unacknowledged",
        "ease": "unacknowledged",
        **SHELF,
    },
    "acknowledged": {
        "unacknowledge": "unacknowledged",
        "return": "normal",
        "latch": "latched_acknowledged",
        "retrigger": "acknowledged",
        "worsen": "unacknowledged",
        "ease": "acknowledged",
        "reset": "normal",
        **SHELF,
    },
    "returned_unacknowledged": {"acknowledge": "normal", "retrigger": "unacknowledged", **SHELF},
    "latched_unacknowledged": {"acknowledge": "latched_acknowledged", "retrigger": "unacknowledged", **SHELF},
    "latched_acknowledged": {
        "unacknowledge": "latched_unacknowledged",
        "reset": "normal",
        "retrigger": "unacknowledged",
        **SHELF,
    },
    "shelved": {
        **dict.fromkeys(("return", "latch", "retrigger", "ease"), "shelved"),
        "worsen": "unacknowledged",
        "unshelve_active": "unacknowledged",
        "unshelve_latched": "latched_unacknowledged",
        "unshelve_normal": "normal",
        "unshelve_seen_active": "acknowledged",
        "unshelve_seen_latched": "latched_acknowledged",
        "unshelve_seen_normal": "normal",
        "suppress": "suppressed",
        "close": "normal",
    },
    "suppressed": {
        **dict.fromkeys(("return", "latch", "retrigger", "ease", "worsen"), "suppressed"),
        "unsuppress_active": "unacknowledged",
        "unsuppress_latched": "latched_unacknowledged",
        "unsuppress_normal": "normal",
        "retire": "out_of_service",
        "close": "normal",
    },
    "out_of_service": {
        **dict.fromkeys(("return", "latch", "retrigger", "ease", "worsen"), "out_of_service"),
        "restore_active": "unacknowledged",
        "restore_latched": "latched_unacknowledged",
        "restore_normal": "normal",
        "suppress": "suppressed",
        "close": "normal",
    },
    "normal": {},
}
STEPS = list(dict.fromkeys(step for moves in MEANT.values() for step in moves))
ALL = (WARNING, ALARM, INCIDENT, DISPATCH)


@pytest.mark.parametrize(("state", "step"), list(product(MEANT, STEPS)))
def test_every_state_with_every_transition_moves_or_is_refused(state: str, step: str) -> None:
    meant = MEANT[state].get(step)
    if meant is not None:
        assert move(ALARM, state, step) == meant
        return
    with pytest.raises(IllegalMove) as refusal:
        move(ALARM, state, step)
    assert set(refusal.value.legal) == set(MEANT[state])


def test_the_table_has_no_state_and_no_transition_beside_those() -> None:
    assert dict(ALARM.table) == {(state, step): after for state, moves in MEANT.items() for step, after in moves.items()}


@given(data=st.data(), lifecycle=st.sampled_from(ALL))
def test_random_walks_stay_in_the_table_and_what_has_ended_never_moves(data: st.DataObject, lifecycle: Lifecycle) -> None:
    steps = sorted({step for _, step in lifecycle.table})
    known = {state for state, _ in lifecycle.table} | set(lifecycle.final)
    state = lifecycle.initial
    for step in data.draw(st.lists(st.sampled_from(steps), max_size=30)):
        if step in legal(lifecycle, state):
            assert not lifecycle.is_final(state)
            state = move(lifecycle, state, step)
        else:
            with pytest.raises(IllegalMove):
                move(lifecycle, state, step)
        assert state in known


@pytest.mark.parametrize(
    "order", ["return acknowledge", "acknowledge return", "latch acknowledge reset", "acknowledge latch reset"]
)
def test_in_whichever_order_condition_and_person_move_the_end_is_the_same(order: str) -> None:
    state = ALARM.initial
    for step in order.split():
        state = move(ALARM, state, step)
    assert state == "normal"


WALK = st.lists(
    st.one_of(
        st.sampled_from([0.0, 15.0, 25.0]),
        st.sampled_from(["acknowledge", "unacknowledge", "reset", "unshelve"]),
        st.just("shelve"),
        st.just("wait"),
    ),
    max_size=25,
)


@given(walk=WALK, is_latching=st.booleans())
def test_what_the_chain_tells_of_an_alarm_is_a_walk_through_the_table(walk: list[float | str], is_latching: bool) -> None:
    stages = (stage("yellow", p.Threshold(above=10)), stage("red", p.Threshold(above=20)))
    play = Play(pack(rule("leak", "water_level", alarms=stages, is_latching=is_latching)))
    play.play("0 | d1 water_level=15 | incident opened, alarm opened")
    for number, step in enumerate(walk, 1):
        if isinstance(step, float):
            play.receive(_reading(number, step), number)
        elif step == "shelve":
            play.act(number, "li", "shelve", "alarm", reason="works", for_s=3)
        elif step == "wait":
            play.advance(number)
        else:
            play.act(number, "li", step, "alarm")
    told = [fact for fact in play.facts if fact.entity == "alarm"]
    state: dict[str, str] = {}
    for fact in told:
        before = state.get(fact.entity_id)
        if before is not None:
            assert fact.from_state == before
            assert fact.to_state in [ALARM.table[before, step] for step in legal(ALARM, before)]
        assert before is None or not ALARM.is_final(before)
        state[fact.entity_id] = fact.to_state


def _reading(number: int, value: float) -> Event:
    return event("d1", "water_level", value, id=f"e{number}")
