"""Notes and tags on a conversation: whose, masked, added to only, and never a word of them to the customer."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from desk import agent
from support import Chat

from bot.conversation.recalls import outside
from bot.desk.checking import checked
from bot.desk.marks import Kind, Marks
from bot.desk.staff import Agent
from bot.desk.store import marks
from bot.errors import Forbidden, InvalidInput, NotFound
from bot.privacy.audit import entries


def put(chat: Chat, who: Agent, kind: Kind, text: str) -> dict:
    return Marks(chat.house.desk).add(who, chat.id, kind, text)


class TestMarks:
    def test_notes_keep_their_order_and_who_wrote_them(self, chat: Chat, anna: Agent) -> None:
        put(chat, anna, "note", "客户在等回单")
        chat.house.clock.advance(60)
        sue = agent(chat.house, "sue", "busy", "supervisor")
        found = put(chat, sue, "note", "  已请网点补寄 ")
        assert [(note["by"], note["text"]) for note in found["notes"]] == [
            ("坐席anna", "客户在等回单"),
            ("坐席sue", "已请网点补寄"),
        ]
        assert found["notes"][0]["at"] < found["notes"][1]["at"]
        assert found == Marks(chat.house.desk).of(anna, chat.id)

    def test_tags_are_put_on_once_and_taken_off_and_the_rows_stay(self, chat: Chat, anna: Agent) -> None:
        put(chat, anna, "tag", "回单")
        put(chat, anna, "tag", " 回单 ")
        assert put(chat, anna, "tag", "老客户")["tags"] == ["回单", "老客户"]
        assert put(chat, anna, "untag", "回单")["tags"] == ["老客户"]
        put(chat, anna, "untag", "回单")
        with chat.house.db.transaction() as tx:
            rows = [tuple(row) for row in tx.execute(sa.select(marks.c.kind, marks.c.text).order_by(marks.c.id))]
        assert rows == [("tag", "回单"), ("tag", "老客户"), ("untag", "回单")]

    def test_personal_data_is_stored_as_a_token(self, chat: Chat, anna: Agent) -> None:
        found = put(chat, anna, "note", "客户的电话是13800138000，身份证号110101199003078515")
        with chat.house.db.transaction() as tx:
            stored = str(tx.execute(sa.select(marks)).all())
        assert "13800138000" not in stored and "110101199003078515" not in stored
        assert "尾号8000" in found["notes"][0]["text"]

    @pytest.mark.parametrize(
        ("kind", "text"), [("note", " \n"), ("tag", "\u200b"), ("note", "长" * 1001), ("tag", "长" * 21)]
    )
    def test_nothing_and_too_much_are_refused(self, chat: Chat, anna: Agent, kind: Kind, text: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            put(chat, anna, kind, text)
        assert refused.value.phrase == "problem_mark"

    def test_are_in_the_package_and_nowhere_in_the_record_of_what_was_said(self, chat: Chat, anna: Agent) -> None:
        before = len(chat.events)
        put(chat, anna, "note", "客户在等回单")
        put(chat, anna, "tag", "回单")
        assert len(chat.events) == before
        assert "回单" not in str(outside(chat.events))
        shown = chat.house.desk.conversation(anna, chat.id)["package"]["marks"]
        assert (shown["tags"], shown["notes"][0]["text"]) == (["回单"], "客户在等回单")

    def test_are_for_who_may_read_the_conversation(self, chat: Chat, anna: Agent) -> None:
        bert = agent(chat.house, "bert")
        with pytest.raises(Forbidden):
            put(chat, bert, "note", "看看")
        with pytest.raises(Forbidden):
            Marks(chat.house.desk).of(bert, chat.id)
        with pytest.raises(NotFound):
            Marks(chat.house.desk).of(anna, "nobody")

    def test_go_with_the_customer_to_the_next_agent(self, chat: Chat, anna: Agent) -> None:
        put(chat, anna, "note", "客户在等回单")
        chat.house.desk.transfer(anna, chat.id, chat.conversation.epoch, "", "请接手")
        bert = agent(chat.house, "bert")
        chat.house.desk.claim(bert, chat.id, chat.conversation.epoch)
        assert chat.house.desk.conversation(bert, chat.id)["package"]["marks"]["notes"][0]["text"] == "客户在等回单"


class TestChecking:
    WEALTH = "这款理财每三个月开放一次，业绩比较基准看产品说明书"
    PROMISE = "这款理财保本的，您放心买"

    @pytest.mark.parametrize(
        ("text", "verdict", "completable"),
        [
            ("您好，请稍等", "allow", False),
            (WEALTH, "complete", True),
            (PROMISE, "refuse", False),
            ("", "allow", False),
        ],
    )
    def test_is_what_sending_would_say(
        self, chat: Chat, anna: Agent, text: str, verdict: str, completable: bool
    ) -> None:
        found = checked(chat.house.desk, anna, chat.id, text)
        assert (found["verdict"], found["completable"]) == (verdict, completable)
        assert bool(found["reasons"]) == (verdict != "allow")

    def test_sends_nothing_and_keeps_nothing(self, chat: Chat, anna: Agent) -> None:
        before = len(chat.events)
        checked(chat.house.desk, anna, chat.id, self.PROMISE)
        with chat.house.db.transaction() as tx:
            assert entries(tx, f"conversation:{chat.id}") == []
        assert len(chat.events) == before

    def test_is_for_who_may_read_the_conversation(self, chat: Chat, anna: Agent) -> None:
        with pytest.raises(Forbidden):
            checked(chat.house.desk, agent(chat.house, "bert"), chat.id, "您好")
