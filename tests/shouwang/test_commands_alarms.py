"""``shouwang alarms``: what stands, read beside its writer."""

from pathlib import Path

from typer.testing import CliRunner, Result

from ingest.topics import Lane
from shouwang import cli
from shouwang.exits import Exit
from tests.shouwang.spine import Spine, smoke


def said(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, list(map(str, arguments)), catch_exceptions=False)


def test_a_standing_alarm_is_listed_with_its_state(spine: Spine) -> None:
    spine.start()
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    spine.settle()
    result = said("alarms", "--data", spine.folder)
    assert result.exit_code == 0
    assert "unacknowledged" in result.output
    assert "a-" in result.output
    assert "No such alarm stands" in said("alarms", "--data", spine.folder, "--state", "shelved").output


def test_an_unknown_state_is_refused_with_those_there_are(spine: Spine) -> None:
    result = said("alarms", "--data", spine.folder, "--state", "sleeping")
    assert result.exit_code == Exit.USAGE
    assert "shelved" in result.output


def test_without_a_store_it_says_so(tmp_path: Path) -> None:
    assert said("alarms", "--data", tmp_path).exit_code == Exit.FAILED
