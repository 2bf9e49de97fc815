"""A pack takes over whole: communities with parameters have rules of their own, and what runs moves with them."""

from dataclasses import replace

from rules import definition as d
from rules import primitive as p
from rules.activation import ACTIVATIONS_MAX
from rules.model import PackActivation
from tests.rules.score import Play, event, hazard, pack, rule, said, stage

HOT = rule("hot", "temperature", alarms=(stage("red", p.Threshold(above=57), on=5),), plan="go")
LENIENT = replace(HOT, alarms=(stage("red", p.Threshold(above=65), on=5),))
WET = rule("wet", "water_level", hazard="flood", alarms=(stage("red", p.Threshold(above=9)),))
FLOOD = hazard("flood")


def plan(within_s: float) -> d.Plan:
    return d.Plan(id="go", title=said("go"), clocks=(d.Target(name="acknowledged", within_s=within_s),))


def composed(version: str, *, c2: bool = True) -> d.RulePack:
    """In c2 it takes 65 °C, the acknowledgement has 30 s, and a flood is late after 60 s."""
    everywhere = pack(HOT, WET, hazards=(FLOOD,), plans=(plan(60),), version=version)
    own = pack(LENIENT, WET, hazards=(replace(FLOOD, late_max_s=60),), plans=(plan(30),), version=version)
    return replace(everywhere, by_community={"c2": own} if c2 else {})


def activate(play: Play, made: d.RulePack, at_s: float) -> None:
    play.packs[made.version] = made
    play.receive(
        PackActivation(id=f"act-{made.version}", pack="test", version=made.version, digest="", text=made.version, actor="li"),
        at_s,
    )


def hot(play: Play, at_s: float, community: str, value: float, device: str = "d1") -> None:
    play.receive(event(device, "temperature", value, community=community, zone="b1", id=f"{community}-{at_s}-{device}"), at_s)


def opened(play: Play) -> list[tuple[str, float]]:
    start = 1_767_225_600_000
    return [
        (fact.community, (fact.at - start) / 1000) for fact in play.facts if (fact.entity, fact.transition) == ("alarm", "opened")
    ]


def test_each_community_is_judged_by_its_own_rules_and_answered_by_its_own_plan() -> None:
    for is_restored in (False, True):
        play = Play(is_restored_each_step=is_restored)
        activate(play, composed("1"), 0)
        for community in ("c1", "c2", "c3"):
            hot(play, 1, community, 60)
        for community in ("c1", "c2", "c3"):
            hot(play, 2, community, 66, "d2")
        play.advance(100)
        assert opened(play) == [("c1", 6), ("c3", 6), ("c1", 7), ("c2", 7), ("c3", 7)]
        due = {
            incident.community: incident.clocks[0].due_at - incident.clocks[0].started_at for incident in play.records("incident")
        }
        assert due == {"c1": 60_000, "c2": 30_000, "c3": 60_000}
        assert play.engine.counts["rule.hot.watches"] == 5


def test_what_runs_moves_when_a_community_gets_parameters_and_back() -> None:
    for is_restored in (False, True):
        play = Play(is_restored_each_step=is_restored)
        activate(play, composed("1", c2=False), 0)
        hot(play, 1, "c2", 60)
        hot(play, 1, "c1", 60)
        activate(play, composed("2"), 3)
        play.advance(20)
        assert opened(play) == [("c1", 6)], "60 °C is nothing in c2 from now on"
        hot(play, 30, "c2", 70)
        play.advance(40)
        activate(play, composed("3", c2=False), 41)
        assert opened(play) == [("c1", 6), ("c2", 35)]
        alarm = [one for one in play.records("alarm") if one.community == "c2"][-1]
        assert alarm.is_active
        hot(play, 50, "c2", 20)
        assert play.last("alarm").transition == "cleared"


def test_a_hazard_that_differs_makes_a_rule_of_its_own() -> None:
    play = Play()
    activate(play, composed("1"), 0)
    for community in ("c1", "c2"):
        late = event("d1", "water_level", 20.0, community=community, zone="b1", occurred_at=1_767_225_600_000 - 100_000)
        play.receive(late, 10)
    assert opened(play) == [("c1", 10)]


def test_the_last_activations_are_kept_with_their_texts_and_who_did_it() -> None:
    for is_restored in (False, True):
        play = Play(is_restored_each_step=is_restored)
        for number in range(ACTIVATIONS_MAX + 3):
            activate(play, composed(str(number)), number)
        kept = play.engine.activations
        assert [one.version for one in kept] == [str(number) for number in range(3, ACTIVATIONS_MAX + 3)]
        assert (kept[-1].text, kept[-1].actor, kept[-1].at) == ("10", "li", 1_767_225_600_000 + 10_000)


def test_what_changed_and_what_stops_is_told_by_rule() -> None:
    play = Play()
    activate(play, composed("1"), 0)
    changed = pack(replace(HOT, title=said("other")), hazards=(FLOOD,), plans=(plan(60),), version="2")
    activate(play, changed, 1)
    told = play.last("pack").sentence
    assert "rules that changed: hot; rules that stop: wet" in told.en
    assert "更改规则 hot；停止规则 wet" in told.zh
