"""Passing a customer on, taking one over, and what is done once more because the network lost our answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import agent, complain, offered
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.conversation import handovers
from bot.conversation.model import State
from bot.desk.service import AgentFull
from bot.desk.staff import Agent
from bot.desk.wishes import NotFree
from bot.errors import Conflict, Forbidden, InvalidInput, NotFound, StaleEpoch
from bot.privacy.audit import Action, entries
from bot.wiring import House


@pytest.fixture
def anna(house: House) -> Agent:
    return agent(house, "anna", "busy")


@pytest.fixture
def served(house: House, anna: Agent) -> Chat:
    """A customer whom anna holds."""
    return serve(house, anna)


def serve(house: House, by: Agent) -> Chat:
    chat = Chat(house, FakeAssistant())
    chat.sends(choice="human")
    house.desk.claim(by, chat.id, chat.conversation.epoch)
    return chat


class TestAWish:
    @pytest.mark.parametrize(
        ("to", "gets"), [("agent:bert", "bert"), ("queue:complaints", "griev1"), ("senior", "sen01")]
    )
    def test_is_met(self, house: House, served: Chat, anna: Agent, to: str, gets: str) -> None:
        agent(house, "bert", skills=["consult"])
        agent(house, "griev1", skills=["complaints"])
        agent(house, "sen01", "ready", "senior", skills=["consult"])
        house.desk.transfer(anna, served.id, served.conversation.epoch, to, "")
        assert offered(served) == gets

    @pytest.mark.parametrize("to", ["agent:bert", "queue:complaints", "senior"])
    def test_that_nobody_free_could_meet_is_said(self, house: House, served: Chat, anna: Agent, to: str) -> None:
        agent(house, "bert", "away", "senior", skills=["complaints"])
        agent(house, "cleo", skills=["consult"])
        epoch = served.conversation.epoch
        with pytest.raises(NotFree):
            house.desk.transfer(anna, served.id, epoch, to, "")
        assert (served.state, served.conversation.epoch) == (State.HUMAN, epoch)
        house.desk.transfer(anna, served.id, epoch, to, "", anyway=True)
        assert served.state is State.QUEUED

    def test_a_full_colleague_is_not_free(self, house: House, served: Chat, anna: Agent) -> None:
        bert = agent(house, "bert", limit=1)
        serve(house, bert)
        with pytest.raises(NotFree):
            house.desk.transfer(anna, served.id, served.conversation.epoch, "agent:bert", "")

    def test_nor_is_he_whom_the_customer_complains_about(self, house: House, served: Chat, anna: Agent) -> None:
        agent(house, "bert")
        complain(house, served, "bert")
        with pytest.raises(NotFree):
            house.desk.transfer(anna, served.id, served.conversation.epoch, "agent:bert", "")

    @pytest.mark.parametrize("to", ["queue:nobody", "bert", "senior:bert"])
    def test_that_means_nobody_is_refused(self, house: House, served: Chat, anna: Agent, to: str) -> None:
        with pytest.raises(InvalidInput):
            house.desk.transfer(anna, served.id, served.conversation.epoch, to, "", anyway=True)

    def test_wishes_are_listed_with_who_is_free(self, house: House, anna: Agent) -> None:
        agent(house, "bert", skills=["complaints"])
        listed = {wish["id"]: wish["free"] for wish in house.desk.transfers(anna)}
        assert listed == {
            "queue:consult": False,
            "queue:complaints": True,
            "queue:relations": False,
            "senior": False,
            "agent:bert": True,
        }

    def test_one_whose_account_is_disabled_is_no_wish(self, house: House, served: Chat, anna: Agent) -> None:
        for name in ("bert", "cleo"):
            agent(house, name)
        house.people.disable("ada", "bert")
        listed = [wish["id"] for wish in house.desk.transfers(anna)]
        assert [id_ for id_ in listed if id_.startswith("agent:")] == ["agent:cleo"]
        with pytest.raises(NotFound):  # nor from a page that still names him
            house.desk.transfer(anna, served.id, served.conversation.epoch, "agent:bert", "", anyway=True)


class TestTakingOver:
    @pytest.fixture
    def boss(self, house: House) -> Agent:
        return agent(house, "boss1", "busy", "supervisor")

    def test_the_supervisor_holds_it_and_everybody_knows(
        self, house: House, served: Chat, anna: Agent, boss: Agent
    ) -> None:
        epoch = served.conversation.epoch
        assert house.desk.take_over(boss, served.id, epoch, "客户情绪激动") == epoch + 1
        assert (served.state, served.conversation.holder) == (State.HUMAN, "boss1")
        assert boss.name in served.last.payload["text"]
        with pytest.raises(StaleEpoch):
            house.desk.send(anna, served.id, epoch, "key-000001", "您好")
        with house.db.transaction() as tx:
            [kept] = [entry for entry in entries(tx) if entry.action == Action.TAKEN_OVER]
            rows = handovers.of_chain(tx, [served.id])
        assert (kept.actor, kept.detail) == ("boss1", {"from": "anna", "why": "客户情绪激动"})
        assert [(row.agent, row.how) for row in rows] == [("anna", "takeover"), ("boss1", None)]

    def test_the_record_names_who_typed(self, house: House, served: Chat, anna: Agent, boss: Agent) -> None:
        house.desk.send(anna, served.id, served.conversation.epoch, "key-000001", "您好，请讲。")
        house.desk.take_over(boss, served.id, served.conversation.epoch, "客户要求")
        house.desk.send(boss, served.id, served.conversation.epoch, "key-000002", "您好，我是主管。")
        said = [event for event in served.events if event.actor.kind == "agent"]
        assert [(event.actor.name, event.payload["internal"]["by"]) for event in said] == [
            ("坐席anna", "anna"),
            ("坐席boss1", "boss1"),
        ]

    def test_needs_the_role(self, house: House, served: Chat) -> None:
        with pytest.raises(Forbidden):
            house.desk.take_over(agent(house, "bert"), served.id, served.conversation.epoch, "我来")

    def test_not_where_the_customer_complains_about_him(self, house: House, served: Chat, boss: Agent) -> None:
        complain(house, served, "boss1")
        with pytest.raises(NotFound):
            house.desk.take_over(boss, served.id, served.conversation.epoch, "我来")

    def test_not_of_what_nobody_holds(self, house: House, served: Chat, anna: Agent, boss: Agent) -> None:
        epoch = house.desk.return_to_bot(anna, served.id, served.conversation.epoch)
        with pytest.raises(Conflict):
            house.desk.take_over(boss, served.id, epoch, "我来")

    def test_not_beyond_the_limit(self, house: House, served: Chat) -> None:
        full = agent(house, "boss1", "busy", "supervisor", limit=1)
        serve(house, full)
        with pytest.raises(AgentFull):
            house.desk.take_over(full, served.id, served.conversation.epoch, "我来")


DEEDS: dict[str, Callable[[House, Agent, Chat, int], object]] = {
    "return": lambda house, anna, chat, epoch: house.desk.return_to_bot(anna, chat.id, epoch),
    "transfer": lambda house, anna, chat, epoch: house.desk.transfer(anna, chat.id, epoch, "", "请接"),
    "close": lambda house, anna, chat, epoch: house.desk.close(anna, chat.id, epoch, "solved", "", "好了"),
}


class TestOnceMore:
    """The network lost our answer: he who did it is told that it is done."""

    @pytest.mark.parametrize("name", DEEDS)
    def test_by_the_same_agent_changes_nothing(self, house: House, served: Chat, anna: Agent, name: str) -> None:
        epoch = served.conversation.epoch
        assert DEEDS[name](house, anna, served, epoch) == epoch + 1
        after = served.conversation
        assert DEEDS[name](house, anna, served, epoch) == epoch + 1
        assert served.conversation == after

    @pytest.mark.parametrize("name", DEEDS)
    def test_by_another_is_refused(self, house: House, served: Chat, anna: Agent, name: str) -> None:
        epoch = served.conversation.epoch
        DEEDS[name](house, anna, served, epoch)
        with pytest.raises(StaleEpoch):
            DEEDS[name](house, agent(house, "bert", "busy"), served, epoch)

    def test_something_else_with_the_old_epoch_is_refused(self, house: House, served: Chat, anna: Agent) -> None:
        epoch = served.conversation.epoch
        house.desk.close(anna, served.id, epoch, "solved", "", "")
        with pytest.raises(StaleEpoch):
            house.desk.close(anna, served.id, epoch, "unsolved", "", "")

    def test_a_claim_also_when_the_conversation_has_moved_on(self, house: House, served: Chat, anna: Agent) -> None:
        epoch = served.conversation.epoch
        house.desk.close(anna, served.id, epoch, "solved", "", "")
        assert house.desk.claim(anna, served.id, epoch - 1) == epoch

    def test_a_decline(self, house: House) -> None:
        bert = agent(house, "bert")
        chat = Chat(house, FakeAssistant())
        chat.sends(choice="human")
        offered(chat)
        epoch = chat.conversation.epoch
        for _ in range(2):
            house.desk.decline(bert, chat.id, epoch, "忙")
        assert chat.conversation.epoch == epoch + 1
