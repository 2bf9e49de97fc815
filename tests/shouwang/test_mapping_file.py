"""The file of a declarative mapping: its page is true, and all its faults are said at once, with their places."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.adapter import Ignored, understand
from rules.model import Event, Rejected
from shouwang import cli
from shouwang.mapping_file import MappingFileError, read_mapping
from tests.ingest.mapping_kit import GOOD, HEAD, told
from tests.test_house import ROOT

PAGE = ROOT / "docs" / "mapping.md"
EXAMPLES = ROOT / "docs" / "examples"


def block(after: str) -> str:
    """The fenced block that stands behind this mark on the page."""
    text = PAGE.read_text(encoding="utf-8")
    return re.split(r"```\w*\n", text[text.index(f"<!-- {after} -->") :], maxsplit=1)[1].split("```", 1)[0]


def decided() -> str:
    """What the command of the page says, shortened as the page shows it."""
    files = [str(EXAMPLES / name) for name in ("mapping_guard.yaml", "mapping_guard.jsonl")]
    shown = []
    for line in CliRunner().invoke(cli.app, ["decode", "--mapping", *files]).stdout.splitlines():
        answer = json.loads(line)
        for each in answer["events"]:
            what = each["state"] if each["value"] is None else f"{each['value']:g} {each['unit']}"
            status = "" if each["status"] == "actual" else f" ({each['status']})"
            shown.append(f"{each['class']} {each['kind']} {what}{status} of {each['device']} at {each['at']}")
        shown += [f"{answer['outcome']}: {answer['reason']}"] if answer["reason"] else []
    return "\n".join(shown) + "\n"


def test_the_page_shows_its_files_and_what_they_mean() -> None:
    for name in ("mapping_guard.yaml", "mapping_guard.jsonl"):
        assert block(f"file: examples/{name}") == (EXAMPLES / name).read_text(encoding="utf-8")
    assert block("decided") == decided()
    assert "./run shouwang decode --mapping docs/examples/mapping_guard.yaml" in PAGE.read_text(encoding="utf-8")


def faults(text: str, tmp_path: Path) -> list[tuple[int, int, str]]:
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingFileError) as raised:
        read_mapping(path)
    return [(each.line, each.column, each.message) for each in raised.value.faults]


FAULTY = """\
mapping: smoke box
title: {zh: 箱}
each: $.data[
device: sn
when: record.type = 1
latitude: $.lat
speed: fast
events:
  - {class: alarm, kind: smok, state: $.a}
  - {class: reading, kind: temperature}
  - {class: reading, kind: temperature, value: $.t, unit: °R}
  - {class: alarm, kind: smoke, state: $.a, states: {burning: [1]}}
  - {class: state, kind: opening}
  - {class: alarm, kind: smoke, when: record.a, attributes: {x: $..a..b}}
  - {class: alarm, kind: smoke, states: {on: 1}, fault: x}
  - {class: reading, kind: voltage, value: $.v, state: $.s}
"""


def test_all_faults_are_said_at_once_with_their_places(tmp_path: Path) -> None:
    found = faults(FAULTY, tmp_path)
    expected = [
        (1, 10, "mapping:"),
        (2, 1, "'en' is missing"),
        (3, 14, "JSONPath"),
        (4, 9, "JSONPath"),
        (5, 19, "compare with =="),
        (5, 21, "condition is wrong"),
        (6, 11, "belong together"),
        (7, 1, "unknown field 'speed'"),
        (9, 26, "did you mean 'smoke'?"),
        (10, 28, "a reading needs value"),
        (11, 59, "cannot be converted"),
        (12, 45, "smoke is never 'burning'"),
        (13, 26, "a state needs state"),
        (14, 39, "must be a yes or no"),
        (14, 65, "at most one '..'"),
        (15, 33, "states needs state"),
        (15, 57, "fault is for device_fault"),
        (16, 56, "not both"),
    ]
    assert [(line, column) for line, column, _ in found] == [(line, column) for line, column, _ in expected]
    for (_, _, message), (_, _, part) in zip(found, expected, strict=True):
        assert part in message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "empty"),
        ("a: [", "not YAML"),
        ("[1, 2]", "a mapping"),
        (GOOD.replace("device: $.sn", "each: $..a\ndevice: $.sn"), "within one another"),
        (GOOD.replace("mapping: box", "mapping: [box]"), "mapping"),
        (GOOD.replace("mapping: box", "mapping: native"), "is a format of ours"),
        (HEAD + "  - smoke\n", "a mapping"),
        (GOOD.replace("mapping: box", "mapping: gb26875"), "is a format of ours"),
        (GOOD.replace("events:", "occurrences:"), "'events' is missing"),
        (GOOD.split("events:")[0] + "events: []\n", "events"),
        (GOOD + "  - {class: alarm, kind: smoke, when: '" + "a" * 2049 + "'}\n", "2048"),
        (GOOD.replace("device: $.sn", "device: 'topic:x'"), "number of a level"),
        (GOOD.replace("device: $.sn", "device: $[?match(@.a, 'b')]"), "'match' is not defined"),
        (GOOD.replace("device: $.sn", "device: $" + ".a" * 300), "512"),
    ],
)
def test_a_mapping_that_will_not_do_says_why(text: str, part: str, tmp_path: Path) -> None:
    assert part in "; ".join(message for _, _, message in faults(text, tmp_path))


def test_a_file_that_cannot_be_read_is_a_fault_too(tmp_path: Path) -> None:
    with pytest.raises(MappingFileError, match="cannot be read"):
        read_mapping(tmp_path / "none.yaml")
    answer = CliRunner().invoke(cli.app, ["decode", "--mapping", str(tmp_path / "none.yaml")], input="")
    assert answer.exit_code != 0
    assert "cannot be read" in answer.stderr


def test_a_mapping_becomes_a_format_like_every_other(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(GOOD, encoding="utf-8")
    found = read_mapping(path)
    assert (found.name, found.zh, found.en, found.network.value) == ("box", "箱", "Box", "iot")
    answer = understand(found.opens(), told({"sn": "d1", "a": 1}))
    assert not isinstance(answer, Ignored)
    assert [(each.kind, each.state) for each in answer if isinstance(each, Event)] == [("smoke", "on")]
    assert not [each for each in answer if isinstance(each, Rejected)]
