"""One request to the account's server, with control over when the connection ends."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

import aiohttp

HEADERS = {"User-Agent": "Mozilla/4.0", "Accept": "*/*", "Content-Type": "text/xml"}
End = Literal["answered", "timed_out", "broken_off", "failed"]


@dataclass(frozen=True)
class Raw:
    """What one request brought. `status` is None unless `end` is "answered"."""

    end: End
    seconds: float
    status: int | None = None
    body: bytes = b""
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Request:
    query: Mapping[str, str]
    body: bytes = b""


async def send(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    request: Request,
    patience_s: float,
    break_after_s: float | None = None,
    abort_while_reading: bool = False,
) -> Raw:
    """Ask once and wait `patience_s` for the whole answer.

    `break_after_s` breaks the line earlier; `abort_while_reading` breaks it once the answer has begun to come.
    """
    began = perf_counter()
    limit = patience_s if break_after_s is None else min(patience_s, break_after_s)
    try:
        return await asyncio.wait_for(_exchange(session, method, url, request, abort_while_reading), limit)
    except asyncio.TimeoutError:
        return Raw("timed_out" if limit == patience_s else "broken_off", perf_counter() - began)
    except (aiohttp.ClientError, OSError):
        return Raw("failed", perf_counter() - began)


async def _exchange(session: aiohttp.ClientSession, method: str, url: str, request: Request, abort: bool) -> Raw:
    began = perf_counter()
    async with session.request(
        method, url, params=request.query, data=request.body or None, headers=HEADERS, allow_redirects=False
    ) as response:
        if abort:
            await response.content.readany()
            response.close()
            return Raw("broken_off", perf_counter() - began)
        body = await response.read()
        return Raw("answered", perf_counter() - began, response.status, body, dict(response.headers))
