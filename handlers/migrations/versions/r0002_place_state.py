"""What holds at a place: its modes, and what is out of service there. Revises 0001."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "place_state",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("id", "sort", "community", "zone")),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_place_state"),
    )
    op.create_index("ix_place_state_sort_ended_at", "place_state", ["sort", "ended_at"])
