"""Open cases at the desk over real HTTP: who sees them, who may read a number, who has called whom back."""

from __future__ import annotations

import httpx
import pytest
from desk import AtDesk, at_desk, complaining
from server import Server, Visitor
from support import NIGHT

from bot.conversation import store
from bot.conversation.model import State
from bot.privacy.audit import Entry, entries

PHONE = "13800138000"
DEEDS = (("contact", {}), ("take", {}), ("done", {"note": "已说明"}))


@pytest.fixture(autouse=True)
def hours(server: Server) -> None:
    """Nobody is there: who asks for a person leaves a message."""
    server.house.clock.set(NIGHT)


@pytest.fixture
async def anna(server: Server) -> AtDesk:
    async with at_desk(server, "anna") as desk:
        yield desk


@pytest.fixture
async def supervisor(server: Server) -> AtDesk:
    async with at_desk(server, "sofia", "busy", "supervisor") as desk:
        yield desk


@pytest.fixture
async def caller(server: Server) -> Visitor:
    """A customer who asked for a person at night, and gave his number."""
    visitor = await server.visitor()
    await visitor.asks("转人工")
    await visitor.asks(PHONE)
    return visitor


@pytest.fixture
async def complainant(server: Server) -> Visitor:
    """A customer whose complaint has been taken up, with his number."""
    questions = server.assistant.otherwise
    server.assistant.otherwise = lambda turn: complaining(server.house, turn)
    visitor = await server.visitor()
    await visitor.asks("我要投诉，昨天在城南支行柜员让我等了两个小时")
    await visitor.asks(PHONE)
    seq = (await visitor.post({"choice": "confirm"})).json()["seq"]
    await visitor.poll(after=seq, wait=10)
    server.assistant.otherwise = questions
    return visitor


async def tickets(desk: AtDesk) -> list[dict]:
    got = await desk.get("/tickets?state=open")
    assert got.status_code == 200, got.text
    return got.json()["tickets"]


async def only(desk: AtDesk) -> dict:
    (ticket,) = await tickets(desk)
    return ticket


async def does(desk: AtDesk, deed: str, body: object = None) -> httpx.Response:
    return await desk.post(f"/tickets/{(await only(desk))['number']}/{deed}", body)


def state_of(server: Server, visitor: Visitor) -> State:
    return server.house.conversations.snapshot(visitor.conversation_id).conversation.state


def readings(server: Server) -> list[Entry]:
    """Who has read a customer's number."""
    with server.house.db.transaction() as tx:
        return [entry for entry in entries(tx) if entry.action == "privacy:value:reveal" and entry.actor != "bot"]


class TestTheList:
    async def test_a_promised_callback_stands_there_with_its_hour_and_what_it_is_about(
        self, anna: AtDesk, server: Server
    ) -> None:
        visitor = await server.visitor()
        await visitor.asks("房贷利率是多少")
        case = (await visitor.asks("转人工"))["case"]
        await visitor.asks(PHONE)
        ticket = await only(anna)
        assert (ticket["number"], ticket["kind"], ticket["due"]) == (case["number"], "callback", case["due"])
        assert ticket["due"].startswith("2026-11-23T10:00")
        assert ticket["reason"] == server.house.knowledge.escalation.reasons["asked"].text
        assert ticket["facts"] == "房贷利率是多少\n转人工"
        assert (ticket["overdue"], ticket["taken_by"], ticket["mine"], ticket["may_work"]) == (False, None, False, True)

    async def test_a_complaint_too_without_personal_data(self, supervisor: AtDesk, complainant: Visitor) -> None:
        ticket = await only(supervisor)
        assert (ticket["kind"], ticket["severity"], ticket["repeat"]) == ("complaint", "一般", False)
        assert ticket["first_response_due"] < ticket["due"]
        assert "两个小时" in ticket["facts"]
        assert ticket["conversation_id"] == complainant.conversation_id

    async def test_holds_no_number(self, supervisor: AtDesk, caller: Visitor, complainant: Visitor) -> None:
        got = await supervisor.get("/tickets")
        assert len(got.json()["tickets"]) == 2
        assert PHONE not in got.text

    async def test_the_late_one_is_marked(self, anna: AtDesk, caller: Visitor, server: Server) -> None:
        server.house.clock.set(NIGHT.replace(day=23, hour=9, minute=59, second=59))
        assert not (await only(anna))["overdue"]
        server.house.clock.advance(1)
        assert (await only(anna))["overdue"]

    @pytest.mark.parametrize(
        ("asked", "field"), [("state=closed", "state"), ("due=never", "due"), ("limit=0", "limit"), ("q=%00", "q")]
    )
    async def test_an_odd_filter_is_refused_by_name(self, anna: AtDesk, asked: str, field: str) -> None:
        refused = await anna.get(f"/tickets?{asked}")
        assert (refused.status_code, refused.json()["field"]) == (422, field)


class TestWhoMayCome:
    async def test_nobody_without_a_sign_in(self, server: Server, anna: AtDesk, caller: Visitor) -> None:
        number = (await only(anna))["number"]
        async with server.client() as client:
            assert (await client.get("/api/desk/tickets")).status_code == 401
            for deed, body in DEEDS:
                assert (await client.post(f"/api/desk/tickets/{number}/{deed}", json=body)).status_code == 401

    @pytest.mark.parametrize(
        "headers", [{"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": ""}, {"Origin": "https://evil.example"}]
    )
    async def test_no_page_from_elsewhere(
        self, anna: AtDesk, caller: Visitor, server: Server, headers: dict[str, str]
    ) -> None:
        number = (await only(anna))["number"]
        for deed, body in DEEDS:
            assert (await anna.post(f"/tickets/{number}/{deed}", body, **headers)).status_code == 403
        assert readings(server) == []
        assert (await only(anna))["state"] == "NEW"

    async def test_a_case_that_does_not_exist(self, anna: AtDesk) -> None:
        for deed, body in DEEDS:
            assert (await anna.post(f"/tickets/HF20261122-999999/{deed}", body)).status_code == 404

    @pytest.mark.parametrize("body", [{}, {"note": ""}, {"note": " \n"}, {"note": "长" * 1001}, {"note": "a", "x": 1}])
    async def test_without_a_note_or_with_more_than_that_nothing_is_done(
        self, anna: AtDesk, caller: Visitor, body: dict
    ) -> None:
        assert (await does(anna, "done", body)).status_code == 422
        assert (await only(anna))["state"] == "NEW"


class TestACallback:
    async def test_any_agent_reads_the_number_and_each_reading_is_on_record(
        self, anna: AtDesk, caller: Visitor, server: Server
    ) -> None:
        for _ in range(2):
            assert (await does(anna, "contact")).json() == {"contact": PHONE}
        number = (await only(anna))["number"]
        assert [(entry.actor, number in entry.detail["purpose"]) for entry in readings(server)] == [("anna", True)] * 2
        assert [event.action for event in server.house.tickets.history(number)] == ["opened", *["contact_read"] * 2]

    async def test_who_gave_no_number_is_reached_in_the_chat(self, anna: AtDesk, server: Server) -> None:
        await (await server.visitor()).asks("转人工")
        assert (await does(anna, "contact")).json() == {"contact": None}
        assert readings(server) == []

    async def test_is_still_called_when_the_conversation_has_ended(
        self, anna: AtDesk, caller: Visitor, server: Server
    ) -> None:
        server.house.clock.advance(3600)
        server.house.conversations.tick()
        assert state_of(server, caller) is State.CLOSED
        assert (await does(anna, "contact")).json() == {"contact": PHONE}
        with server.house.db.transaction() as tx:
            assert store.broken_at(tx, caller.conversation_id) is None

    async def test_taken_by_one_it_is_shown_so_to_all(self, anna: AtDesk, caller: Visitor, server: Server) -> None:
        async with at_desk(server, "bert") as bert:
            assert (await does(anna, "take")).status_code == 200
            mine, his = await only(anna), await only(bert)
            assert (mine["state"], mine["taken_by"], mine["mine"]) == ("ASSIGNED", "坐席anna", True)
            assert (his["taken_by"], his["mine"]) == ("坐席anna", False)
            refused = await does(bert, "take")
        assert (refused.status_code, refused.json()["holder"]) == (409, "anna")
        assert refused.json()["detail"] == server.house.knowledge.phrase("problem_case_taken")[0]

    async def test_done_it_leaves_the_list_with_who_and_what(
        self, anna: AtDesk, caller: Visitor, server: Server
    ) -> None:
        number = (await only(anna))["number"]
        assert (await does(anna, "done", {"note": f"已回电{PHONE}，客户了解"})).status_code == 200
        assert await tickets(anna) == []
        last = server.house.tickets.history(number)[-1]
        assert (last.actor, last.action) == ("anna", "closed")
        assert "客户了解" in last.detail["note"] and PHONE not in last.detail["note"]
        for deed, body in DEEDS:
            assert (await anna.post(f"/tickets/{number}/{deed}", body)).status_code == 409

    async def test_done_the_conversation_that_waited_for_it_ends(
        self, anna: AtDesk, caller: Visitor, server: Server
    ) -> None:
        await does(anna, "done", {"note": "已说明"})
        got = await caller.poll()
        assert got["state"] == "CLOSED"
        assert got["events"][-1]["text"] == server.house.knowledge.phrase("callback_done")[0]


class TestAComplaint:
    async def test_is_no_business_of_an_agent_who_does_not_talk_with_the_customer(
        self, anna: AtDesk, supervisor: AtDesk, complainant: Visitor, server: Server
    ) -> None:
        number = (await only(supervisor))["number"]
        assert await tickets(anna) == []
        for deed, body in DEEDS:  # as if it did not exist
            assert (await anna.post(f"/tickets/{number}/{deed}", body)).status_code == 404
        assert (await anna.get(f"/tickets/{number}")).status_code == 404
        assert readings(server) == []

    async def test_who_handles_complaints_takes_it_and_is_its_owner(self, complainant: Visitor, server: Server) -> None:
        async with at_desk(server, "carl", "ready", "complaints") as carl, at_desk(server, "dora") as dora:
            assert (await only(carl))["owner_user"] is None
            assert (await does(carl, "take")).json()["owner_user"] == {"id": "carl", "label": "坐席carl"}
            assert await tickets(dora) == []

    async def test_who_holds_the_customer_reads_the_number(
        self, anna: AtDesk, complainant: Visitor, server: Server
    ) -> None:
        server.house.clock.set(NIGHT.replace(hour=12))
        await complainant.asks("转人工")
        assert (await anna.claims(complainant)).status_code == 200
        assert (await only(anna))["may_work"]
        assert (await does(anna, "contact")).json() == {"contact": PHONE}

    async def test_a_supervisor_reads_it_and_takes_it(
        self, supervisor: AtDesk, complainant: Visitor, server: Server
    ) -> None:
        assert (await does(supervisor, "contact")).json() == {"contact": PHONE}
        assert [entry.actor for entry in readings(server)] == ["sofia"]
        assert (await does(supervisor, "take")).status_code == 200
        assert (await only(supervisor))["state"] == "ASSIGNED"

    async def test_cannot_be_ended_like_a_callback(self, supervisor: AtDesk, complainant: Visitor) -> None:
        await does(supervisor, "take")
        assert (await does(supervisor, "done", {"note": "已说明"})).status_code == 409
        assert (await only(supervisor))["state"] == "ASSIGNED"


async def test_a_second_callback_of_the_same_customer_keeps_his_conversation_open(
    anna: AtDesk, caller: Visitor, server: Server
) -> None:
    """He asked for a person again by day, would not wait, and left a message once more."""
    server.house.clock.set(NIGHT.replace(hour=23, minute=31))
    with server.house.db.transaction() as tx:
        server.house.tickets.open_callback(tx, caller.conversation_id, 99, "asked", server.house.clock.now())
    first, second = [ticket["number"] for ticket in await tickets(anna)]
    assert (await anna.post(f"/tickets/{first}/done", {"note": "已说明"})).status_code == 200
    assert state_of(server, caller) is State.MESSAGE_LEFT
    assert (await anna.post(f"/tickets/{second}/done", {"note": "已说明"})).status_code == 200
    assert state_of(server, caller) is State.CLOSED
