"""Other people's bug: a gateway sends an old value again and again as if it were fresh (thingsboard-gateway#2119).

The value stands still, its time is ever new, and so are the ids: only the source's own number says that nothing was measured.
"""

import pytest

from rules import primitive as p
from tests.rules.score import T0, Play, event, hazard, pack, rule, stage

FROZEN = rule("frozen", "temperature", hazard="device", alarms=(stage("yellow", p.Stuck(for_s=600, is_by_seq=True)),))


class Gateway:
    """A gateway that speaks every minute for one sensor."""

    def __init__(self) -> None:
        self.play = Play(pack(FROZEN, hazards=(hazard("device"),)), is_restored_each_step=True)

    def says(self, at_s: float, seq: int | None, value: float = 21.5, network_id: str = "") -> list[str]:
        """One reading, stamped with the present by the gateway. What was told of it."""
        seen = len(self.told)
        name = network_id or f"m-{at_s}"
        self.play.receive(event("d1", "temperature", value, id=name, occurred_at=T0 + round(at_s * 1000), seq=seq), at_s)
        return self.told[seen:]

    @property
    def told(self) -> list[str]:
        return [fact.transition for fact in self.play.facts if fact.entity == "alarm"]


@pytest.mark.parametrize(("last_s", "told"), [(599.999, []), (600, ["opened"]), (600.001, ["opened"])])
def test_a_frozen_number_is_told_to_the_millisecond(last_s: float, told: list[str]) -> None:
    gateway = Gateway()
    for minute in range(10):
        assert gateway.says(minute * 60, 7) == []
    assert gateway.says(last_s, 7) == told


def test_it_is_told_as_what_it_is() -> None:
    gateway = Gateway()
    for minute in range(11):
        gateway.says(minute * 60, 7)
    opened = gateway.play.last("alarm")
    assert (opened.reason, opened.evidence[-1].test) == ("value_stuck", "restamped")


def test_a_value_that_stands_still_while_its_number_moves_is_a_calm_room() -> None:
    gateway = Gateway()
    assert [gateway.says(minute * 60, minute) for minute in range(100)] == [[]] * 100


def test_a_value_that_moves_while_its_number_stands_still_is_frozen_all_the_same() -> None:
    gateway = Gateway()
    assert [gateway.says(minute * 60, 7, 20 + minute / 10) for minute in range(10)] == [[]] * 10
    assert gateway.says(600, 7, 30) == ["opened"]


def test_without_a_number_nobody_can_tell_and_nothing_is_said() -> None:
    gateway = Gateway()
    assert [gateway.says(minute * 60, None) for minute in range(100)] == [[]] * 100


def test_a_reading_without_a_number_between_them_does_not_hide_it() -> None:
    gateway = Gateway()
    for minute in range(10):
        gateway.says(minute * 60, 7 if minute % 2 == 0 else None)
    assert gateway.says(600, 7) == ["opened"]


@pytest.mark.parametrize("number", [8, 0, 6])
def test_the_first_other_number_ends_it_also_one_that_began_anew(number: int) -> None:
    gateway = Gateway()
    for minute in range(11):
        gateway.says(minute * 60, 7)
    assert gateway.says(660, number) == ["cleared"]


def test_the_very_same_message_again_is_a_repetition_and_no_proof() -> None:
    """Redelivered under its own id it is known already: neither a sign of life nor of standing still."""
    gateway = Gateway()
    gateway.play.is_restored_each_step = False
    for second in range(20):
        gateway.says(second, 7, network_id="same")
    assert gateway.play.engine.counts["ignored.duplicate"] == 19
    assert gateway.says(600, 7, network_id="other") == ["opened"]
    assert [item.event_id for item in gateway.play.last("alarm").evidence] == ["same", "other"]
