"""Which group a customer goes to, and which of its agents he is offered to: skill, experience, and patience."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from desk import agent, complain, offered
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock
from bot.conversation import escalation, store
from bot.conversation.matter import line_of, queue_of
from bot.conversation.model import Answer, Conversation, State
from bot.wiring import House


@pytest.fixture
def customer(house: House) -> Callable[..., Chat]:
    """Who waits for a person, of this group, line and need."""

    def waits(queue: str = "consult", topic: str | None = None, senior: bool = False) -> Chat:
        chat = Chat(house, FakeAssistant())
        chat.sends(choice="human")
        with house.db.transaction() as tx:
            conversation = store.get(tx, chat.id, lock=True)
            thread = escalation.to_json(escalation.Thread(topic=topic))
            store.save(tx, replace(conversation, queue=queue, thread=thread, senior=senior))
        return chat

    return waits


def about(topic: str | None, flow: str | None = None) -> Conversation:
    blank = Conversation(
        "c", "web", State.BOT, "bot", 1, 0, None, None, False, None, None, {}, flow, {}, None, None, None, (), None
    )
    return replace(blank, thread=escalation.to_json(escalation.Thread(topic=topic)))


class TestTheGroup:
    @pytest.mark.parametrize(
        ("topic", "flow", "reason", "queue"),
        [
            ("loan_rate/mortgage", None, "asked", "consult"),
            (None, None, "urgent", "consult"),
            ("complaint", None, "asked", "complaints"),
            ("loan_rate", None, "complaint", "complaints"),
            (None, "complaint:facts", "asked", "complaints"),
            ("suggestion_praise", None, "asked", "relations"),
        ],
    )
    def test_is_that_of_the_reason_then_of_the_question(
        self, house: House, topic: str | None, flow: str | None, reason: str, queue: str
    ) -> None:
        assert queue_of(about(topic, flow), reason, house.knowledge) == queue

    def test_is_written_down_when_he_enters_the_queue(self, house: House) -> None:
        chat = Chat(house, FakeAssistant(otherwise=understood("suggestion_praise", Answer("suggestion_praise"))))
        chat.says("你们柜员服务真好，想表扬")
        chat.sends(choice="human")
        assert chat.conversation.queue == "relations"

    @pytest.mark.parametrize(
        ("topic", "line"),
        [
            ("loan_rate", "loans"),
            ("wealth_product/trust", "wealth"),
            ("transfer_fee/mortgage", "loans"),  # the product says more
            ("branch_hours", None),
            (None, None),
        ],
    )
    def test_has_lines_by_product_or_question(self, house: House, topic: str | None, line: str | None) -> None:
        assert line_of(about(topic), house.knowledge) == line


class TestTheChoice:
    def test_a_complaint_goes_to_who_handles_complaints(self, house: House, customer: Callable[..., Chat]) -> None:
        agent(house, "consul", skills=["consult"])
        agent(house, "griev1", skills=["complaints"])
        assert offered(customer("complaints")) == "griev1"
        assert offered(customer("consult")) == "consul"

    def test_who_names_no_skill_takes_whatever_comes(self, house: House, customer: Callable[..., Chat]) -> None:
        agent(house, "anyone")
        assert {offered(customer(queue)) for queue in ("consult", "complaints", "relations")} == {"anyone"}

    def test_a_line_of_business_is_a_skill_beside_the_group(self, house: House, customer: Callable[..., Chat]) -> None:
        agent(house, "wealth", skills=["consult", "wealth"])
        agent(house, "loans1", skills=["consult", "loans"])
        assert offered(customer(topic="loan_rate/mortgage")) == "loans1"
        assert offered(customer(topic="wealth_product/fund")) == "wealth"

    def test_he_waits_for_who_knows_it_and_then_for_anybody(
        self, house: House, customer: Callable[..., Chat], clock: FrozenClock
    ) -> None:
        agent(house, "griev1", "busy", skills=["complaints"])
        agent(house, "consul", skills=["consult"])
        chat = customer("complaints")
        clock.advance(house.knowledge.escalation.widen_s - 1)
        house.staff.seen("griev1"), house.staff.seen("consul")
        assert offered(chat) is None
        clock.advance(1)
        house.staff.seen("griev1"), house.staff.seen("consul")
        assert offered(chat) == "consul"

    def test_where_nobody_who_knows_it_is_at_the_desk_he_need_not_wait(
        self, house: House, customer: Callable[..., Chat], clock: FrozenClock
    ) -> None:
        agent(house, "griev1", "away", skills=["complaints"])
        agent(house, "consul", skills=["consult"])
        assert offered(customer("complaints")) == "consul"

    def test_nor_where_the_only_one_is_complained_about(self, house: House, customer: Callable[..., Chat]) -> None:
        agent(house, "griev1", "busy", skills=["complaints"])
        agent(house, "consul", skills=["consult"])
        chat = customer("complaints")
        complain(house, chat, "griev1")
        assert offered(chat) == "consul"

    def test_a_complex_matter_is_first_for_the_experienced(self, house: House, customer: Callable[..., Chat]) -> None:
        agent(house, "young1")
        agent(house, "senior", "ready", "senior")
        assert offered(customer(senior=True)) == "senior"

    def test_the_least_busy_is_he_with_the_smallest_share(self, house: House, customer: Callable[..., Chat]) -> None:
        """One of six is less than one of two."""
        small, large = agent(house, "small1", "busy", limit=2), agent(house, "large1", "busy", limit=6)
        for who in (small, large):
            chat = customer()
            house.desk.claim(who, chat.id, chat.conversation.epoch)
        for username in ("small1", "large1"):
            house.staff.set_presence(username, "ready")
        assert offered(customer()) == "large1"

    def test_who_waits_longest_is_served_first_and_severity_counts_as_waiting(
        self, house: House, customer: Callable[..., Chat], clock: FrozenClock
    ) -> None:
        early = customer()
        clock.advance(30)
        grave = customer()
        with house.db.transaction() as tx:
            store.save(tx, replace(store.get(tx, grave.id, lock=True), ahead_s=60))
        agent(house, "single", limit=1)
        assert (offered(grave), early.conversation.offered_to) == ("single", None)


class TestAnOffer:
    def test_ends_at_once_when_he_complains_about_the_agent(self, house: House, customer: Callable[..., Chat]) -> None:
        agent(house, "griev1")
        chat = customer()
        assert offered(chat) == "griev1"
        complain(house, chat, "griev1")
        house.desk.tick()
        assert (chat.state, chat.conversation.offered_to) == (State.QUEUED, None)
