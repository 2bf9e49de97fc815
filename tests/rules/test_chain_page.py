"""docs/chain.md says what the code does: its tables are the code's tables, its numbers the code's numbers."""

import re
from pathlib import Path

import pytest

from rules import arrival, deafness, definition, dispatch, flood, identity, signals, suppress, watch
from rules.lifecycle import ALARM, DISPATCH, INCIDENT, WARNING, Lifecycle
from rules.lifecycle_page import diagram, main
from rules.model import Reason

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "chain.md").read_text(encoding="utf-8")
PAGE_OF_STATES = (DOCS / "states.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("lifecycle", [WARNING, ALARM, INCIDENT, DISPATCH], ids=lambda one: one.name)
def test_the_diagrams_are_drawn_from_the_tables(lifecycle: Lifecycle) -> None:
    assert diagram(lifecycle) in PAGE, "python -m rules.lifecycle_page diagrams"


def test_the_page_of_states_is_made_from_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    made = capsys.readouterr().out
    assert made == PAGE_OF_STATES, "python -m rules.lifecycle_page > docs/states.md"
    main(["diagrams"])
    assert capsys.readouterr().out.count("stateDiagram-v2") == 4


NUMBERS = {
    "a reading is held": (signals.HELD_S, "900 s"),
    "shelving ends after": (suppress.SHELF_MAX_S, "28800 s"),
    "the next responder after": (dispatch.GIVE_UP_SHARE, "2 ×"),
    "tried again every": (dispatch.RETRY_MS, "60000 ms"),
    "a message in": (definition.Messages().interval_s, "300 s"),
    "a clock may be ahead": (arrival.AHEAD_MAX_MS, "60000 ms"),
    "alarm ids are known for": (identity.LONG_MS, "604800000 ms"),
    "alarm ids at most": (identity.LONG_MAX, "200000"),
    "reading ids are known for": (identity.SHORT_MS, "600000 ms"),
    "reading ids at most": (identity.SHORT_MAX, "65536"),
    "watches in a row": (watch.ROW_SIZE, "64"),
    "a flood begins above, alarms": (flood.BEGINS_ABOVE, "10"),
    "a flood is over below, alarms": (flood.ENDS_BELOW, "5"),
    "within": (flood.WINDOW_MS, "600000 ms"),
    "a deafness is told after": (deafness.TOLD_AFTER_MS, "60000 ms"),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_the_numbers_are_the_code_s(name: str) -> None:
    value, shown = NUMBERS[name]
    assert shown.split()[0] == f"{value:.0f}"
    assert f"| {name} | {shown} |" in PAGE


def test_every_reason_that_it_names_exists() -> None:
    named = re.findall(r"`reason: (\w+)`", PAGE)
    assert named
    assert [word for word in named if word not in [reason.value for reason in Reason]] == []
