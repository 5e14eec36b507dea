"""The platform's interface, as much of it as the bridge uses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import httpx

from bot.channels.wechat.credential import Credential, NoToken
from bot.channels.wechat.errors import WechatUnavailable
from bot.channels.wechat.fates import TOKEN_REFUSED, Fate, Sent, fate_of
from bot.channels.wechat.tokens import Tokens
from bot.channels.wechat.wire import Answer, Unanswered, Waits, Wire
from bot.clock import Clock
from bot.desk.media import Media
from bot.errors import NotFound, StoreUnavailable
from bot.settings import WechatSettings

__all__ = ["Fate", "Media", "Sent", "Waits", "WechatApi"]

ANSWER_BYTES = 256 * 1024
MEDIA_BYTES = 10 * 1024 * 1024
MEDIA_GONE = frozenset({40007})  # unknown, or older than three days
NO_MENU_SET = 46003
_MEDIA = re.compile(r"(?:image/(?!svg)|audio/|video/|voice/|application/(?:octet-stream|pdf|zip|msword|vnd\.))[\w.+-]*")


class WechatApi:
    """Sends end in a `Sent` and never raise; what is fetched is returned or raises WechatUnavailable."""

    def __init__(
        self,
        settings: WechatSettings,
        tokens: Tokens,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
        waits: Waits | None = None,
    ) -> None:
        self._wire = Wire(settings.api_base, waits or Waits(), transport)
        self._credential = Credential(settings, tokens, clock, self._wire)

    async def send_text(self, openid: str, text: str) -> Sent:
        return await self._send(
            "/cgi-bin/message/custom/send", {"touser": openid, "msgtype": "text", "text": {"content": text}}
        )

    async def send_menu(self, openid: str, head: str, items: Sequence[tuple[str, str]], tail: str) -> Sent:
        """`items`: id and label of each choice. The id comes back with the customer's click."""
        menu = {
            "head_content": head,
            "list": [{"id": id_, "content": label} for id_, label in items],
            "tail_content": tail,
        }
        return await self._send(
            "/cgi-bin/message/custom/send", {"touser": openid, "msgtype": "msgmenu", "msgmenu": menu}
        )

    async def typing(self, openid: str, on: bool) -> Sent:
        command = "Typing" if on else "CancelTyping"
        return await self._send("/cgi-bin/message/custom/typing", {"touser": openid, "command": command})

    async def media(self, media_id: str) -> Media:
        """What a customer sent, at most 10 MiB. Raises NotFound when the platform keeps it no longer."""
        answer = await self._fetch("/cgi-bin/media/get", MEDIA_BYTES, media_id=media_id)
        if answer.errcode in MEDIA_GONE:
            raise NotFound("WeChat does not keep this media any more")
        _check(answer)
        if answer.document is not None or not answer.body or not _MEDIA.fullmatch(answer.content_type):
            raise WechatUnavailable("WeChat answered with something else than media")
        return Media(answer.content_type, answer.body, answer.name or answer.content_type.partition("/")[0])

    async def addresses(self) -> list[str]:
        """Where the platform's messages come from: addresses or networks."""
        document = _document(await self._fetch("/cgi-bin/getcallbackip", ANSWER_BYTES))
        found = document.get("ip_list")
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise WechatUnavailable()
        return found

    async def menu(self) -> dict[str, Any]:
        """The account's menu, whether made by hand or over the interface; empty where there is none."""
        answer = await self._fetch("/cgi-bin/get_current_selfmenu_info", ANSWER_BYTES)
        return {} if answer.errcode == NO_MENU_SET else _document(answer)

    async def token(self) -> str:
        """The access token itself. Raises WechatUnavailable, StoreUnavailable."""
        return (await self._credential.current()).value

    async def close(self) -> None:
        await self._wire.close()

    async def _send(self, path: str, document: dict[str, Any]) -> Sent:
        try:
            answer = await self._call(path, {}, document, ANSWER_BYTES)
        except Unanswered as error:
            return Sent(Fate.AMBIGUOUS if error.left else Fate.LATER, None, error.why)
        except NoToken as error:
            return error.sent
        except StoreUnavailable:  # without the token in it nothing has left
            return Sent(Fate.LATER, None, "the store of access tokens cannot be reached")
        if answer.errcode is None:
            return Sent(Fate.AMBIGUOUS, None, "unreadable")
        return Sent(fate_of(answer.errcode), answer.errcode, answer.rid)

    async def _fetch(self, path: str, most_bytes: int, **query: str) -> Answer:
        try:
            return await self._call(path, query, None, most_bytes)
        except Unanswered as error:
            raise WechatUnavailable(f"{WechatUnavailable.__doc__} ({error.why})") from None

    async def _call(self, path: str, query: dict[str, str], document: dict[str, Any] | None, most_bytes: int) -> Answer:
        """One request, and one more only where the platform refused the token and so did nothing."""
        token = await self._credential.current()
        answer = await self._wire.ask(path, {**query, "access_token": token.value}, document, most_bytes)
        if answer.errcode in TOKEN_REFUSED:
            token = await self._credential.other_than(token, answer.errcode)
            answer = await self._wire.ask(path, {**query, "access_token": token.value}, document, most_bytes)
        return answer


def _check(answer: Answer) -> None:
    if answer.errcode:
        what = f"{answer.errcode} {answer.rid}".rstrip()
        raise WechatUnavailable(f"{WechatUnavailable.__doc__} ({what})", errcode=answer.errcode)


def _document(answer: Answer) -> dict[str, Any]:
    _check(answer)
    if answer.document is None:
        raise WechatUnavailable(f"{WechatUnavailable.__doc__} (unreadable)")
    return answer.document
