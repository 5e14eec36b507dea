"""What an agent sees of each customer in his lists, beside clocks and the queue."""

from __future__ import annotations

from typing import Any

import pytest
from desk import agent
from support import Chat

from bot.clock import rfc3339
from bot.desk.staff import Agent
from bot.wiring import House


@pytest.fixture
def anna(any_house: House) -> Agent:
    return agent(any_house, "anna", "busy")


def serve(chat: Chat, by: Agent) -> None:
    chat.house.desk.claim(by, chat.id, chat.conversation.epoch)


def answer(chat: Chat, by: Agent, text: str) -> None:
    chat.house.desk.send(by, chat.id, chat.conversation.epoch, f"key-{text}-{chat.house.clock.now()}", text)
    chat.house.clock.advance(60)


def mine(house: House, who: Agent) -> dict[str, Any]:
    [item] = house.desk.view(who)["mine"]
    return dict(item)


class TestASilentCustomer:
    def test_is_silent_since_the_agents_last_words(self, any_house: House, chat: Chat, anna: Agent) -> None:
        chat.sends(choice="human")
        serve(chat, anna)
        assert mine(any_house, anna)["quiet_since"] is None  # it is the agent's turn
        answer(chat, anna, "您好，请讲。")
        said = any_house.clock.now()
        answer(chat, anna, "您还在吗？")
        assert mine(any_house, anna)["quiet_since"] == rfc3339(said)
        chat.sends("在的")
        assert mine(any_house, anna)["quiet_since"] is None

    def test_is_not_silent_to_the_next_agent_who_has_not_spoken(
        self, any_house: House, chat: Chat, anna: Agent
    ) -> None:
        bert = agent(any_house, "bert", "busy")
        chat.sends(choice="human")
        serve(chat, anna)
        answer(chat, anna, "您好，请讲。")
        any_house.desk.transfer(anna, chat.id, chat.conversation.epoch, "", "请接着办")
        serve(chat, bert)
        assert mine(any_house, bert)["quiet_since"] is None

    def test_who_waits_is_not_silent(self, any_house: House, chat: Chat, anna: Agent) -> None:
        chat.sends(choice="human")
        [waiting] = any_house.desk.view(anna)["queue"]
        assert waiting["quiet_since"] is None


def test_anger_is_seen_in_the_list(any_house: House, chat: Chat, anna: Agent) -> None:
    chat.sends("气死我了！！！")
    chat.sends(choice="human")
    [waiting] = any_house.desk.view(anna)["queue"]
    assert waiting["mood"] == "strong"


def test_a_new_warning_changes_the_view_until_it_was_seen(any_house: House, chat: Chat) -> None:
    sue = agent(any_house, "sue", "busy", "supervisor")
    before = any_house.desk.view(sue)["alerts"]
    chat.sends(choice="human")
    chat.waits(600)
    after = any_house.desk.view(sue)["alerts"]
    assert (before["count"], after["count"]) == (0, 1)
    assert after["latest"] > before["latest"]
