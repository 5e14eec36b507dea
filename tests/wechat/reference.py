"""A tiny server of an Official Account, built on wechatpy's cryptography: what the simulator is held against."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import xmltodict
from aiohttp import web
from wechat.account import TEST_ACCOUNT
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature


@dataclass(frozen=True)
class Heard:
    """One delivery as wechatpy opened it."""

    query: Mapping[str, str]
    body: bytes
    message: Mapping[str, str]  # of the XML, in clear
    number: int  # 1 is the first delivery that the server heard

    def reply(self, **changed: str) -> str:
        """A text reply in clear, with some fields changed."""
        fields = {
            "ToUserName": self.message["FromUserName"],
            "FromUserName": self.message["ToUserName"],
            "CreateTime": self.message["CreateTime"],
            "MsgType": "text",
            "Content": "您好",
        }
        return xmltodict.unparse({"xml": fields | changed}, full_document=False)

    def sealed(self, plain: str, appid: str = TEST_ACCOUNT.appid) -> str:
        crypto = WeChatCrypto(TEST_ACCOUNT.token, TEST_ACCOUNT.aes_key, appid)
        return crypto.encrypt_message(plain, self.query["nonce"], self.query["timestamp"])


Answer = Callable[[Heard], Awaitable[web.StreamResponse | str]]


async def greets(heard: Heard) -> str:
    return heard.sealed(heard.reply())


async def says_success(_: Heard) -> str:
    return "success"


async def is_slow(_: Heard) -> str:
    """Slower than anyone waits, and done as soon as the server stops."""
    await asyncio.get_running_loop().create_future()
    raise AssertionError("nobody ends this wait but by cancelling it")


class Reference:
    """Checks and opens what comes, then answers as `answer` says."""

    def __init__(self, answer: Answer = greets) -> None:
        self.answer = answer
        self.heard: list[Heard] = []
        self.url = ""
        self._tasks: set[asyncio.Task[object]] = set()

    async def __aenter__(self) -> Reference:
        app = web.Application()
        app.router.add_get("/wechat", self._verify)
        app.router.add_post("/wechat", self._take)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = "http://127.0.0.1:{1}/wechat".format(*self._runner.addresses[0])
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await self._runner.cleanup()

    async def _verify(self, request: web.Request) -> web.Response:
        _check_plain_signature(request.query)
        return web.Response(text=request.query["echostr"])

    async def _take(self, request: web.Request) -> web.StreamResponse:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        body = await request.read()
        _check_plain_signature(request.query)
        heard = Heard(dict(request.query), body, _opened(request.query, body), len(self.heard) + 1)
        self.heard.append(heard)
        answered = await self.answer(heard)
        return web.Response(text=answered) if isinstance(answered, str) else answered


def _check_plain_signature(query: Mapping[str, str]) -> None:
    check_signature(TEST_ACCOUNT.token, query["signature"], query["timestamp"], query["nonce"])


def _opened(query: Mapping[str, str], body: bytes) -> Mapping[str, str]:
    if query.get("encrypt_type") != "aes":
        return xmltodict.parse(body)["xml"]
    crypto = WeChatCrypto(TEST_ACCOUNT.token, TEST_ACCOUNT.aes_key, TEST_ACCOUNT.appid)
    return xmltodict.parse(crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"]))[
        "xml"
    ]
