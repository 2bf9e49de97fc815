"""The ``inhibitions:`` of a pack: what they say, and everything that is wrong with them, with line and column."""

import pytest

from rules.definition import Aim, Inhibition, Key
from rules.model import Level, Sentence
from rules.pack import check_pack, read_pack

PACK = """pack: small
version: "1.0.0"
title: {zh: 小, en: Small}
parties: {property: {title: {zh: 物业, en: Property}}}
hazards:
  power: {title: {zh: 断电, en: Power}}
  device: {title: {zh: 设备, en: Device}}
  fire: {title: {zh: 火, en: Fire}, life_safety: true}
  gas: {title: {zh: 燃气, en: Gas}, life_safety: true}
plans: {p: {title: {zh: 预案, en: Plan}}}
rules:
  lost: {title: {zh: 甲, en: A}, hazard: power, kinds: power_lost, alarms: [{level: orange, state: "on"}], plan: p, source: ours}
  fault:
    {title: {zh: 乙, en: B}, hazard: device, kinds: device_fault, alarms: [{level: yellow, state: "on"}], plan: p, source: ours}
  smoke: {title: {zh: 丙, en: C}, hazard: fire, kinds: sos, alarms: [{level: red, state: "on"}], plan: p, source: ours}
  leak: {title: {zh: 丁, en: D}, hazard: gas, kinds: gas, alarms: [{level: red, state: "on"}], plan: p, source: ours}
inhibitions:
"""
TITLE = "title: {zh: 停电, en: Power outage}"


def faults(entries: str) -> list[str]:
    return [str(fault) for fault in check_pack(PACK + entries, "pack.yaml")]


def test_an_inhibition_says_source_target_place_and_bound() -> None:
    read = read_pack(
        f"{PACK}"
        f"  outage:\n    {TITLE}\n    source: {{hazard: power, level: orange}}\n    target: {{hazard: device, level: yellow}}\n"
        f"    equal: building\n    lasts: 2h\n"
        f"  burns: {{{TITLE}, source: {{kind: sos}}, target: {{rule: leak}}}}\n"
    )
    assert read.inhibitions == (
        Inhibition(
            id="outage",
            title=Sentence("停电", "Power outage"),
            source=Aim(hazard="power"),
            target=Aim(hazard="device"),
            from_level=Level.ORANGE,
            to_level=Level.YELLOW,
            equal=Key.BUILDING,
            lasts_s=7200.0,
        ),
        Inhibition(id="burns", title=Sentence("停电", "Power outage"), source=Aim(kind="sos"), target=Aim(rule="leak")),
    )


@pytest.mark.parametrize(
    ("source", "target", "where", "what"),
    [
        ("{hazard: pover}", "{hazard: device}", "18:", "unknown hazard 'pover'"),
        ("{rule: lots}", "{hazard: device}", "18:", "unknown rule 'lots'"),
        ("{kind: smell}", "{hazard: device}", "18:", "no rule looks at the kind 'smell'"),
        ("{hazard: power}", "{rule: falt}", "18:", "unknown rule 'falt'"),
        ("{hazard: power, rule: lost}", "{hazard: device}", "18:", "exactly one: hazard, rule or kind"),
        ("{level: red}", "{hazard: device}", "18:", "exactly one: hazard, rule or kind"),
        ("{hazard: power}", "{level: red}", "18:", "exactly one: hazard or rule"),
        ("{hazard: power}", "{kind: sos}", "18:", "kind"),
        ("{hazard: power}", "{hazard: fire}", "18:", "a life may hang on alarms of 'smoke'"),
        ("{kind: power_lost}", "{rule: leak}", "18:", "a life may hang on alarms of 'leak'"),
        ("{hazard: power}", "{hazard: power}", "18:", "circle"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(source: str, target: str, where: str, what: str) -> None:
    found = faults(f"  x: {{{TITLE}, source: {source}, target: {target}}}\n")
    assert found
    assert where in found[0]
    assert what in found[0]


def test_circles_are_found_however_long_and_levels_can_break_them() -> None:
    entries = (
        f"  a: {{{TITLE}, source: {{hazard: power}}, target: {{hazard: device}}}}\n"
        f"  b: {{{TITLE}, source: {{rule: fault, level: orange}}, target: {{rule: lost%s}}}}\n"
    )
    assert any("circle" in fault for fault in faults(entries % ""))
    assert faults(f"  a: {{{TITLE}, source: {{hazard: power, level: red}}, target: {{hazard: power, level: orange}}}}\n") == []


def test_faults_elsewhere_do_not_hide_these() -> None:
    broken = PACK.replace("hazard: power, kinds: power_lost", "hazard: power, kinds: power_lot")
    found = [str(fault) for fault in check_pack(broken + f"  x: {{{TITLE}, source: {{rule: lots}}, target: {{rule: fault}}}}\n")]
    assert len(found) == 2
