"""Migrations: they make exactly the tables that the parts define, once, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from support import NIGHT, SUNDAY_NOON, Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.conversation import handovers, store
from bot.conversation.model import Handover
from bot.db import Database, Json, Moment, Tx
from bot.desk.staff import _digest
from bot.desk.store import agents, sessions
from bot.migrate import config, is_current, upgrade
from bot.tables import TABLES, metadata
from bot.tickets.tables import cases
from bot.wiring import House

SINCE_0002 = ("wechat_customers", "wechat_inbound", "wechat_outbox", "wechat_tokens", "notices")
SINCE_0006 = (
    "case_alerts",
    "case_alerts_seen",
    "case_files",
    "case_links",
    "case_pauses",
    "case_requests",
    "case_deadlines",
)
SINCE_0009 = ("handovers", "clock_breaches", "conversation_marks", "news_seen")
SINCE_0001 = (
    *SINCE_0002, "knowledge_versions", "incidents", "knowledge_reloads", "knowledge_states", *SINCE_0006,
    "survey_answers", *SINCE_0009,
)  # fmt: skip


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
        any_house.clock.set(NIGHT)
        assistant = FakeAssistant({"转人工": understood("human_agent", Handover("asked"))})
        former = Chat(any_house, assistant)
        former.says("转人工")
        former.sends("13800138000")
        chat = Chat(any_house, assistant, former=former.id)
        chat.sends("几点开门")
        any_house.conversations.bind(chat.id, "1" * 32)
        with any_house.db.transaction() as tx:
            for name in sorted(set(SINCE_0001) - {"case_deadlines"}):  # the case has its clocks already
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
        for row in before["cases"]:
            row |= {"fields": {}}  # what a complaint may say beside its facts is new in 0006
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


class TestTheDesk:
    """0009: people wait, and agents are signed in, while the bank upgrades."""

    @pytest.fixture
    def house(self, any_house: House) -> House:
        """Three customers wait, the last to come in danger; one is served; one is not. An agent is signed in."""
        command.downgrade(config(any_house.db), "0008")
        with any_house.db.transaction() as tx:
            for id_, state, minute, priority in (
                ("first", "QUEUED", 0, 0),
                ("second", "OFFERED", 1, 0),
                ("danger", "QUEUED", 2, 1),
                ("served", "HUMAN", 3, 0),
                ("idle", "BOT", None, 0),
            ):
                since = None if minute is None else SUNDAY_NOON + timedelta(minutes=minute)
                row = {
                    "id": id_, "channel": "web", "state": state, "epoch": 1, "last_seq": 0, "last_hash": store.GENESIS,
                    "created_at": SUNDAY_NOON, "updated_at": SUNDAY_NOON, "large_type": False, "context": {},
                    "thread": {}, "declined_by": [], "waiting_since": since, "priority": priority, "reason": "asked",
                    "holder": {"BOT": "bot", "HUMAN": "mei"}.get(state),
                }  # fmt: skip
                _insert(tx, "conversations", row)
            for seq, (epoch, actor) in enumerate([(0, "agent"), (1, "system"), (1, "agent"), (1, "agent")], start=1):
                event = {"conversation_id": "served", "seq": seq, "epoch": epoch, "kind": "message", "payload": {}}
                by = {"actor_kind": actor, "actor_name": "", "prev_hash": "", "hash": ""}
                _insert(tx, "conversation_events", {**event, **by, "at": SUNDAY_NOON + timedelta(minutes=9 + seq)})
            person = {"username": "mei", "name": "小梅", "password_hash": "x", "roles": ["supervisor"], "limit": 3}
            _insert(tx, "agents", {**person, "presence": "ready"})
            for token in ("one", "two"):
                ends = SUNDAY_NOON + timedelta(hours=12)
                session = {"token_hash": _digest(token), "username": "mei", "csrf_token": token, "expires_at": ends}
                _insert(tx, "desk_sessions", session)
        upgrade(any_house.db)
        return any_house

    def test_who_waits_keeps_his_place_and_who_is_in_danger_the_first(self, house: House) -> None:
        with house.db.transaction() as tx:
            assert [waiting.id for waiting in store.waiting(tx)] == ["danger", "first", "second"]
            danger, idle = store.get(tx, "danger"), store.get(tx, "idle")
        assert (danger.ahead_s, danger.queue, danger.senior, danger.mood, danger.flags) == (
            86_400, "consult", False, 0, (),
        )  # fmt: skip
        assert (idle.ahead_s, idle.rank_at) == (0, None)

    def test_who_waits_or_is_served_has_an_entry_that_has_not_ended(self, house: House) -> None:
        with house.db.transaction() as tx:
            first, danger, served, idle = (handovers.open_of(tx, id_) for id_ in ("first", "danger", "served", "idle"))
        assert first and danger and served and idle is None
        assert (first.entered_at, first.reason, first.agent, first.claimed_at) == (SUNDAY_NOON, "asked", None, None)
        assert danger.ahead_s == 86_400
        assert (served.agent, served.claimed_at, served.first_answer_at) == (
            "mei", SUNDAY_NOON + timedelta(minutes=11), SUNDAY_NOON + timedelta(minutes=12),
        )  # fmt: skip

    def test_who_is_signed_in_stays_so_and_each_session_has_a_name(self, house: House) -> None:
        for token in ("one", "two"):
            assert house.staff.session(token).agent.username == "mei"
        with house.db.transaction() as tx:
            rows = tx.execute(sa.select(sessions)).all()
            agent = tx.execute(sa.select(agents)).one()
        assert len({row.id for row in rows}) == 2 and all(len(row.id) == 12 for row in rows)
        assert {(row.created_at, row.seen_at) for row in rows} == {(SUNDAY_NOON, SUNDAY_NOON)}
        assert (agent.skills, agent.failed, agent.disabled_at, agent.roles) == ([], 0, None, ["supervisor"])

    def test_back_again_is_the_table_of_before(self, house: House) -> None:
        command.downgrade(config(house.db), "0008")
        with house.db.engine.connect() as connection:
            rows = connection.execute(sa.text("SELECT id, priority FROM conversations")).all()
            columns = {c["name"] for c in sa.inspect(connection).get_columns("conversations")}
        assert dict(map(tuple, rows)) == {"first": 0, "second": 0, "danger": 1, "served": 0, "idle": 0}
        assert not columns & {"queue", "ahead_s", "rank_at", "senior", "mood", "flags"}


def _insert(tx: Tx, table: str, values: dict[str, Any]) -> None:
    """Into the table as it was, whose columns are no longer those of the parts."""
    kinds = {datetime: Moment, dict: Json, list: Json}
    columns = (sa.column(name, kinds.get(type(value))) for name, value in values.items())
    tx.execute(sa.insert(sa.table(table, *columns)).values(**values))


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
    if "number" in values:
        values["number"] = tx.execute(sa.select(cases.c.number)).scalars().first()
    tx.execute(table.insert().values(**values))
