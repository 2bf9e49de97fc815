"""``shouwang replay``: in virtual time, over a real broker, and what it says where it cannot."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag

import pytest
from typer.testing import CliRunner, Result

from shouwang import cli
from shouwang.commands_replay import obeyed
from shouwang.exits import Exit
from simulator.pace import Pace
from tests.acceptance.outside import Listener
from tests.servers import Mosquitto

ROOT = Path(__file__).resolve().parents[2]
KITCHEN = ROOT / "docs" / "examples" / "kitchen.jsonl"


def replay(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["replay", *map(str, arguments)], catch_exceptions=False)


def test_in_virtual_time_each_decision_is_a_line_and_the_same_every_time() -> None:
    first, second = replay(KITCHEN, "--virtual"), replay(KITCHEN, "--virtual")
    assert first.exit_code == Exit.OK
    decisions = [json.loads(line) for line in first.output.splitlines()]
    assert decisions
    assert first.output == second.output


def test_whoever_reads_may_have_seen_enough(tmp_path: Path) -> None:
    command = f"{sys.executable} -m shouwang replay {KITCHEN} --virtual | head -1"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert json.loads(done.stdout)
    assert done.stderr == ""


def until(is_so: Callable[[], bool]) -> None:
    step = Flag()
    for _ in range(2000):
        if is_so():
            return
        step.wait(0.01)
    raise AssertionError("it did not come")


@pytest.mark.needs("mosquitto")
def test_over_a_broker_every_message_is_published(tmp_path: Path, mosquitto: Mosquitto) -> None:
    lines = [
        {"topic": f"shouwang/v1/x/iot/reading/t{number}", "payload": {"value": number}, "at": number} for number in range(20)
    ]
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    with Listener(mosquitto.port, "shouwang/#") as listener:
        result = replay(file, "--broker", mosquitto.url, "--speed", 1000)
        assert result.exit_code == Exit.OK
        assert "20 messages, all acknowledged" in result.output
        # A subscription takes effect when it does; a second replay comes after it in any case.
        assert replay(file, "--broker", mosquitto.url, "--speed", 1000).exit_code == Exit.OK
        until(lambda: len({topic for topic, _, _ in list(listener.messages)}) == 20)


@pytest.mark.parametrize(
    ("keys", "is_standing", "speed"),
    [(" ", True, 4.0), ("  ", False, 4.0), ("+", False, 8.0), ("--", False, 1.0), ("+" * 20, False, 1000.0), ("xq", False, 4.0)],
)
def test_a_key_changes_the_pace(keys: str, is_standing: bool, speed: float) -> None:
    pace = Pace(4.0)
    for key in keys:
        obeyed(pace, key)
    assert (pace.is_standing, pace.speed) == (is_standing, speed)


@pytest.mark.needs("mosquitto")
def test_on_a_terminal_it_stands_until_a_key_lets_it_go(tmp_path: Path, mosquitto: Mosquitto) -> None:
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "shouwang",
        "replay",
        str(KITCHEN),
        "--broker",
        mosquitto.url,
        "--paused",
        "--mark",
        "exercise",
    ]
    with Listener(mosquitto.port, "shouwang/#") as listener:
        running = subprocess.Popen([*command, "--speed", "1000"], cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        seen = b""
        while "单步".encode() not in seen:
            seen += os.read(ours, 4096)
        os.write(ours, b"s")
        until(lambda: len(listener.messages) == 1)
        os.write(ours, b" ")
        while b"all acknowledged" not in seen:
            seen += os.read(ours, 65_536)
        assert running.wait(30) == Exit.OK
        until(lambda: len(listener.messages) == len(KITCHEN.read_text().splitlines()))
        assert all(json.loads(payload)["status"] == "exercise" for _, payload, _ in listener.messages)
    os.close(ours)


@pytest.mark.parametrize(
    ("arguments", "word", "code"),
    [
        ([KITCHEN, "--broker", "mqtt://h", "--mark", "fun"], "exercise", Exit.USAGE),
        ([KITCHEN], "--virtual", Exit.USAGE),
        ([KITCHEN, "--virtual", "--broker", "mqtt://h"], "--virtual", Exit.USAGE),
        ([KITCHEN, "--broker", "http://h"], "mqtt://", Exit.USAGE),
        ([KITCHEN, "--virtual", "--pack", "nowhere.yaml"], "nowhere.yaml", Exit.USAGE),
        (["nowhere.jsonl", "--virtual"], "nowhere.jsonl", Exit.FAILED),
        (["nowhere.jsonl", "--broker", "mqtt://127.0.0.1:1"], "nowhere.jsonl", Exit.FAILED),
    ],
)
def test_what_cannot_be_done_is_told(arguments: list[object], word: str, code: Exit) -> None:
    result = replay(*arguments)
    assert (result.exit_code, word in result.output) == (code, True), result.output


def test_a_bad_line_and_a_bad_pack_are_told_with_their_place(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text('{"topic": "a", "payload": {}, "at": 0}\nnonsense\n')
    result = replay(file, "--virtual")
    assert (result.exit_code, f"{file}:2" in result.output) == (Exit.FAILED, True)
    pack = tmp_path / "pack.yaml"
    pack.write_text("pack: [\n")
    result = replay(KITCHEN, "--virtual", "--pack", pack)
    assert (result.exit_code, f"{pack}:" in result.output) == (Exit.FAILED, True)
    pack.write_bytes(b"\xff")
    assert replay(KITCHEN, "--virtual", "--pack", pack).exit_code == Exit.USAGE
