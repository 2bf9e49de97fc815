"""``shouwang load`` where something is missing: what it says, and that it never proves what did not happen."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from typer import Exit as Ended
from typer.testing import CliRunner, Result

from ingest.topics import Lane
from ingest.wire import decode
from rules.model import Event
from shouwang import cli
from shouwang.exits import Exit
from shouwang.load_proof import journal_proof, store_proof
from shouwang.settings import Settings
from simulator.load.ledger import Ledger
from simulator.load.plan import LoadPlan, Mix, event_id, lane_of, load_messages
from tests.servers import Mosquitto, free_port
from tests.shouwang.spine import NOON, Spine

PLAN = LoadPlan(run="r", rate=10.0, lasts_s=1.0, mix=Mix(critical=1.0, normal=1.0, bulk=0.0))


def load(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["load", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def ledger() -> Ledger:
    """The broker took all of the plan."""
    made = Ledger()
    for number, message in enumerate(load_messages(PLAN)):
        made.send(event_id(PLAN, number), lane_of(message), 0.0, wants_receipt=False)
        made.acknowledge(event_id(PLAN, number), 0.0)
    return made


def settings(folder: Path) -> Settings:
    return cast("Settings", SimpleNamespace(data=folder, database=f"sqlite:///{folder / 'store.db'}"))


def events() -> list[Event]:
    decoded = [decode(message.topic, message.payload, arrival="1")[0] for message in load_messages(PLAN)]
    return [entry for entry in decoded if isinstance(entry, Event)]


class TestProof:
    def test_all_that_was_taken_is_there_once(self, spine: Spine, ledger: Ledger) -> None:
        spine.start()
        spine.put(*events(), *events()[:2])  # two came twice: the chain knows them
        spine.settle()
        at = settings(spine.folder)
        assert journal_proof(at, PLAN, ledger, NOON).is_good
        assert store_proof(at, PLAN, ledger, NOON).is_good

    def test_what_is_not_there_is_lost(self, spine: Spine, ledger: Ledger) -> None:
        spine.start()
        missing = next(event for event in events() if event.kind == "smoke")
        spine.put(*(event for event in events() if event.id != missing.id))
        spine.settle()
        at = settings(spine.folder)
        assert journal_proof(at, PLAN, ledger, NOON).lost == (missing.id,)
        assert store_proof(at, PLAN, ledger, NOON).lost == (missing.device,)

    def test_an_alarm_of_nobody_is_strange_and_one_of_another_community_is_not_meant(self, spine: Spine, ledger: Ledger) -> None:
        spine.start()
        alarm = next(event for event in events() if event.kind == "smoke")
        spine.put(*events(), replace(alarm, id="x", device="smoke-999"), replace(alarm, id="y", community="jade"))
        spine.settle()
        proof = store_proof(settings(spine.folder), PLAN, ledger, NOON)
        assert (proof.lost, proof.doubled, proof.strange) == ((), (), ("smoke-999",))

    def test_without_a_journal_it_proves_nothing(
        self, tmp_path: Path, ledger: Ledger, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(Ended):
            journal_proof(settings(tmp_path), PLAN, ledger, NOON)
        assert "There is no journal" in capsys.readouterr().err


def test_what_a_detector_says_again_is_no_second_alarm(spine: Spine, ledger: Ledger) -> None:
    spine.start()
    spine.put(*events())
    spine.settle()
    smoke = next(event for event in events() if event.kind == "smoke")
    spine.put(replace(smoke, id="again"))
    spine.settle()
    assert store_proof(settings(spine.folder), PLAN, ledger, NOON).is_good, "an alarm that is told again is the same one"


@pytest.mark.needs("mosquitto")
def test_where_nobody_answers_every_receipt_is_lost(mosquitto: Mosquitto) -> None:
    done = load("--broker", mosquitto.url, "--rate", 50, "--for", 0.2, "--patience", 1)
    assert (done.exit_code, "10 LOST" in done.output) == (Exit.FAILED, True), done.output
    plain = json.loads(load("--broker", mosquitto.url, "--rate", 50, "--for", 0.2, "--patience", 1, "--json").output)
    assert (plain["acknowledged"], len(plain["proofs"]["receipts"]["lost"])) == (10, 10)
    assert plain["lanes"][-1]["lane"] == Lane.BULK.value


@pytest.mark.parametrize(
    ("arguments", "word", "code"),
    [
        (["--broker", "http://h"], "mqtt://", Exit.USAGE),
        (["--broker", "mqtt://h", "--mix", "1:2"], "critical:normal:bulk", Exit.USAGE),
        (["--broker", "mqtt://h", "--mix", "0:0:0"], "critical:normal:bulk", Exit.USAGE),
        (["--broker", f"mqtt://127.0.0.1:{free_port()}"], "could not be used", Exit.FAILED),
    ],
)
def test_what_cannot_be_done_is_told(arguments: list[object], word: str, code: Exit) -> None:
    result = load(*arguments)
    assert (result.exit_code, word in result.output) == (code, True), result.output
