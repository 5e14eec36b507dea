"""The agents' tools over HTTP: who may, what comes back, and that nothing of it stands on the customer's wire."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from desk import AtDesk, at_desk
from server import Server, Visitor

from bot.conversation import incidents


@pytest.fixture
async def anna(server: Server) -> AsyncIterator[AtDesk]:
    async with at_desk(server, "anna") as desk:
        yield desk


@pytest.fixture
async def served(server: Server, anna: AtDesk) -> Visitor:
    visitor = await server.visitor()
    await visitor.post({"text": "房贷利率是多少"})
    await visitor.post({"choice": "human"})
    assert (await anna.claims(visitor)).status_code == 200
    return visitor


class TestReplies:
    async def test_come_filled_and_can_be_sent_as_they_are(self, anna: AtDesk, served: Visitor) -> None:
        replies = (await anna.get("/replies")).json()["replies"]
        greeting = next(one for one in replies if "claim" in one["when"])
        assert (await anna.says(served, greeting["text"])).status_code == 202

    async def test_need_a_session(self, server: Server) -> None:
        async with server.client() as client:
            assert (await client.get("/api/desk/replies")).status_code == 401


class TestSuggestions:
    async def test_follow_the_customer(self, anna: AtDesk, served: Visitor) -> None:
        path = f"/scripts?conversation={served.conversation_id}"
        assert "loan_rate_mortgage" in {one["id"] for one in (await anna.get(path)).json()["scripts"]}
        await served.post({"text": "我的银行卡丢了，怎么挂失"})
        first = (await anna.get(path)).json()["scripts"][0]
        assert first["id"].startswith("card_loss") and set(first) == {"id", "version", "title", "text", "disclosures"}

    async def test_are_for_who_reads_the_conversation(self, server: Server, anna: AtDesk, served: Visitor) -> None:
        async with at_desk(server, "bert") as bert:
            assert (await bert.get(f"/scripts?conversation={served.conversation_id}")).status_code == 403
        assert (await anna.get("/scripts?conversation=nobody")).status_code == 404


class TestNews:
    async def test_is_read_with_a_receipt(self, server: Server, anna: AtDesk) -> None:
        with server.house.db.transaction() as tx:
            incidents.stop(tx, "topic", "loan", why="利率有误", by="li", at=server.house.clock.now())
        [one] = (await anna.get("/news")).json()["news"]
        assert (one["change"], one["text"], one["seen"]) == ("stopped", "利率有误", False)
        assert (await anna.post("/news/seen", {"keys": [one["key"]]})).status_code == 200
        assert [found["seen"] for found in (await anna.get("/news")).json()["news"]] == [True]

    @pytest.mark.parametrize("body", [{}, {"keys": "all"}, {"keys": ["x" * 121]}, {"keys": [], "all": True}])
    async def test_a_body_that_says_something_else_is_refused(self, anna: AtDesk, body: dict[str, object]) -> None:
        assert (await anna.post("/news/seen", body)).status_code == 422


class TestMarks:
    async def test_stand_at_the_desk_and_never_on_the_customers_wire(self, anna: AtDesk, served: Visitor) -> None:
        path = f"/conversations/{served.conversation_id}"
        before = await served.poll()
        noted = await anna.post(f"{path}/marks", {"kind": "note", "text": "客户在等回单"})
        tagged = await anna.post(f"{path}/marks", {"kind": "tag", "text": "回单"})
        assert (noted.status_code, tagged.json()["tags"]) == (200, ["回单"])
        assert (await anna.get(f"{path}/marks")).json() == tagged.json()
        assert (await anna.get(path)).json()["package"]["marks"] == tagged.json()
        assert await served.poll() == before

    @pytest.mark.parametrize(
        "body", [{"kind": "note"}, {"kind": "secret", "text": "好"}, {"kind": "tag", "text": ""}, {"text": "好"}]
    )
    async def test_a_body_that_says_something_else_is_refused(
        self, anna: AtDesk, served: Visitor, body: dict[str, object]
    ) -> None:
        assert (await anna.post(f"/conversations/{served.conversation_id}/marks", body)).status_code == 422


class TestChecking:
    async def test_says_what_sending_would_and_sends_nothing(self, anna: AtDesk, served: Visitor) -> None:
        path = f"/conversations/{served.conversation_id}/check"
        before = await served.poll()
        found = (await anna.post(path, {"text": "这款理财保本的，您放心买"})).json()
        assert found["verdict"] == "refuse" and found["reasons"] and not found["completable"]
        assert (await anna.post(path, {"text": "您好，请稍等"})).json()["verdict"] == "allow"
        assert await served.poll() == before

    async def test_too_often_is_slowed_down(self, anna: AtDesk, served: Visitor) -> None:
        path = f"/conversations/{served.conversation_id}/check"
        replies = [(await anna.post(path, {"text": ""})).status_code for _ in range(31)]
        assert (set(replies[:30]), replies[30]) == ({200}, 429)


@pytest.mark.parametrize("path", ["/news/seen", "/conversations/ID/marks", "/conversations/ID/check"])
async def test_changes_need_a_session_and_the_token(server: Server, anna: AtDesk, path: str) -> None:
    assert (await anna.client.post(f"/api/desk{path}", json={})).status_code == 403
    async with server.client() as client:
        assert (await client.post(f"/api/desk{path}", json={})).status_code == 401


class TestWrapUp:
    async def test_what_is_to_follow_becomes_the_agents_task_once(self, anna: AtDesk, served: Visitor) -> None:
        path = f"/conversations/{served.conversation_id}/wrapup"
        follow_up = {"text": "核实回单后回电", "due_at": "2026-11-23T10:00:00+08:00"}
        epoch = (await served.poll())["epoch"]
        form = {"epoch": epoch, "result": "follow_up", "category": "loan_rate", "note": "等回单"}
        ended = await anna.post(path, {**form, "follow_up": follow_up})
        assert ended.status_code == 200
        assert (await served.poll())["state"] == "WRAP_UP"
        again = await anna.post(path, {**form, **ended.json(), "result": "solved", "follow_up": follow_up})
        assert again.json() == ended.json()
        [task] = (await anna.get("/tasks")).json()["tasks"]
        assert (task["kind"], task["text"]) == ("promise", "核实回单后回电")
        assert "等回单" not in str(await served.poll()) and "核实回单" not in str(await served.poll())

    async def test_a_date_that_has_passed_ends_nothing(self, anna: AtDesk, served: Visitor) -> None:
        form = {"epoch": (await served.poll())["epoch"], "result": "follow_up"}
        late = {**form, "follow_up": {"text": "回电", "due_at": "2026-11-21T10:00:00+08:00"}}
        reply = await anna.post(f"/conversations/{served.conversation_id}/wrapup", late)
        assert (reply.status_code, (await served.poll())["state"]) == (422, "HUMAN")

    async def test_colleagues_are_those_who_are_there(self, server: Server, anna: AtDesk) -> None:
        async with at_desk(server, "bert", "away") as bert:
            assert (await anna.get("/colleagues")).json() == {
                "colleagues": [{"id": "bert", "label": "坐席bert", "presence": "away"}]
            }
            assert [one["id"] for one in (await bert.get("/colleagues")).json()["colleagues"]] == ["anna"]
