"""No alarm that a foreign format can say is silence: its kind stands in the contract, and the default pack hears it."""

from pathlib import Path

import pytest

from ingest.adapter import Ignored, understand
from ingest.formats import FORMATS
from rules.kinds import KINDS
from rules.model import Event, EventClass
from rules.pack import read_pack
from tests.fuzz import foreign_of
from tests.hostile_bytes import hostile

_FILE = Path("rules/packs/community.yaml")
PACK = read_pack(_FILE.read_text(encoding="utf-8"), _FILE.name)


def test_every_alarm_of_the_contract_is_heard_by_a_rule_of_the_default_pack() -> None:
    heard = {kind for rule in PACK.rules for kind in rule.match.kinds}
    modes = {kind for mode in PACK.modes.values() for kind in mode.kinds}
    silent = [name for event_class, name in KINDS if event_class is EventClass.ALARM and name not in heard | modes]
    assert silent == []


@pytest.mark.parametrize("name", FORMATS)
def test_whatever_comes_a_format_says_no_alarm_of_a_kind_that_the_contract_does_not_have(name: str) -> None:
    format_ = FORMATS[name]
    adapter = format_.opens()
    messages = [*format_.examples, *hostile(format_.examples, 11, 300)]
    told = [understand(adapter, foreign_of(format_, each, number)) for number, each in enumerate(messages)]
    events = [each for one in told if not isinstance(one, Ignored) for each in one if isinstance(each, Event)]
    alarms = [each.kind for each in events if each.event_class is EventClass.ALARM]
    assert [kind for kind in alarms if (EventClass.ALARM, kind) not in KINDS] == []
