"""After a start the orders of a hotline are known as before it: out of the journal, the newest, of this route alone."""

import json
import sqlite3
from pathlib import Path

import pytest

from ingest.adapter import Ignored
from ingest.formats import FORMATS
from ingest.journal import Journal
from ingest.journal_days import list_days
from ingest.route import Route, RouteReader
from rules.model import Event, Network
from shouwang import recalling
from shouwang.recalling import open_recalls, recall
from tests.ingest.journal_kit import event
from tests.ingest.mqtt_stage import until

NOW = 1_772_445_600_000
STANDING = {"order_no": "CD-1", "content": "楼道有浓烟", "zone": "b03/u2", "status": "派单", "accepted_at": "2026-03-02 18:00:00"}
OVER = {"order_no": "CD-1", "status": "办结"}
AGAIN = STANDING | {"status": "重办"}
del AGAIN["zone"]


def reader(name: str = "hotline", zone: str = "gate", form: str = "work_order") -> RouteReader:
    return RouteReader(Route(name=name, format=FORMATS[form], community="jade", network=Network.DATA, zone=zone), lambda: NOW)


def told(one: RouteReader, order: dict[str, str]) -> Event:
    said = one.read("", json.dumps(order).encode(), arrival="1")
    assert not isinstance(said, Ignored)
    (found,) = said
    assert isinstance(found, Event)
    return found


def life(folder: Path, *orders: dict[str, str], one: RouteReader | None = None) -> RouteReader:
    """A reader that lived and journaled what it told, among much else."""
    one = one or reader()
    journal = Journal(folder, clock=lambda: NOW)
    for number, order in enumerate(orders):
        journal.append([event(f"noise-{number}-{journal.last_position()}"), told(one, order)])
    journal.close()
    return one


@pytest.mark.parametrize("orders", [(STANDING,), (STANDING, OVER), (STANDING, OVER, AGAIN), (STANDING, OVER, AGAIN, OVER, OVER)])
@pytest.mark.parametrize("then", [STANDING, OVER, AGAIN])
def test_after_a_start_it_is_as_if_there_had_been_none(
    tmp_path: Path, orders: tuple[dict[str, str], ...], then: dict[str, str]
) -> None:
    before, after = life(tmp_path, *orders), reader()
    recall(after, tmp_path, 100)
    assert told(after, then) == told(before, then)
    assert told(before, OVER).zone == "b03/u2"


def test_a_zone_that_only_the_route_gives_is_not_taken_for_the_orders_own(tmp_path: Path) -> None:
    order = STANDING | {"zone": ""}
    before, after = life(tmp_path, order), reader()
    recall(after, tmp_path, 100)
    assert told(after, order) == told(before, order)


def test_only_what_this_route_told_up_to_the_start_and_only_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    life(tmp_path, STANDING, STANDING | {"order_no": "CD-2"}, STANDING | {"order_no": "CD-3"}, OVER)
    life(tmp_path, STANDING | {"order_no": "CD-4"}, one=reader("street"))
    monkeypatch.setattr(recalling, "DEVICES_MAX", 2)
    after = reader()
    recall(after, tmp_path, 7)  # the end of CD-1 is the eighth
    zones = [told(after, OVER | {"order_no": f"CD-{number}"}).zone for number in (1, 2, 3, 4)]
    assert zones == ["gate", "b03/u2", "b03/u2", "gate"]


def test_what_came_meanwhile_is_known_better(tmp_path: Path) -> None:
    life(tmp_path, STANDING)
    after = reader()
    told(after, STANDING | {"zone": "b09"})
    recall(after, tmp_path, 100)
    assert told(after, OVER).zone == "b09"


def test_a_damaged_journal_and_an_end_cost_only_the_memory(tmp_path: Path) -> None:
    life(tmp_path, STANDING)
    after = reader()
    recall(after, tmp_path, 100, lambda: True)
    assert told(after, OVER).zone == "gate"
    (day,) = list_days(tmp_path)
    with sqlite3.connect(day) as connection:
        connection.execute("UPDATE batch SET body = x'00'")
    connection.close()
    recall(after, tmp_path, 100)
    day.write_bytes(b"no database" * 1000)
    recall(after, tmp_path, 100)


@pytest.mark.anyio
async def test_the_process_recalls_for_the_formats_that_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    life(tmp_path, STANDING)
    done: list[str] = []

    def noted(one: RouteReader, *rest: object) -> None:
        recall(one, tmp_path, 100)
        done.append(one.route.name)

    monkeypatch.setattr(recalling, "recall", noted)
    after, fatal = reader(), list[BaseException]()
    async with open_recalls([after, reader("senml", form="senml")], tmp_path, 100, fatal.append):
        await until(lambda: done)
    assert (done, fatal) == (["hotline"], [])
    assert told(after, OVER).zone == "b03/u2"
