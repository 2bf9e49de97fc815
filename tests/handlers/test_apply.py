"""Effects become rows: the last state of each record, every fact once, and what is owed to whom."""

import dataclasses
import json

import pytest
from sqlalchemy import select

from handlers.apply import apply
from handlers.faults import StoreRefused
from handlers.routes import Form, Hook, Routes
from handlers.schema import outbox, place_state
from handlers.store import Store
from handlers.views import IncidentFilter, Views
from rules.canonical import from_json, to_json
from rules.effects import (
    AnswerAction,
    Effect,
    IssueReceipt,
    Notify,
    RecordFact,
    RecordRejection,
    SaveAlarm,
    SaveDispatch,
    SaveIncident,
    SavePlaceMode,
    SaveWarning,
)
from rules.model import Entity, Level, Network, Quote, Reason, Rejected, Sentence, Speaker, Status
from rules.place import PlaceMode
from tests.handlers.records import SAYS, alarm, dispatch, fact, incident, warning


def receipt(event_id: str, *, at: int, is_duplicate: bool = False) -> IssueReceipt:
    return IssueReceipt(event_id=event_id, community="jiayuan", device="smoke-0502", at=at, is_duplicate=is_duplicate)


ROUTES = Routes(hooks=(Hook(name="city"),))
NOTIFY = Notify(
    key="i-1:opened:property",
    community="jiayuan",
    incident_id="i-1",
    dispatch_id="",
    target="property",
    step="opened",
    level=Level.RED,
    title=Sentence("火警", "fire"),
    text=SAYS,
    is_critical=True,
    at=1000,
)
BATCH: tuple[Effect, ...] = (
    SaveWarning(warning()),
    SaveIncident(incident()),
    SaveAlarm(alarm()),
    SaveDispatch(dispatch()),
    RecordFact(fact("f-1")),
    RecordFact(fact("f-2", at=1100, transition="ordered")),
    NOTIFY,
    receipt("e-1", at=1000),
    AnswerAction(action_id="x-1", community="jiayuan", is_accepted=True, reason=Reason.OPERATOR_ASKED, sentence=SAYS, at=1000),
    RecordRejection(
        Rejected(id="r-1", source="shouwang/v1/x", reason="not_json", detail="byte 3", excerpt=b"\xff{", size=2),
        position=7,
        at=900,
    ),
)


def write(store: Store, epoch: int, *effects: Effect, routes: Routes = ROUTES) -> bool:
    with store.transaction(epoch) as unit:
        return apply(unit, effects, routes).owed


def owed(store: Store, epoch: int) -> dict[str, dict[str, object]]:
    with store.transaction(epoch) as unit:
        return {row["key"]: dict(row) for row in unit.connection.execute(select(outbox)).mappings()}


def test_a_mode_of_a_place_is_kept_as_it_now_is(store: Store, epoch: int) -> None:
    mode = PlaceMode(
        id="m-1", community="c", zone="b1", mode="armed", source="", set_by="li", reason="", since_at=1000, until_at=None
    )
    write(store, epoch, SavePlaceMode(mode))
    write(store, epoch, SavePlaceMode(dataclasses.replace(mode, ended_at=2000)))
    with store.transaction(epoch) as unit:
        (row,) = unit.connection.execute(select(place_state)).mappings()
    assert (row["sort"], row["zone"], row["began_at"], row["ended_at"]) == ("mode", "b1", 1000, 2000)
    assert from_json(PlaceMode, row["doc"].encode()).mode == "armed"


def test_what_people_wrote_stays_at_the_desk(store: Store, epoch: int, views: Views) -> None:
    quote = Quote(
        event_id="r-1",
        signal_id="a-1",
        by=Speaker.PERSON,
        device="web.1",
        network=Network.INTERNET,
        zone="b1",
        received_at=1000,
        occurred_at=None,
        words="三楼厨房着火了，有老人",
    )
    case = dataclasses.replace(incident(), quotes=(quote,), quote_count=1)
    line = dataclasses.replace(fact("f-1", transition="quoted"), value=quote.words)
    hooks = tuple(Hook(name=form.value, form=form) for form in Form)
    write(store, epoch, SaveIncident(case), RecordFact(line), routes=Routes(hooks=hooks))
    seen = views.incident("i-1")
    assert seen is not None
    assert seen.incident["quotes"][0]["words"] == quote.words
    assert seen.timeline[0].fact["value"] == quote.words
    leaving = [bytes(row["payload"]) for row in owed(store, epoch).values()]  # type: ignore[call-overload]  # of a LargeBinary
    assert len(leaving) >= 5  # the topic, and a hook of each form that tells of facts or cases
    assert [payload for payload in leaving if "老人".encode() in payload or b"\\u8001" in payload] == []
    assert any(b'"quote_count":1' in payload and b'"quotes":[]' in payload for payload in leaving)


def test_a_batch_is_read_back_whole(store: Store, epoch: int, views: Views) -> None:
    assert write(store, epoch, *BATCH)
    seen = views.incident("i-1")
    assert seen is not None
    assert seen.incident == json.loads(to_json(incident()))
    assert seen.warnings == (json.loads(to_json(warning())),)
    assert seen.alarms == (json.loads(to_json(alarm())),)
    assert seen.dispatches == (json.loads(to_json(dispatch())),)
    assert [(entry.seq, entry.fact["id"]) for entry in seen.timeline] == [(1, "f-1"), (2, "f-2")]
    assert views.answer("x-1") == json.loads(to_json(BATCH[8]))
    assert views.answer("x-2") is None
    rejection = views.rejection(7)
    assert rejection is not None
    assert (rejection["excerpt"], rejection["reason"]) == ("\\xff{", "not_json")


def test_the_same_batch_again_changes_nothing(store: Store, epoch: int, views: Views) -> None:
    write(store, epoch, *BATCH)
    before = (views.incident("i-1"), views.counts(), views.facts_after(0))
    write(store, epoch, *BATCH)
    assert (views.incident("i-1"), views.counts(), views.facts_after(0)) == before


def test_only_the_last_state_of_a_record_is_written_and_every_fact(store: Store, epoch: int, views: Views) -> None:
    later = alarm(at=1000, state="acknowledged")
    write(store, epoch, SaveAlarm(alarm()), RecordFact(fact("f-1")), SaveAlarm(later), RecordFact(fact("f-2")))
    assert [doc["state"] for doc in views.underway(Entity.ALARM)] == ["acknowledged"]
    assert [entry.fact["id"] for entry in views.facts_after(0)] == ["f-1", "f-2"]


def test_a_second_open_incident_at_the_same_place_is_refused_by_the_store(store: Store, epoch: int, views: Views) -> None:
    write(store, epoch, SaveIncident(incident("i-1")))
    with pytest.raises(StoreRefused, match="refuses these rows"):
        write(store, epoch, SaveIncident(incident("i-2")), RecordFact(fact("f-9")))
    assert views.facts_after(0) == ()
    exercise = dataclasses.replace(incident("i-3"), status=Status.EXERCISE)
    write(store, epoch, SaveIncident(exercise), SaveIncident(incident("i-4", zone="b03/u1/0503")))
    assert len(views.incidents(IncidentFilter()).items) == 3


def test_in_one_batch_a_case_closes_and_the_next_opens_at_its_place(store: Store, epoch: int, views: Views) -> None:
    write(store, epoch, SaveIncident(incident("i-1")))
    write(store, epoch, SaveIncident(incident("i-2", at=3000)), SaveIncident(incident("i-1", closed_at=2000)))
    assert [doc["id"] for doc in views.incidents(IncidentFilter(is_open=True)).items] == ["i-2"]


def test_what_is_owed_goes_to_its_channel(store: Store, epoch: int) -> None:
    write(store, epoch, *BATCH)
    rows = owed(store, epoch)
    state = rows["mqtt:shouwang/v1/jiayuan/out/alarm/a-1"]
    assert (state["target"], state["payload"], state["is_retained"]) == (
        "shouwang/v1/jiayuan/out/alarm/a-1",
        to_json(alarm()),
        True,
    )
    issued = rows["mqtt:shouwang/v1/jiayuan/out/receipt/e-1"]
    assert (issued["is_retained"], json.loads(issued["payload"])["is_duplicate"]) == (False, False)  # type: ignore[arg-type]
    people = rows["i-1:opened:property"]
    assert (people["channel"], people["target"], people["is_critical"]) == ("people", "property", True)
    assert {row["key"] for row in rows.values() if row["channel"] == "webhook:city"} == {"webhook:city:f-1", "webhook:city:f-2"}


def test_a_newer_state_takes_the_place_of_an_undelivered_one_and_an_ended_one_empties_the_topic(store: Store, epoch: int) -> None:
    write(store, epoch, SaveAlarm(alarm()))
    write(store, epoch, SaveAlarm(alarm(state="normal", ended_at=2000)))
    (row,) = owed(store, epoch).values()
    assert (row["payload"], row["is_retained"], row["revision"], row["state"]) == (b"", True, 2, "owed")


def test_a_duplicate_gets_its_receipt_too(store: Store, epoch: int) -> None:
    write(store, epoch, receipt("e/1", at=1000))
    write(store, epoch, receipt("e/1", at=2000, is_duplicate=True))
    (row,) = owed(store, epoch).values()
    assert row["target"] == "shouwang/v1/jiayuan/out/receipt/e%2F1"
    assert json.loads(row["payload"])["is_duplicate"] is True  # type: ignore[arg-type]


def test_without_ways_out_nothing_is_owed(store: Store, epoch: int) -> None:
    nowhere = Routes(has_mqtt=False, has_people=False)
    write(store, epoch, *BATCH, routes=nowhere)
    assert owed(store, epoch) == {}
