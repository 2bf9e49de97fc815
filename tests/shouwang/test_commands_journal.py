"""``shouwang journal`` and ``shouwang rejected``: on a folder that nobody writes, and on one that is not there."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ingest.topics import Lane
from rules.model import Rejected
from shouwang import cli
from shouwang.exits import Exit
from tests.shouwang.spine import Spine, event, smoke


def said(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, list(map(str, arguments)), catch_exceptions=False)


@pytest.fixture
def filled(spine: Spine) -> Spine:
    """An installation at work, in whose store and journal there is something to see."""
    spine.start()
    refused = Rejected(
        id="x", source="shouwang/[/bold]\x1b[2Jevil", reason="not_json", detail="\x1b[31m…", excerpt=b'{"\x1b', size=3
    )
    spine.put(smoke("s1"), refused, event("r1"), lane=Lane.CRITICAL)
    spine.settle()
    return spine


def test_the_journal_is_printed_as_json_lines_beside_its_writer(filled: Spine) -> None:
    result = said("journal", "--data", filled.folder)
    lines = [json.loads(line) for line in result.output.splitlines()]
    assert [line["position"] for line in lines] == [1, 2, 3, 4]
    assert [line["type"] for line in lines] == ["PackActivation", "Event", "Rejected", "Event"]
    assert lines[1]["entry"]["id"] == "s1"
    assert "\x1b" not in result.output
    filled.put(event("r2"), lane=Lane.BULK)


def test_a_part_of_it_can_be_asked_for(filled: Spine) -> None:
    result = said("journal", "--data", filled.folder, "--after", 2, "--limit", 1)
    assert [json.loads(line)["position"] for line in result.output.splitlines()] == [3]


def test_a_journal_that_is_damaged_is_told_after_what_is_good(filled: Spine) -> None:
    filled.stop()
    newest = max((filled.folder / "journal").glob("20*"))
    newest.write_bytes(newest.read_bytes().replace(b"batch", b"botch"))
    assert said("journal", "--data", filled.folder).exit_code == Exit.DAMAGED


def test_where_there_is_no_journal_it_says_so(tmp_path: Path) -> None:
    result = said("journal", "--data", tmp_path)
    assert (result.exit_code, "--data" in result.output) == (Exit.FAILED, True)


def test_refused_input_is_listed_harmlessly(filled: Spine) -> None:
    result = said("rejected", "list", "--data", filled.folder)
    assert result.exit_code == Exit.OK
    assert "not_json" in result.output
    assert "\x1b" not in result.output
    assert "[/bold]" in result.output


def test_nothing_refused_is_said(spine: Spine) -> None:
    spine.start()
    spine.settle()
    assert "Nothing was refused" in said("rejected", "list", "--data", spine.folder).output


def test_without_a_store_the_list_says_so(tmp_path: Path) -> None:
    result = said("rejected", "list", "--data", tmp_path)
    assert (result.exit_code, "store" in result.output) == (Exit.FAILED, True)


def test_to_drive_in_again_the_service_must_run(tmp_path: Path) -> None:
    result = said("rejected", "redrive", 3, "--data", tmp_path)
    assert (result.exit_code, "shouwang run" in result.output) == (Exit.FAILED, True)
