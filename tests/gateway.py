"""A bank's gateway for notices, as docs/notices.md asks for one, on loopback."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Gateway:
    """A bank's gateway as docs/notices.md asks for one, which can be told to misbehave.

    `plan`: what it does with the next requests ("accept", "lose": takes it on and hangs up, "hang": takes it on and
    never answers, or a status with headers); then it accepts.
    """

    plan: list[str | tuple[int, dict[str, str]]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)  # the keys, in the order of arrival
    taken_on: dict[str, dict[str, Any]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        key, body = request.headers["Idempotency-Key"], await request.json()
        self.requests.append(key)
        self.headers = dict(request.headers)
        does = self.plan.pop(0) if self.plan else "accept"
        if isinstance(does, tuple):
            return web.Response(status=does[0], headers=does[1], text=f"nothing for {body['to']}")
        self.taken_on.setdefault(key, body)
        if does == "lose":
            assert request.transport is not None
            request.transport.abort()
        elif does == "hang":
            await asyncio.Event().wait()
        return web.Response(status=202)


@contextmanager
def listening() -> Iterator[Gateway]:
    """On loopback, on a thread of its own: what is tested blocks."""
    made = Gateway()
    loop = asyncio.new_event_loop()

    async def start() -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/v1/notices", made.answer)
        runner = web.AppRunner(app, shutdown_timeout=0, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        made.url = f"http://127.0.0.1:{port}/v1/notices"
        return runner

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    yield made
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
