"""Migrations: they make exactly the tables that the parts define, once, on both databases."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.db import Database
from bot.migrate import is_current, upgrade
from bot.tables import TABLES, metadata
from bot.wiring import House


def test_the_migrations_make_the_tables_that_the_parts_define(any_house: House) -> None:
    with any_house.db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_every_table_is_named_where_migrations_look(any_house: House) -> None:
    names = {table.name for table in TABLES}
    assert names == set(metadata.tables)
    assert set(sa.inspect(any_house.db.engine).get_table_names()) == {*names, "alembic_version"}


def test_a_second_upgrade_changes_nothing(any_house: House) -> None:
    conversation = any_house.conversations.start("web")
    upgrade(any_house.db)
    assert is_current(any_house.db)
    assert any_house.conversations.snapshot(conversation.id).conversation == conversation


def test_a_new_database_is_not_current_until_it_is_migrated_and_its_folder_is_made(tmp_path: Path) -> None:
    (tmp_path / "old.db").touch()
    old = Database(f"sqlite:///{tmp_path / 'old.db'}")
    assert not is_current(old)
    old.dispose()
    new = Database(f"sqlite:///{tmp_path / 'deep' / 'folder' / 'new.db'}")
    upgrade(new)
    assert is_current(new)
    new.dispose()
