"""Warnings that a conversation gives: once, to the role they are for, never to whom its customer complains about."""

from __future__ import annotations

import pytest
from desk import agent
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.conversation import store
from bot.conversation.warning import Warn
from bot.desk.staff import Agent
from bot.tickets import alerts
from bot.tickets.opening import Told
from bot.wiring import House, officer_of


@pytest.fixture
def chat(any_house: House) -> Chat:
    return Chat(any_house, FakeAssistant())


def warn(house: House, chat: Chat, key: str = "7", role: str = "supervisor") -> bool:
    port: Warn = house.conversations.warn
    with house.db.transaction() as tx:
        return port(
            tx, kind="waiting", role=role, text="客户等了十分钟", conversation_id=chat.id, key=key, at=house.clock.now()
        )


def hears(house: House, who: Agent) -> list[tuple[str, str | None, str | None]]:
    with house.db.transaction() as tx:
        rows = alerts.page(tx, officer_of(who), house.clock.now())[0]
    return [(row.text, row.conversation_id, row.number) for row in rows if row.kind == "waiting"]


def complain(house: House, chat: Chat, about: str) -> None:
    with house.db.transaction() as tx:
        conversation = store.get(tx, chat.id, lock=True)
        told = Told(f"坐席{about}态度恶劣，还骂人", None)
        house.tickets.opening.open(tx, conversation, conversation.last_seq + 1, told, house.clock.now())


def test_it_is_given_to_the_role_with_the_conversation_it_is_about(any_house: House, chat: Chat) -> None:
    sofia, mei = agent(any_house, "sofia", "busy", "supervisor"), agent(any_house, "mei")
    assert warn(any_house, chat)
    assert hears(any_house, sofia) == [("客户等了十分钟", chat.id, None)]
    assert hears(any_house, mei) == []


def test_once_however_many_look_but_for_each_conversation_and_each_time(any_house: House, chat: Chat) -> None:
    other = Chat(any_house, FakeAssistant())
    given = [warn(any_house, *which) for which in ((chat,), (chat,), (other,), (chat, "8"))]
    assert given == [True, False, True, True]
    assert len(hears(any_house, agent(any_house, "sofia", "busy", "supervisor"))) == 3


def test_never_to_the_accused_whether_told_before_or_after(any_house: House, chat: Chat) -> None:
    sofia, anton = (agent(any_house, name, "busy", "supervisor") for name in ("sofia", "anton"))
    warn(any_house, chat)
    assert hears(any_house, sofia)
    complain(any_house, chat, "sofia")
    assert hears(any_house, sofia) == [] and len(hears(any_house, anton)) == 1
    later = Chat(any_house, FakeAssistant(), former=chat.id)
    warn(any_house, later)
    assert hears(any_house, sofia) == [] and len(hears(any_house, anton)) == 2


def test_of_other_customers_the_accused_hears_as_before(any_house: House, chat: Chat) -> None:
    sofia = agent(any_house, "sofia", "busy", "supervisor")
    complain(any_house, chat, "sofia")
    other = Chat(any_house, FakeAssistant())
    warn(any_house, other)
    assert [conversation for _, conversation, _ in hears(any_house, sofia)] == [other.id]


def test_nor_to_one_whose_name_holds_signs_that_mean_something_to_a_search(any_house: House, chat: Chat) -> None:
    odd = agent(any_house, "so_f%a", "busy", "supervisor")
    complain(any_house, chat, "so_f%a")
    warn(any_house, chat)
    assert hears(any_house, odd) == []


def test_it_is_gone_with_the_transaction_that_gave_it(any_house: House, chat: Chat) -> None:
    sofia = agent(any_house, "sofia", "busy", "supervisor")
    with pytest.raises(RuntimeError), any_house.db.transaction() as tx:
        any_house.conversations.warn(
            tx, kind="waiting", role="supervisor", text="等", conversation_id=chat.id, key="1", at=any_house.clock.now()
        )
        raise RuntimeError
    assert hears(any_house, sofia) == []
