"""One report is one case: what tells of a fire or of gas is theirs alone, and all that tells of neither is a report still."""

import pytest
from ruamel.yaml import YAML

from rules.model import Event, EventClass, Incident, Network
from rules.pack import read_pack
from tests.rules.score import Play, event
from tests.rules.test_community_pack import TEXT

RULES = YAML(typ="safe").load(TEXT)["rules"]
TOWN = read_pack(TEXT, "community.yaml")
TAKEN = ("report_fire", "report_gas")


def report(text: str, urgency: str) -> Event:
    attributes = {"text": text} | ({"urgency": urgency} if urgency else {})
    return event(
        "web.1", "report", "on", event_class=EventClass.ALARM, network=Network.INTERNET, zone="b01", attributes=attributes
    )


@pytest.mark.parametrize("rule", ["report", "report_urgent"])
def test_what_they_leave_to_the_fire_and_the_gas_is_what_those_take(rule: str) -> None:
    for taken in TAKEN:
        assert f"!({RULES[taken]['when']})" in RULES[rule]["when"]


@pytest.mark.parametrize("urgency", ["", "urgent", "emergency"])
@pytest.mark.parametrize(
    ("text", "hazard"),
    [
        ("着火或冒烟: 三楼厨房着火了，有老人", "fire"),
        ("Fire or smoke: the kitchen on the third floor", "fire"),
        ("燃气味或燃气泄漏", "gas"),
        ("Smell of gas", "gas"),
        ("燃气泄漏着火了", "fire"),  # the gas alarm is part of the fire's case
        ("有人需要帮助: 摔伤", "report"),
        ("Lift stuck or broken", "report"),
        ("消防演习几点开始，会不会很多烟雾", "report"),
        ("楼道堆满杂物，有火灾隐患", "report"),
        ("有火灾隐患的电瓶车在冒烟", "fire"),
        ("疑似火灾", "fire"),
        ("没有燃气味，想改造燃气管", "report"),
        ("", "report"),
    ],
)
def test_each_report_opens_one_case_of_its_own_hazard(text: str, hazard: str, urgency: str) -> None:
    play = Play(TOWN)
    play.receive(report(text, urgency), 0)
    cases: dict[str, Incident] = {one.id: one for one in play.records("incident")}
    assert [one.hazard for one in cases.values()] == [hazard]
    assert [quote.words for one in cases.values() for quote in one.quotes] == ([text] if text else [])
