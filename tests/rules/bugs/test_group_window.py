"""Bug class "second occurrence or recovery lost in a group window" (hertzbeat#1277, #3904, #4160, #2201, #3757)."""

from tests.rules.rows.test_row_33_grouping import alarms_in, cool, desk, sent, warm


def test_a_flap_faster_than_the_interval_loses_no_occurrence_and_no_recovery() -> None:
    """hertzbeat#1277, #3904: seven alarms within the window, the last one over: one message says both."""
    play = desk(interval_s=300)
    for at_s in range(0, 70, 10):
        warm(play, at_s)
        cool(play, at_s + 5)
    play.advance(10_000)
    assert sent(play) == ["alarm_yellow_1 @0", "recovered_2 @300"]
    assert [alarms_in(notice) for notice in play.notifications] == [1, 6]


def test_a_recovery_that_falls_on_the_end_of_the_window_is_not_swallowed() -> None:
    """hertzbeat#4160: one millisecond before, at, and after the end."""
    for at_s in (299.999, 300, 300.001):
        play = desk(interval_s=300)
        warm(play, 0)
        cool(play, at_s)
        play.advance(10_000)
        assert sent(play) == ["alarm_yellow_1 @0", f"recovered_2 @{max(at_s, 300):g}"]


def test_a_recovery_is_told_once() -> None:
    """hertzbeat#2201: the end of one alarm after another ends one incident once."""
    play = desk(interval_s=300)
    warm(play, 0)
    warm(play, 1, device="d2")
    cool(play, 400)
    cool(play, 401, device="d2")
    cool(play, 900)
    cool(play, 901, device="d2")
    play.advance(10_000)
    assert [step.split("_")[0] for step in sent(play)] == ["alarm", "alarm", "recovered"]


def test_the_window_of_what_is_over_holds_up_nothing_new() -> None:
    """hertzbeat#3757: after a close the next incident has a window of its own."""
    play = desk(interval_s=300)
    warm(play, 0)
    cool(play, 5)
    play.act(10, "li", "close", "incident", verdict="real")
    warm(play, 20)
    assert [step.split("_")[0] for step in sent(play)] == ["alarm", "closed", "alarm"]
    assert play.notifications[-1].at == play.notifications[0].at + 20_000
