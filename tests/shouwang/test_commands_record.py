"""``shouwang record``: a cassette out of a journal that is being written, and what it says where there is none to make."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rules.model import Rejected
from shouwang import cli
from shouwang.exits import Exit
from simulator.recording import read_recording
from tests.shouwang.spine import NOON, Spine, event, smoke


def record(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["record", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def filled(spine: Spine) -> Spine:
    spine.start()
    spine.put(smoke("s1"), event("r1"), Rejected(id="x", source="t", reason="not_json", detail="", excerpt=b"", size=0))
    spine.settle()
    return spine


def test_what_was_said_is_recorded_under_other_names_beside_the_writer(filled: Spine, tmp_path: Path) -> None:
    file = tmp_path / "night.jsonl.gz"
    done = record(file, "--data", filled.folder)
    assert (done.exit_code, "2 events of 1 communities" in done.output) == (Exit.OK, True), done.output
    assert "Left out: 2 entries" in done.output
    lines = list(read_recording(file))
    assert len(lines) == 2
    assert not [word for line in lines for word in (b"0502", b"s1", b"jade") if word in line.payload + line.topic.encode()]


def test_it_can_be_replayed_and_decides_the_same(filled: Spine, tmp_path: Path) -> None:
    file = tmp_path / "night.jsonl"
    record(file, "--data", filled.folder)
    told = CliRunner().invoke(cli.app, ["replay", str(file), "--virtual"], catch_exceptions=False)
    opened = {
        (each["entity"], each["hazard"]) for each in map(json.loads, told.output.splitlines()) if each["transition"] == "opened"
    }
    assert opened >= {("alarm", "fire"), ("incident", "fire")}


def test_cassettes_of_one_key_fit_together_and_the_key_is_for_its_owner_alone(filled: Spine, tmp_path: Path) -> None:
    key = tmp_path / "key"
    topics = []
    for name in ("one", "two", "other"):
        file = tmp_path / name
        arguments = () if name == "other" else ("--key-file", key)
        assert record(file, "--data", filled.folder, *arguments).exit_code == Exit.OK
        topics.append([line.topic for line in read_recording(file)])
    assert topics[0] == topics[1] != topics[2]
    assert key.stat().st_mode & 0o077 == 0


def test_true_names_are_kept_only_where_that_is_asked_for_and_it_says_so(filled: Spine, tmp_path: Path) -> None:
    done = record(tmp_path / "open", "--data", filled.folder, "--keep-names")
    assert "keep this file as you keep the journal" in done.output
    (alarm, _) = read_recording(tmp_path / "open")
    assert (alarm.at, alarm.topic.rsplit("/", 1)[1]) == (NOON, "smoke-s1")


def test_a_stretch_and_a_community_are_chosen(filled: Spine, tmp_path: Path) -> None:
    for arguments in (("--to", "2026-11-22"), ("--from", "2026-11-24"), ("--community", "opal")):
        done = record(tmp_path / "none", "--data", filled.folder, *arguments)
        assert (done.exit_code, "Nothing was recorded" in done.output) == (Exit.FAILED, True), arguments
        assert not (tmp_path / "none").exists()
    assert record(tmp_path / "day", "--data", filled.folder, "--from", "2026-11-23", "--to", "2026-11-23").exit_code == Exit.OK


def test_what_cannot_be_done_is_told(filled: Spine, tmp_path: Path) -> None:
    (tmp_path / "there").touch()
    (tmp_path / "short").write_text("00ff")
    for arguments, word, code in (
        ((tmp_path / "x", "--data", tmp_path / "nowhere"), "--data", Exit.FAILED),
        ((tmp_path / "there", "--data", filled.folder), "is there already", Exit.USAGE),
        ((tmp_path / "x", "--data", filled.folder, "--from", "yesterday"), "is no time", Exit.USAGE),
        ((tmp_path / "x", "--data", filled.folder, "--key-file", tmp_path / "short"), "too short", Exit.USAGE),
        ((tmp_path / "x", "--data", filled.folder, "--key-file", tmp_path / "no" / "key"), "cannot be used", Exit.USAGE),
        ((tmp_path / "no" / "x", "--data", filled.folder), "cannot be written", Exit.FAILED),
    ):
        done = record(*arguments)
        assert (done.exit_code, word in done.output) == (code, True), done.output


def test_a_damaged_journal_is_told(filled: Spine, tmp_path: Path) -> None:
    filled.stop()
    newest = max((filled.folder / "journal").glob("20*"))
    newest.write_bytes(newest.read_bytes().replace(b"batch", b"botch"))
    assert record(tmp_path / "x", "--data", filled.folder).exit_code == Exit.DAMAGED
