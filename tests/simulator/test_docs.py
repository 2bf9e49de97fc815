"""docs/simulator.md is held to the code: its examples are read, its tables name what there is."""

import re
from pathlib import Path

from rules.model import Entity, Fact, Reason, Sentence
from simulator.recording import read_lines
from simulator.scenario_file import read_scenario
from simulator.virtual import decision_of

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_scenario_in_the_manual_is_a_good_one() -> None:
    assert read_scenario(block("yaml"), "docs/simulator.md").scenario == "gas_leak"


def test_the_recorded_line_in_the_manual_is_read() -> None:
    [record] = read_lines([block("json").encode()], "docs/simulator.md")
    assert record.topic == "shouwang/v1/c01/iot/reading/smoke-b03-0502"


def test_every_field_of_a_decision_is_named() -> None:
    fact = Fact(
        id="f-1",
        at=0,
        community="c01",
        entity=Entity.ALARM,
        entity_id="a-1",
        incident_id="i-1",
        transition="opened",
        from_state="",
        to_state="unacknowledged",
        reason=Reason.REPORTED,
        cause_id="e-1",
        sentence=Sentence("因", "because"),
    )
    table = TEXT[TEXT.index("A decision has these fields") : TEXT.index("## Real fires")]
    told = [word for line in table.splitlines() if line.startswith("| `") for word in re.findall(r"`(\w+)`", line.split("|")[1])]
    assert told == list(decision_of(fact))
