"""按原因查看: what stands, gathered by what explains it."""

from dataclasses import replace
from typing import Any

from rules.by_cause import by_cause, root_of
from rules.model import Alarm, Level
from tests.handlers import records


def alarm(name: str, **changes: Any) -> Alarm:
    return replace(records.alarm(name), **{"zone": "b1/u1", **changes})


def grouped(*alarms: Alarm) -> list[tuple[str, int]]:
    return [(one.cause_id or one.zone, one.count) for one in by_cause(alarms, {one.id: one for one in alarms}, frozenset())]


def test_a_symptom_of_a_symptom_counts_under_the_first_cause() -> None:
    chain = (alarm("a"), alarm("b", cause_id="a", state="suppressed"), alarm("c", cause_id="b", state="suppressed"))
    assert grouped(*chain) == [("a", 3)]
    ring = {one.id: one for one in (alarm("a", cause_id="b"), alarm("b", cause_id="a"))}
    assert root_of(ring["a"], ring).id == "b", "a ring of causes, which the chain refuses, does not hang the page"


def test_what_a_person_keeps_quiet_is_no_load_but_may_still_be_the_cause() -> None:
    quiet = (alarm("a", state="shelved"), alarm("b", cause_id="a", state="suppressed"), alarm("o", state="out_of_service"))
    assert grouped(*quiet) == [("a", 1)]
    assert grouped(alarm("m", state="suppressed")) == [], "suppressed by a mode: nothing to look at"
    assert grouped(alarm("g", cause_id="gone", state="suppressed")) == [("b1", 1)]


def test_of_equals_the_worst_comes_first() -> None:
    found = (alarm("y", zone="b1", level=Level.YELLOW, opened_at=1), alarm("r", zone="b2", level=Level.RED, opened_at=2))
    assert grouped(*found) == [("b2", 1), ("b1", 1)]


def test_whoever_waits_for_an_acknowledgement_is_counted_also_after_it_has_returned() -> None:
    states = ("unacknowledged", "returned_unacknowledged", "latched_unacknowledged", "acknowledged", "latched_acknowledged")
    stand = [alarm(state, state=state) for state in states]
    (group,) = by_cause(stand, {one.id: one for one in stand}, frozenset())
    assert (group.count, group.waiting_count) == (5, 3)
