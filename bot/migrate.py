"""Brings the database to the newest migration; creates it where it is new."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.db import Database

HERE = Path(__file__).resolve().parent / "migrations"


def config(db: Database) -> Config:
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.attributes["database"] = db
    return made


def upgrade(db: Database) -> None:
    if db.is_sqlite and db.engine.url.database:
        Path(db.engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(config(db), "head")


def is_current(db: Database) -> bool:
    """Is the database at the newest migration?"""
    head = ScriptDirectory.from_config(config(db)).get_current_head()
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
