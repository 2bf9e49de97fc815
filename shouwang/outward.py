"""Everything that leaves: the outbox, its channels, and how they are made from the settings."""

import ipaddress
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from handlers.channels.mqtt import Broker, MqttChannel
from handlers.channels.people import PeopleChannel
from handlers.channels.webhook import WebhookChannel
from handlers.exchange.told_case import Place
from handlers.outbox import Outbox
from handlers.routes import Form, Hook, Routes
from handlers.store import Store
from handlers.way import STATE_LIMITS, Way
from ingest.port import Delivery
from ingest.wire import Lane
from rules.effects import Effect
from rules.model import DeliveryReport, Sentence
from shouwang.clock import wall_now
from shouwang.desk import Desk
from shouwang.settings import Settings, Webhook
from shouwang.tls import client_context
from shouwang.watched import end_all, watched

log = structlog.get_logger(__name__)


class Outward:
    """The outbox and its channels. Made before the desk, which rings it; run after the desk, to which it reports."""

    def __init__(self, settings: Settings, store: Store, epoch: int, chance: random.Random, clock: Callable[[], int]) -> None:
        """``clock``: the journal's own. By the computer's, set back an hour, all that is due would wait for an hour."""
        self.routes = Routes(
            home_assistant=settings.mqtt.home_assistant_prefix,
            has_mqtt=settings.mqtt.is_enabled,
            has_people=True,
            hooks=tuple(_hook(hook) for hook in settings.webhooks),
        )
        self._mqtt = _mqtt_channel(settings) if settings.mqtt.is_enabled else None
        ways = [Way(PeopleChannel(settings.people))]
        ways += [Way(_webhook(hook)) for hook in settings.webhooks]
        ways += [Way(self._mqtt, STATE_LIMITS)] if self._mqtt is not None else []
        self._desk: Desk | None = None
        self._outbox = Outbox(store, epoch, ways, clock=clock, report=self._report, chance=chance, hooks=self.routes.hooks)

    def wake(self) -> None:
        """Something new is owed."""
        self._outbox.wake()

    def deliver_degraded(self, effect: Effect) -> None:
        """The store is away, and this cannot wait."""
        self._outbox.send_unstored((effect,))

    def counts(self) -> dict[str, int]:
        """Tries by how they ended."""
        counts: dict[str, int] = {"given_up": 0}
        for (channel, state), count in self._outbox.counts.items():
            counts[f"{channel}_{state}"] = counts.get(f"{channel}_{state}", 0) + count
            if state == "failed":
                counts["given_up"] += count
        return counts

    @asynccontextmanager
    async def running(self, desk: Desk, on_fatal: Callable[[BaseException], None]) -> AsyncIterator[None]:
        """Deliver until the block ends; what is under way then gets a little time."""
        self._desk = desk
        tasks = [watched(self._outbox.run(), on_fatal)]
        if self._mqtt is not None:
            tasks.append(watched(self._mqtt.run(), on_fatal))
        try:
            yield
        finally:
            if not tasks[0].done():
                await self._outbox.stop()
            await end_all(*tasks)

    def _report(self, report: DeliveryReport, hear: Callable[[bool], None]) -> None:
        """How an owed delivery ended enters by the front door, like everything that can change a decision."""
        delivery = Delivery([report], lambda appended: hear(appended is not None), Lane.NORMAL)
        is_taken = self._desk is not None and self._desk.offer(delivery)
        if not is_taken:
            hear(is_taken)


def _webhook(hook: Webhook) -> WebhookChannel:
    allowed = [ipaddress.ip_network(each) for each in hook.allow_networks]
    return WebhookChannel(hook.name, hook.url, hook.secret, clock=wall_now, allowed=allowed, form=Form(hook.form))


def _hook(hook: Webhook) -> Hook:
    where = Place(name=Sentence(hook.place, hook.place), latitude=hook.latitude, longitude=hook.longitude, adcode=hook.adcode)
    return Hook(name=hook.name, form=Form(hook.form), sender=hook.sender, place=where, orders_of=hook.orders_of)


def _mqtt_channel(settings: Settings) -> MqttChannel:
    mqtt = settings.mqtt
    return MqttChannel(
        Broker(
            host=mqtt.host,
            port=mqtt.port,
            client_id=f"{mqtt.client_id}-out",
            username=mqtt.username or None,
            password=mqtt.password or None,
            tls=client_context(mqtt) if mqtt.is_tls else None,
            keepalive_s=mqtt.keepalive_s,
        )
    )
