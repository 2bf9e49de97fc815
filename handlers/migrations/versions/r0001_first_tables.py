"""The first tables. Revises nothing. What stands here never changes, whatever schema.py becomes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table, and the one row of progress and of lease."""
    _records()
    _timeline()
    _outbox()
    _rejected_and_answers()
    _state()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str, *, is_optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=is_optional)


def _index(name: str, table: str, columns: list[str], *, where: str | None = None, unique: bool = False) -> None:
    clause = None if where is None else sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=clause, postgresql_where=clause)


def _record(name: str, own: tuple[str, ...], ended: str) -> None:
    op.create_table(
        name,
        _text("id"),
        *(_text(column) for column in ("community", "hazard", "level", "state", "status", "zone", *own)),
        _number("opened_at"),
        _number("changed_at"),
        _number(ended, is_optional=True),
        _text("doc"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )


def _records() -> None:
    _record("warning", ("device", "rule", "incident_id"), "ended_at")
    _record("alarm", ("device", "rule", "incident_id"), "ended_at")
    _record("dispatch", ("responder", "incident_id"), "ended_at")
    _record("incident", (), "closed_at")
    for name in ("warning", "alarm", "dispatch"):
        _index(f"ix_{name}_incident_id", name, ["incident_id"])
        _index(f"ix_{name}_underway", name, ["community"], where="ended_at IS NULL")
    place = ["community", "hazard", "zone", "status"]
    _index("uq_incident_open", "incident", place, where="closed_at IS NULL", unique=True)
    _index("ix_incident_opened_at", "incident", ["opened_at", "id"])


def _timeline() -> None:
    op.create_table(
        "timeline",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        _text("fact_id"),
        _number("at"),
        *(_text(column) for column in ("community", "entity", "entity_id", "incident_id", "transition", "doc")),
        sa.PrimaryKeyConstraint("seq", name="pk_timeline"),
        sa.UniqueConstraint("fact_id", name="uq_timeline_fact_id"),
        sqlite_autoincrement=True,
    )
    _index("ix_timeline_incident_id", "timeline", ["incident_id", "seq"])
    _index("ix_timeline_entity_id", "timeline", ["entity_id", "seq"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        *(_text(column) for column in ("key", "channel", "target", "community", "incident_id")),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("is_retained", sa.Boolean(), nullable=False),
        sa.Column("is_critical", sa.Boolean(), nullable=False),
        _number("revision"),
        _number("created_at"),
        _text("state"),
        sa.Column("attempt_count", sa.Integer(), nullable=False),
        _number("next_attempt_at"),
        _number("claimed_until_at", is_optional=True),
        _text("detail"),
        _number("ended_at", is_optional=True),
        sa.PrimaryKeyConstraint("key", name="pk_outbox"),
    )
    _index("ix_outbox_due", "outbox", ["channel", "is_critical", "next_attempt_at"], where="ended_at IS NULL")
    _index("ix_outbox_incident_id", "outbox", ["incident_id"])
    _index("ix_outbox_ended_at", "outbox", ["ended_at"])


def _rejected_and_answers() -> None:
    op.create_table(
        "rejected",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        _text("id"),
        _number("at"),
        *(_text(column) for column in ("community", "source", "reason", "detail")),
        sa.Column("excerpt", sa.LargeBinary(), nullable=False),
        _number("size"),
        _number("redriven_at", is_optional=True),
        sa.PrimaryKeyConstraint("position", name="pk_rejected"),
    )
    _index("ix_rejected_at", "rejected", ["at"])
    op.create_table(
        "answer",
        _text("action_id"),
        _text("community"),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        _text("reason"),
        _number("at"),
        _text("doc"),
        sa.PrimaryKeyConstraint("action_id", name="pk_answer"),
    )
    _index("ix_answer_at", "answer", ["at"])


def _state() -> None:
    op.create_table(
        "snapshot",
        _text("key"),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_snapshot"),
    )
    op.create_table(
        "progress",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        *(_number(column) for column in ("applied_position", "snapshot_position", "epoch", "changed_at")),
        sa.PrimaryKeyConstraint("id", name="pk_progress"),
    )
    op.create_table(
        "lease",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        _text("holder"),
        _number("epoch"),
        _number("expires_at"),
        sa.Column("is_guarded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lease"),
    )
    op.execute("INSERT INTO progress (id, applied_position, snapshot_position, epoch, changed_at) VALUES (1, 0, 0, 0, 0)")
    op.execute("INSERT INTO lease (id, holder, epoch, expires_at, is_guarded) VALUES (1, '', 0, 0, false)")
