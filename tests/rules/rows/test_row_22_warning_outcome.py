"""Row 22: each warning ends in exactly one outcome; the lead time is kept; an alarm that no warning preceded is a miss."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import primitive as p
from rules.model import Alarm, Incident
from tests.rules.score import Play, event, pack, rule, stage

HOT = rule(
    "hot",
    "temperature",
    warnings=(stage("blue", p.Threshold(above=30), on=3), stage("yellow", p.Threshold(above=40))),
    alarms=(stage("red", p.Threshold(above=60), off=5),),
    warning_expires_s=40.0,
)
OUTCOMES = ("materialised", "cancelled", "expired")


def last_alarm(play: Play) -> Alarm:
    found: Alarm = play.records("alarm")[-1]
    return found


def test_come_true_with_its_lead_time_on_the_alarm_and_the_incident() -> None:
    play = Play(pack(HOT)).play("""
        0    | b1/d1 temperature=45 | incident opened, warning opened yellow
        12.5 | b1/d1 temperature=70 | incident alarmed, alarm opened red, warning materialised
    """)
    incident: Incident = play.records("incident")[-1]
    assert (last_alarm(play).lead_time_s, last_alarm(play).is_unwarned, incident.lead_time_s) == (12.5, False, 12.5)


def test_an_alarm_without_a_warning_is_a_miss_of_its_class() -> None:
    play = Play(pack(HOT)).play("0 | b1/d1 temperature=70 | incident opened, alarm opened")
    assert (last_alarm(play).lead_time_s, last_alarm(play).is_unwarned) == (None, True)


def test_a_warning_that_was_over_before_warned_of_something_else() -> None:
    play = Play(pack(HOT)).play("""
        0   | b1/d1 temperature=45 | incident opened, warning opened
        10  | b1/d2 temperature=45 | warning opened
        20  | b1/d1 temperature=20 | warning cancelled
        50  |                      | warning expired, incident closed
        100 | b1/d1 temperature=70 | incident opened, alarm opened
    """)
    assert last_alarm(play).is_unwarned


def test_the_second_alarm_of_a_warned_incident_was_warned_of_too_and_after_recovery_it_was_not() -> None:
    play = Play(pack(HOT)).play("""
        0  | b1/d1 temperature=45 | incident opened, warning opened
        10 | b1/d1 temperature=70 | incident alarmed, alarm opened, warning materialised
        30 | b1/d2 temperature=70 | alarm opened
    """)
    assert (last_alarm(play).lead_time_s, last_alarm(play).is_unwarned) == (30.0, False)
    play.play("""
        40  | b1/d1 temperature=20    |
        41  | b1/d2 temperature=20    |
        46  |                         | alarm cleared @45, alarm cleared, incident recovered
        47  | li acknowledge incident | alarm acknowledged, alarm acknowledged, incident acknowledged
        200 | b1/d1 temperature=70    | incident reopened, alarm opened
    """)
    assert (last_alarm(play).lead_time_s, last_alarm(play).is_unwarned) == (None, True)


def test_expiry_is_to_the_millisecond() -> None:
    Play(pack(HOT)).play("""
        0      | b1/d1 temperature=45 | incident opened, warning opened
        39.999 |                      |
        40     |                      | warning expired, incident closed
    """)


READINGS = st.lists(
    st.tuples(
        st.sampled_from([0.001, 1.0, 2.999, 3.0, 7.0, 39.999, 40.0, 41.0]),
        st.sampled_from(["d1", "d2"]),
        st.sampled_from([10.0, 35.0, 45.0, 70.0, None]),
    ),
    max_size=40,
)


@settings(max_examples=200, deadline=None)
@given(readings=READINGS)
def test_whatever_is_read_each_warning_ends_in_exactly_one_outcome(readings: list[tuple[float, str, float | None]]) -> None:
    play = Play(pack(HOT))
    at_s = 0.0
    for number, (gap_s, device, value) in enumerate(readings):
        at_s += gap_s
        play.receive(event(device, "temperature", value, id=f"e{number}", zone="b1"), at_s)
    play.advance(at_s + 200)  # past every delay, worsening and expiry
    told = [fact for fact in play.facts if fact.entity == "warning"]
    opened = [fact.entity_id for fact in told if fact.transition == "opened"]
    ended = [fact.entity_id for fact in told if fact.transition in OUTCOMES]
    assert sorted(ended) == sorted(opened)
    records = {warning.id: warning for warning in play.records("warning")}
    assert all(warning.state in OUTCOMES and warning.ended_at is not None for warning in records.values())
    for warning in records.values():
        story = [fact.transition for fact in told if fact.entity_id == warning.id]
        assert story[0] == "opened"
        assert story[-1] in OUTCOMES
    for alarm in play.records("alarm"):
        assert alarm.is_unwarned is (alarm.lead_time_s is None)
        assert alarm.lead_time_s is None or alarm.lead_time_s >= 0
