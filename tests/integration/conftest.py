from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from server import Server, served

from bot.assistant.fake import FakeAssistant, understood
from bot.conversation.model import Answer, Handover
from bot.wiring import House


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant(
        {
            "房贷利率是多少": understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage"),
            "转人工": understood("human_agent", Handover("asked")),
        },
        otherwise=understood("branch_hours", Answer("branch_hours")),
    )


@pytest_asyncio.fixture
async def server(house: House, assistant: FakeAssistant, tmp_path: Path) -> AsyncIterator[Server]:
    async with served(house, assistant, tmp_path, widget_origins=("https://bank.example",)) as running:
        yield running
