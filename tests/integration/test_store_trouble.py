"""The database is locked, away, or was never there: no message is lost, and nothing is half done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from server import Server
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.conversation import store
from bot.conversation.model import Answer
from bot.db import Database
from bot.errors import StoreUnavailable
from bot.wiring import House

HOURS = understood("branch_hours", Answer("branch_hours"))


@contextmanager
def held_for(db: Database, seconds: float) -> Iterator[threading.Timer]:
    """Somebody else holds the whole database (SQLite) or the conversations (PostgreSQL) for so long."""
    other = Database(db.url)
    connection = other.engine.connect()
    begun = connection.begin()  # on SQLite this is BEGIN IMMEDIATE already
    if not other.is_sqlite:
        connection.exec_driver_sql("LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE")
    timer = threading.Timer(seconds, begun.rollback)
    timer.start()
    yield timer
    timer.join()
    connection.close()
    other.dispose()


@contextmanager
def gone(house: House, path: Path) -> Iterator[None]:
    """The database's files are moved away, and something that is no database stands in their place."""
    house.db.dispose()
    files = [file for file in path.parent.glob("qiantai.db*")]
    for file in files:
        file.rename(file.with_name(f"away-{file.name}"))
    path.mkdir()
    house.db.dispose()
    yield
    path.rmdir()
    for file in files:
        file.with_name(f"away-{file.name}").rename(file)


def test_locked_for_two_seconds_the_message_still_gets_in(any_house: House) -> None:
    chat = Chat(any_house, FakeAssistant(otherwise=HOURS))
    with held_for(any_house.db, 2.0) as timer:
        assert timer.is_alive()
        assert chat.sends("几点开门") == 2
        assert timer.finished.is_set()  # it waited, it did not slip past the lock
    with any_house.db.transaction() as tx:
        assert store.broken_at(tx, chat.id) is None


def test_locked_for_longer_than_we_wait_nothing_is_half_done(house: House) -> None:
    chat = Chat(house, FakeAssistant(otherwise=HOURS))
    impatient = Database(house.db.url, busy_timeout_s=0.05)
    with held_for(house.db, 0.5), pytest.raises(StoreUnavailable), impatient.transaction() as tx:
        store.get(tx, chat.id)
    impatient.dispose()
    assert chat.sends("几点开门") == 2


def test_an_address_where_no_database_is(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable), Database(f"sqlite:///{tmp_path}/no/such/folder.db").transaction():
        pass
    with (
        pytest.raises(StoreUnavailable),
        Database("postgresql+psycopg2://postgres@127.0.0.1:9/none").transaction(),
    ):
        pass


async def test_gone_under_the_server_it_says_503_and_takes_messages_when_it_is_back(server: Server) -> None:
    visitor = await server.visitor()
    path = server.house.settings.home / "qiantai.db"
    with gone(server.house, path):
        reply = await visitor.post({"text": "几点开门"}, "the-one-key")
        assert reply.status_code == 503
        assert reply.headers["content-type"].startswith("application/problem+json")
        assert reply.json()["detail"] == server.house.knowledge.phrase("problem_store_unavailable")[0]
        async with server.client() as client:
            ready = await client.get("/readyz")
            assert (ready.status_code, ready.json()["ready"]) == (503, False)
            assert (await client.get("/healthz")).status_code == 200
            assert (await client.get("/metrics")).status_code == 503
    assert (await visitor.poll())["last_seq"] == 1
    again = await visitor.post({"text": "几点开门"}, "the-one-key")
    assert again.json() == {"seq": 2}
    answered = await visitor.poll(after=2, wait=10)
    assert answered["events"][0]["script"]["id"] == "branch_hours"


async def test_locked_for_two_seconds_the_server_waits_and_answers(server: Server) -> None:
    visitor = await server.visitor()
    with held_for(server.house.db, 2.0):
        assert (await visitor.post({"text": "几点开门"})).status_code == 202
    answered = await visitor.poll(after=2, wait=10)
    assert answered["events"][0]["script"]["id"] == "branch_hours"
