"""The pack that comes with Shouwang: it is good, it keeps all its promises, and every number in it has a source."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
from ruamel.yaml import YAML

from rules.definition import RulePack
from rules.expression import VARIABLES
from rules.model import Level, Sentence
from rules.pack import check_pack, pack_schema, read_pack
from rules.pack_bundle import bundle
from rules.promise import Outcome, promises_schema, run_promises
from rules.reference import main, pack_reference, schema_text

ROOT: Final = Path(__file__).resolve().parents[2]
PACKS: Final = ROOT / "rules" / "packs"
TEXT: Final = (PACKS / "community.yaml").read_text(encoding="utf-8")
PROMISES: Final = (PACKS / "community_test.yaml").read_text(encoding="utf-8")


@cache
def community() -> RulePack:
    return read_pack(TEXT, "community.yaml")


@cache
def outcomes() -> tuple[Outcome, ...]:
    return run_promises(community(), PROMISES, "community_test.yaml")


def test_it_has_no_fault() -> None:
    assert [str(fault) for fault in check_pack(TEXT, "community.yaml")] == []


def test_it_keeps_its_promises() -> None:
    assert [str(outcome) for outcome in outcomes() if not outcome.is_kept] == []


def test_every_rule_has_a_happening_in_which_it_fires() -> None:
    assert {rule.id for rule in community().rules} == {rule for outcome in outcomes() for rule in outcome.fired}


def test_every_rule_has_a_happening_in_which_it_must_not_fire() -> None:
    quiet = {outcome.about for outcome in outcomes() if outcome.about not in outcome.fired}
    assert {rule.id for rule in community().rules} <= quiet


@pytest.mark.parametrize(
    "hazard",
    [
        "fire",
        "gas",
        "carbon_monoxide",
        "electrical",
        "water_leak",
        "flood",
        "sos",
        "intrusion",
        "ebike",
        "lift",
        "elder",
        "device",
    ],
)
def test_the_hazards_of_a_community_are_there(hazard: str) -> None:
    assert hazard in community().hazards
    assert any(rule.hazard == hazard and rule.alarms for rule in community().rules)


def test_every_hazard_has_a_rule_and_every_plan_a_use() -> None:
    assert set(community().hazards) == {rule.hazard for rule in community().rules}
    assert set(community().plans) == {rule.plan for rule in community().rules}


def test_every_rule_names_the_source_of_its_numbers() -> None:
    assert [rule.id for rule in community().rules if len(rule.source) < 4] == []


def test_whoever_must_be_told_at_once_has_a_clock() -> None:
    for rule in community().rules:
        if any(stage.level in (Level.RED, Level.ORANGE) for stage in rule.alarms):
            plan = community().plans[rule.plan]
            assert plan.clocks, f"{rule.id} alarms urgently, and {plan.id} has no clock for acknowledging"
            assert plan.escalations, f"{rule.id} alarms urgently, and nobody is told when {plan.id} is late"
            assert any(order.from_level in (Level.ORANGE, Level.YELLOW) for order in plan.orders), f"{plan.id} sends nobody"


def test_fire_is_life_safety_and_latches() -> None:
    assert community().hazards["fire"].is_life_safety
    latching = {rule.id for rule in community().rules if rule.is_latching}
    assert {"smoke_detector", "heat_detector", "smoke_density", "temperature", "gas_detector", "sos"} <= latching


def sentences() -> list[Sentence]:
    pack = community()
    titles = [item.title for item in pack.hazards.values()] + [item.title for item in pack.plans.values()]
    titles += [item.title for item in pack.parties.values()] + [item.title for item in pack.responders]
    titles += [rule.title for rule in pack.rules]
    spoken = [rule.sentence for rule in pack.rules if rule.sentence is not None]
    return [*titles, *spoken, *(order.task for plan in pack.plans.values() for order in plan.orders)]


def test_everything_is_said_in_chinese_and_in_english() -> None:
    for sentence in sentences():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in sentence.zh), sentence
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in sentence.en), sentence


@pytest.mark.parametrize(
    ("file", "written", "argument"),
    [
        ("rules/packs/pack.schema.json", schema_text(pack_schema()), "pack-schema"),
        ("rules/packs/promises.schema.json", schema_text(promises_schema()), "promises-schema"),
        ("docs/rule-packs-reference.md", pack_reference(), "page"),
    ],
)
def test_what_is_made_from_the_code_is_what_the_code_says(
    file: str, written: str, argument: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument]) == 0
    assert capsys.readouterr().out == written
    text = (ROOT / file).read_text(encoding="utf-8")
    assert text == written, f"{file} is behind: python -m rules.reference {argument} > {file}"


def test_an_unknown_page_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["poem"]) == 2
    assert "one of page, pack-schema, promises-schema" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("schema", "file"), [("pack.schema.json", "community.yaml"), ("promises.schema.json", "community_test.yaml")]
)
def test_editors_agree_with_us_about_the_bundled_files(schema: str, file: str) -> None:
    rules: dict[str, Any] = json.loads((PACKS / schema).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(rules)
    loaded = YAML(typ="safe", pure=True).load((PACKS / file).read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema.Draft202012Validator(rules).iter_errors(loaded)] == []


def test_the_manual_names_every_name_of_a_condition() -> None:
    page = (ROOT / "docs" / "rule-packs-reference.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in page for name in VARIABLES)


def test_the_examples_of_the_manual_are_good() -> None:
    manual = (ROOT / "docs" / "rule-packs.md").read_text(encoding="utf-8")
    blocks = [block.split("```", 1)[0] for block in manual.split("```yaml\n")[1:]]
    examples = [block.removeprefix("rules:\n") for block in blocks if block.startswith("rules:\n")]
    (promises,) = [block for block in blocks if block.startswith("pack:")]
    composed = [block for block in blocks if "\nextends: community\n" in block]
    for site in composed:
        assert [str(fault) for fault in check_pack(bundle("jade_garden", {"jade_garden": site, "community": TEXT}))] == []
    blocks = [block for block in blocks if block not in composed]
    for section in blocks:  # what the bundled pack does not say yet can be added to it as it stands
        is_said_already = f"\n{section.splitlines()[0]}\n" in TEXT
        if section != promises and not section.startswith("rules:\n") and not is_said_already:
            assert [str(fault) for fault in check_pack(f"{TEXT}\n{section}")] == []
    head, _, tail = TEXT.partition("  gas_level:\n")
    rest = tail[tail.index("  # ---- 电气火灾") :]
    for example in examples:
        assert [str(fault) for fault in check_pack(head + example + rest)] == [], example
    assert [str(outcome) for outcome in run_promises(community(), promises) if not outcome.is_kept] == []
