"""Every operation of the desk, tried by somebody of every role: the table says who gets in."""

from __future__ import annotations

import re

import pytest
from desk import AtDesk, at_desk
from server import Server

from bot.console.operations import OPERATIONS, Operation
from bot.desk.rights import ROLES, may

APART = {("GET", "/api/desk/events"), ("DELETE", "/api/desk/session")}  # a stream, and the end of what we try with
TRIED = [one for one in OPERATIONS if one.act is not None and (one.method, one.path) not in APART]


async def tried(desk: AtDesk, operation: Operation) -> int:
    """With names that nobody has and nothing to do: the right is asked for before anything else."""
    path = re.sub(r"{\w*(id_|seq)}", "999", operation.path)
    path = re.sub(r"{\w+}", "nobody", path)
    sent = await desk.client.request(operation.method, path, headers={"X-CSRF-Token": desk.token}, content=b"{}")
    assert sent.status_code < 500, sent.text
    return sent.status_code


@pytest.mark.parametrize("role", ["", *ROLES, "king"])
async def test_the_table_decides(server: Server, role: str) -> None:
    roles = (role,) if role else ()
    async with server.client() as client:
        server.house.staff.put("anna", "坐席一号", "a long password", roles)
        signed = await client.post("/api/desk/session", json={"username": "anna", "password": "a long password"})
        desk = AtDesk(client, signed.json()["csrf_token"])
        let_in = {(o.method, o.path) for o in TRIED if await tried(desk, o) != 403}
    assert let_in == {(o.method, o.path) for o in TRIED if o.act is not None and may(roles, o.act)}


async def test_what_the_table_does_not_know_is_nobodys(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_desk(server, "anna") as desk:
        monkeypatch.setattr("bot.console.operations._BY_ROUTE", {})
        assert (await desk.get("/page")).status_code == 403


class TestQuality:
    async def test_reads_any_conversation_and_talks_with_nobody(self, server: Server) -> None:
        visitor = await server.visitor()
        await visitor.asks("转人工")
        async with at_desk(server, "anna") as anna, at_desk(server, "quinn", "ready", "quality") as quinn:
            server.house.desk.tick()
            assert (await quinn.get("/conversations")).json()["conversations"] == []
            assert (await quinn.claims(visitor)).status_code == 403
            assert (await anna.claims(visitor)).status_code == 200
            path = f"/conversations/{visitor.conversation_id}"
            assert (await quinn.get(path)).json()["holder"] == "anna"
            assert (await quinn.says(visitor, "您好")).status_code == 403

    async def test_who_only_keeps_accounts_reads_no_customers_words(self, server: Server) -> None:
        visitor = await server.visitor()
        await visitor.asks("转人工")
        async with at_desk(server, "ada", "ready", "admin") as ada:
            server.house.desk.tick()
            assert (await ada.get("/conversations")).json()["conversations"] == []
            assert (await ada.get(f"/conversations/{visitor.conversation_id}")).status_code == 403


async def test_who_may_not_serve_any_more_keeps_no_customer(server: Server) -> None:
    visitor = await server.visitor()
    await visitor.asks("转人工")
    async with at_desk(server, "anna") as anna:
        assert (await anna.claims(visitor)).status_code == 200
        server.house.staff.put("anna", "坐席anna", "a long password", ("admin",))
        server.house.desk.tick()
        assert (await visitor.poll())["state"] == "QUEUED"
