"""Who waits: his messages put off nothing that is due to him, and he is not offered twice to who would not have him."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk import agent, offered
from support import NIGHT, Chat

from bot.assistant.fake import FakeAssistant
from bot.clock import FrozenClock
from bot.conversation.model import State
from bot.desk.staff import Agent
from bot.wiring import House


@pytest.fixture
def waiting(any_house: House) -> Chat:
    chat = Chat(any_house, FakeAssistant())
    chat.sends(choice="human")
    return chat


def writes_on(chat: Chat, clock: FrozenClock, seconds: int, every: int = 10) -> None:
    """He writes, and the worker looks at what is due, again and again."""
    for _ in range(seconds // every):
        clock.advance(every)
        chat.sends("还在吗")
        chat.house.conversations.tick()


class TestAnOffer:
    def test_ends_when_it_was_to_end_however_much_the_customer_writes(
        self, any_house: House, waiting: Chat, clock: FrozenClock
    ) -> None:
        anna = agent(any_house, "anna1")
        assert offered(waiting) == "anna1"
        ends = clock.now() + timedelta(seconds=any_house.knowledge.escalation.offer_s)
        writes_on(waiting, clock, 15, every=5)
        assert (waiting.state, waiting.conversation.due_at) == (State.OFFERED, ends)
        assert any_house.desk.view(anna)["offers"][0]["expires_at"].startswith("2026-11-22T12:00:20")
        writes_on(waiting, clock, 5, every=5)
        assert (waiting.state, waiting.conversation.declined_by) == (State.QUEUED, ("anna1",))

    def test_to_somebody_who_is_gone_goes_on_at_the_next_look(
        self, any_house: House, waiting: Chat, clock: FrozenClock
    ) -> None:
        since = waiting.conversation.waiting_since
        agent(any_house, "anna1")
        clock.advance(50)
        assert offered(waiting) == "anna1"
        agent(any_house, "bert1")
        clock.advance(10)
        assert offered(waiting) == "anna1"  # the server has heard of her within a minute
        clock.advance(1)
        assert offered(waiting) == "bert1"
        assert waiting.conversation.declined_by == ("anna1",)
        assert waiting.conversation.waiting_since == since


class TestAWaitingCustomerWhoKeepsWriting:
    def test_is_told_after_ten_minutes(self, waiting: Chat, clock: FrozenClock) -> None:
        writes_on(waiting, clock, 590)
        assert "waiting_long" not in waiting.phrases()
        writes_on(waiting, clock, 30)
        assert waiting.phrases().count("waiting_long") == 1

    def test_gets_a_callback_when_the_desk_closes(self, any_house: House, clock: FrozenClock) -> None:
        clock.set(NIGHT.replace(hour=21, minute=59))
        chat = Chat(any_house, FakeAssistant())
        chat.sends(choice="human")
        writes_on(chat, clock, 50)
        assert chat.state is State.QUEUED
        writes_on(chat, clock, 30)
        assert chat.state is State.MESSAGE_LEFT

    def test_is_looked_at_even_if_he_writes_just_before_the_look(
        self, any_house: House, waiting: Chat, clock: FrozenClock
    ) -> None:
        first = waiting.conversation.due_at
        assert first == clock.now() + timedelta(seconds=15)
        clock.advance(15)
        waiting.sends("还在吗")
        assert waiting.conversation.due_at == first
        any_house.conversations.tick()
        assert waiting.conversation.due_at == first + timedelta(seconds=15)


class TestWhoWouldNotHaveHim:
    """is not asked again, whoever had him since."""

    @pytest.fixture
    def bert(self, any_house: House, waiting: Chat) -> Agent:
        """Anna has declined, and Bert has taken him."""
        anna = agent(any_house, "anna1")
        assert offered(waiting) == "anna1"
        any_house.desk.decline(anna, waiting.id, waiting.conversation.epoch, "忙")
        bert = agent(any_house, "bert1")
        any_house.desk.claim(bert, waiting.id, waiting.conversation.epoch)
        return bert

    def test_when_he_is_transferred(self, any_house: House, waiting: Chat, bert: Agent) -> None:
        any_house.desk.transfer(bert, waiting.id, waiting.conversation.epoch, "", "请接手")
        assert waiting.conversation.declined_by == ("anna1", "bert1")
        assert offered(waiting) is None
        agent(any_house, "carl1")
        assert offered(waiting) == "carl1"

    def test_when_his_agent_is_gone(self, any_house: House, waiting: Chat, bert: Agent, clock: FrozenClock) -> None:
        clock.advance(61)
        any_house.staff.seen("anna1")
        assert offered(waiting) is None
        assert waiting.state is State.QUEUED

    def test_unless_a_colleague_names_him(self, any_house: House, waiting: Chat, bert: Agent) -> None:
        any_house.desk.transfer(bert, waiting.id, waiting.conversation.epoch, "agent:anna1", "她了解情况", anyway=True)
        assert (offered(waiting), waiting.state) == ("anna1", State.OFFERED)
        anna = agent(any_house, "anna1")
        any_house.desk.claim(anna, waiting.id, waiting.conversation.epoch)
        any_house.desk.transfer(anna, waiting.id, waiting.conversation.epoch, "agent:bert1", "已核对", anyway=True)
        assert (offered(waiting), waiting.state) == ("bert1", State.OFFERED)

    def test_nor_does_naming_himself_bring_him_back(self, any_house: House, waiting: Chat, bert: Agent) -> None:
        any_house.desk.transfer(bert, waiting.id, waiting.conversation.epoch, "agent:bert1", "", anyway=True)
        assert any_house.desk.tick() == 0
        assert waiting.state is State.QUEUED
