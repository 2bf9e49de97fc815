"""What Alembic runs: the revisions, inside the transaction that the store has already opened."""

from alembic import context

from handlers.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
