"""The desk for a page that no stream gets through to, over real HTTP: the same lists, asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from desk import AtDesk, at_desk
from server import Server


@pytest.fixture
async def anna(server: Server) -> AsyncIterator[AtDesk]:
    async with at_desk(server, "anna") as desk:
        yield desk


class TestPolling:
    async def looks(self, desk: AtDesk, **params: object) -> httpx.Response:
        return await desk.client.get("/api/desk/events", params=params, headers={"Accept": "application/json"})

    async def test_what_changes_is_answered_at_once(self, server: Server, anna: AtDesk) -> None:
        first = (await self.looks(anna)).json()
        assert [first["view"][part] for part in ("presence", "queue")] == ["busy", []]
        asked = asyncio.create_task(self.looks(anna, wait=20, since=first["mark"]))
        visitor = await server.visitor()
        await visitor.asks("转人工")
        second = (await asyncio.wait_for(asked, 10)).json()
        assert [item["conversation_id"] for item in second["view"]["queue"]] == [visitor.conversation_id]
        assert second["mark"] != first["mark"]

    async def test_the_same_is_answered_when_the_time_is_up(self, anna: AtDesk) -> None:
        first = (await self.looks(anna)).json()
        assert (await self.looks(anna, wait=0, since=first["mark"])).json()["mark"] == first["mark"]

    async def test_asking_is_a_sign_of_life(self, server: Server, anna: AtDesk) -> None:
        await anna.post("/presence", {"status": "ready"})
        server.house.clock.advance(120)
        await self.looks(anna)
        visitor = await server.visitor()
        await visitor.asks("转人工")
        await asyncio.to_thread(server.house.desk.tick)
        assert [one["conversation_id"] for one in (await self.looks(anna)).json()["view"]["offers"]] == [
            visitor.conversation_id
        ]

    @pytest.mark.parametrize("wait", ["-1", "soon", "99999"])
    async def test_a_strange_wait_is_refused(self, anna: AtDesk, wait: str) -> None:
        assert (await self.looks(anna, wait=wait)).status_code == 422

    async def test_without_a_session_nothing_is_shown(self, server: Server) -> None:
        async with server.client() as client:
            got = await client.get("/api/desk/events", headers={"Accept": "application/json"})
        assert got.status_code == 401
