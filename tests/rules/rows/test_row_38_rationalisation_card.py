"""Row 38: every alarm of the bundled packs has a card: cause, consequence, action, and the time in which the action helps."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from rules.card import LABELS, card_page, card_said, without_card
from rules.definition import Card, Rule, RulePack
from rules.model import EventClass, Sentence
from rules.pack import check_pack, read_pack
from rules.pack_bundle import bundle
from rules.pack_diff import compare
from rules.rule_edit import has_same_condition
from rules.rule_words import explain
from rules.why import why
from rules.why_shape import CaseFile, Sort, WhyNode
from tests.rules.score import Play, event
from tests.rules.test_pack import GOOD

PACKS: Final = Path(__file__).resolve().parents[3] / "rules" / "packs"
TEXTS: Final = {name: (PACKS / f"{name}.yaml").read_text(encoding="utf-8") for name in ("community", "elder_care")}
BUNDLED: Final = {"community": read_pack(TEXTS["community"]), "elder_care": read_pack(bundle("elder_care", TEXTS))}
ALARMS: Final = [
    pytest.param(pack, rule, id=f"{name}/{rule.id}") for name, pack in BUNDLED.items() for rule in pack.rules if rule.alarms
]
CARD: Final = """
    card:
      cause: {zh: 起火, en: a fire}
      consequence: {zh: 烧毁, en: it burns down}
      action: {zh: 打119, en: call 119}
      time_to_respond: 3min
"""


def with_card(card: str = CARD) -> str:
    return re.sub(r"\n( *)source: ", lambda found: f"{card}{found[1]}source: ", GOOD, count=1)


def test_no_alarm_of_the_bundled_packs_is_without_a_card() -> None:
    assert {name: without_card(pack) for name, pack in BUNDLED.items()} == {"community": (), "elder_care": ()}


@pytest.mark.parametrize(("pack", "rule"), ALARMS)
def test_each_card_can_be_read_at_three_in_the_morning(pack: RulePack, rule: Rule) -> None:
    """Both languages say something, each in its own script, and short enough to be read before anything is done."""
    assert rule.card is not None
    for part in (rule.card.cause, rule.card.consequence, rule.card.action):
        assert len(re.findall(r"[\u4e00-\u9fff]", part.zh)) >= 8
        assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", part.en)
        assert len(part.zh) <= 90
        assert len(part.en) <= 260


@pytest.mark.parametrize(("pack", "rule"), ALARMS)
def test_the_time_to_respond_leaves_room_for_the_plan(pack: RulePack, rule: Rule) -> None:
    """Who must act within three minutes cannot have fifteen to acknowledge; and a life never has to wait a day."""
    assert rule.card is not None
    own_clocks = [clock.within_s for clock in pack.plans[rule.plan].clocks]
    assert all(within_s <= rule.card.time_to_respond_s for within_s in own_clocks)
    if pack.hazards[rule.hazard].is_life_safety:
        assert rule.card.time_to_respond_s <= 3600


def test_a_card_is_read_and_said_in_both_languages() -> None:
    card = read_pack(with_card()).rules[0].card
    assert card == Card(
        cause=Sentence("起火", "a fire"),
        consequence=Sentence("烧毁", "it burns down"),
        action=Sentence("打119", "call 119"),
        time_to_respond_s=180.0,
    )
    assert [said.zh for said in card_said(card)] == ["可能原因：起火", "不处置的后果：烧毁", "怎么做：打119", "最迟处置：3 分钟"]
    assert card_said(card)[3].en == "Act within: 3 min"
    assert len(card_said(card)) == len(LABELS)


def test_explaining_a_rule_says_its_card_too() -> None:
    pack = read_pack(with_card())
    assert set(card_said(pack.rules[0].card)) <= set(explain(pack, pack.rules[0]))  # type: ignore[arg-type]  # it has one


def test_a_pack_without_cards_is_good_and_each_alarm_rule_that_lacks_one_is_known() -> None:
    assert check_pack(GOOD) == ()
    pack = read_pack(GOOD)
    assert [rule.id for rule in without_card(pack)] == [rule.id for rule in pack.rules if rule.alarms] != []
    assert [rule.id for rule in without_card(read_pack(with_card()))] == [rule.id for rule in without_card(pack)[1:]]


def test_a_rule_that_only_warns_needs_none() -> None:
    warning_only = [rule.id for rule in BUNDLED["community"].rules if not rule.alarms and rule.card is None]
    assert "authority_red" in warning_only


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (CARD.replace("      time_to_respond: 3min\n", ""), "'time_to_respond' is missing"),
        (CARD.replace("3min", "0"), "greater than 0"),
        (CARD.replace("3min", "3m"), "a duration is a number of seconds"),
        (CARD.replace(", en: call 119", ""), "'en' is missing"),
        (CARD.replace("cause:", "causes:"), "unknown field 'causes'; did you mean 'cause'"),
    ],
)
def test_a_faulty_card_is_refused_with_its_place(wrong: str, message: str) -> None:
    faults = check_pack(with_card(wrong), "mine.yaml")
    assert message in "\n".join(str(fault) for fault in faults)
    assert all(fault.line > 1 for fault in faults)


def test_another_card_disturbs_nothing_that_runs_and_the_difference_names_it() -> None:
    old, new = read_pack(with_card()), read_pack(with_card(CARD.replace("打119", "打119并疏散").replace("3min", "5min")))
    assert has_same_condition(old.rules[0], new.rules[0])
    changed = {change.field: (change.before, change.after) for change in compare(old, new)}
    assert any("打119并疏散" in after for _, after in changed.values())
    assert any("5 min" in after or "300" in after for _, after in changed.values())


def test_the_page_shows_each_card_once_and_again_only_where_a_pack_says_it_otherwise() -> None:
    page = card_page(BUNDLED)
    assert page.count("`smoke_detector`: 红色 red") == 1
    assert page.index("老人关爱规则包") < page.index("`fall_and_no_movement`") < len(page)
    own = next(rule for rule in BUNDLED["elder_care"].rules if rule.id == "sos")
    other = replace(BUNDLED["elder_care"], rules=(_with(own, time_to_respond_s=60.0),))
    assert card_page({"community": BUNDLED["community"], "elder_care": other}).count("`sos`") == 2


def _with(rule: Rule, **changes: float) -> Rule:
    assert rule.card is not None
    return replace(rule, card=replace(rule.card, **changes))  # type: ignore[arg-type]  # a number is a number


def test_an_alarm_is_decided_alike_with_and_without_its_card() -> None:
    """A card says what to do; it does nothing."""
    bare = re.sub(r"\n    card:\n(?:      .*\n)+", "\n", TEXTS["community"])
    assert without_card(read_pack(bare)) != ()
    plays = [Play(read_pack(text)) for text in (TEXTS["community"], bare)]
    for play in plays:
        play.receive(event("s1", "smoke", "on", event_class=EventClass.ALARM, zone="b01/u1/0101"), 0)
    told = [[(fact.entity, fact.transition, fact.level) for fact in play.facts] for play in plays]
    assert told[0] == told[1] != []


def test_why_an_alarm_stands_says_what_it_means() -> None:
    pack = BUNDLED["community"]
    play = Play(pack)
    play.receive(event("s1", "smoke", "on", event_class=EventClass.ALARM, zone="b01/u1/0101"), 0)
    alarm, incident = play.records("alarm")[-1], play.records("incident")[-1]
    case = CaseFile(incident=incident, alarms=(alarm,), facts=play.facts)
    card = next(rule.card for rule in pack.rules if rule.id == "smoke_detector")
    assert [node.card for node in _nodes(case, pack) if node.sort is Sort.ALARM] == [card]
    assert [node.id for node in _nodes(case, pack) if node.card is not None] == [alarm.id]
    for other in (None, replace(pack, version="9.9.9")):
        assert [node.card for node in _nodes(case, other) if node.sort is Sort.ALARM] == [None]


def _nodes(case: CaseFile, pack: RulePack | None) -> tuple[WhyNode, ...]:
    found = why(case, "", pack)
    assert found is not None
    return found.nodes
