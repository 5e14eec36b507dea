"""The platform's interface as a small program: it hands out access tokens as the real one does, and refuses others."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from bot.channels.wechat.client import Sent, Waits, WechatApi
from bot.channels.wechat.tokens import FORCE_APART, RENEW_BEFORE, Tokens
from bot.clock import FrozenClock
from bot.settings import WechatSettings

APPID, SECRET = "wx0123456789abcdef", "s3cr3t-of-the-account"
OPENID = "oABCD-customer_0001"
DATA_KEY = bytes(range(32))
SOON = Waits(connect_s=0.2, read_s=0.05, whole_s=0.3)
OK = {"errcode": 0, "errmsg": "ok"}


def wechat_settings(base: str = "https://api.weixin.example") -> WechatSettings:
    return WechatSettings(APPID, SECRET, "callback-token", "k" * 43, base, False)


@dataclass(frozen=True)
class Asked:
    path: str
    token: str
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


class Platform:
    """`answers` are what the next calls get, the last one ever after; a callable makes the answer itself.

    A call with a token that is not the platform's current one gets 40001 without using up an answer.
    """

    def __init__(self, clock: FrozenClock, *answers: Any) -> None:
        self.clock = clock
        self.answers = list(answers) or [OK]
        self.asked: list[Asked] = []
        self.fetches: list[bool] = []  # force_refresh of each
        self.grant: Any = None  # what stable_token answers instead of a token
        self.refuses_all = False
        self.token_tail = ""
        self._number = 0
        self._ends = clock.now()
        self._forced_at = clock.now() - FORCE_APART

    @property
    def current(self) -> str:
        return f"ACCESS-TOKEN-{self._number}{self.token_tail}"

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.handle)

    def renew(self) -> str:
        """Another system of the bank has got a new token."""
        self._number += 1
        self._ends = self.clock.now() + 24 * RENEW_BEFORE
        return self.current

    def forced(self) -> str:
        self._forced_at = self.clock.now()
        return self.renew()

    async def cost(self, sending: Awaitable[Sent]) -> tuple[Sent, int, list[bool]]:
        """What became of it, and the requests and tokens that it took."""
        asked, fetches = len(self.asked), len(self.fetches)
        return await sending, len(self.asked) - asked, self.fetches[fetches:]

    async def handle(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)  # others run meanwhile, as over a network
        body = await request.aread()
        if request.url.path == "/cgi-bin/stable_token":
            return self._granted(json.loads(body))
        token = request.url.params["access_token"]
        self.asked.append(Asked(request.url.path, token, body))
        if self.refuses_all or token != self.current:
            return httpx.Response(200, json={"errcode": 40001, "errmsg": "invalid credential"})
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return _response(answer, request)

    def _granted(self, wish: dict[str, Any]) -> httpx.Response:
        assert (wish["grant_type"], wish["appid"], wish["secret"]) == ("client_credential", APPID, SECRET)
        self.fetches.append(wish["force_refresh"])
        if self.grant is not None:
            return _response(self.grant, None)
        now = self.clock.now()
        if wish["force_refresh"] and now - self._forced_at >= FORCE_APART:
            self.forced()
        elif not self._number or now >= self._ends - RENEW_BEFORE:
            self.renew()
        lasts_s = int((self._ends - now).total_seconds())
        return httpx.Response(200, json={"access_token": self.current, "expires_in": lasts_s})


def _response(answer: Any, request: httpx.Request | None) -> httpx.Response:
    if isinstance(answer, Exception):
        raise answer
    if callable(answer):
        return answer(request)
    return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


def api(platform: Platform, tokens: Tokens) -> WechatApi:
    return WechatApi(wechat_settings(), tokens, platform.clock, platform.transport)


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]


@asynccontextmanager
async def serving(talk: Talk) -> AsyncIterator[str]:
    """A server on loopback that does with each connection what `talk` says; its address."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has gone, as some of these tests want
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """Head and body of one request."""
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return head + (await reader.readexactly(int(lengths[0].split(b":")[1])) if lengths else b"")


def written(body: bytes, kind: str = "application/json", status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
