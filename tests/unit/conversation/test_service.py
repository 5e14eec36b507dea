"""A customer's side of a conversation: what is taken is never lost, never taken twice, and what is due happens."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

import pytest
import sqlalchemy as sa
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.assistant.store import forget, load, save
from bot.clock import FrozenClock
from bot.conversation import store
from bot.conversation.intake import MAX_CHARS
from bot.conversation.model import Answer, Line, State
from bot.conversation.service import ConversationClosed
from bot.conversation.store import conversations
from bot.db import dumps
from bot.errors import InvalidInput, KeyReused, NotFound, StoreUnavailable
from bot.wiring import House


@pytest.fixture
def chat(any_house: House) -> Chat:
    return Chat(any_house, FakeAssistant(otherwise=understood("branch_hours", Answer("branch_hours"))))


class TestAMessage:
    def test_is_stored_before_anything_else_happens(self, chat: Chat) -> None:
        seq = chat.sends("几点开门")
        stored = chat.events[-1]
        assert (stored.seq, stored.actor.kind, stored.payload["text"]) == (seq, "customer", "几点开门")
        assert chat.house.conversations.open_turns() == [chat.id]

    def test_with_the_same_key_is_the_same_message(self, chat: Chat) -> None:
        assert chat.sends("几点开门", key="the-key") == chat.sends("几点开门", key="the-key")
        assert len(chat.events) == 2

    def test_with_the_same_key_is_found_even_after_the_conversation_was_closed(self, chat: Chat) -> None:
        seq = chat.sends("几点开门", key="the-key")
        chat.answer()
        chat.waits(3600)
        assert chat.state is State.CLOSED
        assert chat.sends("几点开门", key="the-key") == seq

    @pytest.mark.parametrize("body", [{"text": "几点关门"}, {"choice": "human"}])
    def test_with_the_same_key_and_another_body_is_refused(self, chat: Chat, body: dict) -> None:
        chat.sends("几点开门", key="the-key")
        with pytest.raises(KeyReused):
            chat.sends(**body, key="the-key")
        assert len(chat.events) == 2

    def test_the_key_is_a_conversations_own(self, chat: Chat) -> None:
        chat.sends("几点开门", key="the-key")
        other = Chat(chat.house, chat.assistant)
        assert other.sends("几点关门", key="the-key") == 2

    def test_two_values_with_the_same_token_are_two_bodies(self, chat: Chat) -> None:
        """The stored text is masked; the key still tells one number from another."""
        chat.sends("我的手机13800138000", key="the-key")
        with pytest.raises(KeyReused):
            chat.sends("我的手机13900138000", key="the-key")

    @pytest.mark.parametrize(
        ("text", "field"), [("", "text"), (" \n\u200b", "text"), ("长" * (MAX_CHARS + 1), "text"), (None, "text")]
    )
    def test_that_says_nothing_or_too_much_is_refused(self, chat: Chat, text: str | None, field: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            chat.sends(text)
        assert refused.value.extra["field"] == field
        assert len(chat.events) == 1

    def test_of_the_full_length_is_taken(self, chat: Chat) -> None:
        assert chat.sends("长" * MAX_CHARS) == 2

    def test_to_a_closed_conversation(self, chat: Chat) -> None:
        chat.waits(3600)
        with pytest.raises(ConversationClosed):
            chat.sends("几点开门")

    @pytest.mark.parametrize("conversation_id", ["nobody", "", "\0", "\udcff", "%", "a' OR 'a'='a"])
    def test_to_a_conversation_that_is_not_there(self, any_house: House, conversation_id: str) -> None:
        with pytest.raises(NotFound):
            any_house.conversations.receive(conversation_id, "a-key-00", text="几点开门")

    def test_carries_no_secret_and_no_number_into_the_store(self, chat: Chat) -> None:
        chat.says("我的手机13800138000，密码是Abc12345")
        with chat.house.db.transaction() as tx:
            rows = [tx.execute(sa.select(table)).all() for table in (store.events, conversations)]
        assert "13800138000" not in str(rows) and "Abc12345" not in str(rows)
        assert "secret_warning" in chat.phrases()

    def test_a_button_says_in_the_log_what_it_said_on_the_screen(self, chat: Chat) -> None:
        welcome = {choice["id"]: choice["label"] for choice in chat.events[0].payload["choices"]}
        chat.sends(choice="human")
        pressed = next(e for e in chat.events if e.actor.kind == "customer")
        assert (pressed.payload["text"], pressed.payload["choice"]) == (welcome["human"], "human")

    def test_a_button_that_was_never_shown_has_words_too(self, chat: Chat) -> None:
        chat.sends(choice="not_solved")
        assert chat.events[-1].payload["text"] == chat.house.knowledge.phrase("choice_not_solved")[0]


class TestTheChain:
    def test_holds_over_a_whole_conversation(self, chat: Chat) -> None:
        for text in ("几点开门", "转人工"):
            chat.says(text)
        chat.presses("human")
        with chat.house.db.transaction() as tx:
            assert store.broken_at(tx, chat.id) is None

    def test_nothing_half_said_is_stored(self, chat: Chat) -> None:
        with pytest.raises(ZeroDivisionError), chat.house.db.transaction() as tx:
            conversation = store.get(tx, chat.id, lock=True)
            chat.house.conversations.speech.say(
                tx, conversation, chat.house.clock.now(), chat.house.conversations.speech.phrase("thanks")
            )
            1 / 0  # noqa: B018
        assert len(chat.events) == 1
        assert chat.conversation.last_seq == 1

    def test_the_events_stand_in_canonical_json(self, chat: Chat) -> None:
        with chat.house.db.transaction() as tx:
            (raw,) = tx.execute(sa.text("SELECT payload FROM conversation_events")).one()
        assert raw == dumps(json.loads(raw))


class TestWhatFallsDue:
    def test_an_idle_conversation_is_closed_once_with_one_survey(self, chat: Chat) -> None:
        chat.waits(1799)
        assert chat.state is State.BOT
        chat.waits(1)
        assert chat.state is State.CLOSED
        for _ in range(3):
            chat.waits(3600)
        assert [e.kind for e in chat.events].count("survey") == 1
        assert chat.phrases().count("closed_idle") == 1

    def test_an_open_turn_comes_before_everything_that_is_due(self, chat: Chat) -> None:
        chat.sends("几点开门")
        chat.waits(4000)
        assert chat.state is State.BOT
        chat.answer()
        assert chat.said("branch_hours")

    def test_a_second_worker_finds_nothing_left_to_do(self, chat: Chat, clock: FrozenClock) -> None:
        clock.advance(1800)
        assert [chat.house.conversations.tick() for _ in range(2)] == [1, 0]

    def test_one_conversation_that_cannot_be_dealt_with_holds_up_no_other(
        self, chat: Chat, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A row that a careless hand has damaged is logged and looked at again; the one behind it is served."""
        broken = Chat(chat.house, chat.assistant)
        with chat.house.db.transaction() as tx:
            row = store.get(tx, broken.id)
            store.save(tx, replace(row, thread={"nonsense": 1}, due_at=row.created_at))
        chat.waits(1800)
        assert chat.state is State.CLOSED
        assert broken.state is State.BOT
        assert f"conversation {broken.id}" in caplog.text


class TestALockedDatabase:
    def test_is_waited_for_and_then_told(self, house: House) -> None:
        """Two seconds pass unnoticed (five are allowed); what stays locked is a plain failure, and nothing is lost."""
        chat = Chat(house, FakeAssistant(otherwise=understood("greet", Line("greet"))))
        with house.db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() >= 2000
        file = house.settings.database_url.removeprefix("sqlite:///")
        with sqlite3.connect(file, isolation_level=None) as intruder:
            intruder.execute("BEGIN IMMEDIATE")
            house.db.engine.dispose()
            house.db.engine = type(house.db)(house.db.url, busy_timeout_s=0.05).engine
            with pytest.raises(StoreUnavailable):
                chat.sends("你好", key="the-key")
            intruder.execute("ROLLBACK")
        assert chat.sends("你好", key="the-key") == 2


def test_what_the_assistant_remembers_ends_with_the_conversation(chat: Chat) -> None:
    house = chat.house
    house.conversations.on_end.append(forget)
    with house.db.transaction() as tx:
        save(tx, chat.id, [{"event": "action"}], house.clock.now())
    chat.waits(house.knowledge.escalation.idle_close_s)
    assert chat.state is State.CLOSED
    with house.db.transaction() as tx:
        assert load(tx, chat.id) is None
