"""To which case each work order belongs, and what its source was told of it. Revises 0002."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    texts = ("key", "channel", "community", "device", "incident_id", "cited_by")
    op.create_table(
        "told_order",
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.Column("told_count", sa.Integer(), nullable=False),
        sa.Column("told_digest", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_told_order"),
    )
    op.create_index("ix_told_order_incident_id", "told_order", ["incident_id"])
