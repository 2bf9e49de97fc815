"""The desk of a backtest: the same steps at the same times, and nothing stands in the way of what happens next."""

from pathlib import Path

from rules.definition import RulePack
from rules.model import Verb
from rules.pack import read_pack
from simulator.judge.desk import Desk
from simulator.judge.play import play
from simulator.real_sets.labelled import event
from simulator.recording import Recorded
from simulator.virtual import facts
from tests.simulator.judge.played import at_s, reading

PACK = Path(__file__).resolve().parents[3] / "rules" / "packs" / "community.yaml"


def shipped() -> RulePack:
    return read_pack(PACK.read_text(encoding="utf-8"), str(PACK))


def calls(*seconds: float) -> list[Recorded]:
    said = '"kind":"report","state":"on","zone":"b01","attributes":{"urgency":"urgent"}'
    return [event(at_s(second), "c01", "internet/alarm", "telephone", f'"id":"r-{second}",{said}') for second in seconds]


def test_a_second_call_from_the_same_place_hours_later_is_a_new_one() -> None:
    reached = play(calls(0, 7200), shipped(), "c01").reached
    assert [(one.stage, one.at) for one in reached if one.stage != "warning"] == [
        ("alarm", at_s(0)),
        ("dispatch", at_s(0)),
        ("alarm", at_s(7200)),
        ("dispatch", at_s(7200)),
    ]


def test_a_case_is_quiet_for_half_an_hour_before_it_is_closed() -> None:
    assert len([one for one in play(calls(0, 1800), shipped(), "c01").reached if one.stage == "alarm"]) == 1


def test_a_danger_that_still_stands_is_not_closed_away() -> None:
    lines = [reading(minute * 60, 80) for minute in range(300)]
    reached = play(lines, shipped(), "c01").reached
    assert len([one for one in reached if one.stage == "alarm" and one.rule == "temperature"]) == 1


def test_nobody_closes_a_power_cut_while_it_is_dark() -> None:
    """Closed, it would explain no longer why the devices are silent."""
    said = '"kind":"power_lost","zone":"b01"'
    told = {
        minute: event(at_s(minute * 60), "c01", "iot/alarm", "meter-b01", f'"id":"p-{minute}",{said},"state":"{state}"')
        for minute, state in ((0, "on"), (180, "off"))
    }
    lines = [told.get(minute) or reading(minute * 60, 21) for minute in range(240)]
    desk = Desk()
    for fact in facts(lines[:120], shipped()):
        desk.notice(fact)
    desk.due(at_s(120))  # what people do at once
    assert not [action for action in desk.due(at_s(179 * 60)) if action.verb is Verb.CLOSE]
    for fact in facts(lines, shipped()):
        desk.notice(fact)
    assert [action for action in desk.due(at_s(239 * 60)) if action.verb is Verb.CLOSE]
