from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio
from sanic import Sanic
from server import Server

from bot.app import create_app
from bot.assistant.fake import FakeAssistant, understood
from bot.conversation.model import Answer, Handover
from bot.wiring import House

_names = count()
Sanic.test_mode = True  # lets one process start several apps, one after the other


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
    pages = tmp_path / "pages"
    for name in ("widget.js", "desk/index.html", "demo/index.html"):
        (pages / name).parent.mkdir(parents=True, exist_ok=True)
        (pages / name).write_text(f"<!-- {name} -->")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = replace(house.settings, pages=pages, port=port, widget_origins=("https://bank.example",))
    house = replace(house, settings=settings)
    assistant.start()
    app = create_app(house, assistant, name=f"qiantai-{next(_names)}")
    running = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
    await running.startup()
    await running.before_start()
    await running.start_serving()
    await running.after_start()
    yield Server(house, assistant, f"http://127.0.0.1:{port}")
    await running.before_stop()
    running.close()
    Sanic._app_registry.clear()
