"""What nobody could take: the oldest claim first, and only what somebody free can do."""

from hypothesis import given
from hypothesis import strategies as st

from rules.owed_orders import Claim, Need, OwedOrders

REAL: Need = (True, "lift")
DRILL: Need = (False, "lift")
WATER: Need = (True, "water")


def claims_of(owed: OwedOrders, *free: Need) -> list[Claim]:
    found: list[Claim] = []
    while (claim := owed.next_after(found[-1] if found else None, free)) is not None:
        found.append(claim)
    return found


def test_the_oldest_incident_comes_first_then_the_earlier_order_of_its_plan() -> None:
    owed = OwedOrders()
    owed.put("i-b", ((REAL, (5, "i-b", 1)), (WATER, (5, "i-b", 0))))
    owed.put("i-a", ((REAL, (5, "i-a", 0)),))
    owed.put("i-c", ((WATER, (4, "i-c", 2)),))
    assert claims_of(owed, REAL, WATER) == [(4, "i-c", 2), (5, "i-a", 0), (5, "i-b", 0), (5, "i-b", 1)]
    assert claims_of(owed, WATER) == [(4, "i-c", 2), (5, "i-b", 0)]
    assert claims_of(owed, DRILL) == []


def test_what_is_no_longer_owed_is_let_go() -> None:
    owed = OwedOrders()
    owed.put("i-a", ((REAL, (5, "i-a", 0)),))
    owed.put("i-a", ((REAL, (5, "i-a", 0)),))
    assert owed
    owed.put("i-a", ())
    owed.put("i-a", ())
    assert not owed
    assert claims_of(owed, REAL) == []


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.lists(st.tuples(st.sampled_from([REAL, WATER, DRILL]), st.integers(0, 3)), max_size=3))
    ),
    st.sets(st.sampled_from([REAL, WATER, DRILL])),
)
def test_it_is_what_sorting_everything_would_find(steps: list[tuple[int, list[tuple[Need, int]]]], free: set[Need]) -> None:
    owed, plain = OwedOrders(), dict[str, tuple[tuple[Need, Claim], ...]]()
    for incident, needs in steps:
        name = f"i-{incident}"
        entries = {number: (need, (incident % 2, name, number)) for need, number in needs}
        plain[name] = tuple(entries.values())
        owed.put(name, plain[name])
    wanted = sorted(claim for entries in plain.values() for need, claim in entries if need in free)
    assert claims_of(owed, *sorted(free)) == wanted
    assert bool(owed) is any(plain.values())
