"""A message is taken back over HTTP: what the agent is told, and what leaves the house on the customer's wires."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from desk import AtDesk, at_desk
from server import Server, Visitor

WRONG = "您说的是张先生的那件事吗"


@pytest.fixture
async def anna(server: Server) -> AsyncIterator[AtDesk]:
    async with at_desk(server, "anna") as desk:
        yield desk


@pytest.fixture
async def served(server: Server, anna: AtDesk) -> Visitor:
    visitor = await server.visitor()
    await visitor.post({"choice": "human"})
    assert (await anna.claims(visitor)).status_code == 200
    return visitor


async def recalls(desk: AtDesk, visitor: Visitor, seq: int) -> Any:
    body = {"epoch": (await visitor.poll())["epoch"]}
    return await desk.post(f"/conversations/{visitor.conversation_id}/messages/{seq}/recall", body)


async def test_polling_and_history_have_the_place_and_no_word(anna: AtDesk, served: Visitor) -> None:
    seq = (await anna.says(served, WRONG)).json()["seq"]
    assert WRONG in str(await served.poll())
    reply = await recalls(anna, served, seq)
    assert reply.status_code == 200
    whole = await served.poll()
    assert WRONG not in str(whole) and "anna" not in str(whole).replace("坐席anna", "")
    assert whole["events"][seq - 1]["text"] == ""
    [told] = (await served.poll(after=seq))["events"]
    assert (told["recalls"], told["seq"]) == (seq, reply.json()["seq"])


async def test_an_open_stream_is_told_and_one_that_opens_later_reads_no_word(anna: AtDesk, served: Visitor) -> None:
    async with served.client() as client:
        headers = {"Accept": "text/event-stream"}
        async with client.stream("GET", "/api/chat/events", headers=headers) as open_before:
            lines = open_before.aiter_lines()
            seq = (await anna.says(served, WRONG)).json()["seq"]
            await anext(line async for line in lines if WRONG in line)
            again = (await recalls(anna, served, seq)).json()["seq"]
            told = await anext(line async for line in lines if '"recalls"' in line)
            assert json.loads(told.removeprefix("data: "))["recalls"] == seq
        async with client.stream("GET", "/api/chat/events", headers=headers) as later:
            read = []
            async for line in later.aiter_lines():
                read.append(line)
                if line == f"id: {again}":
                    break
    assert f"id: {seq}" in read and WRONG not in "\n".join(read)


async def test_the_console_still_shows_it_and_who_took_it_back(anna: AtDesk, served: Visitor) -> None:
    seq = (await anna.says(served, WRONG)).json()["seq"]
    again = (await recalls(anna, served, seq)).json()["seq"]
    events = (await anna.get(f"/conversations/{served.conversation_id}")).json()["events"]
    assert events[seq - 1]["text"] == WRONG
    assert (events[again - 1]["recalls"], events[again - 1]["actor"]["name"]) == (seq, "坐席anna")
    assert "internal" not in events[again - 1]


async def test_refusals_say_why_in_plain_words(server: Server, anna: AtDesk, served: Visitor) -> None:
    seq = (await anna.says(served, WRONG)).json()["seq"]
    not_hers = await recalls(anna, served, 1)
    server.house.clock.advance(121)
    server.house.staff.seen("anna")
    late = await recalls(anna, served, seq)
    assert [not_hers.status_code, late.status_code] == [409, 409]
    assert "自己" in not_hers.json()["detail"] and "时间" in late.json()["detail"]
    assert late.headers["content-type"].startswith("application/problem+json")


async def test_nobody_else_and_no_foreign_page(server: Server, anna: AtDesk, served: Visitor) -> None:
    seq = (await anna.says(served, WRONG)).json()["seq"]
    epoch = (await served.poll())["epoch"]
    path = f"/conversations/{served.conversation_id}/messages/{seq}/recall"
    async with at_desk(server, "bert", "busy", "supervisor") as bert:
        assert (await bert.post(path, {"epoch": epoch})).status_code == 409
    assert (await anna.client.post(f"/api/desk{path}", json={"epoch": epoch})).status_code == 403
    assert (await anna.post(path, {"epoch": epoch, "seq": 1})).status_code == 422
    async with server.client() as stranger:
        assert (await stranger.post(f"/api/desk{path}", json={"epoch": epoch})).status_code == 401
    assert WRONG in str(await served.poll())
