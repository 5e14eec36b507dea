"""The agents' API over real HTTP: who gets in, what a page from elsewhere can do (nothing), and the live desk."""

from __future__ import annotations

import time

import httpx
import pytest
from desk import PASSWORD, AtDesk, at_desk
from server import Server, Visitor

from bot.desk.store import sessions
from bot.errors import Unauthorized

RIGHT = {"username": "anna", "password": PASSWORD}
CHANGES = (
    ("POST", "/presence", {"status": "ready"}),
    ("POST", "/conversations/ID/claim", {"epoch": 2}),
    ("POST", "/conversations/ID/decline", {"epoch": 2}),
    ("POST", "/conversations/ID/messages", {"epoch": 2, "text": "您好"}),
    ("POST", "/conversations/ID/transfer", {"epoch": 2}),
    ("POST", "/conversations/ID/return", {"epoch": 2}),
    ("POST", "/conversations/ID/close", {"epoch": 2, "result": "solved"}),
    ("DELETE", "/session", None),
)
READS = ("/session", "/page", "/scripts", "/events", "/conversations", "/conversations/ID")


@pytest.fixture
async def anna(server: Server) -> AtDesk:
    async with at_desk(server, "anna") as desk:
        yield desk


@pytest.fixture
async def waiting(server: Server) -> Visitor:
    """A customer who has asked for a person."""
    visitor = await server.visitor()
    await visitor.asks("转人工")
    return visitor


async def sign_in(server: Server, body: object = RIGHT, **headers: str) -> httpx.Response:
    async with server.client(**headers) as client:
        return await client.post("/api/desk/session", json=body)


class TestSignIn:
    @pytest.fixture(autouse=True)
    def known(self, server: Server) -> None:
        server.house.staff.put("anna", "坐席一号", PASSWORD)

    async def test_right_gives_the_user_and_a_cookie_that_scripts_and_other_sites_cannot_use(
        self, server: Server
    ) -> None:
        reply = await sign_in(server)
        assert reply.status_code == 200
        assert reply.json()["user"] == {
            "username": "anna",
            "name": "坐席一号",
            "rights": ["desk", "serve"],
        }
        name, *flags = reply.headers["set-cookie"].split("; ")
        assert {flag.lower() for flag in flags} >= {"httponly", "samesite=strict", "path=/api/desk"}
        assert name.partition("=")[2] not in reply.text
        assert reply.headers["cache-control"] == "no-store"

    async def test_what_is_stored_opens_no_session(self, server: Server) -> None:
        cookie = (await sign_in(server)).cookies["qiantai_desk"]
        with server.house.db.transaction() as tx:
            kept = "\n".join(str(row) for row in tx.execute(sessions.select()))
        assert cookie not in kept

    @pytest.mark.parametrize("username", ["anna", "nobody"])
    async def test_wrong_name_and_wrong_password_read_alike(self, server: Server, username: str) -> None:
        reply = await sign_in(server, {"username": username, "password": "a wrong password"})
        assert reply.status_code == 401
        assert reply.json()["detail"] == server.house.knowledge.phrase("problem_sign_in")[0]
        assert "set-cookie" not in reply.headers

    def test_wrong_name_and_wrong_password_take_alike_long(self, server: Server) -> None:
        def fastest(username: str) -> float:
            taken = []
            for _ in range(4):
                started = time.perf_counter()
                with pytest.raises(Unauthorized):
                    server.house.staff.sign_in(username, "a wrong password")
                taken.append(time.perf_counter() - started)
            return min(taken)

        known, unknown = fastest("anna"), fastest("nobody")
        assert 0.5 < unknown / known < 2.0

    async def test_guessing_a_password_is_slowed_down_even_when_the_guess_is_right(self, server: Server) -> None:
        wrong = {"username": "anna", "password": "a wrong password"}
        assert [(await sign_in(server, wrong)).status_code for _ in range(5)] == [401] * 5
        blocked = await sign_in(server)
        assert blocked.status_code == 429
        assert int(blocked.headers["retry-after"]) >= 1
        server.house.clock.advance(60)
        assert (await sign_in(server)).status_code == 200

    async def test_trying_many_names_is_slowed_down_too(self, server: Server) -> None:
        codes = [(await sign_in(server, {"username": f"n{i}", "password": "x"})).status_code for i in range(21)]
        assert (codes[:20], codes[20]) == ([401] * 20, 429)

    @pytest.mark.parametrize(
        "body", [{}, {"username": "anna"}, {**RIGHT, "remember": True}, {**RIGHT, "username": "a" * 65}, [], None, "x"]
    )
    async def test_a_body_that_says_something_else_is_refused(self, server: Server, body: object) -> None:
        reply = await sign_in(server, body)
        assert reply.status_code == 422
        assert reply.headers["content-type"].startswith("application/problem+json")

    async def test_only_our_own_page_may_sign_in(self, server: Server) -> None:
        assert (await sign_in(server, Origin="https://bank.example")).status_code == 403
        assert (await sign_in(server, Origin="null")).status_code == 403
        assert (await sign_in(server, Origin=server.url)).status_code == 200


class TestSession:
    @pytest.mark.parametrize("cookie", [None, "forged"])
    async def test_nothing_is_read_or_changed_without_one(self, server: Server, cookie: str | None) -> None:
        asked = [("GET", path, None) for path in READS] + list(CHANGES)
        async with server.client(**({"Cookie": f"qiantai_desk={cookie}"} if cookie else {})) as client:
            for method, path, body in asked:
                reply = await client.request(method, "/api/desk" + path, json=body)
                assert reply.status_code == 401, path
                assert reply.headers["content-type"].startswith("application/problem+json")

    async def test_it_ends_after_twelve_hours(self, server: Server, anna: AtDesk) -> None:
        assert (await anna.get("/session")).status_code == 200
        server.house.clock.advance(12 * 3600)
        assert (await anna.get("/session")).status_code == 401

    async def test_signing_out_ends_it_and_the_stream_of_every_tab(self, server: Server, anna: AtDesk) -> None:
        cookie = anna.client.cookies["qiantai_desk"]
        async with anna.stream() as stream:
            await stream.next("desk")
            gone = await anna.client.delete("/api/desk/session", headers={"X-CSRF-Token": anna.token})
            assert gone.status_code == 200
            await stream.next("closed")
            await stream.ends()
        async with server.client(Cookie=f"qiantai_desk={cookie}") as stolen:
            assert (await stolen.get("/api/desk/session")).status_code == 401
        with server.house.db.transaction() as tx:
            assert server.house.staff.get(tx, "anna").presence == "offline"

    async def test_two_sessions_of_one_agent_live_apart(self, server: Server, anna: AtDesk) -> None:
        async with at_desk(server, "anna") as other:
            await other.client.delete("/api/desk/session", headers={"X-CSRF-Token": other.token})
        assert (await anna.get("/session")).status_code == 200


class TestForgedRequests:
    """A page elsewhere that uses the agent's cookie."""

    @pytest.mark.parametrize(
        "headers",
        [{}, {"X-CSRF-Token": "wrong"}, {"Origin": "https://bank.example"}, {"Origin": "null"}],
        ids=["no token", "wrong token", "foreign origin", "null origin"],
    )
    async def test_change_nothing(self, server: Server, anna: AtDesk, waiting: Visitor, headers: dict) -> None:
        if "Origin" in headers:
            headers = {**headers, "X-CSRF-Token": anna.token}
        before = await waiting.poll()
        for method, path, body in CHANGES:
            path = "/api/desk" + path.replace("ID", waiting.conversation_id)
            headers = {"Idempotency-Key": "a-key-0001", **headers}
            assert (await anna.client.request(method, path, json=body, headers=headers)).status_code == 403, path
        assert await waiting.poll() == before
        assert (await anna.get("/session")).status_code == 200
        with server.house.db.transaction() as tx:
            assert server.house.staff.get(tx, "anna").presence == "busy"

    async def test_the_desk_answers_no_preflight(self, server: Server) -> None:
        async with server.client(Origin="https://bank.example") as client:
            reply = await client.options("/api/desk/session", headers={"Access-Control-Request-Method": "POST"})
        assert "access-control-allow-origin" not in reply.headers


class TestPresence:
    @pytest.mark.parametrize("status", ["ready", "busy", "away", "offline"])
    async def test_is_what_the_agent_says(self, anna: AtDesk, status: str) -> None:
        assert (await anna.post("/presence", {"status": status})).status_code == 200
        async with anna.stream() as stream:
            assert (await stream.next("desk"))["presence"] == status

    @pytest.mark.parametrize("body", [{"status": "asleep"}, {}, {"status": "ready", "until": "noon"}])
    async def test_anything_else_is_refused(self, anna: AtDesk, body: dict) -> None:
        assert (await anna.post("/presence", body)).status_code == 422

    async def test_ready_brings_the_next_customer(self, anna: AtDesk, waiting: Visitor) -> None:
        async with anna.stream() as stream:
            assert (await stream.next("desk"))["offers"] == []
            await anna.post("/presence", {"status": "ready"})
            desk = await stream.next("desk", lambda desk: desk["offers"])
        [offer] = desk["offers"]
        assert offer["conversation_id"] == waiting.conversation_id
        assert offer["reason"]["code"] == "asked"
        assert offer["expires_at"] > offer["waiting_since"]
        assert desk["queue"] == []


class TestLiveDesk:
    async def test_who_comes_into_the_queue_is_seen_at_once(self, server: Server, anna: AtDesk) -> None:
        async with anna.stream() as stream:
            assert (await stream.next("desk"))["queue"] == []
            visitor = await server.visitor()
            await visitor.asks("房贷利率是多少")
            await visitor.asks("转人工")
            [item] = (await stream.next("desk", lambda desk: desk["queue"]))["queue"]
        assert item["conversation_id"] == visitor.conversation_id
        assert (item["reason"]["code"], item["place"], item["holder"]) == ("asked", 1, None)
        assert item["waiting_since"] is not None
        assert server.house.knowledge.products["mortgage"].name in item["topic"]

    async def test_what_the_customer_writes_arrives_once_and_in_order(self, anna: AtDesk, waiting: Visitor) -> None:
        await anna.claims(waiting)
        async with anna.stream() as stream:
            await stream.next("desk", lambda desk: desk["mine"])
            texts = ["第一句", "第二句", "第三句"]
            for text in texts:
                await waiting.post({"text": text})
            seen: list[dict] = []
            while [e["text"] for e in seen if e["actor"]["kind"] == "customer"] != texts:
                update = await stream.next("conversation")
                assert update["conversation_id"] == waiting.conversation_id
                seen += update["events"]
        assert [e["seq"] for e in seen] == sorted({e["seq"] for e in seen})

    async def test_what_others_hold_is_not_in_it(self, server: Server, anna: AtDesk, waiting: Visitor) -> None:
        async with at_desk(server, "bert") as bert, anna.stream() as stream:
            await stream.next("desk", lambda desk: desk["queue"])
            await bert.claims(waiting)
            desk = await stream.next("desk", lambda desk: not desk["queue"])
            assert (desk["mine"], desk["offers"]) == ([], [])
            await waiting.post({"text": "只给接待我的人看"})
            await anna.post("/presence", {"status": "away"})
            await stream.next("desk", lambda desk: desk["presence"] == "away")
        listed = (await anna.get("/conversations")).json()["conversations"]
        assert "只给接待我的人看" not in str((desk, listed))
        assert (await anna.get(f"/conversations/{waiting.conversation_id}")).status_code == 403

    async def test_a_laptop_that_slept_finds_its_desk_as_it_is_now(
        self, server: Server, anna: AtDesk, waiting: Visitor
    ) -> None:
        assert (await anna.claims(waiting)).status_code == 200
        async with anna.stream() as stream:
            await stream.next("desk", lambda desk: desk["mine"])
        server.house.clock.advance(61)  # asleep: no sign of life
        server.house.desk.tick()
        assert (await waiting.poll())["state"] == "QUEUED"
        again = await anna.claims(waiting)  # before the stream is back
        assert again.status_code == 200
        server.house.desk.tick()
        async with anna.stream() as stream:
            desk = await stream.next("desk")
        assert [item["conversation_id"] for item in desk["mine"]] == [waiting.conversation_id]
        assert desk["mine"][0]["epoch"] == again.json()["epoch"]
