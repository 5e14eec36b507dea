"""The bank says that two conversations are one customer's: what that joins, and what it must not join."""

from __future__ import annotations

import pytest
from desk import agent, complaining
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.conversation import store
from bot.conversation.model import State
from bot.conversation.service import ConversationClosed
from bot.errors import Conflict, NotFound
from bot.wiring import House

LIN, MEI = "1" * 32, "2" * 32  # customers


class Customers:
    """Chats of a house whose assistant knows the complaint form."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.assistant = FakeAssistant(otherwise=lambda turn: complaining(house, turn))

    def on_web(self, former: str | None = None) -> Chat:
        self.house.clock.advance(1)
        return Chat(self.house, self.assistant, former=former)

    def bound(self, customer: str) -> Chat:
        chat = self.on_web()
        self.house.conversations.bind(chat.id, customer)
        return chat

    def complains(self, chat: Chat) -> str:
        """Gives the number of the case."""
        chat.says("我要投诉，昨天在城南支行柜员让我等了两个小时")
        chat.says("13800138000")
        case = chat.presses("confirm").payload["case"]
        return str(case["number"])

    def cases(self, chat: Chat) -> set[str]:
        with self.house.db.transaction() as tx:
            return {case.number for case in self.house.tickets.cases_of(tx, chat.id)}

    def chain(self, chat: Chat, **limit: int) -> list[str]:
        with self.house.db.transaction() as tx:
            return store.chain_of(tx, store.get(tx, chat.id), **limit)


@pytest.fixture
def customers(any_house: House) -> Customers:
    return Customers(any_house)


class TestBinding:
    def test_is_told_once_and_kept(self, customers: Customers) -> None:
        chat = customers.on_web()
        for _ in range(3):
            customers.house.conversations.bind(chat.id, LIN)
        assert chat.conversation.customer_id == LIN
        assert chat.phrases() == ["welcome", "customer_bound"]
        assert (chat.last.kind, chat.last.actor.kind) == ("notice", "system")

    def test_another_customers_conversation_is_refused_and_stays_his(self, customers: Customers) -> None:
        chat = customers.bound(LIN)
        before = chat.events
        with pytest.raises(Conflict) as refused:
            customers.house.conversations.bind(chat.id, MEI)
        assert refused.value.type == "conflict"
        assert (chat.conversation.customer_id, chat.events) == (LIN, before)

    def test_to_a_conversation_that_is_not_there(self, customers: Customers) -> None:
        with pytest.raises(NotFound):
            customers.house.conversations.bind("nobody", LIN)

    def test_a_conversation_that_has_ended_is_not_bound_any_more(self, customers: Customers) -> None:
        chat = customers.on_web()
        chat.waits(3600)
        before = chat.events
        with pytest.raises(ConversationClosed):
            customers.house.conversations.bind(chat.id, LIN)
        assert (chat.conversation.customer_id, chat.events) == (None, before)

    def test_again_after_the_end_changes_nothing(self, customers: Customers) -> None:
        chat = customers.bound(LIN)
        chat.waits(3600)
        before = chat.events
        customers.house.conversations.bind(chat.id, LIN)
        assert chat.events == before

    def test_while_a_person_holds_it_changes_no_holder(self, customers: Customers) -> None:
        chat = customers.on_web()
        chat.presses("human")
        customers.house.desk.claim(agent(customers.house, "mei", "busy"), chat.id, chat.conversation.epoch)
        before = (chat.state, chat.conversation.holder, chat.conversation.epoch)
        customers.house.conversations.bind(chat.id, LIN)
        assert (chat.state, chat.conversation.holder, chat.conversation.epoch) == before
        assert before[0] is State.HUMAN


class TestTheNextConversation:
    def test_is_the_same_customers_as_its_former(self, customers: Customers) -> None:
        again = customers.on_web(former=customers.bound(LIN).id)
        assert again.conversation.customer_id == LIN
        assert "customer_bound" not in again.phrases()

    def test_cannot_be_bound_to_another(self, customers: Customers) -> None:
        again = customers.on_web(former=customers.bound(LIN).id)
        with pytest.raises(Conflict):
            customers.house.conversations.bind(again.id, MEI)

    def test_of_somebody_unknown_is_nobodys(self, customers: Customers) -> None:
        assert customers.on_web(former=customers.on_web().id).conversation.customer_id is None


class TestTheChain:
    def test_begins_with_the_conversation_itself(self, customers: Customers) -> None:
        former = customers.bound(LIN)
        chat = customers.on_web(former=former.id)
        assert customers.chain(chat) == [chat.id, former.id]

    def test_holds_each_conversation_once(self, customers: Customers) -> None:
        first = customers.bound(LIN)
        second = customers.on_web(former=first.id)
        third = customers.bound(LIN)
        assert sorted(customers.chain(second)) == sorted({first.id, second.id, third.id})

    def test_goes_from_the_other_channel_to_what_was_before_the_binding(self, customers: Customers) -> None:
        """He complained on the web, came back another day, and only then was bound."""
        before = customers.on_web()
        later = customers.on_web(former=before.id)
        customers.house.conversations.bind(later.id, LIN)
        assert set(customers.chain(customers.bound(LIN))) >= {later.id, before.id}

    def test_never_reaches_another_customers(self, customers: Customers) -> None:
        """A browser that was lent: the former conversation in it is not of the one who is bound now."""
        unknown = customers.on_web()
        mine = customers.on_web(former=unknown.id)
        customers.house.conversations.bind(mine.id, LIN)
        customers.house.conversations.bind(unknown.id, MEI)
        assert customers.chain(mine) == [mine.id]
        assert customers.chain(unknown) == [unknown.id]

    def test_of_somebody_unknown_joins_no_other_unknown(self, customers: Customers) -> None:
        customers.on_web()
        chat = customers.on_web()
        assert customers.chain(chat) == [chat.id]

    def test_has_a_limit_and_the_newest_come_first(self, customers: Customers) -> None:
        chats = [customers.bound(LIN) for _ in range(5)]
        assert customers.chain(chats[0], limit=3) == [chats[0].id, chats[4].id, chats[3].id]

    def test_has_a_limit_backwards_too(self, customers: Customers) -> None:
        chat = customers.on_web()
        ids = [chat.id]
        for _ in range(4):
            chat = customers.on_web(former=chat.id)
            ids.insert(0, chat.id)
        assert customers.chain(chat, limit=3) == ids[:3]


class TestCases:
    def test_are_seen_from_both_sides(self, customers: Customers) -> None:
        web, elsewhere = customers.bound(LIN), customers.bound(LIN)
        number = customers.complains(web)
        assert customers.cases(elsewhere) == customers.cases(web) == {number}

    def test_opened_before_the_binding_are_seen_after_it(self, customers: Customers) -> None:
        web, elsewhere = customers.on_web(), customers.bound(LIN)
        number = customers.complains(web)
        assert customers.cases(elsewhere) == set()
        customers.house.conversations.bind(web.id, LIN)
        assert customers.cases(elsewhere) == {number}

    def test_of_another_customer_are_not_told_of(self, customers: Customers) -> None:
        number = customers.complains(customers.bound(MEI))
        lin = customers.bound(LIN)
        assert customers.cases(lin) == set()
        (act,) = customers.house.asking.answer(lin.id, 99, f"{number}怎么样了", None)[:1]
        assert act.phrase == "status_proof"
