"""The webhook against a real HTTP server: what it sends, how it takes each answer, and where it refuses to go."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from ipaddress import ip_address

import pytest

from handlers.channels.addresses import is_reachable, read_networks
from handlers.channels.port import Result
from handlers.channels.webhook import WebhookChannel
from tests.handlers.channels.receivers import Receiver
from tests.handlers.records import owed
from tests.servers import free_port

pytestmark = pytest.mark.anyio
SECRET = "sixteen letters!"
NOW = 1_700_000_000_000
OWED = owed(channel="webhook:city", target="city", payload='{"id":"f-1","sentence":"烟雾"}'.encode())


@asynccontextmanager
async def hook(url: str, allowed: tuple[str, ...] = ("127.0.0.0/8", "::1/128")) -> AsyncIterator[WebhookChannel]:
    channel = WebhookChannel("city", url, SECRET, clock=lambda: NOW, allowed=read_networks(allowed), timeout_s=5)
    try:
        yield channel
    finally:
        await channel.close()


async def test_it_posts_the_body_signed_with_its_idempotency_key() -> None:
    with Receiver() as receiver:
        async with hook(f"http://127.0.0.1:{receiver.port}/in?x=1") as channel:
            outcome = await channel.deliver(OWED)
    assert outcome.result is Result.DELIVERED
    (one,) = receiver.received
    assert (one.path, one.body) == ("/in?x=1", OWED.payload)
    assert one.headers["Idempotency-Key"] == OWED.key
    assert one.headers["Host"] == f"127.0.0.1:{receiver.port}"
    signed = one.headers["Shouwang-Timestamp"].encode() + b"." + one.body
    assert one.headers["Shouwang-Timestamp"] == "1700000000"
    assert one.headers["Shouwang-Signature"] == "v1=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("status", "headers", "result", "retry_after_s"),
    [
        (200, {}, Result.DELIVERED, None),
        (429, {"Retry-After": "120"}, Result.RETRY, 120.0),
        (503, {"Retry-After": "Tue, 14 Nov 2023 22:14:20 GMT"}, Result.RETRY, 60.0),
        (500, {"Retry-After": "soon"}, Result.RETRY, None),
        (400, {}, Result.REFUSED, None),
        (410, {}, Result.REFUSED, None),
        (302, {"Location": "http://169.254.169.254/"}, Result.REFUSED, None),
    ],
)
async def test_each_answer_means_one_thing(
    status: int, headers: Mapping[str, str], result: Result, retry_after_s: float | None
) -> None:
    with Receiver(lambda _: (status, headers)) as receiver:
        async with hook(f"http://127.0.0.1:{receiver.port}/") as channel:
            outcome = await channel.deliver(OWED)
    assert (outcome.result, outcome.retry_after_s) == (result, retry_after_s)
    assert outcome.detail.startswith(f"HTTP {status}")
    assert len(receiver.received) == 1


async def test_nobody_listening_is_tried_again() -> None:
    async with hook(f"http://127.0.0.1:{free_port()}/") as channel:
        outcome = await channel.deliver(OWED)
    assert (outcome.result, "no answer from 127.0.0.1: ConnectError" in outcome.detail) == (Result.RETRY, True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "169.254.169.254", "[::ffff:127.0.0.1]"])
async def test_it_never_goes_where_only_we_can_go(host: str) -> None:
    with Receiver() as receiver:
        async with hook(f"http://{host}:{receiver.port}/", allowed=()) as channel:
            outcome = await channel.deliver(OWED)
    assert outcome.result is Result.REFUSED
    assert "name its network in allow_networks" in outcome.detail
    assert receiver.received == []


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - an address to refuse, none to listen on
        "127.8.8.8",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)
def test_addresses_of_our_own_networks_are_out_of_reach(address: str) -> None:
    assert not is_reachable(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_can_be_reached(address: str) -> None:
    assert is_reachable(ip_address(address))


def test_a_network_that_the_operator_named_can_be_reached() -> None:
    assert is_reachable(ip_address("192.168.7.9"), read_networks(["192.168.7.0/24"]))
    assert is_reachable(ip_address("::ffff:192.168.7.9"), read_networks(["192.168.7.0/24"]))
    assert not is_reachable(ip_address("192.168.8.9"), read_networks(["192.168.7.0/24"]))


@pytest.mark.parametrize(
    ("name", "url", "secret", "says"),
    [
        ("city", "ftp://example.com/", SECRET, "must be http"),
        ("city", "http://user:word@example.com/", SECRET, "without a user name"),
        ("city", "https://example.com/", "short", "at least 16 characters; got 5"),
        ("城市", "https://example.com/", SECRET, "printable ASCII"),
    ],
)
def test_a_wrong_hook_is_refused_when_it_is_made(name: str, url: str, secret: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        WebhookChannel(name, url, secret, clock=lambda: NOW)
