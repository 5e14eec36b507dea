"""Who is complained about, at his console over real HTTP: nothing of that customer is there for him any more (L1)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from desk import AtDesk, at_desk, complaining
from server import Server, Visitor
from support import NIGHT

from bot.console.attachment import SAVED
from bot.tickets.entering import Entry
from bot.tickets.model import Kind

PHONE = "13800138000"
WORDS = "房贷利率是多少"  # what the customer asked before he wanted a person
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 16
ROLES = ("complaints", "supervisor", "quality", "head")  # whatever he is, he does not see it


@pytest.fixture
async def anna(server: Server) -> AsyncIterator[AtDesk]:
    server.house.clock.set(NIGHT)
    async with at_desk(server, "anna", "busy", *ROLES) as desk:
        yield desk


@pytest.fixture
async def bert(server: Server) -> AsyncIterator[AtDesk]:
    async with at_desk(server, "bert") as desk:
        yield desk


@pytest.fixture
async def caller(server: Server, anna: AtDesk) -> Visitor:
    """A customer who asked for a person at night and gave his number; anna has taken the call."""
    visitor = await server.visitor()
    for words in (WORDS, "转人工", PHONE):
        await visitor.asks(words)
    number = number_of(server, visitor)
    assert (await anna.post(f"/tickets/{number}/take")).status_code == 200
    sent = {"file": ("单据.png", PNG, "image/png")}
    put = await anna.client.post(f"/api/desk/tickets/{number}/files", files=sent, headers={"X-CSRF-Token": anna.token})
    assert put.status_code == 201
    return visitor


def number_of(server: Server, visitor: Visitor, kind: Kind = Kind.CALLBACK) -> str:
    with server.house.db.transaction() as tx:
        (found,) = [c for c in server.house.tickets.cases_of(tx, visitor.conversation_id) if c.kind is kind]
    return found.number


async def complains(server: Server, visitor: Visitor, story: str = "坐席anna态度恶劣，还骂人，我要求道歉") -> None:
    """The form to its end; then the worker has looked."""
    questions = server.assistant.otherwise
    server.assistant.otherwise = lambda turn: complaining(server.house, turn)
    await visitor.asks(f"我要投诉，{story}")
    seq = (await visitor.post({"choice": "confirm"})).json()["seq"]
    await visitor.poll(after=seq, wait=10)
    server.assistant.otherwise = questions
    await asyncio.to_thread(server.house.casework.tick)


async def views(desk: AtDesk, visitor: Visitor) -> dict[str, str]:
    """Every list there is, as it was sent; by where it stands."""
    paths = (
        "/tickets?state=all",
        "/tickets?kind=callback",
        "/tickets?owner=me",
        "/tickets?owner=none",
        "/tickets?due=week",
        f"/tickets?q={WORDS}",
        "/tickets?q=HF",
        "/tickets/export?state=all",
        "/tasks?owner=me",
        "/tasks?owner=all",
        "/tasks?owner=all&state=done",
        "/alerts",
        "/conversations",
    )
    got = {path: await desk.get(path) for path in paths}
    assert {response.status_code for response in got.values()} == {200}
    return {path: response.text for path, response in got.items()}


async def single(desk: AtDesk, number: str, visitor: Visitor) -> dict[str, httpx.Response]:
    """Every way to one case, its conversation, or an act on them; by what it is."""
    chat, epoch = visitor.conversation_id, (await visitor.poll())["epoch"]
    entry = {"facts": "转述", "conversation_id": chat}
    due_at = "2026-11-30T10:00:00+08:00"
    upload = {"files": {"file": ("a.png", PNG, "image/png")}, "headers": {"X-CSRF-Token": desk.token}}
    return {
        "page": await desk.get(f"/tickets/{number}"),
        "contact": await desk.post(f"/tickets/{number}/contact"),
        "take": await desk.post(f"/tickets/{number}/take"),
        "note": await desk.post(f"/tickets/{number}/note", {"text": "看过"}),
        "done": await desk.post(f"/tickets/{number}/done", {"note": "已说明"}),
        "accused": await desk.post(f"/tickets/{number}/accused", {"usernames": [], "reason": "不是我"}),
        "file": await desk.get(f"/tickets/{number}/files/1"),
        "upload": await desk.client.post(f"/api/desk/tickets/{number}/files", **upload),
        "prefill": await desk.get(f"/tickets/prefill?conversation_id={chat}"),
        "enter": await desk.post("/tickets", entry, **{"Idempotency-Key": "enter-0001"}),
        "promise": await desk.post("/tasks", {"conversation_id": chat, "text": "给您回电", "due_at": due_at}),
        "conversation": await desk.get(f"/conversations/{chat}"),
        "media": await desk.get(f"/conversations/{chat}/media/1"),
        "claim": await desk.post(f"/conversations/{chat}/claim", {"epoch": epoch}),
    }


class TestACallbackThatWasThereBefore:
    async def test_is_in_no_list_of_hers(self, anna: AtDesk, caller: Visitor, server: Server) -> None:
        before = await views(anna, caller)
        number = number_of(server, caller)
        assert {path for path, text in before.items() if number in text} >= {"/tickets?owner=me", "/tickets?q=HF"}
        await complains(server, caller)
        shown = await views(anna, caller)
        told = (number, number_of(server, caller, Kind.COMPLAINT), WORDS, caller.conversation_id, "态度恶劣")
        assert {path: word for path, text in shown.items() for word in told if word in text} == {}

    async def test_is_not_there_for_her_whatever_she_asks_of_it(
        self, anna: AtDesk, caller: Visitor, server: Server
    ) -> None:
        number = number_of(server, caller)
        assert (await anna.get(f"/tickets/{number}")).status_code == 200
        assert (await anna.get(f"/tickets/{number}/files/1")).headers["content-type"] == SAVED
        await complains(server, caller)
        for case in (number, number_of(server, caller, Kind.COMPLAINT)):
            got = await single(anna, case, caller)
            assert {what: response.status_code for what, response in got.items()} == dict.fromkeys(got, 404)
        assert number_of(server, caller) == number  # and nothing came of it

    async def test_goes_back_to_the_queue_with_the_reason_and_its_clock(
        self, anna: AtDesk, bert: AtDesk, caller: Visitor, server: Server
    ) -> None:
        number = number_of(server, caller)
        due = (await bert.get(f"/tickets/{number}")).json()["next"]
        await complains(server, caller)
        page = (await bert.get(f"/tickets/{number}")).json()
        assert (page["state"], page["owner_user"], page["next"]) == ("NEW", None, due)
        assert "take" in page["allowed"]
        last = page["timeline"][-1]
        assert (last["action"], last["text"]) == ("given_back", "坐席anna")
        assert last["label"] == server.house.knowledge.phrase("case_event_given_back")[0]
        async with at_desk(server, "sofia", "busy", "supervisor") as sofia:
            warned = [one for one in (await sofia.get("/alerts")).json()["alerts"] if one["kind"] == "recused"]
        assert [one["number"] for one in warned] == [number]
        assert (await bert.post(f"/tickets/{number}/take")).json()["owner_user"]["id"] == "bert"
        assert (await bert.post(f"/tickets/{number}/done", {"note": "已说明"})).status_code == 200

    async def test_is_hers_again_to_see_when_a_supervisor_sets_her_free(
        self, anna: AtDesk, caller: Visitor, server: Server
    ) -> None:
        await complains(server, caller)
        complaint, number = number_of(server, caller, Kind.COMPLAINT), number_of(server, caller)
        async with at_desk(server, "sofia", "busy", "supervisor") as sofia:
            free = {"usernames": [], "reason": "客户说的是另一位"}
            assert (await sofia.post(f"/tickets/{complaint}/accused", free)).status_code == 200
        assert (await anna.post(f"/tickets/{number}/take")).status_code == 200

    async def test_is_kept_from_her_when_the_complaint_comes_by_telephone(
        self, anna: AtDesk, caller: Visitor, server: Server
    ) -> None:
        """Another conversation, the same customer: by the number that he gave."""
        number = number_of(server, caller)
        entry = Entry("坐席anna态度恶劣，还骂人", "phone", contact=PHONE)
        await asyncio.to_thread(server.house.entering.enter, entry, "key-0001", "crm")
        assert (await anna.get(f"/tickets/{number}")).status_code == 404
        await asyncio.to_thread(server.house.casework.tick)
        assert server.house.tickets.case(number).owner_user is None


class TestWhatSheHadToDo:
    @pytest.fixture
    async def talked(self, server: Server, anna: AtDesk) -> Visitor:
        """She has promised him something in the chat; more than half of the time has gone since."""
        server.house.clock.set(NIGHT.replace(hour=12))
        visitor = await server.visitor()
        await visitor.asks("转人工")
        await anna.claims(visitor)
        assert (await anna.says(visitor, "好的，下午四点前给您回电")).status_code == 202
        server.house.clock.advance(2 * 3600 + 60)
        await asyncio.to_thread(server.house.casework.tick)
        return visitor

    @pytest.fixture
    async def sofia(self, server: Server) -> AsyncIterator[AtDesk]:
        async with at_desk(server, "sofia", "busy", "supervisor", "complaints") as desk:
            yield desk

    async def test_a_promise_is_somebody_elses_and_so_are_its_warnings(
        self, anna: AtDesk, sofia: AtDesk, talked: Visitor, server: Server
    ) -> None:
        (task,) = (await anna.get("/tasks")).json()["tasks"]
        alerts = (await anna.get("/alerts")).json()["alerts"]
        (warned,) = [one for one in alerts if one["kind"] != "clock"]  # a supervisor hears that the talk takes long
        assert (task["person"]["id"], "回电" in warned["text"], warned["level"]) == ("anna", True, 50)
        number = await entered(sofia, talked)
        assert "四点前" not in "".join((await views(anna, talked)).values())  # at once
        await asyncio.to_thread(server.house.casework.tick)
        (free,) = [one for one in (await sofia.get("/tasks")).json()["tasks"] if one["kind"] == "promise"]
        assert (free["id"], free["person"], free["due_at"]) == (task["id"], None, task["due_at"])
        told = {one["id"]: one["text"] for one in (await sofia.get("/alerts")).json()["alerts"]}
        assert told[warned["id"]] == warned["text"]
        line = (await sofia.get(f"/tickets/{number}")).json()["timeline"][-1]
        assert (line["action"], "四点前" in line["text"], "坐席anna" in line["text"]) == ("given_back", True, True)
        for deed, body in (("take", {}), ("done", {"note": "已回电"})):
            assert (await anna.post(f"/tasks/{task['id']}/{deed}", body)).status_code == 404
            assert (await sofia.post(f"/tasks/{task['id']}/{deed}", body)).status_code == 200

    async def test_the_conversation_she_holds_is_not_hers_to_speak_in_or_to_close(
        self, anna: AtDesk, sofia: AtDesk, talked: Visitor, server: Server
    ) -> None:
        await entered(sofia, talked)
        epoch, chat = (await talked.poll())["epoch"], f"/conversations/{talked.conversation_id}"
        for deed, body in (
            ("messages", {"text": "您为什么投诉我"}),
            ("close", {"result": "solved"}),
            ("return", {}),
            ("transfer", {"to": "", "note": ""}),
        ):
            sent = await anna.post(f"{chat}/{deed}", {"epoch": epoch, **body}, **{"Idempotency-Key": "a-second-key"})
            assert (deed, sent.status_code) == (deed, 404)
        await asyncio.to_thread(server.house.desk.tick)
        assert talked.conversation_id in (await sofia.get("/conversations?state=QUEUED")).text


async def entered(desk: AtDesk, visitor: Visitor, facts: str = "坐席anna态度恶劣，还骂人") -> str:
    """What the customer says of her, entered from his conversation by somebody else."""
    entry = {"facts": facts, "conversation_id": visitor.conversation_id, "contact": PHONE}
    made = await desk.post("/tickets", entry, **{"Idempotency-Key": "entry-0001"})
    assert made.status_code == 201, made.text
    return str(made.json()["number"])


async def test_a_complaint_that_is_still_being_told_is_kept_from_her_too(
    anna: AtDesk, bert: AtDesk, server: Server
) -> None:
    server.house.clock.set(NIGHT.replace(hour=12))
    questions = server.assistant.otherwise
    server.assistant.otherwise = lambda turn: complaining(server.house, turn)
    visitor = await server.visitor()
    await visitor.asks("我要投诉，坐席anna态度恶劣，还骂人")
    server.assistant.otherwise = questions
    await visitor.asks("转人工")
    assert visitor.conversation_id in (await bert.get("/conversations")).text
    assert visitor.conversation_id not in (await anna.get("/conversations")).text
    assert (await anna.get(f"/conversations/{visitor.conversation_id}")).status_code == 404
    assert (await bert.get(f"/conversations/{visitor.conversation_id}")).status_code == 200
