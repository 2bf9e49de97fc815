"""An authority's warning holds as long as it says: no longer, no shorter, and it may be given again."""

from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.model import EventClass
from tests.rules.score import T0, Play, event, hazard, pack, rule, stage

HOUR = 3_600_000.0


def desk(**changes: Any) -> Play:
    warns = rule(
        "signal",
        "warning_signal",
        hazard="authority",
        match=d.Match(kinds=("warning_signal",)),
        warnings=(stage("orange", p.StateIs(states=("on",))),),
        warning_expires_s=86_400.0,
        plan="",
        **changes,
    )
    return Play(pack(warns, hazards=[hazard("authority")]), is_restored_each_step=True)


def signal(play: Play, at_s: float, expires_at: object = None, state: str = "on", name: str = "") -> None:
    attributes = {} if expires_at is None else {"expires_at": expires_at}
    values: dict[str, Any] = {"id": name or f"s{at_s}", "event_class": EventClass.ALARM, "attributes": attributes}
    play.receive(event("cma", "warning_signal", state, **values), at_s)


def told(play: Play) -> list[tuple[float, str]]:
    return [((fact.at - T0) / 1000, fact.transition) for fact in play.facts if fact.entity == "warning"]


@pytest.mark.parametrize(
    ("expires_at", "ends_s"),
    [
        (T0 + HOUR, 3600),
        ("2026-01-01T09:00:00+08:00", 3600),
        ("2026-01-01T09:00:00", 3600),
        (T0 + 48 * HOUR, 172_800),
        (T0 + 1000 * HOUR, 7 * 86_400),
        (None, 86_400),
        ("soon", 86_400),
        (True, 86_400),
    ],
)
def test_it_expires_when_it_says_and_else_when_the_rule_does(expires_at: object, ends_s: float) -> None:
    play = desk()
    signal(play, 0, expires_at)
    play.advance(ends_s - 0.001)
    assert told(play) == [(0, "opened")]
    play.advance(8 * 86_400)
    assert told(play) == [(0, "opened"), (ends_s, "expired")]


def test_what_is_over_on_arrival_warns_of_nothing() -> None:
    play = desk()
    signal(play, 10, T0 + 10_000.0)
    assert told(play) == []
    signal(play, 20, T0 + HOUR)  # given again, and valid now
    assert told(play) == [(20, "opened")]


def test_given_again_it_holds_until_its_new_end() -> None:
    play = desk()
    signal(play, 0, T0 + HOUR)
    signal(play, 1800, T0 + 2 * HOUR)
    signal(play, 1801, T0 + 2 * HOUR)
    play.advance(7199.999)
    assert told(play) == [(0, "opened")]
    play.advance(7200)
    assert told(play)[1:] == [(7200, "expired")]


def test_given_again_with_an_earlier_end_it_holds_no_longer() -> None:
    play = desk()
    signal(play, 0, T0 + 2 * HOUR)
    signal(play, 10, T0 + 60_000.0)
    play.advance(60)
    assert told(play) == [(0, "opened"), (60, "expired")]
    signal(play, 100, T0 + HOUR)
    signal(play, 110, T0 + 50_000.0)
    assert told(play)[2:] == [(100, "opened"), (110, "expired")]
    assert "有效期已过" in next(fact.sentence.zh for fact in reversed(play.facts) if fact.entity == "warning")


def test_given_again_after_its_end_it_warns_again() -> None:
    play = desk()
    signal(play, 0, T0 + HOUR)
    signal(play, 7200, T0 + 3 * HOUR)
    assert told(play) == [(0, "opened"), (3600, "expired"), (7200, "opened")]
    signal(play, 7300, state="off")
    assert told(play)[3:] == [(7300, "cancelled")]


def test_repeated_without_a_validity_it_stays_as_it_was() -> None:
    play = desk()
    signal(play, 0, T0 + HOUR)
    signal(play, 1800)
    play.advance(3600)
    signal(play, 7200)
    assert told(play) == [(0, "opened"), (3600, "expired")]


def test_an_end_that_is_repeated_begins_nothing() -> None:
    play = desk(alarms=(stage("red", p.StateIs(states=("never",))),))
    signal(play, 0, T0 + HOUR)
    signal(play, 10, state="off")
    signal(play, 20, T0 + HOUR, state="off")
    assert told(play) == [(0, "opened"), (10, "cancelled")]
