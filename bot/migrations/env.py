"""Alembic's entry: migrations run on the database that the caller gives (bot.migrate)."""

from alembic import context

from bot.tables import metadata

database = context.config.attributes["database"]
with database.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, compare_type=True, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
