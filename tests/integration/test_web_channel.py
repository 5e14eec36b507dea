"""The chat's wire (design, "On the wire") over real HTTP, and what hostile or unlucky input gets."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from desk import agent
from server import Server, Visitor

from bot.conversation import store


async def frames(response: httpx.Response, wanted: int) -> list[dict]:
    """The first `wanted` events of a stream, as {"id", "event", "data"}."""
    found: list[dict] = []
    frame: dict = {}
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if name in ("id", "event", "data"):
            frame[name] = value
        elif not line and frame:
            found.append({**frame, "data": json.loads(frame["data"])})
            frame = {}
            if len(found) == wanted:
                break
    return found


@pytest.fixture
async def visitor(server: Server) -> Visitor:
    return await server.visitor()


async def test_a_question_is_answered_by_script_with_its_warning(visitor: Visitor) -> None:
    answer = await visitor.asks("房贷利率是多少")
    assert answer["script"]["id"] == "loan_rate_mortgage"
    assert "loan_cost" in [d["id"] for d in answer["disclosures"]]
    assert "最终以审批为准" in answer["text"]
    assert "internal" not in answer


async def test_the_welcome_says_that_it_is_an_assistant(visitor: Visitor) -> None:
    welcome = (await visitor.poll())["events"][0]
    assert welcome["actor"]["kind"] == "bot"
    assert "智能" in welcome["text"]


async def test_the_stream_resumes_by_number_without_loss_or_doubling(visitor: Visitor) -> None:
    await visitor.asks("房贷利率是多少")
    async with visitor.client() as client:
        stream = {"Accept": "text/event-stream"}
        async with client.stream("GET", "/api/chat/events?after=0", headers=stream) as response:
            seen = [f for f in await frames(response, 4) if f["event"] == "event"]
        assert [int(f["id"]) for f in seen] == [1, 2, 3]
        resumed = {**stream, "Last-Event-ID": "2"}
        async with client.stream("GET", "/api/chat/events", headers=resumed) as response:
            assert [f["id"] for f in await frames(response, 1)] == ["3"]


async def test_who_switches_to_large_type_is_answered_for_it_from_then_on(server: Server, visitor: Visitor) -> None:
    asked = [
        ({"text": "房贷利率是多少"}, None),
        ({"text": "几点开门", "large_type": True}, "large_type"),
        ({"text": "房贷利率是多少"}, "large_type"),
        ({"text": "几点开门", "large_type": False}, None),
    ]
    for body, variant in asked:
        seq = (await visitor.post(body)).json()["seq"]
        answer = (await visitor.poll(after=seq, wait=10))["events"][0]
        with server.house.db.transaction() as tx:
            internal = store.event_at(tx, visitor.conversation_id, answer["seq"]).payload["internal"]
        assert answer["script"] and internal.get("variant") == variant, body


async def test_the_same_message_sent_again_with_another_size_of_type_is_the_same_message(visitor: Visitor) -> None:
    first = await visitor.post({"text": "你好"}, key="one-message")
    again = await visitor.post({"text": "你好", "large_type": True}, key="one-message")
    assert (first.status_code, again.status_code) == (202, 202) and first.json() == again.json()


async def test_status_tells_place_and_time_in_the_queue(visitor: Visitor) -> None:
    await visitor.asks("转人工")
    got = await visitor.poll()
    assert (got["state"], got["holder"]) == ("QUEUED", None)
    assert got["queue"] == {"place": 1, "eta_s": None}  # nobody is there: no time would be true
    agent(visitor.server.house, "anna")
    got = await visitor.poll()
    assert got["queue"]["place"] == 1 and got["queue"]["eta_s"] > 0


class TestIdempotency:
    async def test_the_same_post_ten_times_at_once_is_one_message_and_one_answer(self, visitor: Visitor) -> None:
        replies = await asyncio.gather(*(visitor.post({"text": "房贷利率是多少"}, "the-same-key") for _ in range(10)))
        assert {r.status_code for r in replies} == {202}
        assert len({r.json()["seq"] for r in replies}) == 1
        await visitor.poll(after=replies[0].json()["seq"], wait=10)
        events = (await visitor.poll())["events"]
        assert [e["actor"]["kind"] for e in events] == ["bot", "customer", "bot"]

    async def test_the_same_key_with_another_body_is_refused(self, visitor: Visitor) -> None:
        await visitor.post({"text": "房贷利率是多少"}, "the-same-key")
        again = await visitor.post({"text": "别的问题"}, "the-same-key")
        assert again.status_code == 422
        assert again.json()["type"].endswith("idempotency-key-reused")

    async def test_a_key_is_needed(self, visitor: Visitor) -> None:
        async with visitor.client() as client:
            assert (await client.post("/api/chat/messages", json={"text": "在吗"})).status_code == 422


class TestBadInput:
    @pytest.mark.parametrize(
        "body",
        [
            {"text": ""},
            {"text": " \n\t"},
            {"text": "\u200b\u0000"},
            {},
            {"text": "a", "choice": "human"},
            {"choice": "no_such"},
            {"text": "a", "more": 1},
            {"text": ["a"]},
            [],
            "x",
            None,
        ],
    )
    async def test_is_refused_with_a_clear_problem_and_nothing_is_stored(self, visitor: Visitor, body: object) -> None:
        reply = await visitor.post(body)
        assert reply.status_code == 422
        assert reply.headers["content-type"].startswith("application/problem+json")
        assert reply.json()["detail"]
        assert len((await visitor.poll())["events"]) == 1

    async def test_20000_characters_get_a_kind_answer(self, visitor: Visitor) -> None:
        reply = await visitor.post({"text": "长" * 20_000})
        assert reply.status_code == 422
        assert "1000" in reply.json()["detail"]

    async def test_a_body_of_megabytes_is_cut_off(self, visitor: Visitor) -> None:
        reply = await visitor.post({"text": "长" * 100_000})
        assert reply.status_code in (413, 422)

    async def test_emoji_only_is_answered_without_the_assistant(self, visitor: Visitor, server: Server) -> None:
        answer = await visitor.asks("😀😀👍")
        assert answer["text"] == server.house.knowledge.phrase("emoji_only")[0]
        assert server.assistant.turns == []

    @pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{7*7}}"])
    async def test_markup_is_only_text(self, visitor: Visitor, text: str) -> None:
        await visitor.asks(text)
        assert text in [e["text"] for e in (await visitor.poll())["events"]]

    async def test_not_json(self, visitor: Visitor) -> None:
        async with visitor.client() as client:
            reply = await client.post(
                "/api/chat/messages", content=b"{not json", headers={"Idempotency-Key": "0123456789"}
            )
        assert reply.status_code == 422


class TestTokens:
    @pytest.mark.parametrize("token", ["x", "forged", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
    async def test_a_forged_token_is_refused(self, server: Server, token: str) -> None:
        async with server.client(Authorization=f"Bearer {token}") as client:
            assert (await client.get("/api/chat/events")).status_code == 401
            reply = await client.post("/api/chat/messages", json={"text": "a"}, headers={"Idempotency-Key": "12345678"})
        assert reply.status_code == 401

    async def test_a_token_opens_its_own_conversation_only(self, server: Server, visitor: Visitor) -> None:
        await visitor.asks("房贷利率是多少")
        other = await server.visitor()
        assert len((await other.poll())["events"]) == 1

    async def test_a_token_with_one_letter_changed(self, server: Server, visitor: Visitor) -> None:
        """Not the last one: it carries spare bits, and two letters can mean the same signature."""
        changed = visitor.token[:-2] + ("A" if visitor.token[-2] != "A" else "B") + visitor.token[-1]
        async with server.client(Authorization=f"Bearer {changed}") as client:
            assert (await client.get("/api/chat/events")).status_code == 401


class TestRates:
    async def test_too_many_messages_get_429_with_the_seconds_to_wait(self, visitor: Visitor) -> None:
        replies = [await visitor.post({"choice": "human"}) for _ in range(14)]
        assert replies[-1].status_code == 429
        assert int(replies[-1].headers["retry-after"]) >= 1
        assert replies[-1].json()["detail"]

    async def test_too_many_conversations(self, server: Server) -> None:
        async with server.client() as client:
            codes = [(await client.post("/api/chat/conversations", json={})).status_code for _ in range(22)]
        assert codes[:20] == [201] * 20 and codes[-1] == 429


class TestPersonalData:
    async def test_is_a_token_in_everything_that_is_stored(self, visitor: Visitor, server: Server) -> None:
        await visitor.asks("我的手机号是13800138000，身份证11010519491231002X")
        with server.house.db.engine.connect() as connection:
            dump = "\n".join(
                str(row)
                for table in ("conversation_events", "conversations", "turns", "personal_values")
                for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
            )
        assert "13800138000" not in dump and "11010519491231002X" not in dump
        assert "尾号8000" in dump
        assert all("13800138000" not in turn.text for turn in server.assistant.turns)

    async def test_a_password_is_not_stored_and_the_customer_is_warned(self, visitor: Visitor, server: Server) -> None:
        await visitor.asks("我的密码是 884210 登不上去")
        events = (await visitor.poll())["events"]
        assert not any("884210" in e["text"] for e in events)
        assert server.house.knowledge.phrase("secret_warning")[0] in [e["text"] for e in events]


class TestOtherOrigins:
    async def test_a_named_origin_may_use_the_chat(self, server: Server) -> None:
        async with server.client(Origin="https://bank.example") as client:
            reply = await client.options("/api/chat/messages")
            assert reply.status_code == 204
            assert reply.headers["access-control-allow-origin"] == "https://bank.example"
            made = await client.post("/api/chat/conversations", json={})
            assert made.headers["access-control-allow-origin"] == "https://bank.example"

    async def test_another_origin_may_not(self, server: Server) -> None:
        async with server.client(Origin="https://evil.example") as client:
            made = await client.post("/api/chat/conversations", json={})
        assert "access-control-allow-origin" not in made.headers


async def test_a_closed_conversation_names_itself_and_a_new_one_knows_its_former(
    server: Server, visitor: Visitor
) -> None:
    server.house.clock.advance(31 * 60)
    server.house.conversations.tick()
    reply = await visitor.post({"text": "还在吗"})
    assert (reply.status_code, reply.json()["type"]) == (409, "urn:qiantai:problem:conversation-closed")
    again = await server.visitor(former_token=visitor.token)
    assert server.house.conversations.snapshot(again.conversation_id).conversation.former_id == visitor.conversation_id


async def test_health_and_readiness(server: Server) -> None:
    async with server.client() as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        ready = (await client.get("/readyz")).json()
        assert ready["ready"] and any("sample" in warning for warning in ready["warnings"])
        assert "qiantai_conversations" in (await client.get("/metrics")).text


async def test_pages_carry_the_strict_policy_and_unknown_paths_are_404(server: Server) -> None:
    async with server.client() as client:
        page = await client.get("/demo")
        assert page.status_code == 200
        assert "script-src 'self'" in page.headers["content-security-policy"]
        for path in (
            "/demo/../../etc/passwd",
            "/desk/%2e%2e/secrets",
            "/static/",
            "/webhooks/rest/webhook",
            "/nothing",
        ):
            assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        ("https://bank.example/loans", "https://bank.example/loans"),
        ("https://bank.example/loans?phone=13800138000#customer=TOKEN", "https://bank.example/loans"),
        ("https://bank.example/loans#customer=TOKEN?x", "https://bank.example/loans"),
        ("https://lin:secret@bank.example/loans", "https://bank.example/loans"),
        ("https://bank.example/of/13800138000", "https://bank.example/of/〔手机·尾号8000〕"),
        ("https://bank.example/\0\u200bloans", "https://bank.example/loans"),
        ("https://[bank", "https://[bank"),
        ("https://bank.example/" + "x" * 400, "https://bank.example/" + "x" * 179),
        # cut after it was masked, not before
        ("https://bank.example/" + "x" * 175 + "/13800138000", "https://bank.example/" + "x" * 175 + "/〔手机"),
        ("?a=b", None),
        ("", None),
        (None, None),
    ],
)
async def test_the_page_is_remembered_without_what_may_tell_who_he_is(
    server: Server, page: str | None, kept: str | None
) -> None:
    visitor = await server.visitor(page=page)
    context = server.house.conversations.snapshot(visitor.conversation_id).conversation.context
    assert context == ({"page": kept} if kept else {})
