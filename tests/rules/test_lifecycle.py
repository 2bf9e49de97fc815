"""The tables hold the promises that other files rely on."""

import pytest

from rules.lifecycle import ALARM, DISPATCH, INCIDENT, WARNING, IllegalMove, Lifecycle, legal, move

ALL = (WARNING, ALARM, INCIDENT, DISPATCH)

WALKS = [
    (WARNING, "change_level materialise", "materialised"),
    (WARNING, "cancel", "cancelled"),
    (WARNING, "expire", "expired"),
    # ISA-18.2, table C1 of the domain page
    (ALARM, "acknowledge return", "normal"),
    (ALARM, "return acknowledge", "normal"),
    (ALARM, "latch acknowledge reset", "normal"),
    (ALARM, "acknowledge latch reset", "normal"),
    (ALARM, "return retrigger acknowledge", "acknowledged"),
    (ALARM, "latch retrigger", "unacknowledged"),
    (ALARM, "acknowledge latch retrigger", "unacknowledged"),
    (ALARM, "acknowledge worsen", "unacknowledged"),
    (ALARM, "shelve return unshelve_normal", "normal"),
    (ALARM, "shelve return retrigger unshelve_active", "unacknowledged"),
    (ALARM, "shelve worsen", "unacknowledged"),
    (ALARM, "suppress unsuppress_active", "unacknowledged"),
    (ALARM, "retire restore_normal", "normal"),
    (INCIDENT, "close", "closed"),
    (INCIDENT, "alarm acknowledge respond recover close", "closed"),
    (INCIDENT, "alarm recover alarm", "open"),
    (DISPATCH, "accept en_route on_scene complete", "completed"),
    (DISPATCH, "accept on_scene complete", "completed"),
    (DISPATCH, "accept decline", "declined"),
    (DISPATCH, "expire", "expired"),
]


@pytest.mark.parametrize(("lifecycle", "walk", "end"), WALKS, ids=lambda value: getattr(value, "name", value))
def test_a_walk_ends_where_the_table_says(lifecycle: Lifecycle, walk: str, end: str) -> None:
    state = lifecycle.initial
    for transition in walk.split():
        state = move(lifecycle, state, transition)
    assert state == end


@pytest.mark.parametrize(
    ("lifecycle", "state", "transition"),
    [
        (ALARM, "unacknowledged", "reset"),
        (ALARM, "latched_unacknowledged", "reset"),
        (ALARM, "normal", "acknowledge"),
        (DISPATCH, "ordered", "complete"),
        (DISPATCH, "accepted", "expire"),
        (DISPATCH, "declined", "accept"),
        (INCIDENT, "closed", "acknowledge"),
        (INCIDENT, "acknowledged", "acknowledge"),
        (WARNING, "expired", "cancel"),
    ],
)
def test_what_the_table_does_not_have_is_refused_with_what_is_legal(lifecycle: Lifecycle, state: str, transition: str) -> None:
    with pytest.raises(IllegalMove) as refusal:
        move(lifecycle, state, transition)
    assert refusal.value.legal == legal(lifecycle, state)
    assert (refusal.value.state, refusal.value.transition) == (state, transition)


@pytest.mark.parametrize("lifecycle", ALL, ids=lambda lifecycle: lifecycle.name)
def test_every_state_is_reached_and_only_final_states_end(lifecycle: Lifecycle) -> None:
    reached = [lifecycle.initial]
    for state in reached:
        reached += [target for (origin, _), target in lifecycle.table.items() if origin == state and target not in reached]
    for state in reached:
        assert (legal(lifecycle, state) == ()) is lifecycle.is_final(state)
    assert {origin for origin, _ in lifecycle.table} | set(lifecycle.final) == set(reached)
