"""What a waiting customer is told: his place, a time that is true, or that none is known, and the callback."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import agent
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.clock import FrozenClock
from bot.conversation.model import State
from bot.desk.staff import Agent
from bot.wiring import House


def waiting(house: House) -> Chat:
    """One more in the queue, behind those before him."""
    house.clock.advance(0.001)
    chat = Chat(house, FakeAssistant())
    chat.sends(choice="human")
    return chat


def shown(chat: Chat) -> tuple[int | None, int | None]:
    snapshot = chat.house.conversations.snapshot(chat.id)
    return snapshot.place, snapshot.eta_s


@pytest.fixture
def serve(house: House, clock: FrozenClock) -> Callable[[Agent, float], None]:
    """A customer who is served for so long."""

    def served(by: Agent, seconds: float) -> None:
        chat = waiting(house)
        house.desk.claim(by, chat.id, chat.conversation.epoch)
        clock.advance(seconds)
        house.desk.close(by, chat.id, chat.conversation.epoch, "solved", "", "")

    return served


class TestTheTime:
    def test_with_a_free_agent_is_less_than_a_minute(self, house: House) -> None:
        agent(house, "anna")
        assert shown(waiting(house)) == (1, house.knowledge.escalation.offer_s)

    def test_behind_full_agents_is_what_it_takes_until_a_place_is_free(self, house: House) -> None:
        anna = agent(house, "anna", limit=1)
        held = waiting(house)
        house.desk.claim(anna, held.id, held.conversation.epoch)
        handling_s = house.knowledge.escalation.average_handling_s
        assert [shown(waiting(house)) for _ in range(2)] == [(1, handling_s), (2, 2 * handling_s)]

    def test_is_shared_by_all_places(self, house: House) -> None:
        anna = agent(house, "anna", limit=3)
        for _ in range(3):
            held = waiting(house)
            house.desk.claim(anna, held.id, held.conversation.epoch)
        assert shown(waiting(house)) == (1, house.knowledge.escalation.average_handling_s / 3)

    def test_follows_what_was_measured(self, house: House, serve: Callable, clock: FrozenClock) -> None:
        anna = agent(house, "anna", "busy", limit=1)
        for _ in range(5):
            serve(anna, 600)
        held = waiting(house)
        house.desk.claim(anna, held.id, held.conversation.epoch)
        house.staff.set_presence("anna", "ready")
        guess = house.knowledge.escalation.average_handling_s
        assert shown(waiting(house)) == (1, (600 + guess) / 2)
        clock.advance(hours=4, seconds=1)
        house.staff.seen("anna")
        with house.db.transaction() as tx:
            assert house.conversations.handoff.queueing.handling_s(tx, clock.now()) == guess

    def test_counts_only_those_who_know_the_matter_and_wait_for_it(self, house: House) -> None:
        agent(house, "griev1", skills=["complaints"])
        consul = agent(house, "consul", skills=["consult"], limit=1)
        held = waiting(house)
        house.desk.claim(consul, held.id, held.conversation.epoch)
        assert shown(waiting(house)) == (1, house.knowledge.escalation.average_handling_s)

    def test_where_nobody_knows_it_the_others_count(self, house: House) -> None:
        agent(house, "griev1", skills=["complaints"])
        assert shown(waiting(house)) == (1, house.knowledge.escalation.offer_s)


class TestTheWords:
    def test_with_nobody_there_no_minutes_are_named_but_the_callback(self, house: House) -> None:
        chat = waiting(house)
        assert chat.state is State.QUEUED
        text = chat.last.payload["text"]
        assert "预计等待" not in text and "最晚11月22日 14:00前回电" in text
        assert chat.choices() == ["leave_message", "cancel"]

    def test_an_agent_who_declined_him_is_nobody_for_him(self, house: House) -> None:
        anna = agent(house, "anna")
        chat = waiting(house)
        house.desk.tick()
        house.desk.decline(anna, chat.id, chat.conversation.epoch, "忙")
        assert shown(chat) == (1, None)

    def test_with_agents_there_the_minutes_are(self, house: House) -> None:
        agent(house, "anna")
        chat = waiting(house)
        assert "预计等待1分钟左右" in chat.last.payload["text"]
        assert chat.choices() == ["cancel", "leave_message"]

    def test_too_long_a_wait_offers_the_callback_first(self, house: House) -> None:
        anna = agent(house, "anna", limit=1)
        held = waiting(house)
        house.desk.claim(anna, held.id, held.conversation.epoch)
        chats = [waiting(house) for _ in range(6)]  # of four minutes each
        assert [chat.choices()[0] for chat in chats] == ["cancel"] * 5 + ["leave_message"]

    def test_too_many_before_him_too(self, house: House) -> None:
        many = house.knowledge.escalation.overflow.waiting
        agent(house, "anna", limit=60)
        chats = [waiting(house) for _ in range(many + 1)]
        assert [chat.choices()[0] for chat in chats] == ["cancel"] * many + ["leave_message"]

    def test_who_is_in_danger_is_never_sent_away(self, house: House, clock: FrozenClock) -> None:
        chat = Chat(house, FakeAssistant())
        conversation = chat.conversation
        with house.db.transaction() as tx:
            house.conversations.handoff.bring_person(tx, conversation, "urgent", clock.now())
        assert chat.phrases()[-1] == "handover_queue"
