"""The data exchange: what partners confirmed, and the view of incidents that they may be let read. Revises 0003.

The view has the columns of the contract ``shouwang.exchange/1`` with places no more exact than the building. A role that may
SELECT from it needs no right to anything else: it reads the tables with the rights of its owner.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_VIEW = """
CREATE VIEW exchange_incident_v1 {options} AS
SELECT
    incident.id AS id,
    (SELECT MAX(timeline.seq) FROM timeline WHERE timeline.incident_id = incident.id) AS revision,
    incident.community AS community,
    incident.hazard AS hazard,
    incident.level AS level,
    incident.status AS status,
    incident.state AS state,
    {verdict} AS verdict,
    {has_happened} AS has_happened,
    {building} AS zone,
    {merged_into} AS merged_into,
    incident.opened_at AS opened_at,
    incident.changed_at AS changed_at,
    incident.closed_at AS closed_at
FROM incident
"""
_REST = "substr(incident.doc, instr(incident.doc, '{head}') + length('{head}'))"
_WORD = f"substr({_REST}, 1, instr({_REST}, '\"') - 1)"
_POSTGRES = {
    "options": "WITH (security_barrier)",
    "verdict": "(incident.doc::json ->> 'verdict')",
    "has_happened": "json_array_length(incident.doc::json -> 'alarm_ids') > 0",
    "building": "split_part(incident.zone, '/', 1)",
    "merged_into": "(incident.doc::json ->> 'merged_into')",
}
_SQLITE = {
    "options": "",
    "verdict": _WORD.format(head='"verdict":"'),
    "has_happened": "instr(incident.doc, '\"alarm_ids\":[]') = 0",
    "building": "substr(incident.zone, 1, instr(incident.zone || '/', '/') - 1)",
    "merged_into": _WORD.format(head='"merged_into":"'),
}
"""SQLite holds its own JSON functions for unsafe in a view where trusted_schema is off, as ours is. The text is canonical: keys
sorted, no spaces, quotes within texts escaped; so a key is found by its name, and nothing nested before it has such a key.
"""


def upgrade() -> None:
    """Make the table and the view."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "exchange_receipt",
        sa.Column("seq", number, nullable=False, autoincrement=True),
        sa.Column("partner", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("position", "incident_count", "at")),
        sa.PrimaryKeyConstraint("seq", name="pk_exchange_receipt"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_exchange_receipt_partner", "exchange_receipt", ["partner", "seq"])
    is_postgres = op.get_context().dialect.name == "postgresql"
    op.execute(_VIEW.format(**(_POSTGRES if is_postgres else _SQLITE)))
