"""The results of work orders: only to whom the order came from, once for each change, whichever case it is in."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handlers.apply import apply
from handlers.retention import purge
from handlers.routes import Form, Hook, Routes
from handlers.schema import outbox, told_order
from handlers.store import Store
from rules.effects import Effect, SaveAlarm, SaveIncident, SaveWarning
from rules.model import Evidence, GivenVerdict, Network, Source, Verdict
from tests.handlers.records import EVIDENCE, alarm, incident, warning

HOTLINE = Hook(name="hotline", form=Form.WORK_ORDER, orders_of=("hotline",))
AT = 1_000
DAYS_30 = 30 * 86_400_000


def routes(*hooks: Hook) -> Routes:
    return Routes(has_mqtt=False, has_people=False, hooks=hooks or (HOTLINE,))


def cite(*numbers: str, name: str = "a-1", incident_id: str = "i-1", at: int = AT, route: str = "hotline") -> SaveAlarm:
    evidence: tuple[Evidence, ...] = tuple(replace(EVIDENCE, device=f"order@{route}.{number}") for number in numbers)
    return SaveAlarm(alarm=replace(alarm(name, incident_id=incident_id, at=at), evidence=evidence))


def case(name: str = "i-1", *, at: int = AT, **changes: object) -> SaveIncident:
    return SaveIncident(incident=replace(incident(name, at=at), **changes))  # type: ignore[arg-type]  # any field by name


def closed(name: str = "i-1", *, at: int = AT + 50, verdict: Verdict = Verdict.REAL) -> SaveIncident:
    given = (GivenVerdict(verdict=verdict, at=at, by="zhang"),)
    return case(name, state="closed", closed_at=at, changed_at=at, verdict=verdict, verdicts=given)


SEEN: dict[str, Any] = {"acknowledged_by": "zhang", "state": "acknowledged"}
SENT: dict[str, Any] = {"dispatch_ids": ("d-1",), "state": "handling"}


class Play:
    """Batches applied one after another; ``told`` is what each of them made owed."""

    def __init__(self, store: Store, epoch: int, asked: Routes | None = None) -> None:
        self.store, self.epoch, self.asked = store, epoch, asked or routes()
        self.known: set[str] = set()

    def told(self, *effects: Effect) -> list[tuple[str, str, str]]:
        with self.store.transaction(self.epoch) as unit:
            apply(unit, effects, self.asked)
            rows = unit.connection.execute(select(outbox).order_by(outbox.c.key)).all()
        new = [row for row in rows if row.key not in self.known]
        self.known |= {row.key for row in new}
        bodies = [(row.channel, json.loads(bytes(row.payload))) for row in new]
        assert all(row.key.startswith(f"{row.channel}:order:") for row in new)
        return [
            (channel.removeprefix("webhook:"), f"{body['order_no']}.{body['sequence']}", body["status"])
            for channel, body in bodies
        ]


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    """SQLite; on PostgreSQL as well only where a test says so."""
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def play(store: Store, epoch: int) -> Play:
    return Play(store, epoch)


def test_the_life_of_an_order(play: Play) -> None:
    assert play.told(case(), cite("7")) == []  # nobody has seen it yet
    assert play.told(case(**SEEN)) == [("hotline", "7.1", "受理")]
    assert play.told(case(**SEEN, changed_at=AT + 10)) == []  # nothing new to tell
    assert play.told(case(**SENT)) == [("hotline", "7.2", "处理中")]
    assert play.told(case(state="recovered")) == [("hotline", "7.3", "处理中")]
    assert play.told(closed()) == [("hotline", "7.4", "办结")]
    assert play.told(closed()) == []


def test_the_same_on_postgresql(postgres_url: str) -> None:
    store = Store(postgres_url)
    store.migrate()
    play = Play(store, store.take_lease("test", now=0, ttl_s=3600))
    assert play.told(case(**SEEN), cite("7")) == [("hotline", "7.1", "受理")]
    assert play.told(cite("8"), closed()) == [("hotline", "7.2", "办结"), ("hotline", "8.1", "办结")]
    store.close()


def test_the_key_fits_into_a_header(play: Play, store: Store, epoch: int) -> None:
    cited, seen = cite("%E5%B7%9D7"), case(**SEEN)
    play.told(
        SaveAlarm(alarm=replace(cited.alarm, community="翠苑")), SaveIncident(incident=replace(seen.incident, community="翠苑"))
    )
    (key,) = play.known
    assert key.isascii()
    with store.transaction(epoch) as unit:
        assert json.loads(bytes(unit.connection.execute(select(outbox.c.payload)).scalar_one()))["order_no"] == "川7"


def test_a_false_alarm_is_returned(play: Play) -> None:
    play.told(case(), cite("7"))
    assert play.told(closed(verdict=Verdict.FALSE)) == [("hotline", "7.1", "退回")]


def test_a_case_without_an_order_tells_nobody(play: Play) -> None:
    assert play.told(case(**SENT), SaveAlarm(alarm=alarm())) == []


def test_each_partner_hears_of_its_own_orders_only(store: Store, epoch: int) -> None:
    far = replace(HOTLINE, name="far", communities=("elsewhere",))
    property_desk = replace(HOTLINE, name="property", orders_of=("wuye", "hotline2"))
    play = Play(store, epoch, routes(HOTLINE, property_desk, far, Hook(name="cap", communities=("none",), form=Form.CAP)))
    told = play.told(case(**SEEN), cite("7"), cite("8", name="a-2", route="wuye"), cite("9", name="a-3", route="other"))
    assert told == [("hotline", "7.1", "受理"), ("property", "8.1", "受理")]


def test_all_orders_of_a_case_are_told_and_one_that_comes_later_too(play: Play) -> None:
    many = tuple(str(number) for number in range(100, 140))
    assert len(play.told(case(**SEEN), cite(*many))) == 40
    assert play.told(cite("99")) == [("hotline", "99.1", "受理")]  # the case itself has not changed
    assert play.told(cite("99")) == []


def test_who_only_warns_and_who_only_is_a_source_count_too(play: Play) -> None:
    sources = (Source(network=Network.DATA, name="x", device="order@hotline.2", confidence=None, spoke_at=AT),)
    said = replace(warning(), evidence=(replace(EVIDENCE, device="order@hotline.1"),))
    told = play.told(case(**SEEN), SaveWarning(warning=said), SaveAlarm(alarm=replace(alarm(), sources=sources)))
    assert told == [("hotline", "1.1", "受理"), ("hotline", "2.1", "受理")]


def test_an_order_goes_with_its_alarm_that_is_split_off(play: Play) -> None:
    play.told(case(**SENT), cite("7"), cite("8", name="a-2"))
    told = play.told(case("i-2", zone="b04", **SEEN), cite("8", name="a-2", incident_id="i-2"), case(**SENT))
    assert told == [("hotline", "8.2", "受理")]
    assert play.told(closed()) == [("hotline", "7.2", "办结")]
    assert play.told(closed("i-2")) == [("hotline", "8.3", "办结")]


def test_an_order_goes_on_with_the_case_that_took_its_own_in(play: Play) -> None:
    play.told(case(**SEEN), cite("7"), case("i-2", zone="b04", **SEEN))
    merged = case(state="closed", closed_at=AT + 5, changed_at=AT + 5, merged_into="i-2")
    assert play.told(merged, case("i-2", zone="b04", **SENT)) == [("hotline", "7.2", "处理中")]
    assert play.told(closed("i-2")) == [("hotline", "7.3", "办结")]


def test_an_order_in_two_cases_is_told_of_the_first(play: Play) -> None:
    """A fire that is urgent raises two alarms; the hotline hears one story."""
    play.told(case(), cite("7"), case("i-2", hazard="report"), cite("7", name="a-2", incident_id="i-2"))
    assert play.told(case("i-2", hazard="report", **SENT)) == []
    assert play.told(closed()) == [("hotline", "7.1", "办结")]
    assert play.told(closed("i-2"), cite("7", name="a-2", incident_id="i-2")) == []


def test_an_order_that_stands_again_is_told_of_its_new_case(play: Play) -> None:
    play.told(case(), cite("7"))
    play.told(closed())
    again = AT + 1000
    assert play.told(case("i-3", at=again, **SEEN), cite("7", name="a-3", incident_id="i-3", at=again)) == [
        ("hotline", "7.2", "受理")
    ]


def test_what_was_told_is_known_when_the_outbox_has_forgotten_it(play: Play, store: Store, epoch: int) -> None:
    play.told(case(**SEEN), cite("7"), case("i-2", zone="b04"), cite("8", name="a-2", incident_id="i-2"))
    play.told(closed())
    assert purge(store, epoch, now=AT + 50 + DAYS_30)["told_order"] == 0
    assert purge(store, epoch, now=AT + 51 + DAYS_30)["told_order"] == 1
    with store.transaction(epoch) as unit:
        assert list(unit.connection.execute(select(told_order.c.device)).scalars()) == ["order@hotline.8"]


def test_without_such_a_hook_nothing_is_kept(store: Store, epoch: int) -> None:
    assert Play(store, epoch, routes(Hook(name="facts", communities=("none",)))).told(case(**SEEN), cite("7")) == []
    with store.transaction(epoch) as unit:
        assert list(unit.connection.execute(select(told_order))) == []
