"""One request to the platform and its answer, within bounds of time and size.

The access token rides in the address, which HTTP clients like to log. So the client only ever knows the path; the
query is added behind it, where no request is logged; and what logs answers is told to leave their heads out, for they
may repeat what was asked. No proxy of the environment is used: a bank that has a gateway
names it in QIANTAI_WECHAT_API_BASE.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.channels.wechat.errors import WechatUnavailable
from bot.errors import ConfigurationError

CONNECT_S, READ_S, WHOLE_S = 3.0, 5.0, 20.0
_QUERY = "qiantai.query"
_RID = re.compile(r"\brid: ([0-9a-f]{8}(?:-[0-9a-f]{8}){2})\b")
_NAME = re.compile(r'filename="?([^";]{1,200})"?')


@dataclass(frozen=True)
class Waits:
    """How long, in seconds: to connect, for the next bytes, and for all of it."""

    connect_s: float = CONNECT_S
    read_s: float = READ_S
    whole_s: float = WHOLE_S


class Unanswered(WechatUnavailable):
    """The platform gave no answer that can be read."""

    def __init__(self, why: str, *, left: bool) -> None:
        """`left`: the request went out, so it may have been carried out."""
        super().__init__(f"{type(self).__doc__} ({why})")
        self.why = why
        self.left = left


@dataclass(frozen=True)
class Answer:
    """An answer with HTTP status 200. `content_type` is lower-cased and without parameters."""

    content_type: str
    name: str
    body: bytes
    document: dict[str, Any] | None = field(repr=False)  # None: the body is no JSON object

    @property
    def errcode(self) -> int | None:
        """None where the answer has none: success for what is fetched, unreadable for what is sent."""
        code = (self.document or {}).get("errcode")
        return code if type(code) is int and abs(code) < 2**31 else None

    @property
    def rid(self) -> str:
        """The platform's own number of this request, which its support asks for."""
        found = _RID.search(str((self.document or {}).get("errmsg", "")))
        return f"rid {found.group(1)}" if found else ""


class Wire:
    def __init__(self, base: str, waits: Waits, transport: httpx.AsyncBaseTransport | None) -> None:
        """Raises ConfigurationError; connects to nothing yet."""
        logging.getLogger("httpcore.http11").addFilter(_no_heads)
        self._client = httpx.AsyncClient(
            base_url=_checked(base),
            transport=_Query(transport or httpx.AsyncHTTPTransport()),
            timeout=httpx.Timeout(waits.read_s, connect=waits.connect_s, pool=waits.connect_s),
            headers={"User-Agent": "qiantai", "Accept-Encoding": "identity"},
            follow_redirects=False,  # neither token nor message goes where nobody has sent it
            trust_env=False,
        )
        self._whole_s = waits.whole_s

    async def ask(
        self, path: str, query: Mapping[str, str], document: Mapping[str, Any] | None, most_bytes: int
    ) -> Answer:
        """GET without a document, POST with one. Raises Unanswered."""
        try:
            return await asyncio.wait_for(self._ask(path, query, document, most_bytes), self._whole_s)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            why, left = type(error).__name__, False
        except (httpx.TransportError, asyncio.TimeoutError) as error:
            why, left = type(error).__name__, True
        raise Unanswered(why, left=left)  # out here: the errors above know the request, this one must not

    async def close(self) -> None:
        await self._client.aclose()

    async def _ask(
        self, path: str, query: Mapping[str, str], document: Mapping[str, Any] | None, most_bytes: int
    ) -> Answer:
        method, content, headers = "GET", None, {}
        if document is not None:
            method, content, headers = "POST", _utf8(document), {"Content-Type": "application/json; charset=utf-8"}
        extensions = {_QUERY: dict(query)}
        async with self._client.stream(
            method, path, content=content, headers=headers, extensions=extensions
        ) as response:
            if response.status_code != 200:
                raise Unanswered(f"HTTP {response.status_code}", left=True)
            return _answer(response, await _body(response, most_bytes))


class _Query(httpx.AsyncBaseTransport):
    """Adds the query to the request on its way out."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        query = request.extensions[_QUERY]
        whole = httpx.Request(
            request.method,
            request.url.copy_merge_params(query),
            headers=request.headers,
            stream=request.stream,
            extensions={name: value for name, value in request.extensions.items() if name != _QUERY},
        )
        return await self._inner.handle_async_request(whole)

    async def aclose(self) -> None:
        await self._inner.aclose()


def _checked(base: str) -> httpx.URL:
    """Found out at the start, not at the first customer."""
    try:
        url = httpx.URL(base)
        url.host.encode("idna")
        if url.query or url.fragment or not 0 < (url.port or 443) < 65536:
            raise ValueError
    except (httpx.InvalidURL, ValueError):
        raise ConfigurationError("QIANTAI_WECHAT_API_BASE is no address that others can be added to") from None
    return url


def _no_heads(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith("receive_response_headers.complete")


def _utf8(document: Mapping[str, Any]) -> bytes:
    """Chinese as itself: the platform would show \\u escapes to the customer. Half an emoji is no character."""
    return json.dumps(document, ensure_ascii=False).encode(errors="ignore")


async def _body(response: httpx.Response, most_bytes: int) -> bytes:
    """As it came: what was packed against our wish could unpack to any size."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Unanswered("packed", left=True)
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > most_bytes:
            raise Unanswered(f"over {most_bytes} bytes", left=True)
    return bytes(body)


def _answer(response: httpx.Response, body: bytes) -> Answer:
    """Errors come as JSON under more than one type. A file is never read as JSON: its sender could write errors."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    disposition = response.headers.get("content-disposition", "")
    name = _NAME.search(disposition)
    is_file = "attachment" in disposition or kind.startswith(("image/", "audio/", "video/", "voice/"))
    return Answer(kind, name.group(1) if name else "", body, None if is_file else _parsed(body))


def _parsed(body: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
