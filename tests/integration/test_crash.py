"""The process is killed and started again: the message is there, gets one answer, opens one case.

A real process on a real database file; the server that is started again has a clock that stands a minute later, so that
the dead one's hold on its turn has ended.
"""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from server import Server, Visitor

from bot.assistant.fake import FakeAssistant
from bot.conversation import store
from bot.conversation.model import Event
from bot.wiring import House

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
STORY = "昨天下午在城东支行，柜员把我的存款办错了，还不肯更正，要求道歉并更正"
LONG = 60.0  # seconds after which we no longer believe that something comes


class Mortal(Server):
    """A server process. Its state lives in the home of `house`, where the test can look at it."""

    def __init__(self, house: House, plan: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        super().__init__(house, FakeAssistant(), f"http://127.0.0.1:{port}")
        self.process = subprocess.Popen(
            [sys.executable, str(TESTS / "mortal.py"), house.clock.now().isoformat(), str(port), plan],
            env={
                **os.environ,
                "PYTHONPATH": f"{ROOT}:{TESTS}",
                "QIANTAI_HOME": str(house.settings.home),
                "QIANTAI_PAGES": str(house.settings.home / "pages"),
                "QIANTAI_DATABASE_URL": house.settings.database_url,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._told: queue.Queue[str] = queue.Queue()
        self._stderr: list[str] = []
        self._readers = [
            threading.Thread(target=self._listen, daemon=True),
            threading.Thread(target=lambda: self._stderr.extend(self.process.stderr or ()), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            self._told.put(line.strip())
        self._told.put("ended")

    def tells(self, word: str) -> None:
        """Waits until the process says so."""
        while (told := self._told.get(timeout=LONG)) != word:
            assert told != "ended", "the server ended: " + "".join(self._stderr[-20:])

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.ended()

    def ended(self) -> int:
        code = self.process.wait(LONG)
        for reader in self._readers:
            reader.join(LONG)
        return code


Start = Callable[[str], Mortal]


@pytest.fixture
def start(house: House) -> Iterator[Start]:
    """Start the server; each later start finds the clock a minute on."""
    pages = house.settings.home / "pages"
    for name in ("widget.js", "desk/index.html", "demo/index.html", "survey/index.html"):
        (pages / name).parent.mkdir(parents=True, exist_ok=True)
        (pages / name).write_text(f"<!-- {name} -->")
    started: list[Mortal] = []

    def once_more(plan: str) -> Mortal:
        if started:
            house.clock.advance(60)
        server = Mortal(house, plan)
        started.append(server)
        server.tells("ready")
        return server

    yield once_more
    for server in started:
        if server.process.poll() is None:
            server.kill()


def log(visitor: Visitor) -> list[Event]:
    """The log as it stands in the database; its chain must hold."""
    with visitor.server.house.db.transaction() as tx:
        assert store.broken_at(tx, visitor.conversation_id) is None
        return store.read(tx, visitor.conversation_id)


def who_spoke(visitor: Visitor) -> list[str]:
    return [event.actor.kind for event in log(visitor)]


async def answer(visitor: Visitor, seq: int) -> dict:
    """What is said to the customer after this message: waits on the wire."""
    got = await visitor.poll(after=seq, wait=25)
    assert got["events"], "no answer came"
    return got["events"][0]


async def complains(visitor: Visitor) -> None:
    """Up to the question whether all is right."""
    for text in ("我要投诉", STORY, "13800138000"):
        await visitor.asks(text)


async def test_a_message_whose_turn_was_killed_gets_one_answer_after_the_restart(start: Start) -> None:
    server = start("block:几点开门")
    visitor = await server.visitor()
    seq = (await visitor.post({"text": "几点开门"}, "the-one-key")).json()["seq"]
    server.tells("in the turn")
    server.kill()
    assert who_spoke(visitor) == ["bot", "customer"]

    visitor.server = start("live")
    assert (await answer(visitor, seq))["script"]["id"] == "branch_hours"
    again = await visitor.post({"text": "几点开门"}, "the-one-key")  # the page did not know that it had arrived
    assert again.json() == {"seq": seq}
    await visitor.asks("周末几点开门")
    assert who_spoke(visitor) == ["bot", "customer", "bot", "customer", "bot"]


async def test_messages_that_wait_behind_it_are_answered_too_in_their_order(start: Start) -> None:
    server = start("block:几点开门")
    visitor = await server.visitor()
    await visitor.post({"text": "几点开门"})
    server.tells("in the turn")
    last = (await visitor.post({"text": "另外，网点在哪里"})).json()["seq"]
    server.kill()

    visitor.server = start("live")
    first = await answer(visitor, last)
    await answer(visitor, first["seq"])
    replies = [event.payload["internal"]["replying_to"] for event in log(visitor) if event.seq > last]
    assert replies == [last - 1, last]


async def test_a_message_that_kills_the_process_twice_goes_to_a_person(start: Start) -> None:
    server = start("block:几点开门")
    visitor = await server.visitor()
    seq = (await visitor.post({"text": "几点开门"})).json()["seq"]
    for plan in ("block:几点开门", "live"):  # the third start would answer, but we do not try our luck again
        server.tells("in the turn")
        server.kill()
        visitor.server = server = start(plan)
    assert (await answer(visitor, seq))["text"] == server.house.knowledge.phrase("turn_failed")[0]
    got = await visitor.poll()
    assert (got["state"], got["queue"]["place"]) == ("QUEUED", 1)


@pytest.mark.parametrize("plan", ["block:confirm", "die-after:confirm"], ids=["before the case", "after the case"])
async def test_a_complaint_whose_last_turn_was_killed_opens_one_case(start: Start, plan: str) -> None:
    server = start(plan)
    visitor = await server.visitor()
    await complains(visitor)
    seq = (await visitor.post({"choice": "confirm"}, "the-one-key")).json()["seq"]
    if plan == "die-after:confirm":
        assert server.ended() == 9
    else:
        server.tells("in the turn")
        server.kill()

    visitor.server = server = start("live")
    receipt = await answer(visitor, seq)
    await visitor.post({"choice": "confirm"}, "the-one-key")
    await visitor.post({"choice": "confirm"}, "pressed-again")
    await answer(visitor, receipt["seq"] + 1)
    with server.house.db.transaction() as tx:
        [case] = server.house.tickets.cases_of(tx, visitor.conversation_id)
    assert case.number == receipt["case"]["number"]
    assert {e.payload["case"]["number"] for e in log(visitor) if e.payload.get("case")} == {case.number}
    assert sum(e.payload["internal"].get("replying_to") == seq for e in log(visitor)) == 1


async def test_a_step_of_the_form_that_was_done_before_the_kill_is_not_done_again(start: Start) -> None:
    server = start(f"die-after:{STORY}")
    visitor = await server.visitor()
    await visitor.asks("我要投诉")
    seq = (await visitor.post({"text": STORY})).json()["seq"]
    assert server.ended() == 9

    visitor.server = server = start("live")
    assert (await answer(visitor, seq))["text"] == server.house.knowledge.phrase("complaint_contact")[0]
    await visitor.asks("13800138000")
    receipt = await visitor.asks("确认")
    assert server.house.tickets.case(receipt["case"]["number"]).facts == STORY


async def test_a_draft_survives_and_goes_on_where_it_stood(start: Start) -> None:
    server = start("live")
    visitor = await server.visitor()
    await complains(visitor)
    server.kill()

    visitor.server = server = start("live")
    receipt = await visitor.asks("确认")
    case = server.house.tickets.case(receipt["case"]["number"])
    assert STORY in case.facts
    assert case.contact is not None and case.contact.ref is not None


async def test_who_waits_for_a_person_still_waits_and_keeps_his_place(start: Start) -> None:
    server = start("live")
    visitor = await server.visitor()
    await visitor.post({"choice": "human"})
    since = server.house.conversations.snapshot(visitor.conversation_id).conversation.waiting_since
    server.kill()

    visitor.server = server = start("live")
    got = await visitor.poll()
    assert (got["state"], got["queue"]["place"]) == ("QUEUED", 1)
    kept = server.house.conversations.snapshot(visitor.conversation_id).conversation
    assert kept.waiting_since == since
    assert server.house.clock.now() - kept.waiting_since == timedelta(seconds=60)


async def test_stopped_in_order_it_ends_its_open_streams_and_goes(start: Start) -> None:
    server = start("live")
    visitor = await server.visitor()
    async with visitor.client() as client:
        headers = {"Accept": "text/event-stream"}
        async with client.stream("GET", "/api/chat/events?after=0", headers=headers) as response:
            lines = response.aiter_lines()
            assert await lines.__anext__() == ": open"
            server.process.send_signal(signal.SIGTERM)
            async for _ in lines:
                pass  # it ends: an unfinished answer would raise here
    assert server.ended() == 0
