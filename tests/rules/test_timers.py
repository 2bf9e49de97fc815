"""Named deadlines in the order (deadline, name), and a heap that does not grow by being re-armed."""

from rules.timers import Timers


def fired(timers: Timers, now: int) -> list[tuple[int, str]]:
    order: list[tuple[int, str]] = []
    while (due := timers.take_due(now)) is not None:
        deadline, name, fire = due
        fire(deadline)
        order.append((deadline, name))
    return order


def nothing(at: int) -> None:
    """What these timers do."""


def test_they_come_by_deadline_then_name_and_only_when_due() -> None:
    timers = Timers()
    for name, deadline in (("b", 5), ("a", 5), ("c", 4), ("late", 6)):
        timers.arm(name, deadline, nothing)
    assert fired(timers, 3) == []
    assert fired(timers, 5) == [(4, "c"), (5, "a"), (5, "b")]
    assert timers.next_deadline() == 6


def test_arming_again_replaces_and_disarming_forgets() -> None:
    timers = Timers()
    timers.arm("a", 5, nothing)
    timers.arm("a", 9, nothing)
    timers.arm("b", 5, nothing)
    timers.disarm("b")
    timers.disarm("unknown")
    assert timers.next_deadline() == 9
    assert fired(timers, 8) == []
    timers.arm("a", 3, nothing)
    assert fired(timers, 100) == [(3, "a")]
    assert timers.next_deadline() is None


def test_a_timer_that_is_moved_for_ever_does_not_fill_the_heap() -> None:
    timers = Timers()
    for deadline in range(10_000):
        timers.arm("restless", deadline, nothing)
    assert len(timers.heap) < 1100
    assert fired(timers, 10_000) == [(9999, "restless")]


def test_a_timer_that_is_passed_over_does_not_fire_and_the_others_do() -> None:
    timers = Timers()
    timers.passed_over["b", 5] = None
    for name in ("a", "b", "c"):
        timers.arm(name, 5, lambda _: None)
    names = []
    while (due := timers.take_due(10)) is not None:
        names.append(due[1])
    assert names == ["a", "c"]
    timers.arm("b", 6, lambda _: None)
    due = timers.take_due(10)
    assert due is not None
    assert due[:2] == (6, "b"), "at another deadline it is another matter"
