"""The platform's interface on loopback: tokens, sending to customers, the little that else is asked of it.

By hand: `python tests/wechat/fake_api.py --port 8099`. In tests: `from wechat.fake_api import FakeApi, Fault`.
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":  # started as a file: its neighbours are found as `wechat.…`, as in the tests
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

import argparse
import asyncio
import json
import socket
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, NoReturn

from aiohttp import web
from wechat.arrivals import Arrivals
from wechat.bodies import read_json
from wechat.customers import Accepted
from wechat.endpoints import SEND, STABLE_TOKEN, Endpoints, Media
from wechat.faults import Fault, Faults, answer
from wechat.refusal import Refused
from wechat.remote import ACCEPTED, DID
from wechat.tokens import TooEarly


@dataclass(frozen=True)
class Call:
    """One call as it came. `body` is None where it was not read or is no JSON object.

    `outcome`: ok, an error code ("45015"), "http 500", "hang", "reset", "answer lost".
    """

    method: str
    path: str
    token: str | None
    body: dict[str, Any] | None
    raw: bytes
    at: float
    outcome: str


class FakeApi:
    """The interface for one account. `clock` gives Unix seconds, so that 48 hours can pass at once.

    `media` holds what media/get gives, `menu` what the menu query gives; tests fill them in place.
    """

    def __init__(
        self,
        appid: str,
        secret: str,
        clock: Callable[[], float] = time.time,
        port: int = 0,
        refresh_too_early: TooEarly = "refuse",
        told: Callable[[Call], None] | None = None,
    ) -> None:
        self.clock, self.calls, self.url = clock, Arrivals[Call](), ""
        self._faults = Faults()
        self._endpoints = Endpoints(appid, secret, clock, refresh_too_early, cleared=lambda: self._faults.lift(45009))
        self.tokens, self.allowances = self._endpoints.tokens, self._endpoints.allowances
        self.messages, self.media, self.menu = self._endpoints.messages, self._endpoints.media, self._endpoints.menu
        self._told, self._port = told, port
        self._open: set[asyncio.Task[Any]] = set()

    # what tests ask and order

    def inject(self, path: str, faults: Sequence[Fault], persistent: bool = False) -> None:
        """Spoil the next calls to `path`; with `persistent` the last fault stays until `heal`."""
        self._faults.inject(path, faults, persistent)

    def heal(self, path: str | None = None) -> None:
        self._faults.heal(path)

    @property
    def sends(self) -> int:
        """Calls that wanted a message sent, whatever came of them."""
        return len(self.calls_to(SEND))

    @property
    def tokens_issued(self) -> int:
        return len(self.tokens.issued)

    def calls_to(self, path: str) -> list[Call]:
        return [call for call in self.calls.items if call.path == path]

    def accepted(self, openid: str) -> list[Accepted]:
        """Messages for this customer, in order."""
        return [message for message in self.messages.items if message.openid == openid]

    async def called(self, path: str, at_least: int = 1, timeout_s: float = 10) -> list[Call]:
        """The calls to `path`, as soon as there are so many. Raises asyncio.TimeoutError."""
        await self.calls.until(lambda _: len(self.calls_to(path)) >= at_least, timeout_s)
        return self.calls_to(path)

    async def customer_did(self, openid: str, action: str) -> None:
        self.allowances.customer_did(openid, action)

    def on_accepted(self, tell: Callable[[Accepted], None]) -> None:
        self._endpoints.listeners.append(tell)

    # the server

    async def __aenter__(self) -> FakeApi:
        app = web.Application(client_max_size=1 << 20)
        app.router.add_post(DID, self._hear_action)
        app.router.add_get(ACCEPTED, self._stream_accepted)
        app.router.add_route("*", "/{rest:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = "http://127.0.0.1:{1}".format(*self._runner.addresses[0])
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._open:
            task.cancel()
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        fault = self._faults.next(request.path)
        if fault is not None and fault.way == "reset":
            self._record(request, b"", "reset")
            return _reset(request)
        body = await request.read()
        if fault is None or fault.way == "answer_lost":
            answered, code = self._answer(request, body)
            self._record(request, body, str(code or "ok") if fault is None else "answer lost")
            return answered if fault is None else _reset(request)
        if fault.way == "hang":
            self._record(request, body, "hang")
            await self._for_ever()
        if fault.way == "http":
            self._record(request, body, f"http {fault.status}")
            return web.Response(status=fault.status, text="<html>error</html>", content_type="text/html")
        assert fault.errcode is not None
        self._record(request, body, str(fault.errcode))
        return _json(answer(fault.errcode))

    def _answer(self, request: web.Request, body: bytes) -> tuple[web.Response, int]:
        """The answer and its error code."""
        try:
            answered = self._endpoints.answer(request.method, request.path, request.query, body)
        except Refused as refused:
            return _json(answer(refused.errcode)), refused.errcode
        return _media(answered) if isinstance(answered, Media) else _json(answered), 0

    def _record(self, request: web.Request, raw: bytes, outcome: str) -> None:
        try:
            body = read_json(raw)
        except Refused:
            body = None
        token = request.query.get("access_token")
        call = Call(request.method, request.path, token, body, raw, self.clock(), outcome)
        self.calls.add(call)
        if self._told is not None:
            self._told(call)

    # the simulator in another process

    async def _hear_action(self, request: web.Request) -> web.Response:
        told = await request.json()
        await self.customer_did(told["openid"], told["action"])
        return web.Response()

    async def _stream_accepted(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        self._remember_task()
        sent = len(self.messages.items)
        while True:
            sent += 1
            message = (await self.messages.until(partial(_has, sent)))[sent - 1]
            await response.write(json.dumps(asdict(message)).encode() + b"\n")

    async def _for_ever(self) -> NoReturn:
        self._remember_task()
        await asyncio.get_running_loop().create_future()
        raise AssertionError("nobody ends this wait but by cancelling it")

    def _remember_task(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        task.add_done_callback(self._open.discard)


def _has(number: int, items: Sequence[object]) -> bool:
    return len(items) >= number


def _json(value: dict[str, Any]) -> web.Response:
    return web.Response(body=json.dumps(value, ensure_ascii=False).encode(), content_type="application/json")


def _media(media: Media) -> web.Response:
    name = {"Content-Disposition": 'attachment; filename="media"'}
    return web.Response(body=media.content, content_type=media.type, headers=name)


def _reset(request: web.Request) -> web.Response:
    """Ends the connection with a reset (RST) instead of a proper end."""
    if request.transport is not None:
        raw = request.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()


async def _by_hand(given: argparse.Namespace) -> None:
    def tell(call: Call) -> None:  # neither token nor secret
        body = "" if call.body is None or call.path == STABLE_TOKEN else json.dumps(call.body, ensure_ascii=False)
        print(f"{call.method} {call.path} {call.outcome} {body}", flush=True)

    async with FakeApi(given.appid, given.secret, port=given.port, told=tell) as api:
        print(f"The platform's interface is at {api.url}: set QIANTAI_WECHAT_API_BASE to it.", flush=True)
        await asyncio.Event().wait()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The platform's interface on loopback; prints each call.")
    parser.add_argument("--port", type=int, default=8099)
    for name in ("appid", "secret"):
        variable = f"QIANTAI_WECHAT_{name.upper()}"
        preset = os.environ.get(variable)
        parser.add_argument(f"--{name}", default=preset, required=preset is None, help=f"default: ${variable}")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        asyncio.run(_by_hand(_arguments()))
    except KeyboardInterrupt:
        sys.exit(130)
