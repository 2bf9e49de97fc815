"""What another pack would mean is said before it is activated, and then comes true; asking changes nothing."""

from dataclasses import replace

from rules import definition as d
from rules import primitive as p
from rules.canonical import to_json
from tests.rules.bugs.test_rule_edit_leaves_no_ghost import DOOR, FIRING, HOT, LOST, Edited, with_alarms
from tests.rules.score import Play, stage


def fates(edited: Edited, *rules: d.Rule, without: str = "") -> list[tuple[str, str]]:
    """What is said of these rules: entity and fate. Nothing that the chain would save is touched by asking."""
    book = edited.play.engine._book
    state = to_json([list(book.alarms.values()), list(book.warnings.values()), sorted(book.timers._live)])
    known = dict(edited.rules)
    edited.rules |= {one.id: one for one in rules}
    edited.rules.pop(without, None)
    said = edited.play.engine.preview(edited.pack())
    edited.rules = known
    assert to_json([list(book.alarms.values()), list(book.warnings.values()), sorted(book.timers._live)]) == state
    return [(one.entity, one.what) for one in said]


def firing(*others: d.Rule) -> Edited:
    edited = Edited(HOT, *others)
    edited.play.play(FIRING)
    return edited


def test_a_corrected_title_keeps_what_is_open() -> None:
    assert fates(firing(), replace(HOT, source="other")) == [("alarm", "keeps")]


def test_an_edit_that_ends_or_changes_an_alarm_says_so() -> None:
    edited = firing()
    assert fates(edited, replace(HOT, alarms=())) == [("alarm", "ends")]
    assert fates(edited, without="hot") == [("alarm", "ends")]
    assert fates(edited, replace(HOT, key=d.Key.ZONE)) == [("alarm", "ends")]
    red = with_alarms(HOT, stage("red", p.Threshold(above=57, deadband=3), on=5, off=20))
    assert fates(edited, red) == [("alarm", "level_changes")]
    (said,) = edited.play.engine.preview(Edited(red).pack())
    assert (said.sentence.zh, said.sentence.en) == ("c1 b1 d1 hot（中）报警：改为红色", "c1 b1 d1 hot alarm: becomes red")


def test_what_is_pending_and_would_be_raised_at_once_is_said() -> None:
    edited = Edited(HOT, DOOR, LOST)
    edited.play.play("0 | b1/d1 temperature=60 |")
    edited.play.play("1 | b1/d2 motion:on |")
    quicker = with_alarms(HOT, stage("orange", p.Threshold(above=57, deadband=3), on=0, off=20))
    assert fates(edited, quicker) == [("alarm", "raised")]
    assert fates(edited, HOT) == []


def test_a_warning_whose_stage_goes_is_said_to_end() -> None:
    edited = Edited(HOT)
    edited.play.play("""
        0  | b1/d1 temperature=50 |
        10 |                      | incident opened, warning opened yellow
    """)
    assert fates(edited, replace(HOT, warnings=())) == [("warning", "ends")]


def test_without_a_pack_nothing_is_open() -> None:
    assert Play().engine.preview(Edited(HOT).pack()) == ()
