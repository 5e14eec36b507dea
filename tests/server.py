"""The real server on loopback, and visitors who talk to it over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from bot.assistant.fake import FakeAssistant
from bot.wiring import House


@dataclass
class Server:
    """The real server on loopback, with a fake assistant and the frozen clock of `house`."""

    house: House
    assistant: FakeAssistant
    url: str

    def client(self, **headers: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=15)

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
