"""Bundled packs take turns in a storm of happenings: no ghost, no recovery by an edit, restarts or none."""

import random
from types import SimpleNamespace
from typing import cast

import pytest

from rules.canonical import to_json
from rules.effects import RecordFact
from rules.engine import Engine
from rules.model import PackActivation
from rules.pack_bundle import bundle
from shouwang.pack_files import load_pack
from tests.rules import storm
from tests.rules.bugs.test_rule_edit_leaves_no_ghost import check_no_ghost
from tests.rules.score import Play

COMMUNITY = load_pack(storm.PACKS / "community.yaml").text
ELDER_CARE = load_pack(storm.PACKS / "elder_care.yaml").text
SITE = """\
pack: site
version: "3.0.0"
title: {zh: 小区, en: Site}
extends: community
parameters:
  heat: {title: {zh: 温度, en: Heat}, unit: °C, low: 50, high: 70, default: 60}
override:
  rules:
    temperature: {alarms: [{level: red, above: $heat, deadband: 2, for: 1s, clear_after: 10s}], warnings: null}
    smoke_detector: {title: {en: Smoke alarm}}
    water_level: {warnings: [{level: yellow, above: 100, for: 5s}], watch: zone}
    residual_current: {warnings: null, alarms: [{level: orange, rises_per_min: 50, over: 1min}]}
    device_fault: {alarms: [{level: orange, state: "on"}]}
    battery: {when: confidence > 0.3}
  hazards: {flood: {gather_by: zone}}
disable: [oxygen, sos, heat_detector]
communities: {c1: {heat: 55}}
"""
TEXTS = (COMMUNITY, ELDER_CARE, bundle("site", {"site": SITE, "community": COMMUNITY}))
ENDINGS = ("cleared", "recovered", "cancelled", "closed")


def played(seed: int, *, is_restored: bool) -> bytes:
    """The storm, in which every so often another pack takes over. Gives what the activations told."""
    chance = random.Random(seed)
    saved: dict[str, bytes] = {}
    told: list[bytes] = []
    turns = 0

    def change(engine: Engine) -> Engine:
        nonlocal turns
        if chance.random() < 0.1:
            turns += 1
            text = chance.choice(TEXTS)
            entry = PackActivation(id=f"turn-{turns}", pack="p", version=str(turns), digest=str(turns), text=text, actor="li")
            effects = engine.receive(entry, engine.now)
            facts = [effect.fact for effect in effects if isinstance(effect, RecordFact)]
            ended = [(fact.transition, fact.reason) for fact in facts if fact.transition in ENDINGS]
            assert all(reason not in {"back_to_normal", "all_recovered"} for _, reason in ended), ended
            told.extend(to_json(effect) for effect in effects)
            check_no_ghost(cast(Play, SimpleNamespace(engine=engine)))
        if not is_restored:
            return engine
        for key, row in engine.take_changes().items():
            if row is None:
                saved.pop(key, None)
            else:
                saved[key] = row
        restored = Engine.restore(saved.items(), read_pack=storm.known_pack)
        restored._intake.recent = engine._intake.recent  # what a recovery fills from the journal
        return restored

    lines = storm.play(COMMUNITY, seed, 250, change)
    assert turns > 10
    return b"\n".join([lines, *told])


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_packs_take_turns_in_a_storm(seed: int) -> None:
    assert played(seed, is_restored=False) == played(seed, is_restored=True)
