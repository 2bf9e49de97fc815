"""The publisher against a real Mosquitto: retained states, a topic made empty, and a broker that goes and comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiomqtt
import pytest

from handlers.channels.mqtt import Broker, MqttChannel
from handlers.channels.port import Outcome, Owed, Result
from tests.handlers.records import owed
from tests.servers import HOST, Mosquitto, free_port

pytestmark = pytest.mark.anyio
TOPIC = "shouwang/v1/jiayuan/out/alarm/a-1"
DEADLINE_S = 30.0


@asynccontextmanager
async def publishing(port: int) -> AsyncIterator[MqttChannel]:
    channel = MqttChannel(Broker(host=HOST, port=port, client_id="shouwang-out", answer_within_s=5))
    running = asyncio.create_task(channel.run())
    try:
        yield channel
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def delivered(channel: MqttChannel, one: Owed) -> Outcome:
    """Try as the outbox would, until it is delivered."""
    async with asyncio.timeout(DEADLINE_S):
        while (outcome := await channel.deliver(one)).result is Result.RETRY:
            await asyncio.to_thread(lambda: None)
    return outcome


def state(payload: bytes) -> Owed:
    return owed(channel="mqtt", target=TOPIC, payload=payload, is_retained=True)


async def retained(port: int, topic: str, marker: str) -> list[bytes]:
    """What a newcomer is given on the topic, up to a marker that is published after the subscription."""
    found: list[bytes] = []
    async with asyncio.timeout(DEADLINE_S), aiomqtt.Client(HOST, port) as client:
        await client.subscribe([(topic, 1), (marker, 1)])
        await client.publish(marker, b"", qos=1)
        async for message in client.messages:
            if message.topic.value == marker:
                return found
            found.append(bytes(message.payload))
    return found


async def test_a_state_is_kept_for_newcomers_until_it_is_taken_away(mosquitto: Mosquitto) -> None:
    async with publishing(mosquitto.port) as channel:
        assert (await delivered(channel, state(b'{"id":"a-1"}'))).detail == "puback"
        assert await retained(mosquitto.port, TOPIC, "m/1") == [b'{"id":"a-1"}']
        await delivered(channel, state(b""))
        assert await retained(mosquitto.port, TOPIC, "m/2") == []
        await delivered(channel, owed(channel="mqtt", target="shouwang/v1/jiayuan/out/receipt/e-1", payload=b"{}"))
        assert await retained(mosquitto.port, "shouwang/v1/jiayuan/out/receipt/e-1", "m/3") == []


async def test_it_comes_back_when_the_broker_does(mosquitto: Mosquitto) -> None:
    async with publishing(mosquitto.port) as channel:
        await delivered(channel, state(b"1"))
        await asyncio.to_thread(mosquitto.kill)
        async with asyncio.timeout(DEADLINE_S):
            while (outcome := await channel.deliver(state(b"2"))).result is not Result.RETRY or channel.is_connected:
                await asyncio.to_thread(lambda: None)
        assert "not connected" in outcome.detail or "no puback" in outcome.detail or "lost" in outcome.detail
        await asyncio.to_thread(mosquitto.start)
        await delivered(channel, state(b"3"))
    assert await retained(mosquitto.port, TOPIC, "m/1") == [b"3"]


async def test_a_frozen_broker_gives_no_puback_and_many_tries_do_not_block_each_other(mosquitto: Mosquitto) -> None:
    channel = MqttChannel(Broker(host=HOST, port=mosquitto.port, client_id="shouwang-out", answer_within_s=0.5))
    running = asyncio.create_task(channel.run())
    await delivered(channel, state(b"1"))
    mosquitto.freeze()
    try:
        outcomes = await asyncio.gather(*(channel.deliver(state(b"%d" % number)) for number in range(50)))
    finally:
        mosquitto.thaw()
    assert {outcome.result for outcome in outcomes} == {Result.RETRY}
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_without_a_broker_it_says_so() -> None:
    port = free_port()
    async with publishing(port) as channel:
        outcome = await channel.deliver(state(b"1"))
    assert (outcome.result, outcome.detail) == (Result.RETRY, f"not connected to 127.0.0.1:{port}")


async def test_what_mqtt_cannot_carry_is_refused(mosquitto: Mosquitto) -> None:
    async with publishing(mosquitto.port) as channel:
        await delivered(channel, state(b"1"))
        wild = await channel.deliver(owed(channel="mqtt", target="shouwang/+/x", payload=b"1"))
        huge = await channel.deliver(owed(channel="mqtt", target=TOPIC, payload=b"1" * 300_000))
    assert (wild.result, huge.result) == (Result.REFUSED, Result.REFUSED)
    assert "300000 bytes" in huge.detail
