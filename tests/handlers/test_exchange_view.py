"""The SQL view for partners: the columns and values of the contract, and on PostgreSQL a role that can read nothing else."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, text

from handlers.apply import apply
from handlers.connections import open_reader, read_url
from handlers.exchange.contract import COLUMNS, Partner, Purpose
from handlers.exchange.cursor import BEGINNING
from handlers.exchanged import ExchangeViews
from handlers.routes import Routes
from handlers.schema import METADATA
from handlers.store import Store
from rules.effects import RecordFact, SaveIncident
from rules.model import Status, Verdict
from tests.handlers.records import fact, incident

STREET = Partner(name="street", communities=("jiayuan",), hazards=("fire",), purpose=Purpose.OVERSIGHT)
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "exchange.md").read_text(encoding="utf-8")
SELECT_ALL = "SELECT * FROM exchange_incident_v1 ORDER BY revision"


@pytest.fixture
def filled(store: Store, epoch: int) -> Store:
    """Four incidents: open, closed as false, an exercise of the whole community, and one that another took in."""
    cases = (
        incident("i-1", alarm_ids=("a-1",)),
        incident("i-2", zone="b04", closed_at=9000, verdict=Verdict.FALSE),
        incident("i-3", zone="", status=Status.EXERCISE),
        incident("i-4", zone="b05/u1", closed_at=9000, merged_into="i-1"),
    )
    with store.transaction(epoch) as unit:
        apply(unit, [SaveIncident(case) for case in cases], Routes())
        apply(unit, [RecordFact(fact(f"f-{case.id}", incident_id=case.id)) for case in reversed(cases)], Routes())
    return store


def test_it_says_what_the_interface_says_in_the_same_columns(filled: Store, store_url: str) -> None:
    reader = open_reader(read_url(store_url))
    with reader.begin() as connection:
        found = connection.execute(text(SELECT_ALL))
        assert tuple(found.keys()) == COLUMNS
        rows = [dict(row) for row in found.mappings()]
    reader.dispose()
    views = ExchangeViews(store_url)
    told = views.shared(STREET, BEGINNING, 10).incidents
    views.close()
    assert [each.id for each in told] == ["i-4", "i-3", "i-2", "i-1"]
    assert rows == [{name: _stored(getattr(each, name)) for name in COLUMNS} for each in told]


def _stored(value: Any) -> Any:
    return value.value if hasattr(value, "value") else value


@pytest.mark.needs("postgres")
def test_a_role_that_may_only_select_the_view_reads_it_and_nothing_else(postgres_url: str) -> None:
    """As docs/exchange.md says it, with a view of one community beside the whole one."""
    store = Store(postgres_url)
    store.migrate()
    with store.transaction(store.take_lease("test", now=0, ttl_s=3600)) as unit:
        apply(unit, [SaveIncident(incident("i-1")), SaveIncident(incident("i-2", community="heping"))], Routes())
        apply(unit, [RecordFact(fact(f"f-{name}", incident_id=name)) for name in ("i-1", "i-2")], Routes())
    url = make_url(postgres_url).set(drivername="postgresql")
    role = f"street_{url.database}"
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as owner:
        for statement in _granting(role):
            owner.execute(statement.encode())
    try:
        with psycopg.connect(url.set(username=role).render_as_string(), autocommit=True) as partner:
            assert partner.execute("SELECT id FROM street_incident ORDER BY revision").fetchall() == [("i-1",)]
            partner.execute("SET default_transaction_read_only = off")  # it may: what holds is the want of rights
            for forbidden in (
                "SELECT * FROM exchange_incident_v1",
                *(f"TABLE {table}" for table in sorted(METADATA.tables)),
                "DELETE FROM street_incident",
                "UPDATE street_incident SET level = 'blue'",
                "CREATE TABLE public.mine (id int)",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    partner.execute(forbidden.encode())
    finally:
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as owner:
            owner.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())
        store.close()


def _granting(role: str) -> list[str]:
    """The statements of the page, for this role."""
    block = PAGE.partition("```sql\n")[2].partition("```")[0]
    return [each.replace("street_office", role) for each in block.split(";") if each.strip()]
