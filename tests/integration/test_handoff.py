"""From the queue to a person (design, "States of a conversation"): offers, limits, consoles that fall silent."""

from __future__ import annotations

import pytest
from desk import PASSWORD, agent, offered
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock
from bot.conversation.model import Answer, Handover, State
from bot.desk.service import AgentFull
from bot.desk.staff import Agent
from bot.errors import Conflict, StaleEpoch
from bot.wakeups import DESK
from bot.wiring import House


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant(
        {
            "房贷利率是多少": understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage"),
            "我被骗了": understood("fraud_emergency", Answer("fraud_emergency"), Handover("urgent")),
        }
    )


@pytest.fixture
def chat(house: House, assistant: FakeAssistant) -> Chat:
    return Chat(house, assistant)


@pytest.fixture
def waiting(chat: Chat) -> Chat:
    """A customer who has asked for a person."""
    chat.says("房贷利率是多少")
    chat.presses("human")
    return chat


class TestOffers:
    def test_a_ready_agent_is_offered_who_waits(self, house: House, waiting: Chat) -> None:
        agent(house, "anna")
        assert offered(waiting) == "anna"
        assert (waiting.state, waiting.conversation.holder) == (State.OFFERED, None)

    @pytest.mark.parametrize("presence", ["busy", "away", "offline"])
    def test_nobody_else_is(self, house: House, waiting: Chat, presence: str) -> None:
        agent(house, "anna", presence)
        assert offered(waiting) is None
        assert waiting.state is State.QUEUED

    def test_nor_one_whose_console_is_silent(self, house: House, waiting: Chat, clock: FrozenClock) -> None:
        agent(house, "anna")
        clock.advance(house.knowledge.escalation.lease_s + 1)
        assert offered(waiting) is None

    def test_accepted_the_customer_reads_who_is_there(self, house: House, waiting: Chat) -> None:
        anna = agent(house, "anna")
        offered(waiting)
        house.desk.claim(anna, waiting.id, waiting.conversation.epoch)
        assert (waiting.state, waiting.conversation.holder) == (State.HUMAN, "anna")
        assert anna.name in waiting.last.payload["text"]

    def test_an_offer_is_for_one_agent(self, house: House, waiting: Chat) -> None:
        agent(house, "anna")
        bert = agent(house, "bert", "busy")
        assert offered(waiting) == "anna"
        with pytest.raises(Conflict):
            house.desk.claim(bert, waiting.id, waiting.conversation.epoch)
        with pytest.raises(Conflict):
            house.desk.decline(bert, waiting.id, waiting.conversation.epoch, "not mine")
        assert waiting.conversation.offered_to == "anna"

    def test_declined_it_is_never_offered_to_the_same_agent_again(self, house: House, waiting: Chat) -> None:
        anna = agent(house, "anna")
        since = waiting.conversation.waiting_since
        offered(waiting)
        house.desk.decline(anna, waiting.id, waiting.conversation.epoch, "lunch")
        for _ in range(3):
            assert offered(waiting) is None
        assert (waiting.state, waiting.conversation.waiting_since) == (State.QUEUED, since)
        agent(house, "bert")
        assert offered(waiting) == "bert"

    def test_not_answered_within_20_seconds_it_goes_on(self, house: House, waiting: Chat, clock: FrozenClock) -> None:
        anna = agent(house, "anna")
        since = waiting.conversation.waiting_since
        offered(waiting)
        epoch = waiting.conversation.epoch
        clock.advance(19.9)
        house.conversations.tick()
        assert waiting.state is State.OFFERED
        waiting.waits(0.1)
        assert (waiting.state, waiting.conversation.waiting_since) == (State.QUEUED, since)
        with pytest.raises(StaleEpoch):
            house.desk.claim(anna, waiting.id, epoch)
        agent(house, "bert")
        assert offered(waiting) == "bert"

    def test_the_first_waiting_time_keeps_the_place(
        self, house: House, waiting: Chat, assistant: FakeAssistant, clock: FrozenClock
    ) -> None:
        later = Chat(house, assistant)
        clock.advance(5)
        later.presses("human")
        anna = agent(house, "anna")
        offered(waiting)
        house.desk.decline(anna, waiting.id, waiting.conversation.epoch, "")
        assert house.conversations.snapshot(waiting.id).place == 1
        assert house.conversations.snapshot(later.id).place == 2

    def test_danger_is_served_before_who_came_earlier(
        self, house: House, waiting: Chat, assistant: FakeAssistant, clock: FrozenClock
    ) -> None:
        clock.advance(5)
        urgent = Chat(house, assistant)
        urgent.says("我被骗了")
        assert house.conversations.snapshot(urgent.id).place == 1
        assert house.conversations.snapshot(waiting.id).place == 2

    def test_the_least_busy_agent_is_asked_first(self, house: House, assistant: FakeAssistant) -> None:
        anna = agent(house, "anna", "busy")
        first, second = Chat(house, assistant), Chat(house, assistant)
        first.presses("human")
        house.desk.claim(anna, first.id, first.conversation.epoch)
        agent(house, "bert")
        house.staff.set_presence("anna", "ready")
        second.presses("human")
        assert offered(second) == "bert"


class TestAtMostThree:
    """004-83"""

    @pytest.fixture
    def full(self, house: House, assistant: FakeAssistant) -> Agent:
        anna = agent(house, "anna", "busy")
        for _ in range(3):
            chat = Chat(house, assistant)
            chat.presses("human")
            house.desk.claim(anna, chat.id, chat.conversation.epoch)
        return anna

    def test_a_fourth_is_refused(self, house: House, full: Agent, waiting: Chat) -> None:
        with pytest.raises(AgentFull):
            house.desk.claim(full, waiting.id, waiting.conversation.epoch)
        assert waiting.state is State.QUEUED

    def test_a_fourth_is_not_offered(self, house: House, full: Agent, waiting: Chat) -> None:
        house.staff.set_presence("anna", "ready")
        assert offered(waiting) is None

    def test_not_even_one_that_is_meant_for_him(self, house: House, full: Agent, waiting: Chat) -> None:
        bert = agent(house, "bert", "busy")
        epoch = house.desk.claim(bert, waiting.id, waiting.conversation.epoch)
        epoch = house.desk.transfer(bert, waiting.id, epoch, "agent:anna", "she knows him", anyway=True)
        with pytest.raises(AgentFull):
            house.desk.claim(full, waiting.id, epoch)

    def test_an_open_offer_counts(self, house: House, assistant: FakeAssistant, waiting: Chat) -> None:
        anna = agent(house, "anna", "busy")
        for _ in range(2):
            chat = Chat(house, assistant)
            chat.presses("human")
            house.desk.claim(anna, chat.id, chat.conversation.epoch)
        house.staff.set_presence("anna", "ready")
        other = Chat(house, assistant)
        assert offered(waiting) == "anna"
        other.presses("human")
        assert offered(other) is None
        with pytest.raises(AgentFull):
            house.desk.claim(anna, other.id, other.conversation.epoch)
        house.desk.claim(anna, waiting.id, waiting.conversation.epoch)

    def test_a_closed_one_makes_room_at_once(self, house: House, full: Agent, waiting: Chat) -> None:
        mine = house.desk.view(full)["mine"][0]
        house.desk.close(full, mine["conversation_id"], mine["epoch"], "solved", "", "")
        house.desk.claim(full, waiting.id, waiting.conversation.epoch)
        assert waiting.state is State.HUMAN


class TestSilentConsole:
    @pytest.fixture
    def served(self, house: House, waiting: Chat) -> tuple[Chat, Agent, int]:
        anna = agent(house, "anna", "busy")
        return waiting, anna, house.desk.claim(anna, waiting.id, waiting.conversation.epoch)

    def test_after_60_seconds_the_customer_stands_at_the_head_of_the_queue(
        self, house: House, served: tuple[Chat, Agent, int], assistant: FakeAssistant, clock: FrozenClock
    ) -> None:
        chat, anna, epoch = served
        later = Chat(house, assistant)
        clock.advance(20)
        later.presses("human")
        clock.advance(40)
        house.desk.tick()
        assert chat.state is State.HUMAN
        chat.waits(0.1)
        assert (chat.state, chat.conversation.holder) == (State.QUEUED, None)
        assert house.conversations.snapshot(chat.id).place == 1
        assert chat.conversation.reason == "asked"
        assert "agent_left_queue" in chat.phrases()
        with pytest.raises(StaleEpoch):
            house.desk.send(anna, chat.id, epoch, "key-000001", "我在")
        bert = agent(house, "bert", "busy")
        assert [item["conversation_id"] for item in house.desk.view(bert)["queue"]] == [chat.id, later.id]

    def test_who_signs_out_gives_his_customers_back_at_once(
        self, house: House, served: tuple[Chat, Agent, int], clock: FrozenClock
    ) -> None:
        chat, _, _ = served
        house.staff.sign_out(house.staff.sign_in("anna", PASSWORD))
        house.desk.tick()
        assert (chat.state, chat.conversation.holder) == (State.QUEUED, None)

    def test_a_console_that_gives_signs_of_life_keeps_it(
        self, house: House, served: tuple[Chat, Agent, int], clock: FrozenClock
    ) -> None:
        chat, _, _ = served
        for _ in range(8):
            clock.advance(15)
            house.staff.seen("anna")
            house.desk.tick()
        assert chat.state is State.HUMAN

    def test_the_customer_is_not_offered_to_who_left_him(
        self, house: House, served: tuple[Chat, Agent, int], clock: FrozenClock
    ) -> None:
        chat, _, _ = served
        chat.waits(61)
        house.staff.set_presence("anna", "ready")
        assert offered(chat) is None


async def test_a_look_at_the_queue_that_changes_nothing_wakes_nobody(house: House, waiting: Chat) -> None:
    """Else the worker's looks would follow each other without a pause as long as somebody waits for full agents."""
    anna = agent(house, "anna")
    offered(waiting)
    house.desk.decline(anna, waiting.id, waiting.conversation.epoch, "lunch")
    with house.wakeups.subscribe(DESK) as woken:
        assert house.desk.tick() == 0
        assert not await woken.wait(0.05)
