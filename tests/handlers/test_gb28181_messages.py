"""Hooks of the form gb28181: a Notify when a case has an alarm or rises, over real HTTP, and our own reader reads it back."""

import asyncio
import hashlib
import hmac
import random
from dataclasses import replace
from ipaddress import ip_network

import pytest
from sqlalchemy import select

from handlers.apply import apply
from handlers.channels.webhook import WebhookChannel
from handlers.exchange.told_case import Place
from handlers.outbox import Outbox
from handlers.routes import Form, Hook, Routes
from handlers.schema import outbox
from handlers.store import Store
from handlers.way import Way
from rules.effects import Effect, SaveAlarm, SaveIncident
from rules.model import Alarm, Incident, Level, Sentence, Status, Verdict
from tests.handlers.channels.receivers import Received, Receiver
from tests.handlers.records import EVIDENCE, alarm, incident
from tests.ingest.reading import Reader

DEVICE = "34020000001320000001"
SECRET = "sixteen letters!"
HERE = Place(name=Sentence("翠苑", "Jade"), latitude=30.287, longitude=120.121)
PLATFORM = Hook(name="video", form=Form.GB28181, sender=DEVICE, place=HERE)
AT = 1_772_445_600_000


def case(**changes: object) -> Incident:
    return replace(incident(at=AT, alarm_ids=("a-1",), level=Level.YELLOW), **changes)  # type: ignore[arg-type]  # any field, by name


def seen(kind: str) -> Alarm:
    return replace(alarm(at=AT), evidence=(replace(EVIDENCE, kind=kind),))


def told(store: Store, epoch: int, *effects: Effect, hooks: tuple[Hook, ...] = (PLATFORM,)) -> list[tuple[str, bytes]]:
    """Apply them; all that is owed by then, the first first."""
    with store.transaction(epoch) as unit:
        apply(unit, effects, Routes(has_mqtt=False, has_people=False, hooks=hooks))
        rows = unit.connection.execute(select(outbox).order_by(outbox.c.created_at, outbox.c.key))
        return [(row.key, bytes(row.payload)) for row in rows]


def test_a_case_is_told_when_it_has_an_alarm_and_when_it_rises(store: Store, epoch: int) -> None:
    graver = case(level=Level.RED, changed_at=AT + 60_000)
    milder = replace(graver, level=Level.ORANGE, changed_at=AT + 70_000)
    over = replace(milder, state="closed", closed_at=AT + 80_000, changed_at=AT + 80_000, verdict=Verdict.REAL)
    assert told(store, epoch, SaveIncident(case(alarm_ids=(), warning_ids=("w-1",)))) == []
    life = [
        told(store, epoch, *effects)
        for effects in (
            (SaveIncident(case()), SaveAlarm(seen("intrusion"))),
            (SaveIncident(replace(case(), acknowledged_by="zhang")),),
            (SaveIncident(graver), SaveAlarm(seen("crowd"))),
            (SaveIncident(milder),),
            (SaveIncident(graver),),
            (SaveIncident(over),),
        )
    ]
    assert [len(each) for each in life] == [1, 1, 2, 2, 2, 2]
    route = Reader("gb28181")
    events = [route.one(payload) for _, payload in life[-1]]
    assert [(each.kind, each.attributes["level"]) for each in events] == [("intrusion", "yellow"), ("crowd", "red")]
    assert {(each.device, each.occurred_at, each.state) for each in events} == {(DEVICE, AT, "on")}
    assert (events[0].attributes["latitude"], events[0].attributes["longitude"]) == (30.287, 120.121)
    assert events[0].attributes["text"] == "b03/u1/0502 火警：厨房烟雾 8 %/m"


def test_each_message_has_a_number_of_its_own_that_stays(store: Store, epoch: int) -> None:
    numbers = [
        _number(payload) for _, payload in told(store, epoch, *(SaveIncident(case(id=f"i-{n}", zone=f"b{n}")) for n in range(20)))
    ]
    assert len(set(numbers)) == 20
    assert all(1 <= number < 2**31 for number in numbers)
    again = told(store, epoch, SaveIncident(case(id="i-0", zone="b0")))
    assert [_number(payload) for _, payload in again] == numbers


def _number(notify: bytes) -> int:
    return int(notify.partition(b"<SN>")[2].partition(b"</SN>")[0])


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST])
def test_an_exercise_is_never_an_alarm_above(store: Store, epoch: int, status: Status) -> None:
    assert told(store, epoch, SaveIncident(case(status=status)), SaveAlarm(seen("intrusion"))) == []


def test_each_platform_hears_of_its_communities_alone(store: Store, epoch: int) -> None:
    far, near = (
        replace(PLATFORM, name="far", communities=("elsewhere",)),
        replace(PLATFORM, name="near", communities=("jiayuan",)),
    )
    found = told(store, epoch, SaveIncident(case()), hooks=(far, near, Hook(name="facts")))
    assert [key for key, _ in found] == ["webhook:near:i-1:yellow"]
    assert b"<Longitude>" in found[0][1]
    nowhere = replace(near, name="nowhere", place=replace(HERE, longitude=None))
    assert b"<Longitude>" not in told(store, epoch, SaveIncident(case(id="i-2", zone="b2")), hooks=(nowhere,))[1][1]


@pytest.mark.anyio
async def test_a_bridge_gets_it_signed_and_again_when_the_platform_was_away(store: Store, epoch: int) -> None:
    with store.transaction(epoch) as unit:
        early = replace(case(), opened_at=1000, changed_at=1000)
        apply(unit, [SaveIncident(early), SaveAlarm(seen("line_crossing"))], Routes(has_mqtt=False, hooks=(PLATFORM,)))
    statuses = iter((503, 204))

    def answer(_: Received) -> tuple[int, dict[str, str]]:
        return next(statuses), {"Retry-After": "0"}

    with Receiver(answer) as bridge:
        await _deliver(store, epoch, bridge)
        first, second = bridge.received
    assert (first.body, first.headers["Idempotency-Key"]) == (second.body, "webhook:video:i-1:yellow")
    assert second.headers["Content-Type"] == "Application/MANSCDP+xml"
    signed = second.headers["Shouwang-Timestamp"].encode() + b"." + second.body
    assert second.headers["Shouwang-Signature"] == "v1=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    event = Reader("gb28181").one(second.body)
    assert (event.kind, event.device, event.attributes["level"]) == ("line_crossing", DEVICE, "yellow")


async def _deliver(store: Store, epoch: int, bridge: Receiver) -> None:
    """Run the outbox until the bridge has taken it."""
    url = f"http://127.0.0.1:{bridge.port}/notify"
    allowed = [ip_network("127.0.0.0/8")]
    channel = WebhookChannel("video", url, SECRET, clock=lambda: 10_000, allowed=allowed, form=Form.GB28181)
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    box = Outbox(
        store,
        epoch,
        [Way(channel)],
        clock=lambda: 10_000 + int((loop.time() - began_s) * 1000),
        report=lambda _, hear: hear(True),
        chance=random.Random(1),
    )
    running = asyncio.create_task(box.run())
    async with asyncio.timeout(20):
        while box.counts.get(("webhook:video", "delivered"), 0) == 0:  # noqa: ASYNC110 - what is waited for is in another thread
            await asyncio.sleep(0.005)
    await box.stop()
    await running
    await channel.close()
