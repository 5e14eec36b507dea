"""The real server on loopback, and visitors who talk to it over HTTP."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from sanic import Sanic

from bot.app import create_app
from bot.assistant.fake import FakeAssistant
from bot.wiring import House

_names = count()
Sanic.test_mode = True  # lets one process start several apps, one after the other


@asynccontextmanager
async def served(house: House, assistant: FakeAssistant, home: Path, **changed: Any) -> AsyncIterator[Server]:
    """The server of `house` on a free port, with its turns and its worker; `changed` settings."""
    pages = home / "pages"
    for name in ("widget.js", "desk/index.html", "demo/index.html", "survey/index.html"):
        (pages / name).parent.mkdir(parents=True, exist_ok=True)
        (pages / name).write_text(f"<!-- {name} -->")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    house = replace(house, settings=replace(house.settings, **{"pages": pages, "port": port, **changed}))
    assistant.start()
    app = create_app(house, assistant, name=f"qiantai-{next(_names)}")
    running = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
    await running.startup()
    await running.before_start()
    await running.start_serving()
    await running.after_start()
    try:
        yield Server(house, assistant, f"http://127.0.0.1:{port}")
    finally:
        await running.before_stop()
        running.close()
        Sanic._app_registry.clear()


@dataclass
class Server:
    """The real server on loopback, with a fake assistant and the frozen clock of `house`."""

    house: House
    assistant: FakeAssistant
    url: str

    def client(self, **headers: str) -> httpx.AsyncClient:
        """Without the certificates of the world: reading them takes longer than what most clients here do."""
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=15, verify=False)

    async def visitor(self, **context: object) -> Visitor:
        async with self.client() as client:
            made = await client.post("/api/chat/conversations", json={"channel_context": context})
        assert made.status_code == 201, made.text
        return Visitor(self, made.json()["conversation_id"], made.json()["token"])


@dataclass
class Visitor:
    server: Server
    conversation_id: str
    token: str
    sent: int = 0

    def client(self) -> httpx.AsyncClient:
        return self.server.client(Authorization=f"Bearer {self.token}")

    async def post(self, body: object, key: str | None = None) -> httpx.Response:
        self.sent += 1
        async with self.client() as client:
            return await client.post(
                "/api/chat/messages", json=body, headers={"Idempotency-Key": key or f"message-{self.sent:06}"}
            )

    async def poll(self, after: int = 0, wait: int = 0) -> dict[str, Any]:
        async with self.client() as client:
            got = await client.get(
                "/api/chat/events", params={"after": after, "wait": wait}, headers={"Accept": "application/json"}
            )
        assert got.status_code == 200, got.text
        return got.json()

    async def asks(self, text: str) -> dict[str, Any]:
        """Say something and wait for what the assistant says to it."""
        seq = (await self.post({"text": text})).json()["seq"]
        while True:
            got = await self.poll(after=seq, wait=10)
            answers = [e for e in got["events"] if e["actor"]["kind"] != "customer"]
            if answers:
                return answers[0]
