"""The pulls as the process wires them: they go no more than webhooks where only we can go, unless the route names the network."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from ingest.pull import HttpPull, Pull, PullFailed
from shouwang.pull_form import PullForm, pull_of
from shouwang.pulls import fetch_of
from tests.handlers.channels.receivers import Receiver

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.1.2.3"])
async def test_it_never_asks_where_only_we_can_go(host: str) -> None:
    with Receiver() as receiver:
        fetch = fetch_of(Pull(source=HttpPull(url=f"http://{host}:{receiver.port}/")))
        with pytest.raises(PullFailed, match="if it is meant, name its network in allow_networks"):
            await fetch("")
    assert receiver.received == []


async def test_a_network_that_the_route_names_is_asked() -> None:
    with Receiver(lambda _: (204, {})) as receiver:
        form = PullForm(url=f"http://127.0.0.1:{receiver.port}/", allow_networks=["127.0.0.0/8"])
        fetched = await fetch_of(pull_of(form, Path("/nowhere")))("")
    assert (len(receiver.received), fetched.rows) == (1, ())


async def test_a_name_that_leads_elsewhere_after_the_check_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: first an address that may be asked, then the one that hands out a cloud machine's keys."""
    answers = ["127.0.0.1", "169.254.169.254"]
    real = asyncio.get_running_loop().getaddrinfo

    async def resolver(host: Any, port: Any, **other: Any) -> Any:
        if host != "city.invalid":
            return await real(host, port, **other)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolver)
    with Receiver(lambda _: (204, {})) as receiver:
        form = PullForm(url=f"http://city.invalid:{receiver.port}/", allow_networks=["127.0.0.0/8"])
        fetch = fetch_of(pull_of(form, Path("/nowhere")))
        await fetch("")
        assert (answers, [one.headers["Host"] for one in receiver.received]) == (
            ["169.254.169.254"],
            [f"city.invalid:{receiver.port}"],
        )
        with pytest.raises(PullFailed, match=r"leads to 169\.254\.169\.254, which may not be reached"):
            await fetch("")
    assert len(receiver.received) == 1


@pytest.mark.parametrize("host", ["x" * 70 + ".invalid", "city..invalid"])
async def test_what_cannot_be_a_name_is_a_failure_and_stops_nothing(host: str) -> None:
    with pytest.raises(PullFailed, match="no answer"):
        await fetch_of(Pull(source=HttpPull(url=f"http://{host}/")))("")
