"""How long the desk takes with two hundred customers in the queue: `make bench-queue`. Prints milliseconds; no test.

A time is the middle one of several, on SQLite, where everybody waits for the one who writes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import sqlalchemy as sa
from desk import agent
from support import SUNDAY_NOON, Chat, make_house

from bot import knowledge
from bot.assistant.fake import FakeAssistant
from bot.clock import FrozenClock
from bot.conversation.tables import conversations, handovers
from bot.desk.wall import Asked, Wall
from bot.wiring import House

WAITING, AGENTS, HANDOVERS, TIMES = 200, 10, 3000, 7


def timed(name: str, act: Callable[[], object], times: int = TIMES) -> None:
    """Prints one line."""
    took = []
    for _ in range(times):
        began = perf_counter()
        act()
        took.append(1000 * (perf_counter() - began))
    print(f"{name:<44} {median(took):8.1f} ms   (slowest {max(took):.1f})")


def waits(house: House) -> Chat:
    chat = Chat(house, FakeAssistant())
    chat.sends("房贷利率是多少")
    chat.sends(choice="human")
    return chat


def handovers_of_a_day(house: House) -> None:
    """A long day's entries that have ended, each with a conversation of its own."""
    with house.db.transaction() as tx:
        chat = tx.execute(sa.select(conversations).limit(1)).one()._mapping
        row = tx.execute(sa.select(handovers).limit(1)).one()._mapping
        for number in range(HANDOVERS):
            at = SUNDAY_NOON - timedelta(seconds=4 * 3600 * number / HANDOVERS)
            id_ = f"of{number:022}"
            tx.execute(conversations.insert().values({**chat, "id": id_, "state": "CLOSED", "created_at": at}))
            ended = {"agent": f"agent{number % AGENTS}", "claimed_at": at, "first_answer_at": at, "left_at": at}
            tx.execute(
                handovers.insert().values({**row, "conversation_id": id_, "entered_at": at, "how": "close", **ended})
            )


def measure(house: House) -> None:
    agents = [agent(house, f"agent{number}", "busy") for number in range(AGENTS)]
    chats = [waits(house) for _ in range(WAITING)]
    anna, first = agents[0], chats[0]
    print(f"{WAITING} customers in the queue, {AGENTS} agents")
    timed("one agent's lists", lambda: house.desk.view(anna))
    timed("a look with nobody free", house.desk.tick)
    timed("a message of who waits", lambda: first.sends("还要等多久"))
    timed("place and time of who waits", lambda: house.conversations.snapshot(chats[-1].id, 10_000))
    timed("one more in the queue", lambda: waits(house))
    wall, lead = Wall(house.desk.views), agent(house, "lead", "busy", "supervisor")
    timed("the wall as it stands", lambda: wall.now(lead))
    handovers_of_a_day(house)
    timed(f"the day's figures, {HANDOVERS} handovers", lambda: wall.day(lead, None))
    timed("a page of those behind a figure", lambda: wall.entries(lead, None, Asked(hour=10), 50))
    for one in agents:
        house.staff.set_presence(one.username, "ready")
    timed(f"a look that offers {3 * AGENTS} customers", house.desk.tick, times=1)


def main() -> None:
    with TemporaryDirectory() as home:
        said = knowledge.load(Path(__file__).resolve().parent.parent / "knowledge")
        house = make_house(Path(home), said, FrozenClock(SUNDAY_NOON))
        measure(house)
        house.db.dispose()


if __name__ == "__main__":
    main()
