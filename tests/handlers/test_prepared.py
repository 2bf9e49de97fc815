"""Prepared statements give what SQLAlchemy's own execution gives, on both databases."""

import pytest
from sqlalchemy import bindparam, delete, select, update

from handlers.faults import StoreRefused
from handlers.prepared import Prepared
from handlers.schema import answer, snapshot
from handlers.store import Store
from handlers.upsert import insert_new

ROW = {"action_id": "x-1", "community": "jade", "is_accepted": True, "reason": "operator_asked", "at": 5, "doc": "{}"}
FOUND = Prepared(select(answer.c.action_id, answer.c.is_accepted).where(answer.c.at <= bindparam("until")).order_by(answer.c.at))
LATER = Prepared(update(answer).where(answer.c.action_id == bindparam("one")).values(at=bindparam("to"), reason="expired"))
GONE = Prepared(delete(answer).where(answer.c.action_id == bindparam("one")))


def test_it_says_how_many_rows_it_found(store: Store, epoch: int) -> None:
    with store.transaction(epoch) as unit:
        insert_new(unit.connection, answer, [ROW, ROW | {"action_id": "x-2", "is_accepted": False, "at": 6}], "action_id")
        assert FOUND.read(unit.connection, {"until": 9}) == [("x-1", True), ("x-2", False)]
        assert LATER.run(unit.connection, [{"one": "x-1", "to": 7}, {"one": "x-3", "to": 7}]) == 1
        assert unit.connection.execute(select(answer.c.reason).where(answer.c.at == 7)).scalar_one() == "expired"
        assert GONE.run(unit.connection, [{"one": "x-3"}]) == 0
        assert FOUND.read(unit.connection, {"until": 6}) == [("x-2", False)]


def test_the_same_statement_takes_rows_of_other_names(store: Store, epoch: int) -> None:
    with store.transaction(epoch) as unit:
        insert_new(unit.connection, snapshot, [{"key": "a", "value": b"1"}], "key")
        insert_new(unit.connection, snapshot, [{"value": b"2", "key": "b"}, {"value": b"3", "key": "a"}], "key")
        found = unit.connection.execute(select(snapshot.c.key, snapshot.c.value).order_by(snapshot.c.key)).all()
    assert [(key, bytes(value)) for key, value in found] == [("a", b"1"), ("b", b"2")]


def test_what_the_driver_says_is_told_apart_too(store: Store, epoch: int) -> None:
    with pytest.raises(StoreRefused, match="refuses these rows"), store.transaction(epoch) as unit:
        insert_new(unit.connection, answer, [ROW | {"doc": None}], "action_id")
