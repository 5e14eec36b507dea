"""Notices against a real HTTP server and real databases: whatever breaks in between, the gateway sees each one once."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from gateway import Gateway, listening

from bot.clock import FrozenClock
from bot.db import Database
from bot.notices import Notice, Notices, Recipient
from bot.notices.adapters import FileNotices, HttpNotices
from bot.notices.model import Port
from bot.notices.service import LEASE_S, LONGEST_WAIT_S, TRIES, WAITS_S
from bot.notices.store import notices as table

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = bytes(range(32))
TOKEN = "the-token-of-the-gateway"
PHONE = "13800138000"
TEXT = "您的投诉已受理\n编号 C-1 🙂"


@pytest.fixture(params=["sqlite", "postgresql"])
def any_db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The table of notices on SQLite and, where QIANTAI_TEST_PG names a server, on PostgreSQL."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'notices.db'}")
        table.create(made.engine)
    else:
        made = Database(request.getfixturevalue("on_postgresql"))
    yield made
    made.dispose()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with listening() as made:
        yield made


@dataclass
class Office:
    """One worker's notices, and what became of them."""

    db: Database
    clock: FrozenClock
    notices: Notices
    given_up: list[Notice] = field(default_factory=list)

    def put(self, key: str = "case C-1 accepted") -> str:
        """Gives the id, which is the key at the gateway."""
        with self.db.transaction() as tx:
            assert self.notices.put(tx, key, Recipient("sms", PHONE), "accepted", TEXT, {"case": "C-1"})
            return tx.execute(sa.select(table.c.id).where(table.c.key == key)).scalar_one()

    def ticks_after(self, seconds: float) -> int:
        self.clock.advance(seconds)
        return self.notices.tick()

    @property
    def row(self) -> Any:
        with self.db.transaction() as tx:
            return tx.execute(sa.select(table)).one()


def office(db: Database, clock: FrozenClock, port: Port) -> Office:
    made = Office(db, clock, Notices(db, clock, KEY, port))
    made.notices.on_failed.append(lambda tx, notice: made.given_up.append(notice))
    return made


@pytest.fixture
def http(any_db: Database, clock: FrozenClock, gateway: Gateway) -> Office:
    return office(any_db, clock, HttpNotices(gateway.url, TOKEN, answer_s=0.3))


class TestAnswers:
    def test_accepted(self, http: Office, gateway: Gateway) -> None:
        key = http.put()
        assert http.notices.tick() == 1
        body = {"id": key, "kind": "sms", "to": PHONE, "text": TEXT, "template": "accepted"}
        assert gateway.taken_on == {key: body}
        assert gateway.headers["Authorization"] == f"Bearer {TOKEN}"
        assert (http.row.state, http.row.sealed, http.row.detail) == ("sent", None, "HTTP 202")

    @pytest.mark.parametrize("status", [400, 401])
    def test_refused(self, http: Office, gateway: Gateway, status: int) -> None:
        gateway.plan = [(status, {})]
        http.put()
        assert http.notices.tick() == 0
        assert (http.row.state, http.row.sealed, http.row.detail) == ("failed", None, f"HTTP {status}")
        assert http.ticks_after(LONGEST_WAIT_S) == 0
        assert (len(gateway.requests), len(http.given_up)) == (1, 1)

    @pytest.mark.parametrize(("asked", "waits"), [("300", 300), ("86400", LONGEST_WAIT_S)], ids=["minutes", "a day"])
    def test_too_many_is_tried_again_when_the_gateway_says_or_after_an_hour(
        self, http: Office, gateway: Gateway, asked: str, waits: float
    ) -> None:
        gateway.plan = [(429, {"Retry-After": asked})]
        http.put()
        assert http.notices.tick() == 0
        assert http.ticks_after(waits - 1) == 0
        assert len(gateway.requests) == 1
        assert http.ticks_after(1) == 1

    def test_unavailable_five_times_is_given_up(self, http: Office, gateway: Gateway) -> None:
        gateway.plan = [(503, {})] * TRIES
        key = http.put()
        http.notices.tick()
        for wait in WAITS_S:
            assert http.row.state == "pending"
            http.ticks_after(wait)
        assert gateway.requests == [key] * TRIES
        assert (http.row.state, http.row.sealed, http.row.detail) == ("failed", None, "HTTP 503")
        assert [notice.id for notice in http.given_up] == [key]

    def test_nobody_listens_and_then_somebody_does(
        self, any_db: Database, clock: FrozenClock, gateway: Gateway
    ) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            nobody = f"http://127.0.0.1:{probe.getsockname()[1]}/v1/notices"
        before = office(any_db, clock, HttpNotices(nobody, TOKEN))
        before.put()
        assert before.notices.tick() == 0
        assert (before.row.state, before.row.detail) == ("pending", "ConnectError")
        after = office(any_db, clock, HttpNotices(gateway.url, TOKEN))
        assert after.ticks_after(WAITS_S[0]) == 1

    @pytest.mark.parametrize(("does", "why"), [("hang", "ReadTimeout"), ("lose", "Re")], ids=["time-out", "lost"])
    def test_an_answer_that_does_not_come_is_asked_for_again_under_the_same_key(
        self, http: Office, gateway: Gateway, does: str, why: str
    ) -> None:
        gateway.plan = [does]
        key = http.put()
        assert http.notices.tick() == 0
        assert http.row.state == "pending"
        assert http.row.detail.startswith(why)  # ReadError or RemoteProtocolError where the line is cut
        assert http.ticks_after(WAITS_S[0]) == 1
        assert gateway.requests == [key, key]
        assert list(gateway.taken_on) == [key]


class TestSeveralAtOnce:
    def test_two_workers_send_each_notice_once(self, any_db: Database, clock: FrozenClock, gateway: Gateway) -> None:
        others = [Database(any_db.url) for _ in range(2)]
        workers = [office(db, clock, HttpNotices(gateway.url, TOKEN)) for db in others]
        keys = sorted(workers[0].put(f"case {number}") for number in range(30))
        ticks = [worker.notices.tick for worker in workers for _ in range(2)]
        assert sum(together(ticks)) == len(keys)
        assert sorted(gateway.requests) == keys
        for db in others:
            db.dispose()

    def test_who_puts_the_same_at_once_puts_one(self, any_db: Database, clock: FrozenClock, gateway: Gateway) -> None:
        worker = office(any_db, clock, HttpNotices(gateway.url, TOKEN))

        def put() -> bool:
            with any_db.transaction() as tx:
                return worker.notices.put(tx, "the same", Recipient("sms", PHONE), "accepted", TEXT, {})

        assert sorted(together([put] * 4)) == [False, False, False, True]
        assert worker.notices.tick() == 1
        assert len(gateway.requests) == 1


def together(calls: list[Any]) -> list[Any]:
    """Each on a thread, all at the same moment; gives what each returned."""
    start, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int) -> None:
        start.wait(10)
        results[place] = calls[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert None not in results, "somebody failed or waits for ever"
    return results


MORTAL = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from bot.clock import FrozenClock
from bot.db import Database
from bot.notices import Notices
from bot.notices.adapters import FileNotices, HttpNotices

url, moment, where, token, dies, key = sys.argv[1:]

class Mortal:
    def __init__(self, port):
        self.port = port
    def deliver(self, notice):
        if dies == "after":
            self.port.deliver(notice)
        os.kill(os.getpid(), signal.SIGKILL)

port = HttpNotices(where, token) if where.startswith("http") else FileNotices(Path(where))
Notices(Database(url), FrozenClock(datetime.fromisoformat(moment)), bytes.fromhex(key), Mortal(port)).tick()
"""


def killed(db: Database, clock: FrozenClock, where: str, dies: str) -> None:
    """A worker of its own that is killed before or after its port has delivered."""
    arguments = [db.url, clock.now().isoformat(), where, TOKEN, dies, KEY.hex()]
    ran = subprocess.run(
        [sys.executable, "-c", MORTAL, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr


class TestKilled:
    @pytest.mark.parametrize("dies", ["before", "after"])
    def test_in_the_middle_of_sending_it_is_sent_again_under_the_same_key(
        self, http: Office, gateway: Gateway, dies: str
    ) -> None:
        key = http.put()
        killed(http.db, http.clock, gateway.url, dies)
        assert (http.row.state, http.row.attempts) == ("sending", 1)
        assert http.ticks_after(LEASE_S - 1) == 0
        assert http.ticks_after(1) == 1
        assert gateway.requests == ([key, key] if dies == "after" else [key])
        assert list(gateway.taken_on) == [key]
        assert (http.row.state, http.row.attempts, http.row.sealed) == ("sent", 2, None)

    def test_in_the_middle_of_writing_the_file_has_it_twice_with_one_id(
        self, any_db: Database, clock: FrozenClock, tmp_path: Path
    ) -> None:
        port = FileNotices(tmp_path / "out")
        worker = office(any_db, clock, port)
        key = worker.put()
        killed(any_db, clock, str(tmp_path / "out"), "after")
        assert worker.ticks_after(LEASE_S) == 1
        assert [json.loads(line)["id"] for line in port.file.read_text().splitlines()] == [key, key]
        assert worker.row.state == "sent"


class TestSecrets:
    def test_neither_address_nor_token_nor_text_stands_in_a_log_line_or_in_the_row(
        self, http: Office, gateway: Gateway, caplog: pytest.LogCaptureFixture
    ) -> None:
        gateway.plan = ["lose", "hang", (503, {"Retry-After": "1"}), (400, {})]
        with caplog.at_level(logging.DEBUG):
            http.put()
            http.notices.tick()
            for wait in WAITS_S[:3]:
                http.ticks_after(wait)
        assert http.row.state == "failed"
        assert "came to nothing" in caplog.text
        seen = caplog.text + repr(http.row.detail) + repr(http.given_up)
        for secret in (PHONE, TOKEN, "投诉"):
            assert secret not in seen
