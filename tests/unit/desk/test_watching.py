"""What a supervisor sees of what others hold, and what an agent still sees of what he has lost."""

from __future__ import annotations

from typing import Any

import pytest
from desk import agent, complain
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.console.stream import Shown
from bot.conversation.model import State
from bot.desk.staff import Agent
from bot.errors import Forbidden, NotFound
from bot.privacy.audit import Action, entries
from bot.tickets import alerts
from bot.wiring import House, officer_of


@pytest.fixture
def anna(house: House) -> Agent:
    return agent(house, "anna", "busy")


@pytest.fixture
def boss(house: House) -> Agent:
    return agent(house, "boss1", "busy", "supervisor")


@pytest.fixture
def chat(house: House, anna: Agent) -> Chat:
    chat = Chat(house, FakeAssistant())
    chat.sends("房贷的事")
    chat.sends(choice="human")
    house.desk.claim(anna, chat.id, chat.conversation.epoch)
    return chat


def frames(shown: Shown) -> list[dict[str, Any]]:
    return [data for name, data in shown.look() if name == "conversation"]


class TestWatching:
    def test_shows_what_was_said_and_what_comes(self, house: House, boss: Agent, chat: Chat) -> None:
        page = Shown(house.desk, boss, chat.id)
        [whole] = frames(page)
        assert [event["seq"] for event in whole["events"]] == list(range(1, chat.conversation.last_seq + 1))
        assert (whole["holder"], whole["gone"]) == ("anna", False)
        seq = chat.sends("在吗")
        [more] = frames(page)
        assert [event["seq"] for event in more["events"]] == [seq]
        assert frames(page) == []

    def test_goes_on_after_a_change_of_holder(self, house: House, boss: Agent, anna: Agent, chat: Chat) -> None:
        page = Shown(house.desk, boss, chat.id)
        frames(page)
        house.desk.return_to_bot(anna, chat.id, chat.conversation.epoch)
        assert [frame["state"] for frame in frames(page)] == ["BOT"]
        chat.sends("还有一个问题")
        assert len(frames(page)) == 1

    def test_each_beginning_stands_in_the_audit_log(self, house: House, boss: Agent, chat: Chat) -> None:
        for _ in range(2):
            house.desk.watch(boss, chat.id)
        with house.db.transaction() as tx:
            watched = [entry for entry in entries(tx) if entry.action == Action.WATCHED]
        kept = [(entry.actor, entry.subject, entry.detail) for entry in watched]
        assert kept == [("boss1", f"conversation:{chat.id}", {"holder": "anna"})] * 2

    def test_is_for_supervisors(self, house: House, chat: Chat) -> None:
        with pytest.raises(Forbidden):
            house.desk.watch(agent(house, "bert", "busy"), chat.id)

    def test_ends_with_the_right_to_it(self, house: House, boss: Agent, chat: Chat) -> None:
        page = Shown(house.desk, boss, chat.id)
        frames(page)
        house.people.change("ada", "boss1", {"roles": ["quality"]})
        with house.db.transaction() as tx:
            page.of(house.staff.get(tx, "boss1"))
        chat.sends("在吗")
        [last] = frames(page)
        assert (last["gone"], last["events"]) == (True, [])
        chat.sends("还在吗")
        assert frames(page) == []

    def test_is_not_for_whom_the_customer_complains_about(self, house: House, boss: Agent, chat: Chat) -> None:
        page = Shown(house.desk, boss, chat.id)
        frames(page)
        complain(house, chat, "boss1")
        chat.sends("我要投诉他")
        assert frames(page) == []
        with pytest.raises(NotFound):
            house.desk.watch(boss, chat.id)


class TestWhatIsLost:
    def test_the_agent_is_told_who_has_taken_over_and_why(
        self, house: House, anna: Agent, boss: Agent, chat: Chat
    ) -> None:
        page = Shown(house.desk, anna)
        frames(page)
        epoch = house.desk.take_over(boss, chat.id, chat.conversation.epoch, "客户很着急")
        house.desk.send(boss, chat.id, epoch, "key-000001", "您好，我来处理")
        [last] = frames(page)
        assert last["taken_over"] == {"by": boss.name, "why": "客户很着急"}
        assert (last["gone"], last["holder"], last["epoch"]) == (True, "boss1", epoch)
        assert [event["kind"] for event in last["events"]] == ["state"]  # and not what the other has said since
        chat.sends("好的")
        assert frames(page) == []

    def test_he_finds_it_too_when_his_page_was_not_there(
        self, house: House, anna: Agent, boss: Agent, chat: Chat
    ) -> None:
        house.desk.take_over(boss, chat.id, chat.conversation.epoch, "客户很着急")
        with house.db.transaction() as tx:
            told = [
                [row.text for row in alerts.page(tx, officer_of(one), house.clock.now())[0]] for one in (anna, boss)
            ]
        assert told == [["坐席boss1接管了您正在服务的客户：客户很着急"], []]

    def test_who_watches_later_is_not_told_of_what_is_past(
        self, house: House, anna: Agent, boss: Agent, chat: Chat
    ) -> None:
        house.desk.take_over(boss, chat.id, chat.conversation.epoch, "客户很着急")
        [whole] = frames(Shown(house.desk, agent(house, "sofia", "busy", "supervisor"), chat.id))
        assert whole["taken_over"] is None

    def test_nothing_of_it_comes_to_whom_the_customer_complains_about(
        self, house: House, anna: Agent, chat: Chat
    ) -> None:
        page = Shown(house.desk, anna)
        frames(page)
        complain(house, chat, "anna")
        house.desk.tick()
        assert chat.state is State.QUEUED
        assert frames(page) == []
