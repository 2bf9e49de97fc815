"""``shouwang decode``: one answer a line, of our own contract and of foreign formats; and what it says of lines that are none."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from shouwang import cli
from shouwang.exits import Exit


def run(*arguments: object, text: str = "") -> Result:
    return CliRunner().invoke(cli.app, list(map(str, arguments)), input=text, catch_exceptions=False)


def decoded(**line: object) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run("decode", text=json.dumps(line) + "\n").stdout)
    return answer


SMOKE = {"format": "zigbee2mqtt", "topic": "zigbee2mqtt/hall", "payload": '{"smoke":true,"last_seen":"2026-03-02T10:00:00Z"}'}


def test_a_foreign_message_is_told_as_our_events() -> None:
    answer = decoded(**SMOKE)
    (event,) = answer["events"]
    assert (answer["outcome"], answer["reason"]) == ("events", "")
    assert {name: event[name] for name in ("network", "class", "device", "kind", "value", "unit", "state", "at", "status")} == {
        "network": "iot",
        "class": "alarm",
        "device": "hall",
        "kind": "smoke",
        "value": None,
        "unit": "",
        "state": "on",
        "at": "2026-03-02T10:00:00.000Z",
        "status": "actual",
    }


def test_a_payload_may_be_given_in_hexadecimal_or_as_json() -> None:
    for payload in ({"encoding": "hex", "payload": b'{"smoke":true}'.hex()}, {"payload": {"smoke": True}}):
        assert decoded(**(SMOKE | payload))["events"][0]["state"] == "on"


def test_our_own_contract_is_a_format_too() -> None:
    topic = "shouwang/v1/jade/iot/reading/t-1"
    answer = decoded(format="native", topic=topic, payload='{"kind":"temperature","value":21}')
    assert answer["events"][0]["value"] == 21.0
    refused = decoded(format="native", topic=topic, payload='{"kind":"temperature","value":21,"unit":"°F"}')
    assert (refused["outcome"], refused["reason"].split(":")[0]) == ("rejected", "wrong_unit")


def test_what_is_of_no_concern_is_ignored_and_what_is_wrong_rejected() -> None:
    assert decoded(**(SMOKE | {"topic": "zigbee2mqtt/bridge/state"}))["outcome"] == "ignored"
    assert decoded(**(SMOKE | {"payload": "{"}))["outcome"] == "rejected"
    assert decoded(format="morse", topic="x", payload="...")["outcome"] == "rejected"


def test_a_file_is_decoded_line_by_line_and_the_code_tells_of_refusals(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    line = {name: value for name, value in SMOKE.items() if name != "format"}
    file.write_text(json.dumps(line) + "\n\n" + json.dumps(line | {"retain": True, "received_at": 1_772_445_600}) + "\n")
    done = run("decode", file, "--format", "zigbee2mqtt")
    assert (done.exit_code, [json.loads(each)["events"][0]["retained"] for each in done.stdout.splitlines()]) == (
        Exit.OK,
        [False, True],
    )
    file.write_text(json.dumps(line | {"payload": "["}) + "\n")
    assert run("decode", file, "--format", "zigbee2mqtt").exit_code == Exit.FAILED


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("nonsense\n", "<stdin>:1: expected one JSON object"),
        ("[1]\n", "<stdin>:1: expected a JSON object"),
        ('{"topic":"x","payload":"y"}\n', '"format" is missing'),
        ('{"format":"senml","topic":"x","payload":1}\n', '"payload" must be a text'),
        ('{"format":"senml","topic":"x","payload":"zz","encoding":"hex"}\n', "no hexadecimal"),
        ('{"format":"senml","topic":"x","payload":"[]","received_at":"noon"}\n', "received_at"),
    ],
)
def test_a_line_that_is_none_ends_it_with_its_place(text: str, word: str) -> None:
    done = run("decode", text=text)
    assert (done.exit_code, word in done.stderr) == (Exit.FAILED, True), done.stderr


def test_an_unknown_format_or_file_is_told() -> None:
    assert run("decode", "--format", "morse").exit_code == Exit.USAGE
    assert run("decode", "nowhere.jsonl").exit_code == Exit.FAILED
