"""What changed today in what the bank says (004-36): for agents to read before their shift, with a receipt."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from bot.clock import day_of, rfc3339
from bot.conversation import incidents
from bot.db import Tx, insert_new
from bot.desk.service import Desk
from bot.desk.staff import Agent
from bot.desk.store import news_seen
from bot.knowledge import Knowledge, archive
from bot.knowledge.fields import Frozen
from bot.knowledge.model import Disclosure, Figure, Script
from bot.knowledge.render import shown

# what an agent needs to know of; the guard's words speak for themselves
READ: tuple[Literal["script", "disclosure", "figure"], ...] = ("script", "disclosure", "figure")


@dataclass(frozen=True)
class News:
    """One change. `key` names it for the receipt; `change`: stopped, new, changed, begins or ends."""

    key: str
    change: str
    kind: str
    id: str
    title: str
    text: str
    at: datetime | None = None


class Newspaper:
    def __init__(self, desk: Desk) -> None:
        self.knowledge = desk.knowledge
        self.db = desk.db
        self.clock = desk.clock

    def of_today(self, agent: Agent) -> list[dict[str, Any]]:
        """What is stopped first, then what is new in the bank's content; each with whether he has read it."""
        with self.db.transaction() as tx:
            read = _read(tx, agent.username)
            return [
                {**asdict(one), "at": one.at and rfc3339(one.at), "seen": one.key in read} for one in self._today(tx)
            ]

    def seen(self, agent: Agent, keys: Collection[str]) -> None:
        """He has read these; what is none of today's news is passed over. Again: nothing happens."""
        now = self.clock.now()
        with self.db.transaction() as tx:
            for key in sorted({one.key for one in self._today(tx)} & set(keys)):
                insert_new(tx, news_seen, username=agent.username, key=key, at=now)

    def _today(self, tx: Tx) -> list[News]:
        now = self.clock.now()
        found = [*_stopped(tx, now), *_arrived(tx, self.knowledge, now), *_dated(self.knowledge, now)]
        return list({one.key: one for one in found}.values())


def _stopped(tx: Tx, now: datetime) -> Iterator[News]:
    for stop in incidents.in_force(tx, now):
        yield News(f"stop:{stop.id}", "stopped", stop.kind, stop.subject, stop.name, stop.why, stop.started_at)


def _arrived(tx: Tx, knowledge: Knowledge, now: datetime) -> Iterator[News]:
    """Content that was first seen today and is said now. What a house began with is no news."""
    items = {(kind, id_): item for kind, id_, item in knowledge.items()}
    for one in archive.first_seen_on(tx, day_of(now), READ):
        if knowledge.digests.get((one.kind, one.id)) == one.digest:
            change = "changed" if len(archive.find(tx, one.kind, one.id)) > 1 else "new"
            title, text = _words(knowledge, items[one.kind, one.id], now)
            yield News(f"{change}:{one.kind}:{one.id}:{one.digest}", change, one.kind, one.id, title, text)


def _dated(knowledge: Knowledge, now: datetime) -> Iterator[News]:
    """Editions whose first or last day this is."""
    today = day_of(now)
    editions = ((kind, item) for kind in READ for item in knowledge.every(kind))
    for kind, item in editions:
        if isinstance(item, Script) and item.draft:
            continue
        for change, day in (("begins", item.valid_from), ("ends", item.valid_to)):
            if day == today:
                title, text = _words(knowledge, item, now)
                yield News(f"{change}:{kind}:{item.id}:{day}", change, kind, str(item.id), title, text)


def _words(knowledge: Knowledge, item: Frozen, now: datetime) -> tuple[str, str]:
    """Its name, and what it says; a script in the first of its wordings."""
    if isinstance(item, Script):
        return item.title, knowledge.render(item, 0, day_of(now)).text
    if isinstance(item, Figure):
        return item.label, shown(item)
    assert isinstance(item, Disclosure)
    return item.title, item.text


def _read(tx: Tx, username: str) -> set[str]:
    return set(tx.execute(sa.select(news_seen.c.key).where(news_seen.c.username == username)).scalars())
