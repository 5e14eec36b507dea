"""The access token that calls go out with: from memory, from the store, or a new one, fetched once for all who wait."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.channels.wechat.errors import WechatUnavailable
from bot.channels.wechat.fates import BUSY, Fate, Sent
from bot.channels.wechat.tokens import JUST_FETCHED, Token, Tokens
from bot.channels.wechat.wire import Answer, Unanswered, Wire
from bot.clock import Clock
from bot.settings import WechatSettings

log = logging.getLogger(__name__)

ANSWER_BYTES = 16 * 1024
LONGEST_S = 7200
PAUSE = timedelta(seconds=30)  # between tries to replace a token that is still good
_TOKEN = re.compile(r"[!-~]{1,4096}")


class NoToken(WechatUnavailable):
    """The platform gives us no access token."""

    def __init__(self, sent: Sent) -> None:
        """`sent`: what this means for a message, which certainly has not left."""
        super().__init__(f"{type(self).__doc__} ({sent.detail})", errcode=sent.errcode)
        self.sent = sent


class Credential:
    def __init__(self, settings: WechatSettings, tokens: Tokens, clock: Clock, wire: Wire) -> None:
        self._settings = settings
        self._tokens = tokens
        self._clock = clock
        self._wire = wire
        self._held: Token | None = None
        self._pause_until = clock.now()
        self._lock = asyncio.Lock()
        self._failures = 0
        self._failed = Sent(Fate.LATER)

    async def current(self) -> Token:
        """A token that is good now. Raises NoToken, StoreUnavailable."""
        held = self._held
        return held if held is not None and self._good(held) else await self._in_turn(self._current)

    async def other_than(self, refused: Token, errcode: int) -> Token:
        """Another one than the platform has `refused`. Raises NoToken, StoreUnavailable."""
        return await self._in_turn(lambda: self._other_than(refused, errcode))

    async def _in_turn(self, work: Callable[[], Awaitable[Token]]) -> Token:
        """Whoever waited while the one before failed shares that failure, instead of waiting for one of his own."""
        failures = self._failures
        async with self._lock:
            if self._failures != failures:
                raise NoToken(self._failed)
            try:
                self._held = await work()
            except NoToken as error:
                self._failures += 1
                self._failed = error.sent
                raise
            return self._held

    def _good(self, token: Token) -> bool:
        now = self._clock.now()
        return now < token.renew_at or now < min(self._pause_until, token.expires_at)

    async def _current(self) -> Token:
        token = await asyncio.to_thread(self._tokens.load)
        if token is not None and self._good(token):
            return token
        try:
            return await self._fetch(force=False)
        except NoToken:
            if token is None or token.expires_at <= self._clock.now():
                raise
            self._pause_until = self._clock.now() + PAUSE
            return token

    async def _other_than(self, refused: Token, errcode: int) -> Token:
        """First the store, for another process may be further; then the polite way; by force only at last, for that
        takes the old token from every other system of the bank."""
        self._held = None
        now = self._clock.now()
        stored = await asyncio.to_thread(self._tokens.load)
        if stored is not None and stored.value != refused.value and now < stored.expires_at:
            return stored
        if now - refused.fetched_at >= JUST_FETCHED:
            fetched = await self._fetch(force=False)
            if fetched.value != refused.value:
                return fetched
        if await asyncio.to_thread(self._tokens.may_force):
            fetched = await self._fetch(force=True)
            if fetched.value != refused.value:
                return fetched
        raise NoToken(Sent(Fate.STOPPED, errcode, "no other access token"))

    async def _fetch(self, force: bool) -> Token:
        started = self._clock.now()
        wish = {
            "grant_type": "client_credential",
            "appid": self._settings.appid,
            "secret": self._settings.secret,
            "force_refresh": force,
        }
        try:
            answer = await self._wire.ask("/cgi-bin/stable_token", {}, wish, ANSWER_BYTES)
        except Unanswered as error:
            raise NoToken(Sent(Fate.LATER, None, f"no access token: {error.why}")) from None
        value, lasts_s = _granted(answer)
        log.info("a new WeChat access token%s, good for %d seconds", ", by force" if force else "", lasts_s)
        token = Token(value, started + timedelta(seconds=lasts_s), started)
        return await asyncio.to_thread(self._tokens.save, token)


def _granted(answer: Answer) -> tuple[str, int]:
    """The token and its seconds. Raises NoToken: LATER where the platform says so or is unclear, else STOPPED."""
    document = answer.document or {}
    value, lasts_s = document.get("access_token"), document.get("expires_in")
    if isinstance(value, str) and _TOKEN.fullmatch(value) and type(lasts_s) is int and lasts_s > 0:
        return value, min(lasts_s, LONGEST_S)
    errcode = answer.errcode
    passing = errcode is None or errcode in BUSY
    detail = f"no access token: {errcode if errcode is not None else 'unreadable'} {answer.rid}".rstrip()
    raise NoToken(Sent(Fate.LATER if passing else Fate.STOPPED, errcode, detail))
