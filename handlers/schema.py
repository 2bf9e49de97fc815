"""The tables of the store: one code for SQLite and PostgreSQL. ``doc`` is always the record's canonical JSON text.

Columns beside ``doc`` exist only to be filtered, sorted or held unique; the record itself is read from ``doc``.
There are no foreign keys: the chain alone decides what belongs together, and a batch may write a child before its case.
"""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text, text

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

_SEQUENCE: Final = BigInteger().with_variant(Integer, "sqlite")


def _record(name: str, *own: Column[str], ended: str = "ended_at") -> Table:
    """A table of records of the chain, each row the last state of one."""
    return Table(
        name,
        METADATA,
        Column("id", Text, primary_key=True),
        Column("community", Text, nullable=False),
        Column("hazard", Text, nullable=False),
        Column("level", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("zone", Text, nullable=False),
        *own,
        Column("opened_at", BigInteger, nullable=False),
        Column("changed_at", BigInteger, nullable=False),
        Column(ended, BigInteger),
        Column("doc", Text, nullable=False),
    )


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


warning: Final = _record("warning", _text("device"), _text("rule"), _text("incident_id"))
alarm: Final = _record("alarm", _text("device"), _text("rule"), _text("incident_id"))
dispatch: Final = _record("dispatch", _text("responder"), _text("incident_id"))
incident: Final = _record("incident", ended="closed_at")

Index("ix_warning_incident_id", warning.c.incident_id)
Index("ix_alarm_incident_id", alarm.c.incident_id)
Index("ix_dispatch_incident_id", dispatch.c.incident_id)
for _table in (warning, alarm, dispatch):
    Index(
        f"ix_{_table.name}_underway",
        _table.c.community,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    )

OPEN_INCIDENT: Final = Index(
    "uq_incident_open",
    incident.c.community,
    incident.c.hazard,
    incident.c.zone,
    incident.c.status,
    unique=True,
    sqlite_where=text("closed_at IS NULL"),
    postgresql_where=text("closed_at IS NULL"),
)
"""At most one open incident per community, hazard and zone (an exercise beside a real one is another status)."""

Index("ix_incident_opened_at", incident.c.opened_at, incident.c.id)

timeline: Final = Table(
    "timeline",
    METADATA,
    Column("seq", _SEQUENCE, primary_key=True, autoincrement=True),  # strictly increasing in the order of commits: one writer
    Column("fact_id", Text, nullable=False, unique=True),
    Column("at", BigInteger, nullable=False),
    Column("community", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("incident_id", Text, nullable=False),
    Column("transition", Text, nullable=False),
    Column("doc", Text, nullable=False),
    sqlite_autoincrement=True,  # a seq that was once given is never given again, even after a purge
)
Index("ix_timeline_incident_id", timeline.c.incident_id, timeline.c.seq)
Index("ix_timeline_entity_id", timeline.c.entity_id, timeline.c.seq)

outbox: Final = Table(
    "outbox",
    METADATA,
    Column("key", Text, primary_key=True),  # the idempotency key
    Column("channel", Text, nullable=False),
    Column("target", Text, nullable=False),  # MQTT topic, hook, or the id of a party or responder
    Column("community", Text, nullable=False),
    Column("incident_id", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("is_retained", Boolean, nullable=False),
    Column("is_critical", Boolean, nullable=False),
    Column("revision", BigInteger, nullable=False),  # counts up when a newer state takes the place of an owed one
    Column("created_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # a word of handlers.owed.OwedState
    Column("attempt_count", Integer, nullable=False),
    Column("next_attempt_at", BigInteger, nullable=False),
    Column("claimed_until_at", BigInteger),
    Column("detail", Text, nullable=False),
    Column("ended_at", BigInteger),
)
Index(
    "ix_outbox_due",
    outbox.c.channel,
    outbox.c.is_critical,
    outbox.c.next_attempt_at,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)
Index("ix_outbox_incident_id", outbox.c.incident_id, outbox.c.channel)
Index("ix_outbox_ended_at", outbox.c.ended_at)

place_state: Final = Table(
    "place_state",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("sort", Text, nullable=False),  # mode or outage
    Column("community", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("doc", Text, nullable=False),
)
Index("ix_place_state_sort_ended_at", place_state.c.sort, place_state.c.ended_at)

rejected: Final = Table(
    "rejected",
    METADATA,
    Column("position", BigInteger, primary_key=True, autoincrement=False),  # in the journal: one entry, one position
    Column("id", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("community", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("excerpt", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("redriven_at", BigInteger),
)
Index("ix_rejected_at", rejected.c.at)

answer: Final = Table(
    "answer",
    METADATA,
    Column("action_id", Text, primary_key=True),
    Column("community", Text, nullable=False),
    Column("is_accepted", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("doc", Text, nullable=False),
)
Index("ix_answer_at", answer.c.at)

snapshot: Final = Table(
    "snapshot",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

progress: Final = Table(
    "progress",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("applied_position", BigInteger, nullable=False),
    Column("snapshot_position", BigInteger, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)

lease: Final = Table(
    "lease",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("holder", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("is_guarded", Boolean, nullable=False),  # the holder also holds the guard, so a free guard proves it dead
)

told_order: Final = Table(
    "told_order",
    METADATA,
    Column("key", Text, primary_key=True),  # CHANNEL:order:COMMUNITY:DEVICE
    Column("channel", Text, nullable=False),
    Column("community", Text, nullable=False),
    Column("device", Text, nullable=False),  # order@ROUTE.NUMBER
    Column("incident_id", Text, nullable=False),
    Column("cited_by", Text, nullable=False),  # the alarm or warning by which it belongs to that case
    Column("is_over", Boolean, nullable=False),
    Column("told_count", Integer, nullable=False),
    Column("told_digest", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)
Index("ix_told_order_incident_id", told_order.c.incident_id)

exchange_receipt: Final = Table(
    "exchange_receipt",
    METADATA,
    Column("seq", _SEQUENCE, primary_key=True, autoincrement=True),
    Column("partner", Text, nullable=False),
    Column("position", BigInteger, nullable=False),  # the timeline's seq up to which the partner has everything
    Column("incident_count", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_exchange_receipt_partner", exchange_receipt.c.partner, exchange_receipt.c.seq)
