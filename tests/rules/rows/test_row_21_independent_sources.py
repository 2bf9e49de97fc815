"""Row 21: k of n independent sources across the four networks promote, confidence is combined and shown, never invented.

Where a life may hang on it one source is enough for the alarm, and later ones raise its confidence.
"""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.canonical import from_json, to_json
from rules.decision import is_decision
from rules.model import (
    Alarm,
    Entity,
    Event,
    EventClass,
    Evidence,
    Fact,
    Incident,
    Network,
    OperatorAction,
    PackActivation,
    Reason,
    Resumed,
    Sentence,
    Source,
    Verb,
)
from rules.pack import check_pack, read_pack
from rules.pack_diff import compare
from rules.reproduce import Cited, by_name, reproduce
from rules.rule_words import explain
from rules.signals import FOR_EVER
from rules.sources import SOURCES_MAX, combined, merged, sources_in
from rules.terms import Agreement, Term
from tests.rules.score import T0, Play, event, hazard, pack, rule, stage

MOVED = Term(kind="motion", test=p.StateIs(states=("on",)))
CROSSED = Term(kind="line_crossing", test=p.StateIs(states=("on",)))
LOUD = Term(kind="noise", test=p.Threshold(above=80, deadband=5))
ANY = (MOVED, CROSSED, LOUD)
WITHIN_S = 60
VIDEO = Network.VIDEO


def agreeing(count: int = 2, networks: int = 1, off: float = 0, **changes: Any) -> d.Rule:
    """Red where so many sources agree. A single one is worth nothing."""
    test = Agreement(of=ANY, count=count, within_s=WITHIN_S, networks=networks)
    values = {"key": d.Key.ZONE, "alarms": (stage("red", test, 0, off),), "hazard": "intruder"}
    return rule("perimeter", "motion line_crossing noise", **(values | changes))


class Fence:
    """A play at one place, in which each report names its network, gateway and confidence."""

    def __init__(self, *rules: d.Rule, is_restored_each_step: bool = False, **changes: Any) -> None:
        chosen = rules or (agreeing(),)
        hazards = (hazard("intruder"), hazard("fire", is_life_safety=True))
        self.play = Play(pack(*chosen, hazards=hazards, **changes), is_restored_each_step=is_restored_each_step)
        self.entries: list[Cited] = []

    def hear(self, at_s: float, device: str, kind: str = "motion", value: float | str = "on", **changes: Any) -> list[str]:
        """What is told of this report: entity and transition."""
        values: dict[str, Any] = {"id": f"e{len(self.entries)}", "zone": "z1"}
        if "gateway" in changes:
            values["attributes"] = {"gateway": changes.pop("gateway")}
        return self.take(at_s, event(device, kind, value, **(values | changes)))

    def take(self, at_s: float, one: Event | Resumed) -> list[str]:
        seen = len(self.play.facts)
        self.entries.append(Cited(T0 + round(at_s * 1000), one))
        self.play.receive(one, at_s)
        return [f"{fact.entity} {fact.transition}" for fact in self.play.facts[seen:]]

    def until(self, at_s: float) -> list[str]:
        seen = len(self.play.facts)
        self.play.advance(at_s)
        return [f"{fact.entity} {fact.transition}" for fact in self.play.facts[seen:]]

    @property
    def alarm(self) -> Alarm:
        found = self.play.records("alarm")[-1]
        assert isinstance(found, Alarm)
        return found

    @property
    def incident(self) -> Incident:
        found = self.play.records("incident")[-1]
        assert isinstance(found, Incident)
        return found

    @property
    def opened(self) -> Fact:
        return next(fact for fact in self.play.facts if is_decision(fact))


RAISED = ["incident opened", "alarm opened"]
OVER = ["alarm cleared", "incident recovered"]


class TestWhatIsIndependent:
    """A source is a gateway, or a device without one, on its network."""

    def test_one_source_alone_promotes_nothing(self) -> None:
        fence = Fence()
        assert [fence.hear(at, "pir") for at in (0, 1, 2)] == [[], [], []]

    def test_two_devices_promote(self) -> None:
        fence = Fence()
        assert fence.hear(0, "pir-1") == []
        assert fence.hear(1, "pir-2") == RAISED

    def test_two_sensors_behind_one_gateway_are_one_source(self) -> None:
        fence = Fence()
        assert fence.hear(0, "pir-1", gateway="gw") == []
        assert fence.hear(1, "pir-2", gateway="gw") == []
        assert fence.hear(2, "noise-1", "noise", 90.0, gateway="gw") == []
        assert fence.hear(3, "pir-3", gateway="other") == RAISED

    def test_a_gateway_is_the_same_source_when_it_speaks_itself(self) -> None:
        fence = Fence()
        assert fence.hear(0, "pir-1", gateway="gw") == []
        assert fence.hear(1, "gw") == []

    def test_one_camera_that_says_two_things_is_one_source(self) -> None:
        fence = Fence()
        assert fence.hear(0, "cam", "motion", network=VIDEO) == []
        assert fence.hear(1, "cam", "line_crossing", event_class=EventClass.ALARM, network=VIDEO) == []

    def test_the_same_name_on_another_network_is_another_source(self) -> None:
        fence = Fence()
        assert fence.hear(0, "gate-1") == []
        assert fence.hear(1, "gate-1", network=VIDEO) == RAISED

    def test_two_of_one_network_are_not_two_networks(self) -> None:
        fence = Fence(agreeing(networks=2))
        assert fence.hear(0, "pir-1") == []
        assert fence.hear(1, "pir-2") == []
        assert fence.hear(2, "cam", "line_crossing", network=VIDEO) == RAISED

    @pytest.mark.parametrize("networks", [1, 2, 3, 4])
    def test_so_many_networks_as_the_rule_asks_for(self, networks: int) -> None:
        fence = Fence(agreeing(count=4, networks=networks))
        told = [fence.hear(index, f"s{index}", network=one) for index, one in enumerate(Network)]
        assert told == [[], [], [], RAISED]

    def test_another_place_is_none_of_this_one(self) -> None:
        fence = Fence()
        assert fence.hear(0, "pir-1", zone="z1") == []
        assert fence.hear(1, "pir-2", zone="z2") == []

    def test_a_kind_of_no_term_and_a_reading_without_a_value_say_nothing(self) -> None:
        fence = Fence()
        assert fence.hear(0, "pir-1") == []
        assert fence.take(1, event("mic", "noise", None, id="n", zone="z1")) == []
        assert fence.hear(2, "mic", "noise", 79.9) == []
        assert fence.hear(3, "mic", "noise", 80.0) == RAISED


class TestTheWindow:
    """A source counts for ``within`` after it spoke last, the instant included."""

    @pytest.mark.parametrize(("after_ms", "told"), [(59_999, RAISED), (60_000, RAISED), (60_001, [])])
    def test_to_the_millisecond(self, after_ms: int, told: list[str]) -> None:
        fence = Fence()
        fence.hear(0, "pir-1")
        assert fence.hear(after_ms / 1000, "pir-2") == told

    def test_who_speaks_again_counts_from_there(self) -> None:
        fence = Fence()
        fence.hear(0, "pir-1")
        fence.hear(50, "pir-1")
        assert fence.hear(110, "pir-2") == RAISED

    @pytest.mark.parametrize(("at_s", "told"), [(70.0, []), (70.001, OVER)])
    def test_it_is_over_when_too_few_have_spoken_lately(self, at_s: float, told: list[str]) -> None:
        fence = Fence()
        fence.hear(0, "pir-1")
        fence.hear(10, "pir-2")
        fence.hear(30, "pir-1")  # pir-2 is the one whose word is the oldest now
        assert fence.until(at_s) == told

    @pytest.mark.parametrize(("at_s", "told"), [(65.0, []), (65.001, OVER)])
    def test_the_end_waits_for_its_delay(self, at_s: float, told: list[str]) -> None:
        fence = Fence(agreeing(off=5))
        fence.hear(0, "pir-1")
        fence.hear(1, "pir-2")
        assert fence.until(at_s) == told

    def test_and_who_speaks_in_that_delay_keeps_it(self) -> None:
        fence = Fence(agreeing(off=5))
        fence.hear(0, "pir-1")
        fence.hear(1, "pir-2")
        fence.hear(62, "pir-1")
        assert fence.hear(63, "pir-2") == []
        assert fence.until(120) == []

    def test_who_denies_it_is_taken_back_at_once(self) -> None:
        fence = Fence()
        fence.hear(0, "pir-1")
        fence.hear(1, "pir-1", value="off")
        assert fence.hear(2, "pir-2") == []
        assert fence.hear(3, "pir-1") == RAISED
        assert fence.hear(4, "pir-2", value="off") == OVER

    def test_a_denial_of_one_thing_is_none_of_the_other(self) -> None:
        fence = Fence()
        fence.hear(0, "cam", "line_crossing", network=VIDEO)
        fence.hear(1, "cam", value="off", network=VIDEO)
        assert fence.hear(2, "pir-1") == RAISED

    def test_a_value_in_the_deadband_still_says_it(self) -> None:
        fence = Fence()
        fence.hear(0, "mic", "noise", 85.0)
        fence.hear(50, "mic", "noise", 76.0)
        assert fence.hear(100, "pir-1") == RAISED
        assert fence.hear(101, "mic", "noise", 74.9) == OVER

    @pytest.mark.parametrize(("at_s", "told"), [(160.0, RAISED), (160.001, [])])
    def test_time_in_which_nobody_could_hear_is_no_part_of_it(self, at_s: float, told: list[str]) -> None:
        fence = Fence()
        fence.hear(0, "pir-1")
        fence.take(110, Resumed(id="r", deaf_since_at=T0 + 10_000))
        assert fence.hear(at_s, "pir-2") == told

    def test_nor_is_what_was_agreed_over_meanwhile(self) -> None:
        fence = Fence(agreeing(off=5))
        fence.hear(0, "pir-1")
        fence.hear(1, "pir-2")
        fence.take(110, Resumed(id="r", deaf_since_at=T0 + 10_000))
        assert fence.until(165) == []
        assert fence.until(165.001) == OVER

    def test_what_a_person_closed_speaks_again_when_it_was_over_in_between(self) -> None:
        fence = Fence()
        fence.hear(0, "pir-1")
        fence.hear(1, "pir-2")
        fence.play.act(2, "li", "close", "incident", verdict="false")
        assert fence.hear(3, "pir-3") == []
        fence.until(100)
        assert fence.hear(101, "pir-1") == []
        assert fence.hear(102, "pir-2") == RAISED

    def test_after_a_reset_everybody_counts_anew(self) -> None:
        fence = Fence(agreeing(is_latching=True))
        fence.hear(0, "pir-1")
        fence.hear(1, "cam", "line_crossing", event_class=EventClass.ALARM, network=VIDEO)
        fence.play.act(2, "li", "acknowledge", "alarm")
        assert fence.play.act(3, "li", "reset", "alarm").is_accepted
        assert fence.hear(4, "pir-3") == []
        assert fence.hear(5, "pir-4")[-1] == "alarm opened"


class TestInEveryOrder:
    """The order in which sources speak changes nothing."""

    REPORTS: tuple[dict[str, Any], ...] = (
        {"device": "pir-1", "gateway": "gw", "confidence": 0.5},
        {"device": "pir-2", "gateway": "gw", "confidence": 0.7},
        {"device": "cam", "kind": "line_crossing", "network": VIDEO, "confidence": 0.6},
        {"device": "grid", "network": Network.INTERNET},
    )

    def test_the_same_finding(self) -> None:
        found = []
        for order in permutations(self.REPORTS):
            fence = Fence(agreeing(count=3))
            told = [fence.hear(0, **one) for one in order]
            assert RAISED in told
            names = sorted([(source.network, source.name, source.confidence) for source in fence.incident.sources])
            found.append((names, fence.incident.confidence, fence.alarm.level))
        assert len({str(one) for one in found}) == 1
        assert found[0][1] == 0.88

    def test_and_the_same_through_a_restart_at_every_step(self) -> None:
        texts = []
        for is_restored in (False, True):
            fence = Fence(agreeing(off=3), is_restored_each_step=is_restored)
            for index, one in enumerate((*self.REPORTS, *self.REPORTS)):
                fence.hear(index * 11, **one)
            fence.hear(95, "pir-1", value="off", gateway="gw")
            fence.take(120, Resumed(id="r", deaf_since_at=T0 + 100_000))
            fence.until(300)
            texts.append(fence.play.text())
        assert texts[0] == texts[1]
        assert b"incident" in texts[0]
        assert b"corroborated" not in texts[0]  # no life hangs on it


class TestConfidence:
    """1 - (1 - c1)(1 - c2)…, each source once with its best; of nobody who does not say one."""

    def sure(self, *said: float | None) -> float | None:
        return combined([Source(network=Network.IOT, name=str(c), device="d", confidence=c, spoke_at=0) for c in said])

    def test_the_formula(self) -> None:
        assert self.sure(0.6) == 0.6
        assert self.sure(0.6, 0.8) == 0.92
        assert self.sure(0.5, 0.5, 0.5) == 0.875
        assert self.sure(0.0, 0.7) == 0.7

    def test_it_is_not_invented(self) -> None:
        assert self.sure() is None
        assert self.sure(None, None) is None
        assert self.sure(None, 0.6) == 0.6

    def test_nobody_is_certain(self) -> None:
        assert self.sure(0.99, 0.99, 0.999) == 0.9999

    def test_a_sender_that_says_nothing_is_counted_and_not_weighed(self) -> None:
        fence = Fence()
        fence.hear(0, "pir-1")
        assert fence.hear(1, "cam", network=VIDEO, confidence=0.7) == RAISED
        assert [(source.name, source.confidence) for source in fence.alarm.sources] == [("pir-1", None), ("cam", 0.7)]
        assert fence.alarm.confidence == 0.7
        nobody = Fence()
        nobody.hear(0, "pir-1")
        nobody.hear(1, "pir-2")
        assert (nobody.alarm.confidence, len(nobody.alarm.sources)) == (None, 2)

    def test_unless_the_rule_says_how_much_it_weighs(self) -> None:
        fence = Fence(agreeing(confidence=0.4))
        fence.hear(0, "pir-1")
        fence.hear(1, "cam", network=VIDEO, confidence=0.7)
        assert fence.alarm.confidence == 0.82

    def test_a_source_counts_once_with_its_best(self) -> None:
        fence = Fence()
        for at_s, device, sure in ((0, "pir-1", 0.5), (1, "pir-2", 0.8), (2, "pir-3", 0.6)):
            assert fence.hear(at_s, device, gateway="gw", confidence=sure) == []
        fence.hear(3, "cam", network=VIDEO, confidence=0.5)
        assert [(source.name, source.device, source.confidence) for source in fence.alarm.sources] == [
            ("gw", "pir-2", 0.8),
            ("cam", "cam", 0.5),
        ]
        assert fence.alarm.confidence == 0.9

    def test_later_sources_and_surer_words_raise_it_without_a_line_where_no_life_hangs_on_it(self) -> None:
        fence = Fence()
        fence.hear(0, "pir-1", confidence=0.5)
        fence.hear(1, "pir-2", confidence=0.5)
        assert fence.incident.confidence == 0.75
        assert fence.hear(2, "cam", network=VIDEO, confidence=0.5) == []
        assert (fence.alarm.confidence, fence.incident.confidence) == (0.875, 0.875)
        assert fence.hear(3, "cam", network=VIDEO, confidence=0.505) == []  # not by as much as a hundredth
        assert fence.incident.confidence == 0.875
        fence.hear(4, "cam", network=VIDEO, confidence=0.9)
        assert fence.incident.confidence == 0.975
        fence.hear(5, "cam", network=VIDEO, confidence=0.2)
        assert fence.incident.confidence == 0.975

    def test_so_many_sources_are_named_and_no_more(self) -> None:
        sources = [Source(network=Network.IOT, name=f"s{n}", device="d", confidence=0.1, spoke_at=0) for n in range(20)]
        kept = merged((), sources)
        assert (len(kept), kept[-1].name) == (SOURCES_MAX, "s15")
        better = replace(sources[3], confidence=0.9)
        assert merged(kept, [better, sources[19]])[3] is better
        silent = replace(sources[3], confidence=None)
        assert merged(kept, [silent]) == kept
        assert merged((silent,), [better]) == (better,)

    def test_who_was_silent_did_not_speak_nor_did_one_of_whom_only_an_old_version_tells(self) -> None:
        item = Evidence(
            event_id="e",
            device="d",
            kind="k",
            value=1,
            state=None,
            unit="",
            received_at=0,
            occurred_at=None,
            test="silent",
            limit=1,
        )
        assert sources_in([item, replace(item, network=Network.IOT), replace(item, test="above")]) == {}

    def test_records_of_an_older_version_have_none(self) -> None:
        fence = Fence()
        fence.hear(0, "pir-1", confidence=0.5)
        fence.hear(1, "pir-2")
        assert from_json(Alarm, to_json(fence.alarm)) == fence.alarm
        cited = fence.alarm.evidence[0]
        old = to_json(cited).replace(b'"confidence":0.5,', b"").replace(b'"network":"iot",', b"")
        assert from_json(Evidence, old) == replace(cited, confidence=None, network=None)


SMOKE = rule("smoke", "smoke", key=d.Key.ZONE, alarms=(stage("red", p.StateIs(states=("on",))),))
FLAME = rule("flame", "fire_seen", key=d.Key.ZONE, alarms=(stage("orange", p.StateIs(states=("on",))),), confidence=0.6)


class TestWhereALifeMayHangOnIt:
    """One source is enough for the alarm; every later one is told and raises the confidence."""

    def test_it_alarms_on_one_source_and_later_ones_bear_it_out(self) -> None:
        fence = Fence(SMOKE, FLAME)
        assert fence.hear(0, "s1", "smoke", gateway="gw", confidence=0.7) == RAISED
        assert (fence.incident.confidence, len(fence.incident.sources)) == (0.7, 1)
        assert fence.hear(5, "s2", "smoke", gateway="gw", confidence=0.7) == []  # the same gateway: the same source
        assert fence.incident.confidence == 0.7
        assert fence.hear(9, "cam", "fire_seen", network=VIDEO, confidence=0.8) == ["alarm opened", "incident corroborated"]
        assert (fence.incident.confidence, len(fence.incident.sources)) == (0.94, 2)
        told = fence.play.facts[-1]
        assert (told.reason, told.value, [item.device for item in told.evidence]) == (Reason.CORROBORATED, 0.94, ["cam"])
        assert told.sentence.en == (
            "another independent source bears it out: cam on the video network, confidence 0.8;"
            " 2 sources together: confidence 0.94"
        )
        assert told.sentence.zh == "独立来源佐证：视联网 cam，置信度 0.8；共 2 个来源，合并置信度 0.94"

    def test_a_second_sensor_of_the_same_rule_bears_it_out_too(self) -> None:
        fence = Fence(SMOKE)
        fence.hear(0, "s1", "smoke")
        assert fence.hear(5, "s2", "smoke", gateway="gw") == ["incident corroborated"]
        assert fence.play.facts[-1].sentence.en == (
            "another independent source bears it out: gw (s2) on the IoT network, no confidence given;"
            " 2 sources together: no confidence given"
        )
        assert "gw（s2）" in fence.play.facts[-1].sentence.zh
        assert len(fence.alarm.sources) == 2

    def test_once_for_each_source(self) -> None:
        fence = Fence(SMOKE)
        fence.hear(0, "s1", "smoke")
        fence.hear(1, "s2", "smoke")
        assert fence.hear(2, "s2", "smoke", "off") == []
        assert fence.hear(3, "s2", "smoke") == []

    def test_what_the_rule_says_of_its_senders_counts(self) -> None:
        fence = Fence(FLAME)
        assert fence.hear(0, "cam-1", "fire_seen", network=VIDEO) == RAISED
        assert fence.incident.confidence == 0.6
        fence.hear(1, "cam-2", "fire_seen", network=VIDEO)
        assert fence.incident.confidence == 0.84

    def test_a_warning_is_a_word_of_its_source_as_well(self) -> None:
        warm = rule("warm", "temperature", key=d.Key.ZONE, warnings=(stage("yellow", p.Threshold(above=50)),))
        fence = Fence(warm, SMOKE)
        assert fence.hear(0, "t1", "temperature", 55.0, confidence=0.5) == ["incident opened", "warning opened"]
        assert fence.incident.confidence == 0.5
        fence.hear(1, "s1", "smoke", confidence=0.8)
        assert fence.incident.confidence == 0.9

    def test_what_is_out_of_service_bears_out_nothing_until_it_is_back(self) -> None:
        by_device = replace(SMOKE, key=d.Key.DEVICE)
        fence = Fence(by_device)
        arguments: dict[str, str | float | bool] = {"reason": "test", "for_s": 60.0, "life_safety": True}
        action = OperatorAction(
            id="m", community="c1", actor="li", verb=Verb.MAINTAIN, entity=Entity.DEVICE, entity_id="s1", arguments=arguments
        )
        fence.play.receive(action, 0)
        fence.hear(1, "s1", "smoke")
        assert not fence.incident.confidence
        assert fence.hear(2, "s2", "smoke") == ["incident alarmed", "alarm opened"]
        assert [source.name for source in fence.incident.sources] == ["s2"]
        assert "incident corroborated" in fence.until(60)
        assert [source.name for source in fence.incident.sources] == ["s2", "s1"]

    def test_a_case_that_happens_again_begins_with_nobody(self) -> None:
        fence = Fence(SMOKE)
        fence.hear(0, "s1", "smoke", confidence=0.5)
        fence.hear(1, "s2", "smoke", confidence=0.5)
        for at_s, device in ((2, "s1"), (3, "s2")):
            fence.hear(at_s, device, "smoke", "off")
        assert fence.hear(4, "s3", "smoke", confidence=0.6)[-1] == "incident reopened"
        assert [source.name for source in fence.incident.sources] == ["s3"]
        assert (fence.incident.confidence, fence.alarm.confidence) == (0.6, 0.6)

    def test_merging_adds_up_and_splitting_takes_apart(self) -> None:
        near = replace(FLAME, hazard="flame")
        hazards = (hazard("fire", is_life_safety=True), hazard("flame"))
        play = Play(pack(SMOKE, near, hazards=hazards))
        for at_s, device, kind in ((0, "s1", "smoke"), (1, "cam", "fire_seen")):
            play.receive(event(device, kind, "on", id=f"e{at_s}", zone="z1", confidence=0.5), at_s)
        into, case = [one.id for one in {one.id: one for one in play.records("incident")}.values()]
        alarms = [one.id for one in {one.id: one for one in play.records("alarm")}.values()]
        play.act(2, "li", "merge", case, into=into)
        joint = play.records("incident")[-1]
        assert (joint.id, joint.confidence, [source.name for source in joint.sources]) == (into, 0.75, ["s1", "cam"])
        play.act(3, "li", "split", into, alarm=alarms[1])
        latest: dict[str, Incident] = {one.id: one for one in play.records("incident")}
        sources = [(one.confidence, [source.name for source in one.sources]) for one in latest.values()]
        assert sources[0] == (0.5, ["s1"])
        assert sources[-1] == (0.5, ["cam"])

    def test_restarts_change_nothing(self) -> None:
        texts = []
        for is_restored in (False, True):
            fence = Fence(SMOKE, FLAME, is_restored_each_step=is_restored)
            fence.hear(0, "s1", "smoke", confidence=0.5)
            fence.hear(1, "s2", "smoke")
            fence.hear(2, "cam", "fire_seen", network=VIDEO)
            fence.hear(3, "cam", "fire_seen", network=VIDEO, confidence=0.9)
            texts.append(fence.play.text())
        assert texts[0] == texts[1]


class TestItIsExplained:
    """What agreed is said, cited, and enough to decide the same again."""

    def found(self) -> Fence:
        fence = Fence(agreeing(count=2, networks=2))
        fence.hear(0, "pir-0", confidence=0.9)  # too old when the others speak
        fence.hear(50, "pir-1", gateway="gw", confidence=0.5)
        fence.hear(70, "cam", "line_crossing", event_class=EventClass.ALARM, network=VIDEO, confidence=0.8)
        return fence

    def test_in_both_languages(self) -> None:
        told = self.found().opened
        assert told.reason is Reason.SOURCES_AGREE
        assert told.sentence.en.endswith(
            "z1: 2 independent sources within 1 min: device pir-1: motion is “on”; device cam: reports line crossing"
            " (together: confidence 0.9)"
        )
        assert "z1：1 分钟内 2 个独立来源：" in told.sentence.zh
        assert told.sentence.zh.endswith("（合并置信度 0.9）")

    def test_in_the_words_of_the_rule_where_it_has_its_own(self) -> None:
        own = Sentence("{zone} {for_s}内多源印证", "{zone}: borne out within {for_s}, last by {device}")
        fence = Fence(agreeing(sentence=own))
        fence.hear(0, "pir-1")
        fence.hear(1, "pir-2")
        assert fence.alarm.sentence == Sentence("z1 1 分钟内多源印证", "z1: borne out within 1 min, last by pir-2")

    def test_by_one_reading_of_each_source(self) -> None:
        cited = self.found().opened.evidence
        assert [(item.device, item.gateway, item.network, item.confidence) for item in cited] == [
            ("pir-1", "gw", Network.IOT, 0.5),
            ("cam", "", VIDEO, 0.8),
        ]

    def test_and_replaying_only_those_gives_the_same_decision(self) -> None:
        fence = self.found()
        assert fence.play.pack is not None
        assert reproduce(fence.play.pack, fence.opened, by_name(fence.entries)).is_same

    def test_the_rule_says_what_it_asks_for(self) -> None:
        one = agreeing(count=3, networks=2, confidence=0.4)
        said = [line.en for line in explain(pack(one), one)]
        assert "Red alarm: 3 independent sources on at least 2 networks within 1 min: motion reported on;" in " ".join(said)
        assert "A source that does not say how sure it is counts as 0.4" in said
        simple = agreeing()
        assert "红色报警：1 分钟内至少 2 个独立来源：" in "".join([line.zh for line in explain(pack(simple), simple)])


class TestAnEdit:
    """The rule asks for another number while some have spoken already."""

    def edited(self, *names: str, new: d.Rule, at_s: float = 5) -> list[str]:
        fence = Fence(agreeing(count=3))
        for index, name in enumerate(names):
            fence.hear(index, name)
        play = fence.play
        play.packs["new"] = replace(pack(new, hazards=(hazard("intruder"),)), version="2")
        seen = len(play.facts)
        play.receive(PackActivation(id="p2", pack="test", version="2", digest="2", text="new"), at_s)
        return [f"{fact.entity} {fact.transition}" for fact in play.facts[seen:] if fact.entity != "pack"]

    def test_who_spoke_before_counts_by_the_new_number(self) -> None:
        assert self.edited("pir-1", "pir-2", new=agreeing(count=2)) == RAISED
        assert self.edited("pir-1", new=agreeing(count=2)) == []

    def test_and_by_the_new_time(self) -> None:
        shorter = Agreement(of=ANY, count=2, within_s=4)
        new = agreeing(alarms=(stage("red", shorter),))
        assert self.edited("pir-1", "pir-2", new=new, at_s=4) == RAISED
        assert self.edited("pir-1", "pir-2", new=new, at_s=4.001) == []

    def test_what_is_true_stays(self) -> None:
        assert self.edited("a", "b", "c", new=agreeing(count=4)) == []

    def test_how_much_a_source_weighs_moves_nothing(self) -> None:
        assert self.edited("a", "b", "c", new=agreeing(count=3, confidence=0.5)) == []


class TestHoursAndRoom:
    """What was said while the rule may not speak does not count; and memory has an end."""

    def test_outside_its_hours_nobody_is_counted(self) -> None:
        fence = Fence(agreeing(hours=d.Hours(start_minute=8 * 60 + 1, end_minute=9 * 60)))  # it is 08:00:00
        assert fence.hear(0, "pir-1") == []
        assert fence.hear(1, "pir-2") == []
        assert fence.until(60) == []
        assert fence.hear(60, "pir-1") == []
        assert fence.hear(61, "pir-2") == RAISED

    def test_the_one_heard_longest_ago_is_forgotten(self) -> None:
        fence = Fence(agreeing(count=16))
        for number in range(70):
            fence.hear(number / 100, f"pir-{number}", gateway=f"gw-{number // 5}")
        watch = next(fence.play.engine._book.rules["perimeter"].all_watches())
        voices = watch.signals[0].voices  # type: ignore[attr-defined]
        assert [next(iter(voices))[1], len(voices)] == ["pir-6", 64]

    def test_with_nobody_left_nothing_is_remembered(self) -> None:
        fence = Fence()
        fence.hear(0, "pir-1")
        book = fence.play.engine._book
        watch = next(book.rules["perimeter"].all_watches())
        assert watch.due_at() == T0 + 60_001
        fence.until(60.001)
        assert (watch.due_at(), list(book.rules["perimeter"].all_watches())) == (None, [])
        assert (watch.due_at() or FOR_EVER) == FOR_EVER

    def test_an_event_that_says_it_of_no_source_begins_nothing(self) -> None:
        fence = Fence()
        fence.hear(0, "pir-1", value="off")
        assert not list(fence.play.engine._book.rules["perimeter"].all_watches())


PACK = """\
pack: small
version: "1.0.0"
title: {zh: 小包, en: Small}
parties:
  property: {title: {zh: 物业, en: Property}}
hazards:
  theft: {title: {zh: 盗窃, en: Theft}}
  fire: {title: {zh: 火灾, en: Fire}, life_safety: true}
plans:
  go: {title: {zh: 去, en: Go}}
rules:
  perimeter:
    title: {zh: 周界, en: Perimeter}
    hazard: theft
    watch: zone
    kinds: [motion, line_crossing, noise]
    confidence: 0.4
    alarms:
      - level: red
        sources:
          count: 2
          within: 1min
          networks: 2
          of:
            - {kind: motion, state: "on"}
            - {kind: line_crossing, state: "on", when: "confidence >= 0.5"}
            - {kind: noise, above: 80, unit: dB(A), deadband: 5}
    plan: go
    source: ours
"""


def test_a_pack_says_it() -> None:
    found = read_pack(PACK).rules[0]
    test = found.alarms[0].condition.test
    assert isinstance(test, Agreement)
    assert (test.count, test.within_s, test.networks, found.confidence) == (2, 60, 2, 0.4)
    assert [(term.kind, term.test) for term in test.of] == [(term.kind, term.test) for term in ANY]
    assert test.of[1].guard_text == "confidence >= 0.5"


def test_a_condition_of_a_term_that_cannot_be_judged_is_counted() -> None:
    play = Play(read_pack(PACK.replace("confidence >= 0.5", "attributes.score >= 0.5")))
    play.play("0 | z1/cam line_crossing!on | pack unjudged")
    assert play.engine.counts["rule.perimeter.errors"] == 1


def test_two_packs_are_told_apart_by_it() -> None:
    changed = compare(
        read_pack(PACK), read_pack(PACK.replace("count: 2", "count: 3").replace("confidence: 0.4", "confidence: 0.5"))
    )
    assert sorted([(one.before, one.after) for one in changed if one.field.endswith((".count", "confidence"))]) == [
        ("0.4", "0.5"),
        ("2", "3"),
    ]


ONE_ENOUGH = "fire is life_safety and alarms on one source; add a milder alarm that needs no agreement"


@pytest.mark.parametrize(
    ("right", "wrong", "said", "line"),
    [
        ("count: 2", "count: 1", "greater than or equal to 2", 21),
        ("networks: 2", "networks: 5", "less than or equal to 4", 23),
        ("within: 1min", "within: 0s", "greater than 0", 22),
        ("kind: motion, state", "kind: door, state", "the rule does not look at 'door'", 25),
        ("confidence >= 0.5", "confidence >= 1", "when: ", 26),
        ("unit: dB(A)", "unit: mA", "noise is measured in dB(A), not in mA", 27),
        ("level: red", "level: red\n        for: 3s", "sources has its own time; write it as within", 20),
        ("level: red", "level: red\n        state: open", "this has state and sources", 19),
        ("confidence: 0.4", "confidence: 1", "less than 1", 17),
        ("hazard: theft", "hazard: fire", ONE_ENOUGH, 20),
    ],
)
def test_what_is_wrong_is_said_where_it_is(right: str, wrong: str, said: str, line: int) -> None:
    faults = check_pack(PACK.replace(right, wrong, 1))
    assert [fault.line for fault in faults if said in fault.message] == [line], faults


def test_where_a_life_may_hang_on_it_agreement_may_make_worse_what_one_source_raised() -> None:
    alone = 'alarms:\n      - {level: orange, state: "on"}\n'
    text = PACK.replace("hazard: theft", "hazard: fire").replace("alarms:\n", alone).replace(", noise]", "]")
    text = text.replace("            - {kind: noise, above: 80, unit: dB(A), deadband: 5}\n", "")
    assert check_pack(text) == ()
    warning = PACK.replace("hazard: theft", "hazard: fire").replace("alarms:\n", "warnings:\n")
    assert check_pack(warning) == ()
