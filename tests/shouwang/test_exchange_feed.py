"""The chain keeps the promise that the feed rests on: what partners are told of an incident never changes without a fact."""

import json
from dataclasses import replace

import pytest

from handlers.exchange.contract import Purpose, SharedIncident, shared
from rules.canonical import to_json
from rules.effects import Effect, RecordFact, SaveIncident
from rules.engine import Engine
from tests.rules import storm


class Watching(Engine):
    """A chain whose every step is looked at."""

    told: dict[str, SharedIncident]
    changed_count: int

    def receive(self, *args, **kwargs):  # type: ignore[no-untyped-def]  # whatever the chain takes
        return self._look(super().receive(*args, **kwargs))

    def advance(self, now: int) -> tuple[Effect, ...]:
        return self._look(super().advance(now))

    @classmethod
    def _look(cls, step: tuple[Effect, ...]) -> tuple[Effect, ...]:
        facts = {effect.fact.incident_id for effect in step if isinstance(effect, RecordFact)}
        for effect in step:
            if isinstance(effect, SaveIncident):
                told = replace(shared(json.loads(to_json(effect.incident)), 0, Purpose.RESCUE), changed_at=0)
                if cls.told.get(told.id) != told:
                    cls.changed_count += 1
                    assert told.id in facts, (cls.told.get(told.id), told)
                cls.told[told.id] = told
        return step


def test_every_change_that_is_told_comes_with_a_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    """A storm of happenings and of people who acknowledge, verify, merge, split and close."""
    Watching.told, Watching.changed_count = {}, 0
    monkeypatch.setattr(storm, "Engine", Watching)
    storm.play((storm.PACKS / "community.yaml").read_text(encoding="utf-8"), 1, 300)
    assert Watching.changed_count > 30
    assert {told.closed_at is None for told in Watching.told.values()} == {True, False}
