"""The audit log: every privileged act leaves exactly one entry, ordinary work none, and nobody can change it."""

from __future__ import annotations

import ast
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk import AtDesk, at_desk
from server import Server, Visitor
from support import SUNDAY_NOON

from bot.conversation import commands
from bot.privacy.audit import Action, audit, entries

ROOT = Path(__file__).resolve().parents[2]
PROMISE = "您放心，这款理财保证收益，绝对不会亏。"


@pytest.fixture
async def ada(server: Server) -> AsyncIterator[AtDesk]:
    async with at_desk(server, "ada", "busy", "admin") as desk:
        yield desk


@pytest.fixture
async def waiting(server: Server) -> Visitor:
    visitor = await server.visitor()
    await visitor.asks("转人工")
    return visitor


def written(server: Server) -> list[tuple[str, str, str]]:
    with server.house.db.transaction() as tx:
        return [(entry.actor, entry.action, entry.subject) for entry in entries(tx)]


class TestReadingAConversation:
    @pytest.mark.parametrize("role", ["supervisor", "quality"])
    async def test_by_who_stands_above_goes_on_record(self, server: Server, waiting: Visitor, role: str) -> None:
        async with at_desk(server, "anna") as anna, at_desk(server, "quinn", "busy", role) as quinn:
            await anna.claims(waiting)
            assert (await quinn.get(f"/conversations/{waiting.conversation_id}")).status_code == 200
        subject = f"conversation:{waiting.conversation_id}"
        assert written(server) == [("quinn", Action.CONVERSATION_READ, subject)]

    async def test_that_waits_or_is_ones_own_is_ordinary_work(self, server: Server, waiting: Visitor) -> None:
        async with at_desk(server, "anna", "busy", "supervisor") as anna:
            path = f"/conversations/{waiting.conversation_id}"
            assert (await anna.get(path)).status_code == 200
            await anna.claims(waiting)
            assert (await anna.get(path)).status_code == 200
        assert written(server) == []

    async def test_that_is_refused_leaves_nothing(self, server: Server, waiting: Visitor) -> None:
        async with at_desk(server, "anna") as anna, at_desk(server, "bert") as bert:
            await anna.claims(waiting)
            assert (await bert.get(f"/conversations/{waiting.conversation_id}")).status_code == 403
        assert written(server) == []


class TestOverride:
    async def test_goes_on_record_with_its_reason_masked(self, server: Server, waiting: Visitor, ada: AtDesk) -> None:
        async with at_desk(server, "sofia", "busy", "supervisor") as sofia:
            await sofia.claims(waiting)
            refused = await sofia.says(waiting, PROMISE, "the-first-key")
            assert refused.status_code == 422, refused.text
            reason = {"reason": "客户手机13800138000要求照念旧文案"}
            sent = await sofia.says(waiting, PROMISE, "another-key", override=reason)
            assert sent.status_code == 202, sent.text
        refusal, override = (await ada.get("/audit?limit=2")).json()["entries"][::-1]
        assert (refusal["action"], override["action"]) == (Action.REFUSED, Action.OVERRIDDEN)
        assert override["actor"] == "sofia" and override["detail"]["seq"] == sent.json()["seq"]
        assert "13800138000" not in override["detail"]["reason"] and "旧文案" in override["detail"]["reason"]
        assert len([one for one in written(server) if one[1] == Action.OVERRIDDEN]) == 1
        assert "text" not in refusal["detail"]  # who keeps the accounts reads no customer's words

    async def test_that_was_not_needed_is_none(self, server: Server, waiting: Visitor) -> None:
        async with at_desk(server, "sofia", "busy", "supervisor") as sofia:
            await sofia.claims(waiting)
            assert (await sofia.says(waiting, "您好", override={"reason": "以防万一"})).status_code == 202
        assert written(server) == []


def test_stops_and_their_end(server: Server) -> None:
    house = server.house
    commands.stop(house.db, house.clock, "topic", "wealth", "核对收益数字", None, "li")
    commands.resume(house.db, house.clock, "topic", "wealth", "wang")
    assert written(server) == [("li", Action.STOPPED, "incident:1"), ("wang", Action.RESUMED, "incident:1")]


class TestThePage:
    async def fill(self, server: Server) -> None:
        with server.house.db.transaction() as tx:
            at = server.house.clock.now()
            for number in range(5):
                actor = "ada" if number % 2 else "sofia"
                when = at + timedelta(seconds=number)
                audit(tx, when, actor, Action.ACCOUNT_CHANGED, f"agent:n{number}", {"limit": [3, number]})

    async def ids(self, desk: AtDesk, query: str) -> tuple[list[str], Any]:
        got = (await desk.get(f"/audit{query}")).json()
        return [entry["subject"][-2:] for entry in got["entries"]], got["next"]

    async def test_is_read_newest_first_page_by_page(self, server: Server, ada: AtDesk) -> None:
        await self.fill(server)
        first, more = await self.ids(ada, "?limit=2")
        second, more = await self.ids(ada, f"?limit=2&after={more}")
        third, end = await self.ids(ada, f"?limit=2&after={more}")
        assert (first, second, third, end) == (["n4", "n3"], ["n2", "n1"], ["n0"], None)

    async def test_is_filtered(self, server: Server, ada: AtDesk) -> None:
        await self.fill(server)
        assert (await self.ids(ada, "?actor=ada"))[0] == ["n3", "n1"]
        assert (await self.ids(ada, "?subject=agent:n2"))[0] == ["n2"]
        assert (await self.ids(ada, "?action=desk:account:role"))[0] == []
        assert (await self.ids(ada, "?actor=ada&action=desk:account:change&limit=1"))[0] == ["n3"]

    @pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "after=-1", "after=x", "actor=%00"])
    async def test_a_wrong_question_is_refused(self, ada: AtDesk, query: str) -> None:
        assert (await ada.get(f"/audit?{query}")).status_code == 422

    async def test_no_way_leads_to_a_change(self, ada: AtDesk) -> None:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            for path in ("/audit", "/audit/1"):
                sent = await ada.client.request(method, f"/api/desk{path}", headers={"X-CSRF-Token": ada.token})
                assert sent.status_code in (404, 405)


def test_the_table_is_only_ever_added_to_and_read() -> None:
    """And by one file, whose two functions are `insert` and `select`."""
    used = [p for p in (ROOT / "bot").rglob("*.py") if "audit_log" in p.read_text() and "migrations" not in p.parts]
    assert {p.name for p in used} == {"audit.py", "store.py", "tables.py"}
    tree = ast.parse((ROOT / "bot/privacy/audit.py").read_text())
    called = {
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & {"update", "delete", "drop", "text"} and "insert" in called


def test_its_names_are_one_list() -> None:
    """source:subject:action, each once; and a name that is not in it is refused."""
    names = [action.value for action in Action]
    assert all(re.fullmatch(r"[a-z]+:[a-z]+:[a-z]+", name) for name in names) and len(set(names)) == len(names)
    with pytest.raises(ValueError):
        audit(None, SUNDAY_NOON, "ada", "desk:coffee:drink", "agent:ada")
