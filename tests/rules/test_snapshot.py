"""Saved and restored at any point, the engine decides the same, byte for byte; and the order of hashing does not matter."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import definition as d
from rules import primitive as p
from rules.canonical import RecordError
from rules.engine import Engine
from rules.model import EventClass, Level, PackActivation, Resumed, Status
from tests.rules.score import T0, Play, event, hazard, pack, rule, said, stage

ROOT = Path(__file__).parents[2]
PLAN = d.Plan(
    id="p",
    title=said("plan"),
    orders=(
        d.Order(
            capability="fire",
            task=said("go"),
            clocks=(d.Target(name="accepted", within_s=20), d.Target(name="completed", within_s=90)),
            from_level=Level.YELLOW,
        ),
    ),
    notify_on_warning=("desk",),
    notify_on_alarm=("desk",),
    clocks=(d.Target(name="acknowledged", within_s=30),),
    escalations=(d.Escalation(at_share=0.5, notify=("desk",)), d.Escalation(at_share=2, notify=("boss",))),
)


CAUSED = d.Inhibition(
    id="caused", title=said("caused"), source=d.Aim(rule="climb"), target=d.Aim(hazard="walk"), equal=d.Key.BUILDING
)
BOUNDED = d.Inhibition(
    id="bounded",
    title=said("bounded"),
    source=d.Aim(kind="sos"),
    target=d.Aim(rule="hot"),
    to_level=Level.YELLOW,
    equal=d.Key.COMMUNITY,
    lasts_s=15.0,
)


def man(name: str, **changes: Any) -> d.Responder:
    return d.Responder(id=name, title=said(name), party="boss", capabilities=("fire",), **changes)


def town(version: str = "1", above: float = 57) -> d.RulePack:
    hot = (stage("yellow", p.Threshold(above=40), on=7), stage("red", p.Threshold(above=above, deadband=5), off=11))
    made = pack(
        rule(
            "hot",
            "temperature",
            warnings=(stage("blue", p.Threshold(above=30), on=3),),
            alarms=hot,
            plan="p",
            warning_expires_s=40,
        ),
        rule(
            "shared",
            "temperature",
            hazard="walk",
            key=d.Key.ZONE,
            alarms=(stage("yellow", p.Threshold(above=50, deadband=10), on=6),),
        ),
        rule("climb", "temperature", alarms=(stage("orange", p.Rate(above=30, window_s=30)),), is_latching=True),
        rule(
            "often",
            "motion",
            hazard="walk",
            key=d.Key.ZONE,
            alarms=(stage("blue", p.Count(of=p.StateIs(states=("on",)), count=3, within_s=20)),),
        ),
        rule("press", "sos", alarms=(stage("red", p.StateIs(states=("on",))),), plan="p"),
        rule(
            "quiet",
            "",
            hazard="lost",
            warnings=(stage("blue", p.Silence(for_s=25)),),
            alarms=(stage("yellow", p.Silence(for_s=50)),),
        ),
        hazards=(
            hazard("fire", gather_within_s=60),
            hazard("walk", gathers_with=("fire",)),
            hazard("lost", gather_by=d.Key.BUILDING),
        ),
        plans=(PLAN,),
        responders=(man("a", zone="b1/u1"), man("b", zone="b2")),
        parties=("desk", "boss"),
        version=version,
    )
    return replace(made, inhibitions=(CAUSED, BOUNDED))


STEPS = st.one_of(
    st.tuples(st.just("temperature"), st.sampled_from([10.0, 35.0, 45.0, 54.0, 60.0, 99999.0, None])),
    st.tuples(st.just("motion"), st.sampled_from(["on", "off", None])),
    st.tuples(st.just("sos"), st.sampled_from(["on", "off"])),
    st.tuples(st.just("heartbeat"), st.none()),
    st.tuples(st.just("tick"), st.none()),
    st.tuples(st.just("resumed"), st.sampled_from([0.5, 20, 100])),
    st.tuples(st.just("pack"), st.sampled_from(["1", "2"])),
    st.tuples(
        st.just("act"),
        st.sampled_from(
            [
                ("acknowledge", "incident", {}),
                ("acknowledge", "alarm", {}),
                ("shelve", "alarm", {"reason": "x", "for_s": 9.0}),
                ("unshelve", "alarm", {}),
                ("reset", "alarm", {}),
                ("order", "incident", {"responder": "b"}),
                ("accept", "dispatch", {}),
                ("on_scene", "dispatch", {}),
                ("complete", "dispatch", {}),
                ("decline", "dispatch", {}),
                ("reassign", "dispatch", {"responder": "b"}),
                ("verify", "incident", {"verdict": "real"}),
                ("close", "incident", {"verdict": "false"}),
                ("unacknowledge", "incident", {}),
                ("shelve", "alarm", {"reason": "x", "once": True}),
                ("name_cause", "alarm", {"cause": "first alarm"}),
                ("merge", "incident", {"into": "first incident"}),
                ("split", "incident", {"alarm": "last alarm"}),
            ]
        ),
    ),
)
SCRIPT = st.lists(
    st.tuples(
        st.sampled_from([0, 0.001, 1, 2.5, 7, 12, 61]),
        st.sampled_from(["d1", "d2", "d3"]),
        STEPS,
        st.sampled_from([Status.ACTUAL] * 5 + [Status.EXERCISE, Status.TEST]),
        st.sampled_from([0, 0, 0, 5, 700, -90, 10**9]),
    ),
    max_size=40,
)
Step = tuple[float, str, tuple[str, Any], Status, int]


def named(play: Play, value: Any) -> Any:
    """An argument, or the id of the first or last record of which it speaks."""
    which, _, entity = value.partition(" ") if isinstance(value, str) else ("", "", "")
    ids = [fact.entity_id for fact in play.facts if fact.entity == entity]
    return value if not ids else ids[0] if which == "first" else ids[-1]


def perform(script: list[Step], *, is_restored_each_step: bool) -> Play:
    play = Play(town(), is_restored_each_step=is_restored_each_step)
    play.packs |= {"1": town("1"), "2": town("2", above=50)}
    at_s = 0.0
    for number, (gap_s, device, (sort, value), status, age_s) in enumerate(script):
        at_s += gap_s
        if sort == "tick":
            play.advance(at_s)
        elif sort == "resumed":
            since_at = T0 + round(at_s * 1000)
            at_s += value
            play.receive(Resumed(id=str(number), deaf_since_at=since_at), at_s)
        elif sort == "pack":
            play.receive(PackActivation(id=str(number), pack="test", version=value, digest=value, text=value), at_s)
        elif sort == "act":
            verb, entity, arguments = value
            if any(fact.entity == entity for fact in play.facts):
                play.act(at_s, "li", verb, entity, **{name: named(play, value) for name, value in arguments.items()})
        else:
            classes = {"heartbeat": EventClass.HEARTBEAT, "sos": EventClass.ALARM, "motion": EventClass.STATE}
            seen = event(
                device,
                sort,
                value,
                id=f"e{number}",
                event_class=classes.get(sort, EventClass.READING),
                zone={"d1": "b1/u1", "d2": "b1/u1", "d3": ""}[device],
                status=status,
                occurred_at=T0 + round((at_s - age_s) * 1000) if age_s else None,
            )
            play.receive(seen, at_s)
    play.advance(at_s + 200)
    return play


@settings(max_examples=300, deadline=None)
@given(script=SCRIPT)
def test_restored_at_every_step_it_decides_the_same(script: list[Step]) -> None:
    assert perform(script, is_restored_each_step=True).text() == perform(script, is_restored_each_step=False).text()


@settings(max_examples=150, deadline=None)
@given(script=SCRIPT)
def test_laws(script: list[Step]) -> None:
    """What must hold whatever happens."""
    play = perform(script, is_restored_each_step=False)
    assert len({fact.id for fact in play.facts}) == len(play.facts)
    instants = [fact.at for fact in play.facts]
    assert instants == sorted(instants)
    outcomes = [
        fact.entity_id
        for fact in play.facts
        if fact.transition in ("materialised", "cancelled", "expired") and fact.entity == "warning"
    ]
    assert len(set(outcomes)) == len(outcomes)
    latest = {incident.id: incident for incident in play.records("incident")}
    opened = [(incident.hazard, incident.zone, incident.status) for incident in latest.values() if incident.state != "closed"]
    assert len(set(opened)) == len(opened)
    keys = [notice.key for notice in play.notifications]
    assert len(set(keys)) == len(keys)
    for incident in latest.values():
        assert (incident.state == "closed") == (incident.closed_at is not None)
        assert incident.alarm_ids or incident.closed_by or incident.state in ("watch", "closed")
    running = [run for run in {dispatch.id: dispatch for dispatch in play.records("dispatch")}.values() if run.ended_at is None]
    assert all(latest[run.incident_id].state != "closed" for run in running)


def test_only_what_changed_is_saved_again() -> None:
    play = Play(town())
    play.play("0 | b1/u1/d1 temperature=60 | incident opened, alarm opened red, dispatch ordered")
    first = play.engine.take_changes()
    assert {key.partition("/")[0] for key in first} == {"engine", "pack", "alarm", "case", "run", "watch", "flood"}
    assert set(play.engine.take_changes()) == {"engine"}
    play.play("1 | li verify incident verdict=real | incident verified")
    assert {key.partition("/")[0] for key in play.engine.take_changes()} == {"engine", "case", "known"}


def test_a_reading_that_crosses_nothing_costs_no_row() -> None:
    play = Play(pack(rule("hot", "temperature", alarms=(stage("red", p.Threshold(above=57)),))))
    play.engine.take_changes()
    play.play("0 | d1 temperature=20 |")
    assert set(play.engine.take_changes()) == {"engine"}


def test_a_restart_invents_no_silence() -> None:
    play = Play(town(), is_restored_each_step=True)
    play.play("""
        0  | b1/d1 ~ |
        24 | b1/d1 ~ |
        48 | b1/d1 ~ |
        72 | b1/d1 ~ |
        97 |         | incident opened, warning opened
    """)


@pytest.mark.parametrize("key", ["alarm/a-1", "case/i-1", "run/d-1", "warning/w-1"])
def test_a_row_that_cannot_be_read_is_refused_and_named(key: str) -> None:
    with pytest.raises(RecordError, match="missing"):
        Engine.restore([(key, b"{}")])


def test_rows_of_a_rule_that_is_gone_are_passed_over() -> None:
    assert Engine.restore([("watch/ghost/0", b"[[]]")]).next_deadline() is None


@pytest.mark.parametrize("seed", ["0", "4242"])
def test_the_order_of_hashing_does_not_matter(seed: str) -> None:
    """Two processes with other hash seeds print the same bytes as this one."""
    program = "from tests.rules.test_snapshot import demonstration; import sys; sys.stdout.buffer.write(demonstration())"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, check=True, timeout=60)
    assert done.stdout == demonstration()


def demonstration() -> bytes:
    """A long script with everything in it."""
    acts: list[tuple[str, Any]] = [("act", ("accept", "dispatch", {})), ("act", ("acknowledge", "incident", {})), ("pack", "2")]
    steps: list[tuple[str, Any]] = [
        ("temperature", 45.0),
        ("sos", "on"),
        ("motion", "on"),
        ("temperature", 60.0),
        ("tick", None),
        *acts,
    ]
    script = [
        (float(number % 5), f"d{1 + number % 3}", steps[number * 7 % len(steps)], Status.ACTUAL, 0) for number in range(120)
    ]
    return perform(script, is_restored_each_step=False).text()
