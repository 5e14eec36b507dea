"""Who is complained about has nothing to do with that customer's conversations either (L1)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import agent, complain, offered
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.console.cases import Cases
from bot.conversation.model import State
from bot.desk.checking import checked
from bot.desk.marks import Marks
from bot.desk.scripts import Scripts
from bot.desk.staff import Agent
from bot.errors import NotFound
from bot.tickets.model import CaseState
from bot.tickets.tables import cases
from bot.wiring import House, officer_of

READS: list[Callable[[House, Agent, Chat], object]] = [
    lambda house, who, chat: house.desk.conversation(who, chat.id),
    lambda house, who, chat: house.desk.claim(who, chat.id, chat.conversation.epoch),
    lambda house, who, chat: Cases(house.entering, house.files, house.staff).prefill(officer_of(who), chat.id),
]

TOOLS: list[Callable[[House, Agent, Chat], object]] = [
    lambda house, who, chat: house.desk.recalls.recall(who, chat.id, chat.conversation.epoch, 1),
    lambda house, who, chat: Scripts(house.desk).suggested(who, chat.id),
    lambda house, who, chat: Marks(house.desk).of(who, chat.id),
    lambda house, who, chat: Marks(house.desk).add(who, chat.id, "note", "看看"),
    lambda house, who, chat: checked(house.desk, who, chat.id, "您好"),
]


def complained(house: House, about: str) -> Chat:
    """A customer who has complained about somebody here, and then asked for a person."""
    chat = Chat(house, FakeAssistant())
    complain(house, chat, about)
    chat.sends(choice="human")
    return chat


def end(house: House, number: str) -> None:
    with house.db.transaction() as tx:
        tx.execute(cases.update().where(cases.c.number == number).values(state=CaseState.CLOSED.value))


def listed(house: House, who: Agent) -> list[str]:
    view = house.desk.view(who)
    return [shown["conversation_id"] for part in ("queue", "offers", "mine") for shown in view[part]]


@pytest.mark.parametrize("reads", READS)
def test_the_accused_supervisor_neither_reads_nor_takes_it(house: House, reads: Callable) -> None:
    accused, other = agent(house, "sofia", "busy", "supervisor"), agent(house, "anton", "busy", "supervisor")
    chat = complained(house, "sofia")
    with pytest.raises(NotFound):
        reads(house, accused, chat)
    assert reads(house, other, chat)


@pytest.mark.parametrize("uses", TOOLS)
def test_no_tool_helps_him_to_it(house: House, uses: Callable) -> None:
    accused = agent(house, "sofia", "busy", "supervisor")
    chat = complained(house, "sofia")
    with pytest.raises(NotFound):
        uses(house, accused, chat)


def test_he_does_not_find_it_in_his_lists(house: House) -> None:
    accused, other = agent(house, "anna", "busy"), agent(house, "bert", "busy")
    chat = complained(house, "anna")
    assert (listed(house, accused), listed(house, other)) == ([], [chat.id])


def test_it_is_offered_to_somebody_else_or_to_nobody(house: House) -> None:
    agent(house, "anna")
    chat = complained(house, "anna")
    assert offered(chat) is None
    agent(house, "bert")
    assert offered(chat) == "bert"


def test_what_he_holds_when_the_complaint_opens_goes_back_to_the_queue(house: House) -> None:
    accused = agent(house, "anna", "busy")
    chat = Chat(house, FakeAssistant())
    chat.sends(choice="human")
    house.desk.claim(accused, chat.id, chat.conversation.epoch)
    assert [update["conversation_id"] for update in house.desk.updates(accused, {})] == [chat.id]
    complain(house, chat, "anna")
    assert house.desk.updates(accused, {}) == []
    house.desk.tick()
    assert (chat.state, chat.conversation.holder) == (State.QUEUED, None)


def test_the_customers_other_conversations_are_kept_from_him_while_it_is_open(house: House) -> None:
    accused = agent(house, "anna")
    first = Chat(house, FakeAssistant())
    number = complain(house, first, "anna")
    later = Chat(house, FakeAssistant(), former=first.id)
    later.sends(choice="human")
    assert listed(house, accused) == []
    end(house, number)
    assert listed(house, accused) == [later.id]
    with pytest.raises(NotFound):  # there the complaint was told
        house.desk.conversation(accused, first.id)


def test_a_callback_of_that_customer_is_not_his_either(house: House) -> None:
    agent(house, "anna"), agent(house, "bert")
    chat = complained(house, "anna")
    with house.db.transaction() as tx:
        case = house.tickets.open_callback(tx, chat.id, 99, "asked", house.clock.now())
        shown = {who: [one["number"] for one in house.desk.views.cases(tx, chat.id, who)] for who in ("anna", "bert")}
    assert shown["anna"] == [] and case.number in shown["bert"]
