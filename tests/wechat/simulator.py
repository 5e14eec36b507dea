"""The platform as the account's server sees it: signs, encrypts, posts, loses patience, tries again.

By hand: `python tests/wechat/simulator.py --help`. In tests: `from wechat.simulator import Platform`.
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":  # started as a file: its neighbours are found as `wechat.…`, as in the tests
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

import argparse
import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack

import aiohttp
from wechat import messages
from wechat.customers import Accepted, Customers, Interface, Seen
from wechat.messages import Fields, Message
from wechat.outcomes import Mode, NotVerified, Outcome, judged
from wechat.posting import Raw, Request, send
from wechat.prompt import converse
from wechat.remote import RemoteApi
from wechat.sealing import Seal
from wechat.wire import written


class Platform:
    """One account's platform. With `api` it reports what customers do, and customers see what `api` accepts.

    `patience_s` is what one attempt may last, `tries` how many there are. A later attempt comes with a new
    timestamp and nonce, or byte for byte as before. Whatever is not HTTP 200 is tried again, as field reports tell.
    """

    def __init__(
        self,
        url: str,
        appid: str,
        token: str,
        aes_key: str,
        account: str = "gh_test",
        mode: Mode = "aes",
        clock: Callable[[], float] = time.time,
        patience_s: float = 5.0,
        tries: int = 3,
        new_nonce_on_retry: bool = True,
        api: Interface | None = None,
    ) -> None:
        self.url, self.account, self.mode = url, account, mode
        self.clock, self.patience_s, self.tries, self.new_nonce_on_retry = clock, patience_s, tries, new_nonce_on_retry
        self.break_connection_after_s: float | None = None  # both of these concern only the first attempt
        self.abort_while_reading = False
        self.seal = Seal(appid, token, aes_key)
        self.customers = Customers()
        self._api = api
        self._reported: dict[int, Message] = {}  # by identity: delivering the same one again is no action of its own
        self._session: aiohttp.ClientSession | None = None
        if api is not None:
            api.on_accepted(self._show_accepted)

    async def __aenter__(self) -> Platform:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def verify(self) -> str:
        """Ask the server to echo, as when an account is bound. Raises NotVerified."""
        echo = str(secrets.randbits(63))
        raw = await self._send("GET", Request(self._signed() | {"echostr": echo}))
        if raw.status != 200 or raw.body != echo.encode():
            raise NotVerified(f"{raw.end}, HTTP {raw.status}, {len(raw.body)} bytes")
        return raw.body.decode()

    async def text(self, openid: str, content: str, msgid: int | None = None, menu_id: str | None = None) -> Outcome:
        """`menu_id` is that of the option which the customer touched in a menu message."""
        return await self.deliver(self.message(openid, "text", messages.text(content, menu_id), msgid))

    async def voice(self, openid: str, recognition: str | None = None) -> Outcome:
        return await self.deliver(self.message(openid, "voice", messages.voice(recognition)))

    async def image(self, openid: str) -> Outcome:
        return await self.deliver(self.message(openid, "image", messages.image()))

    async def video(self, openid: str, short: bool = False) -> Outcome:
        return await self.deliver(self.message(openid, "shortvideo" if short else "video", messages.video()))

    async def file(self, openid: str, name: str = "statement.pdf") -> Outcome:
        return await self.deliver(self.message(openid, "file", messages.file(name)))

    async def location(self, openid: str, lat: float, lon: float, label: str = "") -> Outcome:
        return await self.deliver(self.message(openid, "location", messages.location(lat, lon, label)))

    async def link(self, openid: str, title: str, description: str, url: str) -> Outcome:
        return await self.deliver(self.message(openid, "link", messages.link(title, description, url)))

    async def event(
        self, openid: str, event: str, key: str = "", created: int | None = None, **more: str | int
    ) -> Outcome:
        """subscribe, unsubscribe, SCAN, CLICK, VIEW, LOCATION; `more` are further fields, such as Latitude."""
        return await self.deliver(self.new_event(openid, event, key, created, **more))

    def message(self, openid: str, type_: str, fields: Fields, msgid: int | None = None) -> Message:
        """A message that is not sent yet, for `deliver` and `at_once`."""
        number = messages.new_msgid() if msgid is None else msgid
        return Message(self.account, openid, int(self.clock()), type_, fields, number)

    def new_event(
        self, openid: str, event: str, key: str = "", created: int | None = None, **more: str | int
    ) -> Message:
        moment = int(self.clock()) if created is None else created
        return Message(self.account, openid, moment, "event", messages.event(event, key, more))

    async def deliver(self, message: Message) -> Outcome:
        """Deliver it with all tries; the customer sees what comes of it."""
        return (await self.at_once(message, copies=1))[0]

    async def at_once(self, message: Message, copies: int = 2) -> list[Outcome]:
        """The same message several times at the same moment, as when a retry overtakes the first attempt."""
        if self._api is not None and id(message) not in self._reported:
            self._reported[id(message)] = message
            await self._api.customer_did(message.openid, message.action)
        return await asyncio.gather(*(self._deliver(message) for _ in range(copies)))

    async def post_raw(self, body: bytes, query: Mapping[str, str]) -> Raw:
        """One attempt with any body and query; no customer sees anything of it."""
        return await self._send("POST", Request(query, body))

    async def seen(self, openid: str, at_least: int = 1, timeout_s: float = 10) -> list[Seen]:
        """What the customer saw, as soon as it is `at_least` that much. Raises asyncio.TimeoutError."""
        return await self.customers[openid].seen(at_least, timeout_s)

    def request_for(self, message: Message) -> Request:
        """Query and body as the platform would post them now; `post_raw` takes them, spoilt or not."""
        query = self._signed() | {"openid": message.openid}
        plain = message.xml()
        if self.mode == "plain":
            return Request(query, plain.encode())
        cipher = self.seal.encrypt(plain.encode())
        query |= {
            "encrypt_type": "aes",
            "msg_signature": self.seal.signature(query["timestamp"], query["nonce"], cipher),
        }
        if self.mode == "compatible":
            tail = written({"Encrypt": cipher}).removeprefix("<xml>")
            return Request(query, (plain.removesuffix("</xml>") + tail).encode())
        return Request(query, written({"ToUserName": message.account, "Encrypt": cipher}).encode())

    async def _deliver(self, message: Message) -> Outcome:
        attempts: list[Raw] = []
        request = self.request_for(message)
        while len(attempts) < self.tries and not (attempts and attempts[-1].status == 200):
            if attempts and self.new_nonce_on_retry:
                request = self.request_for(message)
            attempts.append(await self._attempt(request, first=not attempts))
        outcome = judged(message, tuple(attempts), self.mode, self.seal)
        self._show(outcome)
        return outcome

    async def _attempt(self, request: Request, first: bool) -> Raw:
        if not first:
            return await self._send("POST", request)
        return await self._send("POST", request, self.break_connection_after_s, self.abort_while_reading)

    async def _send(
        self, method: str, request: Request, break_after_s: float | None = None, abort: bool = False
    ) -> Raw:
        if self._session is None:  # a connection for each attempt, so that one that is broken off is seen as such
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True, limit=0))
        return await send(self._session, method, self.url, request, self.patience_s, break_after_s, abort)

    def _signed(self) -> dict[str, str]:
        timestamp, nonce = str(int(self.clock())), str(secrets.randbelow(10**9) + 10**9)
        return {"signature": self.seal.signature(timestamp, nonce), "timestamp": timestamp, "nonce": nonce}

    def _show(self, outcome: Outcome) -> None:
        customer = self.customers[outcome.message.openid]
        if outcome.reply is not None and outcome.reply.type != "transfer_customer_service":
            customer.show(Seen(self.clock(), "reply", outcome.text or "", outcome.reply.fields))
        if outcome.kind == "fault" and outcome.message.banner_is_seen:
            customer.show(Seen(self.clock(), "banner", "", {}))

    def _show_accepted(self, accepted: Accepted) -> None:
        self.customers[accepted.openid].show(Seen(accepted.at, "api", accepted.text, accepted.body))


async def _by_hand(given: argparse.Namespace) -> None:
    async with AsyncExitStack() as open_:
        api = await open_.enter_async_context(RemoteApi(given.api)) if given.api else None
        platform = await open_.enter_async_context(
            Platform(given.url, given.appid, given.token, given.aes_key, given.account, given.mode, api=api)
        )
        await converse(platform, given.openid)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Be a customer of an Official Account: type, and see what he sees.")
    parser.add_argument("--url", required=True, help="the account's server, e.g. http://127.0.0.1:5005/channels/wechat")
    parser.add_argument("--api", help="a running fake_api.py, e.g. http://127.0.0.1:8099; without it: replies only")
    parser.add_argument("--openid", default="o_" + secrets.token_hex(6), help="who types (made up if not given)")
    parser.add_argument("--mode", choices=("aes", "compatible", "plain"), default="aes")
    parser.add_argument("--account", default="gh_test", help="the account's own id")
    for name in ("appid", "token", "aes-key"):
        variable = "QIANTAI_WECHAT_" + name.upper().replace("-", "_")
        preset = os.environ.get(variable)
        parser.add_argument(f"--{name}", default=preset, required=preset is None, help=f"default: ${variable}")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        asyncio.run(_by_hand(_arguments()))
    except KeyboardInterrupt:
        sys.exit(130)
