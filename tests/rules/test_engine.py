"""The engine as its callers see it: time, timers, guards, packs, reports, and what it counts."""

from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.effects import RecordRejection
from rules.engine import Engine, TimerStoppedError, TimeWentBackError
from rules.expression import ConditionError
from rules.model import DeliveryReport, Event, PackActivation, Rejected, Sentence, SetAside
from tests.rules.score import T0, Play, event, hazard, pack, rule, said, stage

HOT = rule(
    "hot", "temperature", warnings=(stage("yellow", p.Threshold(above=45), on=5),), alarms=(stage("red", p.Threshold(above=57)),)
)


class TestTime:
    def test_it_never_goes_back(self) -> None:
        engine = Engine(pack=pack(HOT))
        engine.advance(T0)
        with pytest.raises(TimeWentBackError, match="from 1767225600000 to 1767225599999"):
            engine.advance(T0 - 1)
        with pytest.raises(TimeWentBackError):
            engine.receive(event("d1", "temperature", 1.0), T0 - 1)
        assert engine.now == T0

    def test_without_a_pack_nothing_is_decided(self) -> None:
        engine = Engine()
        assert engine.receive(event("d1", "temperature", 99.0), T0) == ()
        assert (engine.pack, engine.next_deadline()) == (None, None)

    def test_timers_fire_in_the_order_of_deadline_and_id(self) -> None:
        two = tuple(
            [
                rule(name, "temperature", alarms=(stage("red", p.Threshold(above=57), on=on),))
                for name, on in (("b", 30), ("a", 30), ("c", 10))
            ]
        )
        play = Play(pack(*two)).play("""
            0  | d1 temperature=60 |
            60 |                   | incident opened @10, alarm opened @10, alarm opened @30, alarm opened @30
        """)
        assert [fact.rule for fact in play.facts if fact.entity == "alarm"] == ["c", "a", "b"]

    def test_extra_ticks_change_nothing(self) -> None:
        score = "0 | d1 temperature=50 | \n 3 | d1 temperature=60 | incident opened, alarm opened"
        calm, nervous = Play(pack(HOT)), Play(pack(HOT))
        calm.play(score)
        nervous.advance(-100)
        nervous.play("0 | d1 temperature=50 |")
        for tick in range(3000):
            nervous.advance(tick / 1000)
        nervous.effects.clear()
        nervous._number = 1
        nervous.play("3 | d1 temperature=60 | incident opened, alarm opened")
        assert nervous.text() == calm.text()

    def test_the_next_deadline_is_when_something_happens(self) -> None:
        play = Play(pack(HOT)).play("0 | d1 temperature=50 |")
        assert play.engine.next_deadline() == T0 + 5000
        play.play("5 | | incident opened, warning opened")
        assert play.engine.next_deadline() == T0 + 5000 + 3_600_000
        play.play("6 | d1 temperature=1 | warning cancelled, incident closed")
        assert play.engine.next_deadline() is None


class TestGuards:
    def guarded(self, guard: d.Guard) -> Play:
        return Play(pack(rule("hot", "temperature", alarms=(stage("red", p.Threshold(above=57)),), guard=guard)))

    def test_false_is_not_seen_neither_to_raise_nor_to_clear(self) -> None:
        play = self.guarded(lambda seen: seen.confidence >= 0.7)
        play.play("0 | d1 temperature=60 |", confidence=0.69)
        play.play("1 | d1 temperature=60 | incident opened, alarm opened", confidence=0.7)
        play.play("2 | d1 temperature=20 |", confidence=0.1)

    def test_a_condition_that_cannot_be_judged_is_counted_for_its_rule_and_stops_nothing(self) -> None:
        def broken(seen: Event) -> bool:
            raise ConditionError("attributes.score > 1.0", seen.id, "no such key")

        play = self.guarded(broken).play("0 | d1 temperature=60 | pack unjudged")
        counts = play.engine.counts
        assert (counts["events"], counts["rule.hot.seen"], counts["rule.hot.errors"], counts["rule.hot.watches"]) == (1, 1, 1, 0)

    def test_what_crosses_nothing_does_not_even_ask(self) -> None:
        play = self.guarded(lambda seen: True).play("0 | d1 temperature=20 |")
        assert play.engine.counts["rule.hot.seen"] == 0


def activation(text: str, version: str = "2") -> PackActivation:
    return PackActivation(id=f"act-{text}", pack="test", version=version, digest=version, text=text, actor="li")


class TestActivation:
    OTHER = rule("wet", "water_level", hazard="flood", alarms=(stage("red", p.Threshold(above=9)),))

    def started(self, *rules: d.Rule) -> Play:
        return Play(pack(*(rules or (HOT, self.OTHER)), hazards=(hazard("flood"),)))

    def test_a_rule_with_the_same_digest_goes_on_and_a_removed_one_ends(self) -> None:
        play = self.started().play("""
            0 | b1/d1 temperature=50 |
            1 | b2/d2 temperature=60 | incident opened, alarm opened
            2 | b3/d3 water_level=10 | incident opened, alarm opened
        """)
        play.packs["new"] = pack(HOT, version="2")
        play.receive(activation("new"), 3)
        told = [(fact.entity, fact.transition, fact.reason) for fact in play.facts[4:]]
        assert told == [
            ("alarm", "cleared", "rule_removed"),
            ("incident", "recovered", "rule_removed"),
            ("pack", "activated", "pack_activated"),
        ]
        assert (play.last("pack").actor, play.last("pack").value) == ("li", "2")
        assert "wet" in play.last("pack").sentence.en
        play.play("5 | | incident opened, warning opened")
        assert play.records("warning")[-1].pack_version == "2"
        assert play.engine.pack is play.packs["new"]

    def test_a_warning_of_a_changed_rule_goes_on_at_its_new_level(self) -> None:
        warn = rule("hot", "temperature", warnings=(stage("blue", p.Threshold(above=45)),), digest="1")
        play = self.started(warn).play("0 | b1/d1 temperature=50 | incident opened, warning opened blue")
        changed = rule("hot", "temperature", warnings=(stage("yellow", p.Threshold(above=40)),), digest="2")
        play.packs["new"] = pack(changed, version="2")
        play.receive(activation("new"), 1)
        assert [fact.transition for fact in play.facts[2:]] == ["level_changed", "level_changed", "activated"]
        play.play("2 | b1/d1 temperature=39 | warning cancelled yellow, incident closed")

    def test_an_acknowledged_alarm_of_a_removed_rule_ends_and_an_unseen_one_waits(self) -> None:
        play = self.started().play("""
            0 | b1/d1 temperature=60   | incident opened, alarm opened
            1 | li acknowledge alarm   | alarm acknowledged, incident acknowledged
            2 | b2/d1 temperature=60   |
            3 | b2/d2 temperature=60   | incident opened, alarm opened
            4 | b2/d2 temperature=20   | alarm cleared, incident recovered
        """)
        unseen = play.last_id("alarm")
        play.packs["new"] = pack(version="2")
        play.receive(activation("new"), 5)
        assert play.records("alarm")[-1].state == "normal"
        assert play.act(6, "li", "acknowledge", unseen).is_accepted
        assert play.records("alarm")[-1].state == "normal"

    def test_a_pack_that_cannot_be_read_changes_nothing(self) -> None:
        play = self.started()
        play.receive(activation("unknown"), 0)
        assert [(fact.transition, fact.reason.value) for fact in play.facts] == [("refused", "pack_refused")]
        play.play("1 | b1/d1 temperature=60 | incident opened, alarm opened")

    def test_a_rule_of_an_unknown_hazard_still_alarms(self) -> None:
        play = self.started(rule("odd", "noise", hazard="odd", alarms=(stage("blue", p.Threshold(above=1)),)))
        play.play("0 | b1/d1 noise=2 | incident opened, alarm opened")
        assert play.records("incident")[0].title == Sentence("odd · b1", "odd · b1")


def report(number: int, incident_id: str, **changes: Any) -> DeliveryReport:
    values: dict[str, Any] = {"key": "k", "channel": "webhook", "target": "boss", "is_delivered": False, "detail": "refused 503"}
    return DeliveryReport(id=f"r{number}", community="c1", incident_id=incident_id, **(values | changes))


class TestDelivery:
    def danger(self, escalations: tuple[d.Escalation, ...]) -> Play:
        plan = d.Plan(id="p", title=said("p"), escalations=escalations)
        hot = rule("hot", "temperature", alarms=(stage("red", p.Threshold(above=57)),), plan="p")
        play = Play(pack(hot, plans=(plan,), hazards=(hazard("fire", is_life_safety=True),), parties=("desk", "boss")))
        return play.play("0 | b1/d1 temperature=60 | incident opened, alarm opened")

    def test_a_message_that_was_given_up_is_told_and_escalated_once(self) -> None:
        steps = (d.Escalation(at_share=1, notify=("desk", "boss")), d.Escalation(at_share=2, notify=("desk",)))
        play = self.danger(steps)
        name = play.last_id("incident")
        for number in (1, 1, 2):
            play.receive(report(number, name), number)
        assert [fact.transition for fact in play.facts[2:]] == ["delivery_failed", "delivery_failed"]
        assert "refused 503" in play.facts[-1].sentence.zh
        assert play.notices == ["delivery_failed → desk"]

    def test_with_nobody_to_escalate_to_it_is_still_told(self) -> None:
        play = self.danger(())
        play.receive(report(1, play.last_id("incident")), 1)
        assert play.last("incident").transition == "delivery_failed"
        assert play.notices == []

    def test_delivered_is_not_worth_a_line_and_a_closed_case_keeps_its_line(self) -> None:
        play = self.danger(())
        play.receive(report(1, play.last_id("incident"), is_delivered=True), 1)
        play.receive(report(2, "i-gone"), 2)
        assert [(fact.entity_id, fact.transition) for fact in play.facts[2:]] == [("i-gone", "delivery_failed")]


def test_refused_input_is_listed_with_its_place_in_the_journal() -> None:
    rejected = Rejected(id="x", source="t", reason="bad_json", detail="", excerpt=b"{", size=1)
    assert Engine().receive(rejected, T0, 42) == (RecordRejection(rejected, 42, T0),)


def test_a_position_that_is_passed_over_is_told() -> None:
    play = Play(pack())
    play.receive(SetAside(id="s", position=7, detail="boom"), 0)
    assert (play.facts[0].entity, play.facts[0].entity_id, play.facts[0].transition) == ("journal", "7", "set_aside")


class TestATimerThatFails:
    """A fault of ours, in what the chain does at an instant: named when it stops the chain, passed over once it is set aside."""

    DUE_AT = T0 + 5000

    def pending(self, monkeypatch: pytest.MonkeyPatch, *, is_restored_each_step: bool = False) -> Play:
        def fail(*_: object, **__: object) -> None:
            raise ZeroDivisionError

        play = Play(pack(HOT), is_restored_each_step=is_restored_each_step)
        play.receive(event("d1", "temperature", 50.0), 0)
        monkeypatch.setattr("rules.judgement.judge", fail)
        return play

    def test_it_is_named_with_its_deadline(self, monkeypatch: pytest.MonkeyPatch) -> None:
        play = self.pending(monkeypatch)
        with pytest.raises(TimerStoppedError, match="watch hot c1 d1") as stopped:
            play.advance(9)
        assert (stopped.value.name, stopped.value.deadline_at) == ("watch hot c1 d1", self.DUE_AT)
        assert isinstance(stopped.value.__cause__, ZeroDivisionError)

    @pytest.mark.parametrize("is_restored", [False, True])
    def test_set_aside_it_never_fires_and_people_are_told(self, monkeypatch: pytest.MonkeyPatch, *, is_restored: bool) -> None:
        play = self.pending(monkeypatch, is_restored_each_step=is_restored)
        aside = SetAside(id="s", position=0, detail="boom", timer="watch hot c1 d1", deadline_at=self.DUE_AT)
        play.receive(aside, 1)
        play.advance(9)
        (fact,) = play.facts
        assert (fact.entity, fact.entity_id, fact.transition) == ("journal", "watch hot c1 d1", "set_aside")
        assert "timer watch hot c1 d1" in fact.sentence.en
        assert "定时器 watch hot c1 d1" in fact.sentence.zh


def test_the_records_of_one_step_are_saved_once_and_before_what_is_told_of_them() -> None:
    play = Play(pack(HOT)).play("0 | d1 temperature=60 | incident opened, alarm opened")
    assert [type(effect).__name__ for effect in play.effects] == ["SaveIncident", "SaveAlarm", "RecordFact", "RecordFact"]


def test_ids_are_digests_and_never_repeat() -> None:
    play = Play(pack(HOT))
    for second in range(0, 20, 2):  # ten: one more were a flood
        told = "alarm retriggered, incident reopened" if second else "incident opened, alarm opened"
        play.play(f"{second} | b1/d1 temperature=60 | {told}")
        play.play(f"{second + 1} | b1/d1 temperature=20 | alarm cleared, incident recovered")
    ids = [fact.id for fact in play.facts]
    assert len(set(ids)) == len(ids)
    assert {name.partition("-")[0] for name in ids} == {"f"}


@pytest.mark.parametrize("kind", ["temperature", "heartbeat"])
def test_kinds_from_outside_do_not_fill_the_memory(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.routes.KINDS_MAX", 10)
    play = Play(pack(HOT))
    for number in range(50):
        play.receive(event("d1", f"{kind}{number}", 1.0, id=str(number)), 0)
    play.play("1 | d1 temperature=60 | incident opened, alarm opened")


def test_devices_from_outside_do_not_fill_the_memory_and_danger_is_still_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.watch.WATCHES_MAX", 3)
    climb = rule("climb", "temperature", alarms=(stage("red", p.Rate(above=9, window_s=60)), stage("red", p.Threshold(above=57))))
    play = Play(pack(climb))
    for number in range(5):
        play.receive(event(f"d{number}", "temperature", 20.0), 0)
    assert (play.engine.counts["rule.climb.watches"], play.engine.counts["rule.climb.full"]) == (3, 2)
    play.play("1 | d9 temperature=60 | incident opened, alarm opened")
