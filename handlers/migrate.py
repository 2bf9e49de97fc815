"""Bringing the tables to this program's version, in one transaction, from a checkout or an installed wheel alike."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from handlers.connections import POSTGRES
from handlers.faults import SchemaUnknown


def alembic_config() -> Config:
    """Alembic's settings without a file: the revisions lie beside this module."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config


def upgrade(connection: Connection) -> None:
    """Run what is missing. Killed at any statement, nothing has happened. Raises SchemaUnknown."""
    if connection.dialect.name == POSTGRES:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('shouwang schema ' || current_schema(), 0))"))
    config = alembic_config()
    script = ScriptDirectory.from_config(config)
    known = {revision.revision for revision in script.walk_revisions()}
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in known:
        raise SchemaUnknown(
            f"the store's tables are of version {found!r}; this program knows them up to {script.get_current_head()!r}. "
            "A newer program made them: install that version, or restore a backup from before it"
        )
    if found != script.get_current_head():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
