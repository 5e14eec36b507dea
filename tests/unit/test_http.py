"""What every HTTP surface shares: strict bodies, problem details, headers, other origins, event streams."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import MethodNotSupported

from bot import errors
from bot.errors import InvalidInput, KnowledgeError, QiantaiError, StaleEpoch, TooManyRequests
from bot.http import HEARTBEAT_S, PROBLEM_FIELDS, Body, EventStream, allow_origins, install, parse, problem, reply
from bot.knowledge import Knowledge

_names = count()
FRIEND = "https://bank.example"


class Question(Body):
    text: str
    times: int = 1


@pytest_asyncio.fixture
async def client(said: Knowledge) -> AsyncIterator[httpx.AsyncClient]:
    """A small app behind the shared surface, on loopback."""
    Sanic.test_mode = True
    app = Sanic(f"surface-{next(_names)}", configure_logging=False)
    install(app, said, connect_sources=["https://elsewhere.example"])
    allow_origins(app, "/api/chat/", lambda: [FRIEND])

    @app.post("/api/chat/ask")
    async def ask(request: Request) -> HTTPResponse:
        return reply(parse(request, Question).dict())

    @app.get("/api/desk/fails/<kind>")
    async def fails(request: Request, kind: str) -> HTTPResponse:
        raise {"stale": StaleEpoch(holder="mei", epoch=3), "bug": ZeroDivisionError("客户说的话")}[kind]

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        running = await app.create_server(sock=held, return_asyncio_server=True, access_log=False)
        await running.startup()
        await running.start_serving()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{held.getsockname()[1]}") as made:
            yield made
        running.close()
    Sanic._app_registry.clear()


class TestABody:
    async def test_that_fits_is_read(self, client: httpx.AsyncClient) -> None:
        got = await client.post("/api/chat/ask", json={"text": "您好 "})
        assert (got.status_code, got.json()) == (200, {"text": "您好 ", "times": 1})
        assert got.headers["cache-control"] == "no-store"

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            (b'{"text": "a", "more": 1}', "more"),
            (b'{"times": 1}', "text"),
            (b'{"text": "a", "times": "many"}', "times"),
            (b'{"text": null}', "text"),
            (b"[]", "body"),
            (b'[["text", "a"]]', "body"),
            (b'"x"', "body"),
            (b"null", "body"),
            (b"{not json", "body"),
            (b"\xff\xfe\x00", "body"),
            pytest.param(b"[" * 30_000, "body", id="deep"),
            (b"", "text"),
        ],
    )
    async def test_that_does_not_fit_is_refused_by_the_name_of_its_field(
        self, client: httpx.AsyncClient, body: bytes, field: str
    ) -> None:
        got = await client.post("/api/chat/ask", content=body)
        assert (got.status_code, got.json()["type"]) == (422, "urn:qiantai:problem:invalid-input")
        assert got.json()["field"] == field

    async def test_half_an_emoji_is_left_out(self, client: httpx.AsyncClient) -> None:
        """A phone may cut one in two; no store and no hash takes half a character."""
        got = await client.post("/api/chat/ask", content=b'{"text": "ok\\ud83d"}')
        assert (got.status_code, got.json()["text"]) == (200, "ok")


class TestAProblem:
    KINDS = (
        (QiantaiError(), 500, "internal"),
        (errors.Unauthorized(), 401, "unauthorized"),
        (errors.Forbidden(), 403, "forbidden"),
        (errors.NotFound(), 404, "not-found"),
        (errors.Conflict(), 409, "conflict"),
        (StaleEpoch(), 409, "stale-epoch"),
        (InvalidInput(), 422, "invalid-input"),
        (errors.KeyReused(), 422, "idempotency-key-reused"),
        (errors.RefusedByGuard(), 422, "refused-by-guard"),
        (TooManyRequests(7), 429, "too-many-requests"),
        (errors.StoreUnavailable(), 503, "store-unavailable"),
    )

    @pytest.mark.parametrize(("error", "status", "kind"), KINDS, ids=[kind for *_, kind in KINDS])
    def test_has_type_title_status_and_the_banks_words(
        self, said: Knowledge, error: QiantaiError, status: int, kind: str
    ) -> None:
        response = problem(error, said)
        body = json.loads(response.body)
        assert (response.status, body["status"], body["type"]) == (status, status, f"urn:qiantai:problem:{kind}")
        assert body["title"] == type(error).__name__
        assert body["detail"] == said.phrase(error.phrase)[0]
        assert response.content_type.startswith("application/problem+json")
        assert response.headers["Cache-Control"] == "no-store"

    def test_says_how_long_to_wait(self, said: Knowledge) -> None:
        assert problem(TooManyRequests(7), said).headers["Retry-After"] == "7"

    def test_carries_only_the_fields_of_the_wire(self, said: Knowledge) -> None:
        extra = {name: "x" for name in PROBLEM_FIELDS} | {"secret": "x", "year": 2030}
        body = json.loads(problem(InvalidInput(**extra), said).body)
        assert set(body) == {"type", "title", "status", "detail", *PROBLEM_FIELDS}

    def test_without_words_of_its_own_says_its_message(self, said: Knowledge) -> None:
        body = json.loads(problem(KnowledgeError("line 3 is wrong", phrase="no_such_phrase"), said).body)
        assert body["detail"] == "line 3 is wrong"

    async def test_of_ours_names_what_changed(self, client: httpx.AsyncClient) -> None:
        got = await client.get("/api/desk/fails/stale")
        assert got.status_code == 409
        assert (got.json()["holder"], got.json()["epoch"]) == ("mei", 3)

    async def test_that_nobody_foresaw_tells_nothing_of_the_inside(self, client: httpx.AsyncClient) -> None:
        got = await client.get("/api/desk/fails/bug")
        assert (got.status_code, got.json()["type"]) == (500, "urn:qiantai:problem:internal")
        assert "ZeroDivision" not in got.text and "客户说的话" not in got.text

    @pytest.mark.parametrize(
        ("method", "path", "status", "kind"),
        [("GET", "/nothing", 404, "not-found"), ("GET", "/api/chat/ask", 405, "invalid-input")],
    )
    async def test_of_the_framework_is_a_problem_like_any_other(
        self, client: httpx.AsyncClient, method: str, path: str, status: int, kind: str
    ) -> None:
        got = await client.request(method, path)
        assert (got.status_code, got.json()["status"]) == (status, status)
        assert got.json()["type"] == f"urn:qiantai:problem:{kind}"
        assert MethodNotSupported.__name__ not in got.json()["detail"]


class TestHeaders:
    @pytest.mark.parametrize("path", ["/api/chat/ask", "/nothing", "/api/desk/fails/bug"])
    async def test_every_answer_carries_the_strict_policy(self, client: httpx.AsyncClient, path: str) -> None:
        headers = (await client.get(path)).headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["connect-src"] == "'self' https://elsewhere.example"
        assert policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


class TestOtherOrigins:
    async def ask(self, client: httpx.AsyncClient, method: str, path: str, origin: str | None) -> httpx.Response:
        return await client.request(method, path, headers={"Origin": origin} if origin else {})

    async def test_a_named_one_may_ask_first_and_then_speak(self, client: httpx.AsyncClient) -> None:
        asked = await self.ask(client, "OPTIONS", "/api/chat/ask", FRIEND)
        assert asked.status_code == 204
        assert asked.headers["access-control-allow-origin"] == FRIEND
        assert {"Authorization", "Idempotency-Key", "Last-Event-ID"} <= set(
            asked.headers["access-control-allow-headers"].split(", ")
        )
        spoken = await client.post("/api/chat/ask", json={"text": "a"}, headers={"Origin": FRIEND})
        assert spoken.headers["access-control-allow-origin"] == FRIEND
        assert spoken.headers["vary"] == "Origin"

    async def test_it_can_read_problems_too(self, client: httpx.AsyncClient) -> None:
        got = await client.post("/api/chat/ask", content=b"{", headers={"Origin": FRIEND})
        assert got.headers["access-control-allow-origin"] == FRIEND
        assert "Retry-After" in got.headers["access-control-expose-headers"]

    @pytest.mark.parametrize(
        "origin",
        [None, "null", "https://evil.example", "http://bank.example", f"{FRIEND}.evil.example", FRIEND + ":8443"],
    )
    async def test_any_other_may_not(self, client: httpx.AsyncClient, origin: str | None) -> None:
        for method in ("OPTIONS", "POST"):
            got = await self.ask(client, method, "/api/chat/ask", origin)
            assert not [name for name in got.headers if name.startswith("access-control")]

    async def test_nobody_may_use_the_desk(self, client: httpx.AsyncClient) -> None:
        got = await self.ask(client, "GET", "/api/desk/fails/stale", FRIEND)
        assert not [name for name in got.headers if name.startswith("access-control")]

    async def test_no_cookie_ever_travels(self, client: httpx.AsyncClient) -> None:
        got = await self.ask(client, "OPTIONS", "/api/chat/ask", FRIEND)
        assert "access-control-allow-credentials" not in got.headers


class Wire:
    """What was sent down a stream. Has the two methods that a stream uses."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.ended = False

    async def send(self, data: bytes) -> None:
        self.sent.append(data.decode())

    async def eof(self) -> None:
        self.ended = True


class TestAnEventStream:
    async def test_a_frame_has_number_name_and_one_line_of_data(self) -> None:
        wire = Wire()
        await EventStream(wire).event("event", {"text": "第一行\n第二行"}, 7)
        assert wire.sent == ['id: 7\nevent: event\ndata: {"text": "第一行\\n第二行"}\n\n']

    async def test_what_needs_no_resuming_has_no_number(self) -> None:
        wire = Wire()
        await EventStream(wire).event("status", {"typing": True})
        assert wire.sent == ['event: status\ndata: {"typing": true}\n\n']

    @pytest.mark.parametrize("text", ["\n\nid: 9\nevent: forged\n\n", "\r\rdata: x", "\u2028data: x", "data: {}\n"])
    async def test_no_text_can_forge_a_frame(self, text: str) -> None:
        wire = Wire()
        await EventStream(wire).event("event", {"text": text}, 1)
        (frame,) = wire.sent
        head, data, *rest = frame.rstrip("\n").split("\n")[0], frame.rstrip("\n").split("\n")[2]
        assert (head, rest, frame.count("\n"), "\r" in frame) == ("id: 1", [], 4, False)
        assert json.loads(data.removeprefix("data: ")) == {"text": text}

    async def test_a_heartbeat_comes_only_after_a_long_quiet(self, monkeypatch: pytest.MonkeyPatch) -> None:
        wire, now = Wire(), 1000.0
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now)
        stream = EventStream(wire)
        now += HEARTBEAT_S - 1
        assert await stream.beat() is False
        now += 1
        assert await stream.beat() is True
        assert await stream.beat() is False
        assert wire.sent == [": beat\n\n"]

    async def test_ends_when_it_is_closed(self) -> None:
        wire = Wire()
        await EventStream(wire).close()
        assert wire.ended


def test_an_answer_is_chinese_as_itself_and_never_cached() -> None:
    answer: Any = reply({"text": "您好"}, 201, {"X-More": "1"})
    assert (answer.status, answer.body) == (201, '{"text": "您好"}'.encode())
    assert (answer.headers["Cache-Control"], answer.headers["X-More"]) == ("no-store", "1")
