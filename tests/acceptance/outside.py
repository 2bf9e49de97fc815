"""What stands outside the service in acceptance tests: devices that publish, gateways that post, and who listens and reads."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Self

import httpx
from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from handlers.queue import QueueViews
from shouwang.listening import address_of
from tests.acceptance.service import Service
from tests.servers import HOST

PUBACK_S = 20.0
Doc = dict[str, Any]


def topic_of(device: str, event_class: str = "alarm", community: str = "jade", network: str = "iot") -> str:
    return f"shouwang/v1/{community}/{network}/{event_class}/{device}"


def smoke(event_id: str, zone: str, **more: object) -> Doc:
    """The body of a smoke alarm."""
    return {"id": event_id, "kind": "smoke", "state": "on", "zone": zone, **more}


class Publisher:
    """A device's connection. ``publish`` returns when the broker has taken the message."""

    def __init__(self, port: int, client_id: str = "") -> None:
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion.MQTTv5)
        self._port = port

    def __enter__(self) -> Self:
        self._client.connect(HOST, self._port)
        self._client.loop_start()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes | Doc, *, retain: bool = False) -> None:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        sent = self._client.publish(topic, body, qos=1, retain=retain)
        sent.wait_for_publish(PUBACK_S)
        assert sent.is_published(), f"the broker did not take a message on {topic}"

    def throw(self, topic: str, payload: bytes) -> None:
        """Publish without asking what became of it: a broker may end the connection over this."""
        self._client.publish(topic, payload, qos=0)


@dataclass
class Listener:
    """Somebody who subscribed: keeps the last payload of each topic, and what of it the broker had kept for newcomers."""

    port: int
    topic_filter: str
    messages: list[tuple[str, bytes, bool]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def __enter__(self) -> Self:
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.on_connect = self._subscribe
        self._client.on_message = self._keep
        self._client.connect(HOST, self.port)
        self._client.loop_start()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _subscribe(
        self, client: Client, _data: object, _flags: ConnectFlags, _code: ReasonCode, _more: Properties | None
    ) -> None:
        client.subscribe(self.topic_filter, qos=1)

    def _keep(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        with self._lock:
            self.messages.append((message.topic, bytes(message.payload), message.retain))

    def on(self, topic: str) -> list[bytes]:
        """Every payload that came on this topic."""
        with self._lock:
            return [payload for name, payload, _ in self.messages if name == topic]

    def lasting(self) -> dict[str, bytes]:
        """The last payload of each topic, without those that were taken away."""
        with self._lock:
            last = {name: payload for name, payload, _ in self.messages}
        return {name: payload for name, payload in last.items() if payload}


class Gateway:
    """Posts to the front door over TCP with the token for publishers."""

    def __init__(self, service: Service) -> None:
        token = (service.data / "ingest-token").read_text(encoding="ascii").strip()
        port = service.settings["SHOUWANG_FRONT_DOOR__PORT"]
        self._client = httpx.Client(
            base_url=f"http://{HOST}:{port}", headers={"Authorization": f"Bearer {token}"}, timeout=60.0, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def post(self, body: bytes | object, **query: str) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._client.post("/v1/events", content=content, headers={"Content-Type": "application/json"}, params=query)


def act(service: Service, verb: str, entity: str, entity_id: str, **arguments: object) -> Doc:
    """Do what an operator does: through the front door's socket, as the web does it. The answer of the chain."""
    token = (service.data / "service-token").read_text(encoding="ascii").strip()
    body = {"id": f"{verb}-{entity_id}", "community": "jade", "actor": "李", "verb": verb, "entity": entity}
    with httpx.Client(transport=httpx.HTTPTransport(uds=address_of(service.data / "door.sock")), timeout=40.0) as client:
        answer = client.post(
            "http://door/v1/actions",
            json={**body, "entity_id": entity_id, "arguments": arguments},
            headers={"Authorization": f"Bearer {token}"},
        )
    found: Doc = answer.json()
    return found


def settle(service: Service) -> int | None:
    """Wait until the process is ready (None) or has ended by itself: its exit code."""
    process = service.process
    assert process is not None
    service.process = None  # that it ends is no surprise here
    try:
        service.until("it is ready or has ended", lambda: process.poll() is not None or bool(service.health().get("ready")))
    finally:
        service.process = process
    if process.poll() is not None:
        service.process = None
    return process.poll()


@contextmanager
def reading(service: Service) -> Iterator[QueueViews]:
    """The store as the web reads it."""
    url = service.settings.get("SHOUWANG_STORE_URL") or f"sqlite:///{service.data / 'store.db'}"
    views = QueueViews(url)
    try:
        yield views
    finally:
        views.close()


def facts(views: QueueViews) -> list[Doc]:
    """The whole timeline."""
    entries = []
    seq = 0
    while page := views.facts_after(seq):
        entries += [entry.fact for entry in page]
        seq = page[-1].seq
    return entries


def opened(found: Iterable[Doc], entity: str = "incident") -> list[Doc]:
    """The facts by which something was opened."""
    return [fact for fact in found if (fact["entity"], fact["transition"]) == (entity, "opened")]
