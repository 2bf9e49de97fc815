"""An order of a hotline through the default pack and back: what docs/work-orders.md says, word for word."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handlers.apply import apply
from handlers.exchange.told_case import Place
from handlers.routes import Form, Hook, Routes
from handlers.schema import outbox
from handlers.store import Store
from ingest.route import RouteReader
from rules.effects import SaveAlarm, SaveIncident
from rules.engine import Engine
from rules.model import Entity, Incident, Input, OperatorAction, Sentence, Verb
from shouwang.route_file import read_routes
from shouwang.settings import Webhook
from tests.shouwang.spine import COMMUNITY, NOON, activation, read
from tests.test_house import ROOT

PAGES = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("work-orders.md", "work-orders.zh-CN.md")]


def block(page: str, language: str, number: int = 0) -> str:
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
    return blocks[number]


class Desk:
    """The chain and the store, a second apart from one input to the next."""

    def __init__(self, store: Store, folder: Path) -> None:
        (folder / "routes.yaml").write_text(block(PAGES[0], "yaml"), encoding="utf-8")
        (route,) = read_routes(folder / "routes.yaml")
        self.reader = RouteReader(route, lambda: NOON)
        self.engine = Engine(pack=read(activation().text))
        hook = Webhook(**json.loads(block(PAGES[0], "sh").split("'")[1])[0])
        place = Place(name=Sentence(hook.place, hook.place))
        self.routes = Routes(
            has_people=False, hooks=(Hook(name=hook.name, form=Form(hook.form), orders_of=hook.orders_of, place=place),)
        )
        self.store, self.epoch = store, store.take_lease("test", now=0, ttl_s=3600)
        self.count = 0
        self.incidents: dict[str, Incident] = {}
        self.counts: dict[str, int] = {}

    def hear(self, *entries: Input) -> None:
        for entry in entries:
            self.count += 1
            effects = self.engine.receive(entry, NOON + self.count * 1000, self.count)
            cases = [effect.incident for effect in effects if isinstance(effect, SaveIncident)]
            self.incidents |= {case.id: case for case in cases}
            alarms = [effect.alarm for effect in effects if isinstance(effect, SaveAlarm)]
            self.counts |= {alarm.id: alarm.occurrence_count for alarm in alarms}
            with self.store.transaction(self.epoch) as unit:
                apply(unit, effects, self.routes)

    def order(self, **changes: object) -> None:
        body = json.loads(block(PAGES[0], "json")) | changes
        told = self.reader.read("", json.dumps(body).encode(), arrival=str(self.count))
        assert isinstance(told, list)
        self.hear(*told)

    def ask(self, verb: Verb, **arguments: str) -> None:
        (incident_id,) = self.incidents
        action = OperatorAction(
            id=f"act-{self.count}",
            community=COMMUNITY,
            actor="zhang",
            verb=verb,
            entity=Entity.INCIDENT,
            entity_id=incident_id,
            arguments=arguments,
        )
        self.hear(action)

    def told(self) -> list[dict[str, Any]]:
        with self.store.transaction(self.epoch) as unit:
            rows = unit.connection.execute(
                select(outbox.c.payload).where(outbox.c.channel == "webhook:hotline").order_by(outbox.c.key)
            )
            return [json.loads(bytes(payload)) for payload in rows.scalars()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    store.migrate()
    yield Desk(store, tmp_path)
    store.close()


def test_both_pages_say_the_same() -> None:
    assert block(PAGES[0], "yaml") == block(PAGES[1], "yaml")
    assert [block(PAGES[0], "json", number) for number in (0, 1)] == [block(PAGES[1], "json", number) for number in (0, 1)]
    assert "work_order" in block(PAGES[1], "sh")


def test_the_order_of_the_page_is_a_fire_and_its_result_goes_back(desk: Desk) -> None:
    desk.order()
    (fire,) = [case for case in desk.incidents.values() if case.hazard == "fire"]
    assert (fire.zone.split("/")[0], fire.sources[0].device) == ("b03", "order@hotline.CD20261103000126")
    desk.incidents = {fire.id: fire}
    desk.ask(Verb.ACKNOWLEDGE)
    desk.ask(Verb.VERIFY, verdict="real", reason="锅烧干，已通风，业主13812345678")
    desk.ask(Verb.CLOSE)
    told = desk.told()
    assert [(each["sequence"], each["status"]) for each in told] == [(1, "处理中"), (2, "处理中"), (3, "处理中"), (4, "办结")]
    assert told[-1] | {"case": "i-…"} == json.loads(block(PAGES[0], "json", 1))


def test_what_a_caller_is_called_is_nowhere_in_the_store(desk: Desk, tmp_path: Path) -> None:
    desk.order()
    desk.order(status="办结")
    kept = b"".join(path.read_bytes() for path in sorted(tmp_path.glob("store.db*")))
    assert b"CD20261103000126" in kept
    assert "张三丰".encode() not in kept
    assert b"13812345678" not in kept


def test_what_the_hotline_only_moves_on_is_heard_once_and_news_again(desk: Desk) -> None:
    for status in ("派单", "处理中", "督办"):
        desk.order(status=status, result="已派人")
    assert set(desk.counts.values()) == {1}
    desk.order(content="火很大")
    assert max(desk.counts.values()) == 2
