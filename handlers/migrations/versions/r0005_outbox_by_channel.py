"""What is owed of a case by one way is found without reading what is owed by the others: a storm owes thousands. Revises 0004."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """The same index, one column longer."""
    op.drop_index("ix_outbox_incident_id", table_name="outbox")
    op.create_index("ix_outbox_incident_id", "outbox", ["incident_id", "channel"])
