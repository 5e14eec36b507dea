"""Alembic's entry: migrations run on the database that the caller gives (bot.migrate)."""

from alembic import context

import bot.assistant.trackers  # noqa: F401  tables register themselves on metadata
import bot.conversation.store
import bot.conversation.turns
import bot.desk.store
import bot.privacy.store
import bot.tickets.store  # noqa: F401
from bot.db import metadata

database = context.config.attributes["database"]
with database.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, compare_type=True, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
