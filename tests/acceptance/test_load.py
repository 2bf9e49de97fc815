"""A load over the real broker into the real service: each lane answers, and journal and store prove that nothing was lost."""

import json

import pytest
from typer.testing import CliRunner

from shouwang import cli
from shouwang.exits import Exit
from tests.acceptance.outside import Listener
from tests.acceptance.service import Service
from tests.servers import Mosquitto

pytestmark = [pytest.mark.acceptance, pytest.mark.needs("mosquitto")]


def test_nothing_is_lost_and_every_message_out_is_marked_as_an_exercise(service: Service, mosquitto: Mosquitto) -> None:
    arguments = ["--broker", mosquitto.url, "--rate", "200", "--for", "3", "--mix", "5:15:80", "--data", str(service.data)]
    with Listener(mosquitto.port, "shouwang/v1/load/out/#") as listener:
        done = CliRunner().invoke(cli.app, ["load", *arguments, "--json"], catch_exceptions=False)
        assert done.exit_code == Exit.OK, done.output
        states = [json.loads(payload) for topic, payload, _ in listener.messages if "/receipt/" not in topic and payload]
    plain = json.loads(done.output)
    assert plain["acknowledged"] == 600
    assert plain["proofs"] == {name: {"lost": [], "doubled": [], "strange": []} for name in ("receipts", "journal", "alarms")}
    assert [lane["lane"] for lane in plain["lanes"]] == ["critical", "normal", "bulk"]
    assert all(0 < lane["p50_s"] <= lane["max_s"] for lane in plain["lanes"])
    assert {state["status"] for state in states} == {"exercise"}
