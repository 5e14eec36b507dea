"""Two hundred customers in the queue: what an agent's page and a look cost does not grow with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from desk import agent, at_desk
from server import Server
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.conversation.model import State
from bot.desk.views import HEAD
from bot.wiring import House

MANY = 200


def wait(house: House, count: int) -> list[Chat]:
    """So many more in the queue, each a moment after the one before."""
    chats = []
    for _ in range(count):
        house.clock.advance(0.001)
        chats.append(Chat(house, FakeAssistant()))
        chats[-1].sends(choice="human")
    return chats


@contextmanager
def queries(house: House) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    sa.event.listen(house.db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(house.db.engine, "before_cursor_execute", note)


def test_the_page_asks_as_often_for_sixty_as_for_one(any_house: House) -> None:
    anna = agent(any_house, "anna", "busy")
    wait(any_house, 1)
    with queries(any_house) as few:
        any_house.desk.view(anna)
    wait(any_house, 59)
    with queries(any_house) as many:
        view = any_house.desk.view(anna)
    assert len(many) == len(few) < 20
    assert (len(view["queue"]), view["queue_total"]) == (HEAD, 60)


def test_a_look_with_nobody_free_asks_as_often_for_sixty_as_for_one(any_house: House) -> None:
    anna = agent(any_house, "anna", limit=1)
    [held] = wait(any_house, 1)
    any_house.desk.claim(anna, held.id, held.conversation.epoch)
    counted = []
    for more in (1, 59):
        wait(any_house, more)
        with queries(any_house) as sent:
            assert any_house.desk.tick() == 0
        counted.append(len(sent))
    assert counted[0] == counted[1] < 20


def test_so_does_a_message_of_who_waits(any_house: House) -> None:
    counted = []
    for more in (1, 59):
        *_, last = wait(any_house, more)
        with queries(any_house) as sent:
            last.sends("还要等多久")
        counted.append(len(sent))
    assert counted[0] == counted[1]


@pytest.mark.slow
def test_two_hundred_are_served_in_order(any_house: House) -> None:
    chats = wait(any_house, MANY)
    anna = agent(any_house, "anna")
    served = []
    while any_house.desk.tick():
        offered = [chat for chat in chats if chat.state is State.OFFERED]
        for chat in offered:
            any_house.desk.claim(anna, chat.id, chat.conversation.epoch)
            any_house.desk.close(anna, chat.id, chat.conversation.epoch, "solved", "", "")
        served += offered
    assert served == chats


async def test_the_lists_are_read_page_by_page(server: Server) -> None:
    chats = wait(server.house, 5)
    async with at_desk(server, "anna") as anna:
        first = (await anna.get("/conversations?limit=2")).json()
        second = (await anna.get(f"/conversations?limit=2&after={first['next']}")).json()
        last = (await anna.get(f"/conversations?limit=2&after={second['next']}")).json()
        pages = [first, second, last]
        assert [item["conversation_id"] for page in pages for item in page["conversations"]] == [c.id for c in chats]
        assert [(page["total"], page["next"] is None) for page in pages] == [(5, False), (5, False), (5, True)]
        assert (await anna.get("/conversations?queue=complaints")).json()["total"] == 0
        assert (await anna.get("/conversations?state=HUMAN")).json()["conversations"] == []
        for wrong in ("0", "201", "x", "9" * 40, "-1", "²"):
            refused = await anna.get(f"/conversations?limit={wrong}")
            assert (refused.status_code, refused.json()["field"]) == (422, "limit")


async def test_a_stream_that_watches_is_for_supervisors(server: Server) -> None:
    [chat] = wait(server.house, 1)
    async with at_desk(server, "anna") as anna:
        assert (await anna.get(f"/events?watch={chat.id}")).status_code == 403
    async with at_desk(server, "boss1", "busy", "supervisor") as boss:
        assert (await boss.get("/events?watch=nobody")).status_code == 404
        async with boss.client.stream("GET", f"/api/desk/events?watch={chat.id}", timeout=15) as response:
            assert response.status_code == 200
