"""Bug class "rule loop" (perseo-fe#190): what we do must not feed what made us do it.

In three ways something of our own could come back: our own messages (never read, see tests/ingest/test_own_topics.py), a mode
that a rule would set (no rule can: events and people set modes), and alarms that quiet each other (circles are refused). What
is left is a device that answers us, and it is bounded: one alarm, however often it is reported.
"""

from dataclasses import replace

from rules import definition as d
from rules import primitive as p
from rules.effects import Effect
from rules.model import Entity, Event, EventClass, Input
from rules.pack import check_pack
from tests.rules.rows.test_row_21_independent_sources import PACK
from tests.rules.score import Play, event, hazard, pack, rule, said, stage

ON = p.StateIs(states=("on",))
SIREN = d.Mode(id="siren", title=said("siren"), kinds=("siren",), lasts_s=60)
ALARM = rule("alarm", "siren motion", alarms=(stage("red", ON),), modes=("siren",))


def test_nothing_that_the_chain_says_is_anything_that_it_hears() -> None:
    """An effect is no input: what comes in comes by the front door, as a new event of a device or a person."""
    inputs, effects = Input.__args__, Effect.__args__
    assert not [one for one in effects if one in inputs]


def test_an_echo_of_our_own_action_is_one_alarm_and_ends() -> None:
    """A siren that we sound reports that it sounds, and the rule looks at sirens: one alarm, and no more after it."""
    loud = rule("loud", "siren", alarms=(stage("red", ON),))
    play = Play(pack(loud)).play("0 | s1 siren:on | incident opened, alarm opened")
    for number in range(100):
        before = len(play.facts)
        play.play(f"{number + 1} | s1 siren:on |")
        assert len(play.facts) == before
    assert len(play.records("incident")) == 1


def test_an_echo_as_an_alarm_is_counted_and_opens_nothing_new() -> None:
    loud = rule("loud", "siren", alarms=(stage("red", ON),))
    play = Play(pack(loud, hazards=(hazard("fire"),)))
    for number in range(100):
        play.receive(_siren(f"e{number}"), number)
    assert len({one.id for one in play.records("incident")}) == 1
    assert play.records("alarm")[-1].occurrence_count == 100
    assert len(play.facts) < 20  # the first eight, then 16, 32, 64


def test_a_rule_that_opens_in_a_mode_that_its_own_event_sets_opens_once() -> None:
    """The siren sets the mode, the mode lets the rule speak of the siren; round and round it would go, and it does not."""
    play = Play(pack(ALARM, modes={"siren": SIREN}))
    play.play("0 | z/s1 siren:on | zone mode_set, incident opened, alarm opened")
    before = len(play.facts)
    play.advance(59.999)
    assert len(play.facts) == before
    play.advance(600)
    assert [fact.entity for fact in play.facts[before:]].count(Entity.ALARM) <= 1  # at most its end
    assert len({one.id for one in play.records("incident")}) == 1


def test_one_event_is_decided_in_one_step_however_the_rules_hang_together() -> None:
    """Each of ten rules speaks in the mode of all: one event, ten alarms, and nothing is left over for the next instant."""
    many = [replace(ALARM, id=f"r{number}") for number in range(10)]
    play = Play(pack(*many, modes={"siren": SIREN}))
    play.play("0 | z/s1 siren:on | " + ", ".join(["zone mode_set", "incident opened", *["alarm opened"] * 10]))
    before = len(play.facts)
    assert play.advance(0) == ()
    assert len(play.facts) == before


def test_a_pack_cannot_say_that_a_rule_sets_a_mode_or_acts_on_its_own_output() -> None:
    """No field of a rule sets a mode; ``kinds`` names what devices send, and nothing that we publish is one."""
    kinds = "    kinds: [motion, line_crossing, noise]\n"
    for wrong in (f"{kinds}    sets_mode: armed\n", "    kinds: [out]\n", f"{kinds}    classes: [out]\n"):
        assert check_pack(PACK.replace(kinds, wrong, 1)), wrong


def test_alarms_that_would_quiet_each_other_are_refused() -> None:
    circle = """\
inhibitions:
  one: {title: {zh: 一, en: One}, source: {rule: perimeter}, target: {rule: other}, equal: zone}
  two: {title: {zh: 二, en: Two}, source: {rule: other}, target: {rule: perimeter}, equal: zone}
"""
    other = PACK[PACK.index("  perimeter:\n") :].replace("  perimeter:", "  other:", 1)
    faults = check_pack(PACK + other + circle)
    assert any("circle" in fault.message or "each other" in fault.message for fault in faults), faults


def _siren(name: str) -> Event:
    return event("s1", "siren", "on", id=name, event_class=EventClass.ALARM)
