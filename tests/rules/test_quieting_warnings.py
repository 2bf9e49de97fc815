"""抑制的预警: a warning that an alarm explains is kept under it, told to nobody, and told when the cause ends and it holds."""

from dataclasses import replace

from rules import definition as d
from rules import primitive as p
from rules.definition import Aim, Inhibition, Key
from rules.holding import of_watch
from rules.model import EventClass, Level, PackActivation, Status
from rules.why import why
from rules.why_shape import CaseFile
from tests.rules.score import T0, Play, event, hazard, pack, rule, said, stage

ON = p.StateIs(states=("on",))
POWER = rule("power", "power_lost", hazard="power", alarms=(stage("orange", ON),))
STEPS = (stage("blue", p.Threshold(below=20)), stage("orange", p.Threshold(below=5)))
BATTERY = rule("battery", "battery", hazard="device", warnings=STEPS, plan="p", warning_expires_s=600)
PLAN = d.Plan(id="p", title=said("plan"), notify_on_warning=("desk",))
OUTAGE = Inhibition(
    id="outage",
    title=said("power outage"),
    source=Aim(hazard="power"),
    target=Aim(hazard="device"),
    to_level=Level.YELLOW,
    equal=Key.BUILDING,
)


def town(*inhibitions: Inhibition, rules: tuple[d.Rule, ...] = (POWER, BATTERY), **changes: bool) -> Play:
    hazards = (hazard("power"), hazard("device"))
    made = pack(*rules, hazards=hazards, plans=(PLAN,), parties=("desk",))
    return Play(replace(made, inhibitions=inhibitions or (OUTAGE,)), **changes)


def told(play: Play) -> list[str]:
    return [notice.step for notice in play.notifications]


def told_at(play: Play) -> list[float]:
    """When somebody was told (s)."""
    return [(notice.at - T0) / 1000 for notice in play.notifications]


def plan_less(*inhibitions: Inhibition, version: str) -> d.RulePack:
    """The same town, where nobody wants to be told."""
    made = pack(POWER, replace(BATTERY, plan=""), hazards=(hazard("power"), hazard("device")), version=version)
    return replace(made, inhibitions=inhibitions)


def test_a_consequence_is_kept_under_its_cause_and_told_when_the_cause_ends() -> None:
    for is_restored in (False, True):
        play = town(is_restored_each_step=is_restored).play("""
            0 | b1/m1 power_lost!on  | incident opened orange, alarm opened orange
            1 | b1/d1 battery=15     | incident opened blue, warning opened blue, warning suppressed
        """)
        warning = play.records("warning")[-1]
        assert (warning.state, warning.inhibition, told(play)) == ("suppressed", "outage", [])
        assert warning.cause_id == play.records("alarm")[-1].id
        play.play("9 | b1/m1 power_lost!off | alarm cleared, incident recovered, warning unsuppressed")
        assert (play.records("warning")[-1].state, told(play)) == ("active", ["warning_blue_1"])


def test_the_order_in_which_they_come_does_not_matter() -> None:
    play = town().play("""
        0 | b1/d1 battery=15     | incident opened blue, warning opened blue
        1 | b1/m1 power_lost!on  | incident opened orange, alarm opened orange, warning suppressed
        2 | b1/d1 battery=80     | warning cancelled, incident closed
    """)
    assert play.records("warning")[-1].state == "cancelled"


def test_what_gets_worse_than_a_consequence_may_be_is_told() -> None:
    play = town().play("""
        0 | b1/m1 power_lost!on  | incident opened orange, alarm opened orange
        1 | b1/d1 battery=15     | incident opened blue, warning opened blue, warning suppressed
        2 | b1/d1 battery=3      | warning level_changed orange, warning unsuppressed, incident level_changed orange
    """)
    assert told(play) == ["warning_orange_1"]


def test_elsewhere_it_is_told() -> None:
    play = town().play("""
        0 | b1/m1 power_lost!on  | incident opened orange, alarm opened orange
        1 | b2/d1 battery=15     | incident opened blue, warning opened blue
    """)
    assert told(play) == ["warning_blue_1"]


def test_each_is_kept_under_the_cause_in_the_case_that_takes_it_in_and_makes_that_no_worse() -> None:
    play = town().play("""
        0 | b1/d1 battery=15     | incident opened blue, warning opened blue
        1 | b1/m1 power_lost!on  | incident opened orange, alarm opened orange, warning suppressed
        2 | b1/d2 battery=15     | warning opened blue, warning suppressed
        3 | b1/m1 power_lost!off | alarm cleared, incident recovered, warning unsuppressed, warning unsuppressed
    """)
    assert (told(play), told_at(play)) == (["warning_blue_1"], [0])


def test_one_that_gets_worse_and_stays_a_consequence_is_told_to_nobody_and_at_the_end_as_bad_as_it_is() -> None:
    steps = (stage("blue", p.Threshold(below=20)), stage("yellow", p.Threshold(below=10)))
    play = town(rules=(POWER, replace(BATTERY, warnings=steps))).play("""
        0 | b1/m1 power_lost!on  | incident opened orange, alarm opened orange
        1 | b1/d1 battery=15     | incident opened blue, warning opened blue, warning suppressed
        2 | b1/d1 battery=8      | warning level_changed yellow
        9 | b1/m1 power_lost!off | alarm cleared, incident recovered, warning unsuppressed, incident level_changed yellow
    """)
    assert (told(play), told_at(play)) == (["warning_yellow_1"], [9])


class TestLifeSafety:
    """No inhibition reaches a warning on which a life may hang: not even one of a worse danger at the same place."""

    FIRE = rule("fire", "smoke", hazard="fire", alarms=(stage("red", p.Threshold(above=20)),))
    GAS = rule("gas", "methane", hazard="gas", warnings=(stage("blue", p.Threshold(above=10)),))
    ANY = Inhibition(id="any", title=said("any"), source=Aim(hazard="fire"), target=Aim(hazard="gas"), equal=Key.BUILDING)

    def play(self, *, is_life_safety: bool) -> Play:
        hazards = (hazard("fire", is_life_safety=True), hazard("gas", is_life_safety=is_life_safety))
        return Play(replace(pack(self.FIRE, self.GAS, hazards=hazards), inhibitions=(self.ANY,)))

    def test_it_is_told_under_the_worst_fire(self) -> None:
        self.play(is_life_safety=True).play("""
            0 | b1/f1 smoke=25   | incident opened, alarm opened red
            1 | b1/g1 methane=15 | incident opened, warning opened blue
        """)

    def test_one_on_which_no_life_hangs_is_not(self) -> None:
        self.play(is_life_safety=False).play("""
            0 | b1/f1 smoke=25   | incident opened, alarm opened red
            1 | b1/g1 methane=15 | incident opened, warning opened blue, warning suppressed
        """)

    def test_one_that_comes_into_a_case_on_which_a_life_may_hang_is_told_from_then_on(self) -> None:
        for gone, kept in (("gas", "fire"), ("fire", "gas")):
            play = self.play(is_life_safety=False).play("""
                0 | b1/f1 smoke=25   | incident opened, alarm opened red
                1 | b1/g1 methane=15 | incident opened, warning opened blue, warning suppressed
            """)
            ids = {incident.hazard: incident.id for incident in play.records("incident")}
            assert play.act(2, "li", "merge", ids[gone], into=ids[kept]).is_accepted
            assert play.records("warning")[-1].state == "active"
            assert play.records("warning")[-1].told_at == T0 + 2000


class TestWhatComesTrue:
    """An alarm that follows is judged by the inhibition itself; a suppressed warning warned nobody."""

    def town(self) -> Play:
        alarms = (stage("yellow", p.Threshold(below=10)), stage("orange", p.Threshold(below=5)))
        steps = (stage("blue", p.Threshold(below=20)),)
        return town(rules=(POWER, replace(BATTERY, warnings=steps, alarms=alarms)))

    def test_an_alarm_that_is_a_consequence_too_is_suppressed_and_counts_as_unwarned(self) -> None:
        play = self.town().play("""
            0  | b1/m1 power_lost!on | incident opened, alarm opened
            1  | b1/d1 battery=15    | incident opened, warning opened blue, warning suppressed
            61 | b1/d1 battery=8     | alarm opened yellow, warning materialised, alarm suppressed
        """)
        alarm = play.records("alarm")[-1]
        assert (alarm.state, alarm.lead_time_s, alarm.is_unwarned) == ("suppressed", None, True)
        assert "while it was suppressed" in play.last("warning").sentence.en
        assert (play.records("incident")[-1].lead_time_s, told(play)) == (None, [])

    def test_an_alarm_worse_than_a_consequence_rings(self) -> None:
        play = self.town().play("""
            0  | b1/m1 power_lost!on | incident opened, alarm opened
            1  | b1/d1 battery=15    | incident opened, warning opened blue, warning suppressed
            61 | b1/d1 battery=3     | incident alarmed orange, alarm opened orange, warning materialised
        """)
        assert play.records("alarm")[-1].state == "unacknowledged"

    def test_the_lead_time_counts_from_when_it_was_told(self) -> None:
        play = self.town().play("""
            0  | b1/m1 power_lost!on  | incident opened, alarm opened
            1  | b1/d1 battery=15     | incident opened, warning opened blue, warning suppressed
            21 | b1/m1 power_lost!off | alarm cleared, incident recovered, warning unsuppressed
            61 | b1/d1 battery=8      | incident alarmed yellow, alarm opened yellow, warning materialised
        """)
        assert (play.records("alarm")[-1].lead_time_s, play.records("incident")[-1].lead_time_s) == (40, 40)
        assert "40 s ahead" in play.last("warning").sentence.en


def test_its_time_counts_from_when_it_is_told_so_that_none_that_holds_is_lost() -> None:
    for is_restored in (False, True):
        play = town(is_restored_each_step=is_restored).play("""
            0        | b1/m1 power_lost!on     | incident opened, alarm opened
            1        | b1/d1 battery=15        | incident opened, warning opened, warning suppressed
            601      |                         |
            1300     | b1/m1 power_lost!off    | alarm cleared, incident recovered, warning unsuppressed
            1899.999 |                         |
            1900     |                         | warning expired, incident closed
        """)
        assert (told(play), told_at(play)) == (["warning_blue_1"], [1300])


def test_what_whoever_warned_said_to_be_over_is_over_though_it_was_suppressed() -> None:
    for is_restored in (False, True):
        heard = rule("signal", "warning_signal", hazard="device", warnings=(stage("blue", ON),), plan="p")
        play = town(rules=(POWER, heard), is_restored_each_step=is_restored)
        play.play("0 | b1/m1 power_lost!on | incident opened, alarm opened")
        until = {"expires_at": "2026-01-01T08:10:00+08:00"}
        play.receive(event("d1", "warning_signal", "on", id="s", zone="b1", event_class=EventClass.ALARM, attributes=until), 1)
        assert (play.records("warning")[-1].state, play.records("warning")[-1].is_timed) == ("suppressed", True)
        heard_of = play.records("warning")[-1]
        play.play("600 | | warning expired, incident closed")
        assert (told(play), heard_of.expires_at) == ([], T0 + 600_000)


def test_let_out_before_that_it_is_over_when_it_was_said_to_be() -> None:
    heard = rule("signal", "warning_signal", hazard="device", warnings=(stage("blue", ON),), plan="p")
    play = town(rules=(POWER, heard)).play("0 | b1/m1 power_lost!on | incident opened, alarm opened")
    until = {"expires_at": T0 + 600_000}
    play.receive(event("d1", "warning_signal", "on", id="s", zone="b1", event_class=EventClass.ALARM, attributes=until), 1)
    play.play("""
        300 | b1/m1 power_lost!off | alarm cleared, incident recovered, warning unsuppressed
        600 |                      | warning expired, incident closed
    """)
    assert (told(play), told_at(play)) == (["warning_blue_1"], [300])


def test_a_bound_lets_it_out_though_the_cause_stands() -> None:
    play = town(replace(OUTAGE, lasts_s=60.0), is_restored_each_step=True).play("""
        0      | b1/m1 power_lost!on | incident opened, alarm opened
        1      | b1/d1 battery=15    | incident opened, warning opened, warning suppressed
        59.999 |                     |
        60     |                     | warning unsuppressed
    """)
    assert told_at(play) == [60]


def test_another_cause_takes_over_and_what_is_milder_than_the_pack_asks_is_none() -> None:
    play = town().play("""
        0 | b1/m1 power_lost!on  | incident opened, alarm opened
        1 | b1/d1 battery=15     | incident opened, warning opened, warning suppressed
        2 | b1/m2 power_lost!on  | alarm opened
        3 | b1/m1 power_lost!off | alarm cleared, warning suppressed
        4 | b1/m2 power_lost!off | alarm cleared, incident recovered, warning unsuppressed
    """)
    assert told_at(play) == [4]
    town(replace(OUTAGE, from_level=Level.RED)).play("""
        0 | b1/m1 power_lost!on  | incident opened, alarm opened orange
        1 | b1/d1 battery=15     | incident opened, warning opened
    """)


def test_an_exercise_quiets_nothing_real() -> None:
    play = town()
    play.receive(event("m1", "power_lost", "on", id="m", zone="b1", event_class=EventClass.ALARM, status=Status.EXERCISE), 0)
    play.play("1 | b1/d1 battery=15 | incident opened, warning opened")


def test_a_new_pack_without_the_inhibition_ends_it_and_with_it_begins_it() -> None:
    play = Play(plan_less(OUTAGE, version="1")).play("""
        0 | b1/m1 power_lost!on | incident opened, alarm opened
        1 | b1/d1 battery=15    | incident opened, warning opened, warning suppressed
    """)
    play.packs |= {"2": plan_less(version="2"), "3": plan_less(OUTAGE, version="3")}
    states = []
    for at, version in ((2, "2"), (3, "3")):
        play.receive(PackActivation(id=f"p{version}", pack="test", version=version, digest=version, text=version), at)
        states.append(play.records("warning")[-1].state)
    assert (states, told(play)) == (["active", "suppressed"], [])


def test_closing_the_cause_s_case_lets_it_speak_and_closing_its_own_ends_it() -> None:
    play = town().play("""
        0 | b1/m1 power_lost!on | incident opened, alarm opened
        1 | b1/d1 battery=15    | incident opened, warning opened, warning suppressed
    """)
    ids = {incident.hazard: incident.id for incident in play.records("incident")}
    own = Play(play.pack)
    own.play("""
        0 | b1/m1 power_lost!on | incident opened, alarm opened
        1 | b1/d1 battery=15    | incident opened, warning opened, warning suppressed
    """)
    assert own.act(2, "li", "close", ids["device"], verdict="false").is_accepted
    assert own.records("warning")[-1].state == "cancelled"
    assert play.act(2, "li", "close", ids["power"], verdict="real").is_accepted
    assert (play.records("warning")[-1].state, told_at(play)) == ("active", [2])


def test_why_names_the_cause_in_the_same_case_and_why_not_says_that_it_is_suppressed() -> None:
    play = town().play("""
        0 | b1/m1 power_lost!on | incident opened, alarm opened
        1 | b1/d1 battery=15    | incident opened, warning opened, warning suppressed
    """)
    alarm, warning = play.records("alarm")[-1], play.records("warning")[-1]
    case = CaseFile(incident=play.records("incident")[-1], alarms=(alarm,), warnings=(warning,), facts=tuple(play.facts))
    graph = why(case, warning.id)
    assert graph is not None
    assert (warning.id, alarm.id, "symptom_of") in [(edge.node_id, edge.because_of_id, edge.reason) for edge in graph.edges]
    book = play.engine._book
    assert of_watch(book, book.watch_of[warning.id], play.engine.now) == [("suppressed", "outage")]
