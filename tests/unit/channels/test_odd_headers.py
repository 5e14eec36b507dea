"""Headers hold any bytes that somebody sends: each gets a plain refusal, and none an error inside."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from itertools import count

import httpx
import pytest
import pytest_asyncio
from sanic import Sanic

from bot.channels import web
from bot.channels.links import Links
from bot.conversation.service import Conversations
from bot.http import install
from bot.ratelimit import RateLimiter
from bot.wiring import House

_names = count()
ODD = [
    b"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8",
    b"\xed\xa0\x80aaaaaaaa",
    "钥匙钥匙钥匙".encode(),
    b"a b\x01c d e",
    b"short",
    b"",
]


@pytest_asyncio.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    Sanic.test_mode = True
    app = Sanic(f"chat-{next(_names)}", configure_logging=False)
    install(app, house.knowledge)
    visitors = web.Visitors(b"s" * 32)
    app.blueprint(
        web.blueprint(house.conversations, visitors, Links(b"s" * 32, None), RateLimiter(house.clock), house.wakeups)
    )
    token = visitors.token(house.conversations.start("web").id)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        running = await app.create_server(sock=held, return_asyncio_server=True, access_log=False)
        await running.startup()
        await running.start_serving()
        url = f"http://127.0.0.1:{held.getsockname()[1]}/api/chat"
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}) as made:
            yield made
        running.close()
    Sanic._app_registry.clear()


@pytest.mark.parametrize("key", [*ODD, b"k" * 101])
async def test_of_an_idempotency_key(client: httpx.AsyncClient, house: House, key: bytes) -> None:
    got = await client.post("/messages", json={"text": "您好"}, headers={b"Idempotency-Key": key})
    assert (got.status_code, got.json()["field"]) == (422, "Idempotency-Key")
    assert stored(house.conversations) == 1


@pytest.mark.parametrize("key", ["12345678", "k" * 100, "6f1c-4b!~_/=+"])
async def test_a_plain_key_is_taken(client: httpx.AsyncClient, key: str) -> None:
    got = await client.post("/messages", json={"text": "您好"}, headers={"Idempotency-Key": key})
    assert got.status_code == 202


@pytest.mark.parametrize(
    "token", [b"Bearer " + odd for odd in ODD if odd] + [b"\xff", b"Basic YTpi", b"Bearer", b"Bearer a b"]
)
async def test_of_a_token(client: httpx.AsyncClient, token: bytes) -> None:
    for method, path in (("GET", "/events"), ("POST", "/messages"), ("POST", "/typing")):
        got = await client.request(method, path, headers={b"Authorization": token, b"Idempotency-Key": b"12345678"})
        assert got.status_code == 401, path


@pytest.mark.parametrize("number", ["-1", "1.5", "x", "1e3", "9" * 10, "٣x"])
async def test_of_a_number_to_resume_from(client: httpx.AsyncClient, number: str) -> None:
    by_header = await client.get("/events", headers={b"Last-Event-ID": number.encode()})
    by_query = await client.get("/events", params={"after": number})
    assert (by_header.status_code, by_query.status_code) == (422, 422)


async def test_a_number_ahead_of_the_log_is_no_fault(client: httpx.AsyncClient) -> None:
    got = await client.get("/events", params={"after": "999"})
    assert (got.status_code, got.json()["events"]) == (200, [])


def stored(conversations: Conversations) -> int:
    with conversations.db.transaction() as tx:
        return tx.exec_driver_sql("SELECT count(*) FROM conversation_events").scalar_one()
