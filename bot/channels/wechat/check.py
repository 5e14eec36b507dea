"""`qiantai wechat check`: what of the account works, and what to do about the rest.

It asks the platform and the store and changes nothing there; no customer gets anything. No line holds a secret.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Literal

import httpx
import sqlalchemy as sa

from bot.channels.wechat import outgoing
from bot.channels.wechat.client import WechatApi
from bot.channels.wechat.credential import NoToken
from bot.channels.wechat.crypto import Crypto, signature
from bot.channels.wechat.errors import WechatUnavailable
from bot.channels.wechat.menu import click_keys, leads_somewhere
from bot.channels.wechat.reception import WEB_MENU
from bot.channels.wechat.tokens import Token, Tokens, wechat_tokens
from bot.channels.wechat.wire import Unanswered, Waits, Wire
from bot.clock import rfc3339
from bot.errors import QiantaiError
from bot.migrate import is_current
from bot.settings import WechatSettings
from bot.wiring import House

PATH = "/channels/wechat/"
WAIT_S = 10.0
ANSWER_BYTES = 16 * 1024
_ADDRESS = re.compile(r"https?://[^\s/?#@]+(/[^\s?#@]*)?")
_SEEN = re.compile(r"invalid ip ([0-9A-Fa-f.:]+)")

# what to do where the platform gives no access token, by its error code
REFUSED = {
    40001: "the secret is wrong or another account's: set QIANTAI_WECHAT_SECRET anew",
    40013: "the appid is wrong: compare QIANTAI_WECHAT_APPID with the platform's page",
    40125: "the secret is wrong: set QIANTAI_WECHAT_SECRET to what the platform shows when it makes a new one",
    40164: "add this address to the account's IP allow-list",
    40243: "the secret is frozen: thaw it on the platform's page",
    45009: "the day's quota is used up: find who asks so often, or clear it on the platform's page",
    89503: "an administrator of the account must confirm our address on his phone",
}


@dataclass(frozen=True)
class Finding:
    kind: Literal["ok", "look", "bad"]  # look: works, but somebody should know or decide
    about: str
    said: str
    todo: str = ""

    def __str__(self) -> str:
        return f"{self.kind:<5}{self.about:<11}{self.said}" + (f"; {self.todo}" if self.todo else "")


async def findings(house: House, public_url: str | None = None) -> AsyncIterator[Finding]:
    """One after the other as they are found; every "bad" is something that customers notice."""
    settings = house.settings.wechat
    if settings is None:
        wanted = ", ".join(f"QIANTAI_WECHAT_{name}" for name in ("APPID", "SECRET", "TOKEN", "AES_KEY"))
        yield Finding("bad", "settings", "no account is set, the channel is off", f"set {wanted}")
        return
    yield Finding("ok", "settings", f"appid {settings.appid}; secret, token and AES key are set")
    yield _encryption(settings)
    async for finding in _platform(house, settings):
        yield finding
    for finding in _store(house, settings):
        yield finding
    yield _ways_out(house)
    yield await _callback(house, settings, public_url)


def _encryption(settings: WechatSettings) -> Finding:
    crypto = Crypto.of(settings.token, settings.aes_key, settings.appid)
    if crypto.decrypt(crypto.encrypt(b"self-test")) != b"self-test":
        return Finding(
            "bad", "encryption", "the AES key does not open what it sealed", "set QIANTAI_WECHAT_AES_KEY anew"
        )
    if settings.plain_allowed:
        return Finding(
            "look",
            "encryption",
            "the AES key works, but unencrypted messages are taken too",
            "unset QIANTAI_WECHAT_PLAIN",
        )
    return Finding(
        "ok",
        "encryption",
        "the AES key works; only encrypted messages are taken",
        "choose the safe mode at the platform",
    )


# the platform's side


class _Unkept(Tokens):
    """Remembers nothing: a token from the store would hide that the secret is wrong, or our address refused."""

    def load(self) -> None:
        return None

    def save(self, token: Token) -> Token:
        return token

    def may_force(self) -> bool:
        return False


async def _platform(house: House, settings: WechatSettings) -> AsyncIterator[Finding]:
    unkept = _Unkept(house.db, house.settings.data_key, settings.appid, house.clock)
    api = WechatApi(settings, unkept, house.clock)
    try:
        token = await _token(settings, api)
        yield token
        if token.kind == "ok":
            yield await _addresses(api)
            async for finding in _menu(house, api):
                yield finding
    finally:
        await api.close()


async def _token(settings: WechatSettings, api: WechatApi) -> Finding:
    try:
        await api.token()
    except NoToken as error:
        code = error.sent.errcode
        if code is None:
            why = f"{settings.api_base} gives nothing ({error.sent.detail})"
            return Finding(
                "bad", "interface", why, "open the way there, or name your gateway in QIANTAI_WECHAT_API_BASE"
            )
        seen = await _seen_address(settings) if code == 40164 else ""
        said = f"refused with {code}" + (f": the platform sees us as {seen}" if seen else "")
        return Finding("bad", "token", said, REFUSED.get(code, "look the code up in the platform's list"))
    return Finding("ok", "token", f"{settings.api_base} answers and gives an access token")


async def _seen_address(settings: WechatSettings) -> str:
    """Our address as the platform tells it with its refusal; empty where it does not."""
    wish = {"grant_type": "client_credential", "appid": settings.appid, "secret": settings.secret}
    wire = Wire(settings.api_base, Waits(), None)
    try:
        answer = await wire.ask("/cgi-bin/stable_token", {}, wish, ANSWER_BYTES)
    except Unanswered:
        return ""
    finally:
        await wire.close()
    found = _SEEN.search(str((answer.document or {}).get("errmsg", "")))
    return found[1] if found else ""


async def _addresses(api: WechatApi) -> Finding:
    try:
        found = await api.addresses()
    except WechatUnavailable as error:
        return Finding("look", "firewall", f"the platform does not tell its addresses: {error.message}")
    return Finding(
        "ok", "firewall", f"deliveries come from {', '.join(found)}", "let these through to our callback address"
    )


async def _menu(house: House, api: WechatApi) -> AsyncIterator[Finding]:
    try:
        shown = await api.menu()
    except WechatUnavailable as error:
        yield Finding("look", "menu", f"the platform does not tell the menu: {error.message}")
        return
    clicks = list(click_keys(shown))
    for name, key in clicks:
        if not leads_somewhere(key, house.knowledge):
            said = f"{name!r} has the key {key!r}, which is no script and no choice"
            yield Finding("bad", "menu", said, "customers get no answer: mend the key, see `qiantai wechat menu`")
    if not clicks:
        yield Finding("look", "menu", "no entry that we answer", "`qiantai wechat menu` prints a sample to upload")
        return
    yield Finding("ok", "menu", f"{len(clicks)} entries that we answer")
    if house.settings.web_chat is None and WEB_MENU in {key for _, key in clicks}:
        yield Finding("look", "menu", "an entry leads to the web page, but there is none", "set QIANTAI_WEB_CHAT")


# our side


def _store(house: House, settings: WechatSettings) -> Iterator[Finding]:
    try:
        if not is_current(house.db):
            yield Finding("bad", "database", "not migrated", "run `qiantai migrate`")
            return
        yield _stored_token(house, settings)
        yield from _outbox(house)
    except (sa.exc.SQLAlchemyError, QiantaiError):
        yield Finding("bad", "database", "cannot be reached", "see QIANTAI_DATABASE_URL")


def _stored_token(house: House, settings: WechatSettings) -> Finding:
    with house.db.transaction() as tx:
        row = tx.execute(sa.select(wechat_tokens).where(wechat_tokens.c.appid == settings.appid)).first()
    if row is None:
        return Finding("ok", "stored", "no access token yet: the first message fetches one")
    if Tokens(house.db, house.settings.data_key, settings.appid, house.clock).load() is None:
        return Finding(
            "look", "stored", "the access token does not open: was QIANTAI_DATA_KEY another?", "a new one is fetched"
        )
    forced = f"{row.forced_count} forced on {row.forced_day}" if row.forced_day else "never forced"
    state = "good" if row.expires_at > house.clock.now() else "run out"
    return Finding("ok", "stored", f"access token {state}, until {rfc3339(row.expires_at)}, {forced}")


def _outbox(house: House) -> Iterator[Finding]:
    """What did not go out. It is no fault of the set-up, but a person may have to look after it."""
    with house.db.transaction() as tx:
        found = dict(outgoing.counts(tx))
    meaning = {
        "pending": "about to be sent",
        "held": "wait until the customer writes again",
        "failed": "tried to the end, the customers are told another way",
        "ambiguous": "may or may not have arrived, and are never sent again",
    }
    counted = [f"{found[state]} {state} ({words})" for state, words in meaning.items() if found.get(state)]
    if counted:
        yield Finding("look", "outbox", "; ".join(counted))
    else:
        yield Finding("ok", "outbox", f"{found.get('sent', 0)} messages sent, none waits")


def _ways_out(house: House) -> Finding:
    if house.settings.notice_url is not None:
        return Finding("ok", "notices", "what cannot be sent here goes out by the bank's gateway")
    if house.notices.available:
        return Finding("look", "notices", "written to a file, which is for development", "set QIANTAI_NOTICE_URL")
    return Finding("look", "notices", "off: what cannot be sent becomes a task for agents", "set QIANTAI_NOTICE_URL")


async def _callback(house: House, settings: WechatSettings, public_url: str | None) -> Finding:
    """Ask our own address as the platform does when the account is bound."""
    if public_url is None:
        return Finding("look", "callback", f"not tried: give --public-url; at the platform enter it with {PATH}")
    if not _ADDRESS.fullmatch(public_url):
        return Finding("bad", "callback", "--public-url is no address that begins with https:// or http://")
    url = public_url if public_url.rstrip("/").endswith(PATH.rstrip("/")) else public_url.rstrip("/") + PATH
    timestamp, nonce, echo = str(int(house.clock.now().timestamp())), secrets.token_hex(8), secrets.token_hex(8)
    query = {"timestamp": timestamp, "nonce": nonce, "echostr": echo}
    query["signature"] = signature(settings.token, timestamp, nonce)
    try:
        async with httpx.AsyncClient(timeout=WAIT_S, trust_env=False) as client:
            answer = await client.get(url, params=query)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Finding(
            "bad", "callback", f"{url} does not answer ({type(error).__name__})", "see the proxy and the firewall"
        )
    if answer.status_code == 200 and answer.text == echo:
        return Finding(
            "ok", "callback", f"{url} answers as the platform wants it", "enter this address at the platform"
        )
    return Finding("bad", "callback", f"{url} answers with HTTP {answer.status_code}", _why_not(answer.status_code))


def _why_not(status: int) -> str:
    if status == 403:
        return "the server there has another QIANTAI_WECHAT_TOKEN, or its clock is wrong"
    if status == 404:
        return "the server there has no account set, or the proxy does not pass this path"
    return "the platform wants its own word back, with HTTP 200 and no redirect"
