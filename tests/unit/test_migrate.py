"""Migrations: they make exactly the tables that the parts define, once, on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from support import NIGHT, SUNDAY_NOON, Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.conversation import store
from bot.conversation.model import Handover
from bot.db import Database, Json, Tx
from bot.migrate import config, is_current, upgrade
from bot.tables import TABLES, metadata
from bot.wiring import House

SINCE_0002 = ("wechat_customers", "wechat_inbound", "wechat_outbox", "wechat_tokens", "notices")
SINCE_0001 = (*SINCE_0002, "knowledge_versions", "incidents", "knowledge_reloads", "knowledge_states")


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


class TestThereAndBack:
    """Between the first release and this one, with rows in the tables that other rows point to."""

    @pytest.fixture
    def chat(self, any_house: House) -> Chat:
        """Two conversations, one naming the other, with events, a turn, a case and a number in the vault."""
        any_house.clock.set(NIGHT)  # type: ignore[attr-defined]
        assistant = FakeAssistant({"转人工": understood("human_agent", Handover("asked"))})
        former = Chat(any_house, assistant)
        former.says("转人工")
        former.sends("13800138000")
        chat = Chat(any_house, assistant, former=former.id)
        chat.sends("几点开门")
        any_house.conversations.bind(chat.id, "1" * 32)
        with any_house.db.transaction() as tx:
            for name in SINCE_0001:
                _fill(tx, metadata.tables[name], chat.id)
        return chat

    def test_back_keeps_every_row_of_the_first_tables(self, chat: Chat) -> None:
        db = chat.house.db
        first = [table for table in TABLES if table.name not in SINCE_0001]
        before = _rows(db, first)
        assert before["conversation_events"] and before["cases"] and before["turns"]
        command.downgrade(config(db), "0001")
        old = set(sa.inspect(db.engine).get_table_names())
        assert old == {table.name for table in first} | {"alembic_version"}
        columns = {column["name"] for column in sa.inspect(db.engine).get_columns("conversations")}
        assert not columns & {"customer_id", "context"} and "former_id" in columns
        upgrade(db)
        after = _rows(db, first)
        for row in before["conversations"]:
            row |= {"customer_id": None, "context": {}}  # who he is and where he came from is new in 0002
        assert after == before

    def test_forth_gives_old_rows_nothing_to_stumble_over(self, chat: Chat) -> None:
        db = chat.house.db
        command.downgrade(config(db), "0001")
        upgrade(db)
        assert is_current(db)
        assert chat.conversation.context == {} and chat.conversation.customer_id is None
        assert chat.sends("还在吗") == chat.conversation.last_seq
        chat.house.conversations.bind(chat.id, "1" * 32)
        with db.transaction() as tx:
            assert [store.broken_at(tx, id) for id in store.all_ids(tx)] == [None, None]

    def test_there_and_back_and_there_makes_the_same_tables(self, chat: Chat) -> None:
        command.downgrade(config(chat.house.db), "0001")
        upgrade(chat.house.db)
        with chat.house.db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata) == []

    def test_references_are_still_held(self, chat: Chat) -> None:
        db = chat.house.db
        command.downgrade(config(db), "0001")
        upgrade(db)
        with pytest.raises(sa.exc.IntegrityError), db.transaction() as tx:
            tx.execute(store.conversations.delete())


def _rows(db: Database, tables: list[sa.Table]) -> dict[str, list[dict[str, Any]]]:
    with db.transaction() as tx:
        return {
            table.name: [dict(row._mapping) for row in tx.execute(sa.select(table).order_by(*table.primary_key))]
            for table in tables
        }


def _fill(tx: Tx, table: sa.Table, conversation_id: str) -> None:
    """One row with something in every column."""
    kinds = ((sa.DateTime, SUNDAY_NOON), (sa.Integer, 1), (sa.Boolean, True), (sa.LargeBinary, b"x"), (Json, []))
    values: dict[str, Any] = {}
    for column in table.columns:
        kind = getattr(column.type, "impl", column.type) if not isinstance(column.type, Json) else column.type
        values[column.name] = next((value for known, value in kinds if isinstance(kind, known)), "x")
    if "conversation_id" in values:
        values["conversation_id"] = conversation_id
    tx.execute(table.insert().values(**values))
