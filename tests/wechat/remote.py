"""A fake_api.py in another process, as seen from the simulator."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import aiohttp
from wechat.customers import Accepted

DID, ACCEPTED = "/_simulator/did", "/_simulator/accepted"  # what the two programs tell each other


class RemoteApi:
    """Reports actions to it, and hears from its stream (a JSON object a line) what it accepts from now on."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._tell: list[Callable[[Accepted], None]] = []

    async def __aenter__(self) -> RemoteApi:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None), raise_for_status=True)
        try:
            stream = await self._session.get(self.url + ACCEPTED)
        except aiohttp.ClientError:
            await self._session.close()
            raise
        self._listening = asyncio.create_task(self._listen(stream))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        await self._session.close()

    async def customer_did(self, openid: str, action: str) -> None:
        async with self._session.post(self.url + DID, json={"openid": openid, "action": action}):
            pass

    def on_accepted(self, tell: Callable[[Accepted], None]) -> None:
        self._tell.append(tell)

    async def _listen(self, stream: aiohttp.ClientResponse) -> None:
        async for line in stream.content:
            accepted = Accepted(**json.loads(line))
            for tell in self._tell:
                tell(accepted)
