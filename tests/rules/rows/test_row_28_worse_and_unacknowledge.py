"""Row 28: worse asks for attention again; and an acknowledgement can be taken back, of an alarm and of an incident."""

from rules import definition as d
from rules import primitive as p
from tests.rules.score import Play, pack, rule, said, stage

GAS = rule("gas", "methane", alarms=(stage("yellow", p.Threshold(above=10)), stage("red", p.Threshold(above=20))), plan="p")
PLAN = d.Plan(
    id="p",
    title=said("plan"),
    clocks=(d.Target(name="acknowledged", within_s=60),),
    escalations=(d.Escalation(at_share=1.0, notify=("boss",)),),
)


def town() -> Play:
    return Play(pack(GAS, plans=(PLAN,), parties=("boss",)))


def test_worse_rings_again_and_asks_for_an_acknowledgement_again() -> None:
    play = town().play("""
        0  | d1 methane=15           | incident opened, alarm opened yellow
        1  | li acknowledge incident | alarm acknowledged, incident acknowledged
        2  | d1 methane=25           | alarm level_changed red, incident level_changed red
        62 |                         | incident deadline_missed, incident escalated
    """)
    assert (play.records("alarm")[-1].state, play.records("alarm")[-1].acknowledged_by) == ("unacknowledged", "")
    assert play.notices == ["acknowledged_100_2 → boss"]


def test_the_story_tells_from_where_the_case_went_when_it_got_worse() -> None:
    play = town().play("""
        0  | d1 methane=15           | incident opened, alarm opened yellow
        1  | li acknowledge incident | alarm acknowledged, incident acknowledged
        2  | d1 methane=25           | alarm level_changed red, incident level_changed red
    """)
    worse = play.last("incident")
    assert (worse.from_state, worse.to_state) == ("acknowledged", "open")


def test_an_alarm_that_comes_back_from_the_shelf_asks_again_and_the_story_tells_it() -> None:
    play = town().play("""
        0  | b1/d1 methane=15 | incident opened, alarm opened
        1  | b1/d2 methane=15 | alarm opened
    """)
    assert play.act(2, "li", "shelve", "alarm", for_s=60, reason="works").is_accepted
    play.play("""
        3  | li acknowledge incident | alarm acknowledged, incident acknowledged
        62 |                         | alarm unshelved, incident unacknowledged
    """)
    again = play.last("incident")
    assert (again.from_state, again.to_state, again.reason) == ("acknowledged", "open", play.last("alarm").reason)
    assert again.sentence.en.startswith("it alarms again, and is to be acknowledged anew")
    assert again.sentence.zh.startswith("再次报警，需重新确认")


def test_milder_does_not() -> None:
    play = town().play("""
        0 | d1 methane=25           | incident opened, alarm opened red
        1 | li acknowledge incident | alarm acknowledged, incident acknowledged
        2 | d1 methane=15           | alarm level_changed yellow
    """)
    assert play.records("alarm")[-1].state == "acknowledged"


def test_an_acknowledgement_of_an_alarm_is_taken_back_and_the_clock_starts_anew_to_the_millisecond() -> None:
    play = town().play("""
        0      | d1 methane=15           | incident opened, alarm opened
        1      | li acknowledge alarm    | alarm acknowledged, incident acknowledged
        9      | wu unacknowledge alarm  | alarm unacknowledged, incident unacknowledged
        68.999 |                         |
        69     |                         | incident deadline_missed, incident escalated
        70     | wu acknowledge alarm    | alarm acknowledged, incident acknowledged
    """)
    waiting = [alarm for alarm in play.records("alarm") if alarm.state == "unacknowledged"][-1]
    assert waiting.acknowledged_by == ""
    assert play.last("alarm").actor == "wu"


def test_of_an_incident_it_is_that_of_all_its_alarms() -> None:
    play = town().play("""
        0 | b1/d1 methane=15          | incident opened, alarm opened
        1 | b1/d2 methane=15          | alarm opened
        2 | li acknowledge incident   | alarm acknowledged, alarm acknowledged, incident acknowledged
        3 | li unacknowledge incident | alarm unacknowledged, alarm unacknowledged, incident unacknowledged
    """)
    assert play.records("incident")[-1].state == "open"
    refusal = play.act(4, "li", "unacknowledge", "incident")
    assert (refusal.is_accepted, refusal.reason) == (False, "illegal_now")
    assert "unacknowledge" not in refusal.sentence.en.partition("legal now")[2]
    assert play.act(5, "li", "unacknowledge", "alarm").reason == "illegal_now"


def test_while_somebody_is_on_the_way_the_case_is_still_being_handled_and_a_latched_alarm_waits_latched() -> None:
    latching = rule("gas", "methane", alarms=(stage("red", p.Threshold(above=10)),), is_latching=True)
    play = Play(pack(latching)).play("""
        0 | d1 methane=15          | incident opened, alarm opened
        1 | d1 methane=0           | alarm cleared
        2 | li acknowledge alarm   | alarm acknowledged, incident acknowledged
        3 | li unacknowledge alarm | alarm unacknowledged, incident unacknowledged
    """)
    assert play.records("alarm")[-1].state == "latched_unacknowledged"


def test_an_alarm_alone_may_wait_again_in_a_case_that_nobody_had() -> None:
    """The case was asked again because it got worse; the other alarm's acknowledgement is taken back by itself."""
    town().play("""
        0 | b1/d1 methane=15        | incident opened yellow, alarm opened yellow
        1 | li acknowledge incident | alarm acknowledged, incident acknowledged
        2 | b1/d2 methane=25        | incident level_changed red, alarm opened red
        3 | li acknowledge alarm    | alarm acknowledged, incident acknowledged
        4 | b1/d1 methane=25        | alarm level_changed red
        5 | li unacknowledge incident | alarm unacknowledged, incident unacknowledged
    """)


def test_taken_back_where_the_case_waits_already_only_the_alarm_changes() -> None:
    play = town().play("""
        0 | b1/d1 methane=15        | incident opened yellow, alarm opened yellow
        1 | li acknowledge incident | alarm acknowledged, incident acknowledged
        2 | b1/d2 methane=25        | incident level_changed red, alarm opened red
    """)
    first = play.records("alarm")[0].id
    assert play.act(3, "li", "unacknowledge", first).is_accepted
    assert [fact.transition for fact in play.facts[-1:]] == ["unacknowledged"]
    assert play.last("incident").transition == "level_changed"


def test_after_it_was_taken_back_the_same_people_are_called_once_more() -> None:
    play = town().play("""
        0   | b1/d1 methane=15          | incident opened, alarm opened
        60  |                           | incident deadline_missed, incident escalated
        61  | li acknowledge incident   | alarm acknowledged, incident acknowledged
        62  | li unacknowledge incident | alarm unacknowledged, incident unacknowledged
        122 |                           | incident deadline_missed, incident escalated
    """)
    assert play.notices == ["acknowledged_100_1 → boss", "acknowledged_100_2 → boss"]
