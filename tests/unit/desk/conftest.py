from __future__ import annotations

import pytest
from desk import agent
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.desk.staff import Agent
from bot.wiring import House


@pytest.fixture
def chat(any_house: House) -> Chat:
    return Chat(any_house, FakeAssistant())


@pytest.fixture
def anna(any_house: House, chat: Chat) -> Agent:
    """She serves the customer."""
    anna = agent(any_house, "anna")
    chat.sends(choice="human")
    any_house.desk.tick()
    any_house.desk.claim(anna, chat.id, chat.conversation.epoch)
    return anna
