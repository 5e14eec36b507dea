"""Which agent is offered a customer: never who declined, his own first, then the least busy, then the longest idle."""

from __future__ import annotations

import pytest
from desk import agent, offered
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.clock import FrozenClock
from bot.conversation.model import State
from bot.errors import Forbidden, InvalidInput, KeyReused, StaleEpoch
from bot.wiring import House

SUPERVISOR = "supervisor"


@pytest.fixture
def chat(house: House) -> Chat:
    return waiting(house)


def waiting(house: House) -> Chat:
    chat = Chat(house, FakeAssistant())
    chat.sends(choice="human")
    return chat


def serve(house: House, chat: Chat, username: str) -> None:
    """The agent takes the customer and is done with him."""
    with house.db.transaction() as tx:
        who = house.staff.get(tx, username)
    house.desk.claim(who, chat.id, chat.conversation.epoch)
    house.desk.close(who, chat.id, chat.conversation.epoch, "solved", "", "")


class TestTheChoice:
    def test_who_has_been_idle_longest_is_first(self, house: House, chat: Chat, clock: FrozenClock) -> None:
        agent(house, "early")
        clock.advance(1)
        agent(house, "late")
        assert offered(chat) == "early"

    def test_who_has_just_served_one_stands_behind_who_has_not(self, house: House, clock: FrozenClock) -> None:
        """Otherwise the first who signed in serves everybody, and the last nobody."""
        agent(house, "early")
        clock.advance(1)
        agent(house, "late")
        served = []
        for _ in range(4):
            clock.advance(1)
            customer = waiting(house)
            served.append(str(offered(customer)))
            serve(house, customer, served[-1])
        assert served == ["early", "late", "early", "late"]

    def test_the_agent_he_is_meant_for_comes_first_even_when_busier(self, house: House, chat: Chat) -> None:
        busy, _ = agent(house, "busy1"), agent(house, "free1")
        house.desk.claim(busy, chat.id, chat.conversation.epoch)
        again = waiting(house)
        house.desk.claim(busy, again.id, again.conversation.epoch)
        house.desk.close(busy, again.id, again.conversation.epoch, "solved", "", "")
        again.sends("还有一个问题")
        assert offered(again) == "busy1"

    def test_who_declined_is_not_asked_again_even_if_nobody_else_is_there(self, house: House, chat: Chat) -> None:
        only = agent(house, "only1")
        assert offered(chat) == "only1"
        house.desk.decline(only, chat.id, chat.conversation.epoch, "忙")
        assert offered(chat) is None
        assert chat.state is State.QUEUED

    def test_nobody_there_nobody_asked(self, house: House, chat: Chat) -> None:
        agent(house, "away1", "away")
        assert house.desk.tick() == 0
        assert chat.state is State.QUEUED

    def test_everybody_who_waits_is_offered_in_one_look(self, house: House, chat: Chat) -> None:
        others = [waiting(house) for _ in range(2)]
        agent(house, "one01")
        assert house.desk.tick() == 3
        assert {c.conversation.offered_to for c in (chat, *others)} == {"one01"}


class TestAReply:
    @pytest.fixture
    def mei(self, house: House, chat: Chat) -> object:
        mei = agent(house, "mei01")
        house.desk.claim(mei, chat.id, chat.conversation.epoch)
        return mei

    def test_an_override_needs_the_role(self, house: House, chat: Chat, mei) -> None:
        with pytest.raises(Forbidden) as refused:
            house.desk.send(mei, chat.id, chat.conversation.epoch, "key-00001", "您好", override="我负责")
        assert refused.value.phrase == "problem_override_role"

    def test_with_the_same_key_is_sent_once_even_after_the_epoch_has_changed(
        self, house: House, chat: Chat, mei
    ) -> None:
        epoch = chat.conversation.epoch
        seq = house.desk.send(mei, chat.id, epoch, "key-00001", "您好")
        house.desk.close(mei, chat.id, epoch, "solved", "", "")
        assert house.desk.send(mei, chat.id, epoch, "key-00001", "您好") == seq

    def test_with_the_same_key_and_another_text_is_refused(self, house: House, chat: Chat, mei) -> None:
        house.desk.send(mei, chat.id, chat.conversation.epoch, "key-00001", "您好")
        with pytest.raises(KeyReused):
            house.desk.send(mei, chat.id, chat.conversation.epoch, "key-00001", "再见")

    def test_with_an_old_epoch_is_refused(self, house: House, chat: Chat, mei) -> None:
        with pytest.raises(StaleEpoch):
            house.desk.send(mei, chat.id, chat.conversation.epoch - 1, "key-00001", "您好")

    @pytest.mark.parametrize("text", ["", " \n", "\u200b", "长" * 2001])
    def test_that_says_nothing_or_too_much_is_refused(self, house: House, chat: Chat, mei, text: str) -> None:
        with pytest.raises(InvalidInput):
            house.desk.send(mei, chat.id, chat.conversation.epoch, "key-00001", text)

    def test_a_key_of_one_agent_is_not_that_of_another(self, house: House, chat: Chat, mei) -> None:
        seq = house.desk.send(mei, chat.id, chat.conversation.epoch, "key-00001", "您好")
        lin = agent(house, "lin01")
        house.desk.transfer(mei, chat.id, chat.conversation.epoch, "agent:lin01", "")
        house.desk.claim(lin, chat.id, chat.conversation.epoch)
        assert house.desk.send(lin, chat.id, chat.conversation.epoch, "key-00001", "您好") > seq


def test_a_supervisor_reads_what_others_hold(house: House, chat: Chat) -> None:
    mei, boss = agent(house, "mei01"), agent(house, "boss1", "busy", SUPERVISOR)
    house.desk.claim(mei, chat.id, chat.conversation.epoch)
    assert house.desk.conversation(boss, chat.id)["holder"] == "mei01"
    with pytest.raises(Forbidden):
        house.desk.conversation(agent(house, "lin01"), chat.id)
