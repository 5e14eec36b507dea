"""The bank's side of the platform's interface, as plain as can be: one call, one answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import aiohttp
from wechat.account import TEST_ACCOUNT
from wechat.endpoints import SEND, STABLE_TOKEN, TYPING
from wechat.fake_api import FakeApi


@dataclass
class Caller:
    api: FakeApi
    token: str = ""

    async def post(self, path: str, body: object, token: str | None = None) -> dict[str, Any]:
        """`body` is sent as it is if it is bytes, else as JSON without escapes."""
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        query = {"access_token": self.token if token is None else token}
        async with aiohttp.ClientSession() as session, session.post(
            self.api.url + path, params=query, data=raw
        ) as response:  # fmt: skip
            assert response.status == 200
            return await response.json()

    async def get(self, path: str, **query: str) -> tuple[str, bytes]:
        """Content type and body."""
        async with aiohttp.ClientSession() as session, session.get(
            self.api.url + path, params={"access_token": self.token, **query}
        ) as response:  # fmt: skip
            return response.content_type, await response.read()

    async def asks_token(self, **changed: object) -> dict[str, Any]:
        asked = {"grant_type": "client_credential", "appid": TEST_ACCOUNT.appid, "secret": TEST_ACCOUNT.secret}
        answered = await self.post(STABLE_TOKEN, asked | changed)
        self.token = answered.get("access_token", self.token)
        return answered

    async def sends(self, openid: str, text: str = "您好", token: str | None = None) -> int:
        """The error code."""
        body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        return (await self.post(SEND, body, token))["errcode"]

    async def types(self, openid: str, command: str = "Typing") -> int:
        return (await self.post(TYPING, {"touser": openid, "command": command}))["errcode"]
