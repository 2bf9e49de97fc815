"""The tables come from the revisions: from nothing, again, never over a newer version, and exactly as schema.py says."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from handlers.connections import open_writer, read_url
from handlers.faults import SchemaUnknown
from handlers.migrate import alembic_config, upgrade
from handlers.schema import METADATA
from handlers.store import Store


class Stop(Exception):  # noqa: N818 - not an error: the test's own end in the middle
    """The migration is broken off here."""


def test_the_revisions_make_exactly_the_tables_of_the_schema(store: Store, epoch: int) -> None:
    with store.transaction(epoch) as unit:
        context = MigrationContext.configure(unit.connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_again_it_changes_nothing_and_keeps_what_is_there(store: Store, epoch: int) -> None:
    with store.transaction(epoch) as unit:
        unit.set_applied(7, now=1)
    store.migrate()
    assert store.applied_position() == 7


def test_a_newer_schema_is_refused_with_what_to_do(store: Store, epoch: int) -> None:
    with store.transaction(epoch) as unit:
        unit.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaUnknown, match=r"version '9999'; this program knows them up to '\d+'.*install that version"):
        store.migrate()


def test_broken_off_at_the_end_nothing_has_happened(store_url: str) -> None:
    engine = open_writer(read_url(store_url))
    with suppress(Stop), engine.begin() as connection:
        upgrade(connection)
        raise Stop
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()


def test_there_is_one_line_of_revisions() -> None:
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


def test_sqlite_counts_every_fact_once_for_all(store: Store, epoch: int) -> None:
    with store.transaction(epoch) as unit:
        if unit.connection.dialect.name == "sqlite":
            made = unit.connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'timeline'")).scalar_one()
            assert "AUTOINCREMENT" in made


def test_it_works_where_the_package_is_only_installed_files(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    installed = tmp_path / "site"
    for package in ("handlers", "rules"):
        for file in (root / package).rglob("*"):
            if file.suffix in {".py", ".mako"}:
                target = installed / file.relative_to(root)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read_bytes())
    program = (
        f"from handlers.store import Store; s = Store('sqlite:///{tmp_path}/s.db'); s.migrate(); print(s.applied_position())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, cwd=installed, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert done.stdout.strip() == "0"
