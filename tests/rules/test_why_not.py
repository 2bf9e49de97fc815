"""Why not: which rules looked, how near they were, what held them back; and that asking changes nothing."""

from dataclasses import replace
from typing import Any

import pytest

from rules import primitive as p
from rules import terms
from rules.definition import Aim, Hours, Inhibition, Key, Mode, Rule, RulePack
from rules.expression import compile_condition
from rules.model import Entity, OperatorAction, Resumed, Status, Verb
from rules.why_not import ObservedEngine
from rules.why_not_shape import Asked, RuleLook, WhyNot
from rules.why_not_words import HELD
from tests.rules.score import T0, Play, event, hazard, pack, rule, said, stage

HOT = p.Threshold(above=50, deadband=5)


class Look:
    """A play whose engine is observed, about the zone b1/u1 from its beginning to an hour later."""

    def __init__(self, *rules: Rule, asked: dict[str, Any] | None = None, **changes: Any) -> None:
        values: dict[str, Any] = {"zone": "b1/u1", "from_at": T0, "until_at": T0 + 3_600_000} | (asked or {})
        self.asked = Asked(**values)
        self.play = Play()
        self.pack = pack(*rules, **changes)
        self.play.engine = ObservedEngine(self.asked, pack=self.pack)

    def put(self, at_s: float, kind: str, value: float | str | None = None, **changes: Any) -> "Look":
        values: dict[str, Any] = {"id": f"{kind}-{at_s}", "zone": "b1/u1/0101"} | changes
        self.play.receive(event(values.pop("device", "d1"), kind, value, **values), at_s)
        return self

    def answer(self, at_s: float) -> WhyNot:
        self.play.advance(at_s)
        engine = self.play.engine
        assert isinstance(engine, ObservedEngine)
        return engine.answer(T0)

    def of(self, at_s: float, name: str = "r") -> RuleLook:
        return next(one for one in self.answer(at_s).rules if one.rule == name)


def hot(on: float = 0, test: p.Test = HOT, kinds: str = "temperature motion", **changes: Any) -> Rule:
    return rule("r", kinds, **({"alarms": (stage("red", test, on),)} | changes))


def words(found: RuleLook) -> list[str]:
    return [one.word for one in found.held]


class TestHowNear:
    def test_a_value_against_its_limit(self) -> None:
        found = Look(hot()).put(0, "temperature", 30.0).put(1, "temperature", 40.0).put(2, "temperature", 20.0).of(3)
        assert (found.look_count, found.share, words(found)) == (3, 0.8, ["below_limit"])
        assert found.nearest is not None
        assert (found.nearest.at, found.nearest.value, found.nearest.near[0].level) == (T0 + 1000, 40.0, "red")
        assert "40, wanted at least 50" in found.sentence.en
        assert "40（需不低于 50）" in found.sentence.zh
        assert "80 % of the way" in found.sentence.en

    @pytest.mark.parametrize(("value", "share"), [(10.0, 0.5), (0.0, 0.0), (-5.0, 0.0)])
    def test_a_lower_limit(self, value: float, share: float) -> None:
        cold = p.Threshold(below=5) if value > 0 else p.Threshold(above=50)
        assert Look(hot(test=cold)).put(0, "temperature", value).of(1).share == share

    def test_of_two_limits_the_nearer_one(self) -> None:
        band = p.Threshold(above=50, below=5)
        assert Look(hot(test=band)).put(0, "temperature", 40.0).of(1).share == 0.8
        assert Look(hot(test=band)).put(0, "temperature", 10.0).of(1).share == 0.5

    def test_a_delay_of_which_a_part_has_run(self) -> None:
        found = Look(hot(on=60)).put(0, "temperature", 60.0).of(30)
        assert found.last is not None
        assert found.last.near[0].share == 0.75
        assert found.last.near[0].is_true
        assert "for 30 s of 1 min" in found.last.near[0].sentence.en
        assert words(found) == ["delay_running"]

    def test_a_delay_that_stands_still(self) -> None:
        look = Look(hot(on=7200), asked={"until_at": T0 + 20_000_000}).put(0, "temperature", 60.0).put(60, "temperature", 60.0)
        found = look.of(15_000)
        assert found.last is not None
        assert "61 min of 2 h" in found.last.near[0].sentence.en
        assert "delay_stale" in words(found)

    def test_a_delay_that_was_broken_off(self) -> None:
        look = Look(hot(on=60)).put(0, "temperature", 60.0).put(59, "temperature", 20.0)
        found = look.of(100)
        assert {"delay_broken", "delay_running"} <= set(words(found))
        assert found.spoken == ()

    def test_a_count(self) -> None:
        often = p.Count(of=p.StateIs(states=("on",)), count=3, within_s=60)
        found = Look(hot(test=often)).put(0, "motion", "on").put(1, "motion", "on").of(2)
        assert (round(found.share, 2), "2 of 3 within 1 min" in found.sentence.en) == (0.67, True)

    def test_a_silence(self) -> None:
        found = Look(hot(test=p.Silence(for_s=100))).put(0, "motion", "on").of(40)
        assert (found.share, "silent for 40 s of" in found.sentence.en) == (0.4, True)

    def test_a_silence_that_nobody_watches(self) -> None:
        away = compile_condition("state == 'away'")
        look = Look(hot(test=p.Silence(for_s=100), unwatch=away)).put(0, "motion", "on").put(1, "motion", "away")
        assert look.of(40).last is not None
        assert "not watched" in look.of(40).last.near[0].sentence.en  # type: ignore[union-attr]

    def test_a_rate(self) -> None:
        rate = Look(hot(test=p.Rate(above=10, window_s=60))).put(0, "temperature", 20.0).put(60, "temperature", 25.0)
        assert rate.of(61).share == 0.5

    def test_a_forecast(self) -> None:
        look = Look(hot(on=900, test=p.Forecast(above=50, in_s=600, window_s=60)), asked={"until_at": T0 + 100_000})
        look.put(0, "temperature", 20.0)
        assert "does not reach the limit" in look.of(1).sentence.en
        for second in range(10, 101, 10):
            look.put(second, "temperature", 20 + second / 10)
        found = look.of(101).last
        assert found is not None
        assert "wanted within 10 min" in found.near[0].sentence.en
        assert found.near[0].is_true

    def test_a_state(self) -> None:
        found = Look(hot(test=p.StateIs(states=("open",)), kinds="opening")).put(0, "opening", "closed").of(1)
        assert "is closed, wanted open" in found.sentence.en
        assert found.share == 0

    def test_a_combination_that_is_not_known(self) -> None:
        both = terms.Combination(
            of=terms.All(of=(terms.Term(kind="temperature", test=HOT), terms.Term(kind="motion", test=p.StateIs(states=("on",)))))
        )
        found = Look(hot(test=both)).put(0, "temperature", 60.0).of(1)
        assert "is not known" in found.sentence.en

    def test_sources_that_agree(self) -> None:
        two = terms.Agreement(of=(terms.Term(kind="motion", test=p.StateIs(states=("on",))),), count=2, within_s=60)
        found = Look(hot(test=two, key=Key.BUILDING)).put(0, "motion", "on").of(1)
        assert (found.share, "1 of 2" in found.sentence.en) == (0.5, True)

    def test_any_other_test_says_whether_it_holds(self) -> None:
        found = Look(hot(test=p.Stuck(for_s=60))).put(0, "temperature", 20.0).of(1)
        assert "does not hold" in found.sentence.en


class TestWhatHeldItBack:
    def test_its_condition(self) -> None:
        found = Look(hot(guard=compile_condition("confidence > 0.5"), guard_text="confidence > 0.5"))
        found.put(0, "temperature", 60.0, confidence=0.1)
        assert words(found.of(1)) == ["guard_false"]
        assert "confidence > 0.5" in found.of(1).sentence.en

    def test_a_condition_that_cannot_be_judged(self) -> None:
        look = Look(hot(guard=compile_condition("attributes.floor > 2.0"), guard_text="attributes.floor > 2.0"))
        found = look.put(0, "temperature", 60.0).of(1)
        assert words(found) == ["guard_unjudged"]
        assert "floor" in found.sentence.en

    def test_hours(self) -> None:
        look = Look(hot(hours=Hours(start_minute=0, end_minute=60)))
        assert "outside_hours" in words(look.put(0, "temperature", 60.0).of(1))

    @pytest.mark.parametrize(
        ("changes", "word", "detail"),
        [({"modes": ("armed",)}, "mode_missing", "armed"), ({"not_modes": ("away",)}, "mode_holds", "away")],
    )
    def test_a_mode_of_the_rule_or_of_its_only_stage(self, changes: dict[str, Any], word: str, detail: str) -> None:
        for entry in (hot(**changes), hot(alarms=(replace(stage("red", HOT), **changes),))):
            look = Look(entry)
            look.play.receive(_mode("away"), 0)
            found = look.put(1, "temperature", 60.0).of(2)
            assert word in words(found)
            assert detail in found.sentence.en

    def test_a_stage_that_may_speak_is_not_held_back_by_another_ones_mode(self) -> None:
        stages = (replace(stage("yellow", HOT), modes=("armed",)), stage("red", p.Threshold(above=90)))
        assert words(Look(hot(alarms=stages)).put(0, "temperature", 40.0).of(1)) == ["below_limit"]
        assert words(Look(hot(alarms=stages)).put(0, "temperature", 60.0).of(1)) == ["mode_missing"]

    def test_a_shelf_with_who_and_why(self) -> None:
        look = Look(hot()).put(0, "temperature", 60.0)
        look.play.act(1, "li", "shelve", "alarm", reason="welding", for_s=3000.0)
        found = look.put(2, "temperature", 61.0).of(3)
        assert "shelved" in words(found)
        assert "li: welding" in found.sentence.en or found.spoken

    def test_an_inhibition(self) -> None:
        cut = rule("cut", "power", hazard="power", alarms=(stage("orange", p.StateIs(states=("off",))),))
        quiet = Inhibition(id="no-power", title=said("q"), source=Aim(hazard="power"), target=Aim(rule="r"))
        look = Look(hot(), cut, hazards=(hazard("power"),), inhibitions=(quiet,))
        look.put(0, "power", "off", device="p1").put(1, "temperature", 60.0).put(2, "temperature", 61.0)
        found = look.of(3)
        assert "suppressed" in words(found)

    def test_what_speaks_already_and_what_was_closed_over_a_condition(self) -> None:
        look = Look(hot()).put(0, "temperature", 60.0).put(1, "temperature", 61.0)
        assert "speaking_already" in words(look.of(2))
        look.play.act(2, "li", "close", "incident", verdict="false")
        assert "muted" in words(look.put(3, "temperature", 62.0).of(4))

    def test_an_event_without_a_value_and_an_exercise(self) -> None:
        assert words(Look(hot()).put(0, "temperature").of(1)) == ["no_value"]
        look = Look(hot(test=p.Silence(for_s=9000))).put(0, "motion", "on", status=Status.EXERCISE)
        assert words(look.of(1)) == ["exercise"]

    def test_no_room(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("rules.watch.WATCHES_MAX", 0)
        look = Look(hot(test=p.Rate(above=8, window_s=60))).put(0, "temperature", 20.0)
        assert words(look.of(1)) == ["no_room"]


class TestWhatNoRuleWasShown:
    def test_each_reason_is_counted_and_said(self) -> None:
        look = Look(hot(), hazards=(hazard("fire", late_max_s=60),))
        look.put(0, "temperature", 60.0, status=Status.TEST)
        look.put(1, "temperature", 60.0, is_retained=True)
        look.put(2, "temperature", 60.0, occurred_at=T0 - 100_000)
        look.put(3, "temperature", 9000.0)
        look.put(4, "temperature", 20.0, id="twice").put(5, "temperature", 20.0, id="twice")
        look.play.receive(Resumed(id="x", deaf_since_at=T0 + 6000), 7)
        found = look.answer(8)
        assert {one.word for one in found.unseen} == {
            "test_only",
            "retained",
            "too_late",
            "value_impossible",
            "duplicate",
            "deaf",
        }
        assert found.event_count == 6
        assert "not looked at" in found.sentence.en

    def test_what_is_too_late_for_one_rule_is_not_for_another(self) -> None:
        other = rule("patient", "temperature", hazard="slow", alarms=(stage("red", HOT),))
        look = Look(hot(), other, hazards=(hazard("fire", late_max_s=60), hazard("slow", late_max_s=6000)))
        look.put(0, "temperature", 60.0, occurred_at=T0 - 100_000)
        assert words(look.of(1)) == ["too_late"]
        assert look.of(1, "patient").spoken

    def test_a_place_that_said_nothing(self) -> None:
        found = Look(hot()).put(0, "temperature", 20.0, zone="b2").answer(1)
        assert (found.event_count, found.rules, found.quiet_rules, found.last_heard_at) == (0, (), ("r",), None)
        assert "no event came" in found.sentence.en
        assert "没有收到任何事件" in found.sentence.zh

    def test_a_device_that_was_heard_before(self) -> None:
        look = Look(hot(), asked={"device": "d1", "zone": "", "from_at": T0 + 10_000})
        found = look.put(0, "temperature", 60.0).put(11, "temperature", 20.0, device="d2").answer(20)
        assert (found.event_count, found.last_heard_at) == (0, T0)


class TestWhatSpoke:
    def test_it_is_said_first_and_once(self) -> None:
        calm = rule("calm", "temperature", alarms=(stage("red", p.Threshold(above=500)),))
        look = Look(hot(on=5), calm).put(0, "temperature", 60.0)
        look.play.receive(event("d9", "temperature", 20.0, id="z", zone="b9"), 9)
        found = look.answer(10)
        assert [one.rule for one in found.rules] == ["r", "calm"]
        assert [(one.at, one.transition) for one in found.rules[0].spoken] == [(T0 + 5000, "opened")]
        assert "it spoke" in found.rules[0].sentence.en
        assert "1 spoke" in found.sentence.en
        assert "“calm” came nearest (12 %)" in found.sentence.en

    def test_what_it_said_elsewhere_or_at_another_time_is_not(self) -> None:
        look = (
            Look(hot(), asked={"from_at": T0 + 10_000})
            .put(0, "temperature", 60.0)
            .put(11, "temperature", 60.0, zone="b2", device="d2")
        )
        assert look.of(20).spoken == ()

    def test_a_rule_by_building_speaks_for_the_flats_in_it(self) -> None:
        look = Look(hot(key=Key.BUILDING)).put(0, "temperature", 60.0)
        assert look.of(1).spoken


class TestWhatIsAsked:
    def test_what_stands_nowhere_is_not_here_unless_its_rule_watches_the_whole_community(self) -> None:
        look = Look(hot()).put(0, "temperature", 60.0, zone="").put(1, "temperature", 20.0, device="d2")
        assert look.of(2).spoken == (), "of a device without a zone nobody knows that it is here"
        wide = Look(hot(key=Key.COMMUNITY)).put(0, "temperature", 60.0, zone="").of(1)
        assert [one.transition for one in wide.spoken] == ["opened"]
        assert words(wide) == ["speaking_already"]

    def test_one_rule(self) -> None:
        other = rule("other", "temperature", alarms=(stage("red", HOT),))
        found = Look(hot(), other, asked={"rule": "other"}).put(0, "temperature", 60.0).answer(1)
        assert [one.rule for one in found.rules] == ["other"]
        assert found.quiet_rules == ()

    def test_one_community(self) -> None:
        look = Look(hot(), asked={"community": "c2"}).put(0, "temperature", 60.0)
        assert look.answer(1).event_count == 0
        assert look.answer(1).rules == ()

    @pytest.mark.parametrize(
        ("changes", "kind", "is_near"),
        [
            ({"zone": "b1/u9"}, "temperature", True),
            ({"zone": ""}, "temperature", True),
            ({"zone": "b2"}, "temperature", False),
            ({"zone": "b2"}, "humidity", True),  # a rule looks at it by community
            ({"zone": "b2"}, "occupancy", True),  # it switches a mode
            ({"zone": "b1", "community": "c2"}, "temperature", False),
        ],
    )
    def test_only_what_may_matter_need_be_replayed(self, changes: dict[str, Any], kind: str, is_near: bool) -> None:
        wide = rule("wide", "humidity", key=Key.COMMUNITY, alarms=(stage("red", HOT),))
        mode = Mode(id="busy", title=said("busy"), kinds=("occupancy",))
        engine = ObservedEngine(
            Asked(zone="b1", from_at=T0, until_at=T0, community="c1"), pack=pack(hot(), wide, modes={"busy": mode})
        )
        value: float | str = "on" if kind == "occupancy" else 1.0
        assert engine.is_near(event("d", kind, value, **changes)) is is_near
        assert engine.is_near(Resumed(id="r", deaf_since_at=0))


def test_asking_changes_nothing() -> None:
    """The observed chain tells the same, byte for byte, and saves the same."""
    entry: RulePack = pack(hot(on=5), rule("s", "motion", alarms=(stage("red", p.Silence(for_s=60)),)))
    plain, observed = Play(entry), Play(entry)
    observed.engine = ObservedEngine(Asked(zone="", from_at=0, until_at=T0 * 2), pack=entry)
    for play in (plain, observed):
        for second in range(100):
            value = 60.0 if second % 20 < 10 else 20.0
            play.receive(event("d1", "temperature", value, id=f"e{second}", zone="b1"), second)
        play.receive(event("d2", "motion", "on", id="m", zone="b1"), 100)
        play.advance(1000)
    assert plain.text() == observed.text()
    assert plain.engine.take_changes() == observed.engine.take_changes()


def test_every_word_is_said_in_both_languages() -> None:
    assert all(one.zh and one.en for one in HELD.values())


def _mode(name: str) -> OperatorAction:
    return OperatorAction(
        id=f"mode-{name}",
        community="c1",
        actor="li",
        verb=Verb.SET_MODE,
        entity=Entity.ZONE,
        entity_id="b1",
        arguments={"mode": name, "is_on": True},
    )
