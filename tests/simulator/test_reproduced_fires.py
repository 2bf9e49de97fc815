"""Real fires: each decision of the chain is reproduced by the events that it cites, replayed alone."""

from itertools import islice

import pytest

from ingest.wire import decode
from rules.decision import is_decision
from rules.definition import RulePack
from rules.effects import RecordFact
from rules.engine import Engine
from rules.model import Fact
from rules.reproduce import Cited, by_name, reproduce
from simulator.convert_fires import all_fires
from simulator.fires.real_fire import RealFire


def played(fire: RealFire, pack: RulePack) -> tuple[list[Cited], list[Fact]]:
    engine = Engine(pack=pack)
    entries: list[Cited] = []
    facts: list[Fact] = []
    now = 0
    for at, topic, payload in fire.records():
        now = max(now, at)
        for entry in decode(topic, payload, arrival=str(len(entries))):
            entries.append(Cited(now, entry))
            effects = engine.receive(entry, now, len(entries))
            facts += [effect.fact for effect in effects if isinstance(effect, RecordFact)]
    return entries, facts


@pytest.mark.needs("recordings")
def test_the_cited_readings_of_real_fires_are_enough(pack: RulePack) -> None:
    fires = list(all_fires())
    count = 0
    for fire in islice(fires, 0, None, max(1, len(fires) // 4)):
        entries, facts = played(fire, pack)
        known = by_name(entries)
        for fact in filter(is_decision, facts):
            assert reproduce(pack, fact, known).is_same, (fire.name, fact.rule, fact.sentence.en)
            count += 1
    assert count > 50
