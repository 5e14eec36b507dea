"""A clock that has run out: written down once, and the supervisor warned in the same transaction (rule 10).

The caller holds the conversation's lock; a second worker finds the row and does nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.conversation import handovers
from bot.conversation.clocks import NAMES, Clock, clocks, next_due
from bot.conversation.handoff import LOOK_S, Handoff
from bot.conversation.handovers import Entry
from bot.conversation.model import Conversation
from bot.conversation.package import reason_words
from bot.conversation.tables import clock_breaches
from bot.conversation.warning import Warn
from bot.db import Tx, insert_new

KIND = "clock"
ROLE = "supervisor"
_B = clock_breaches.c


@dataclass(frozen=True)
class Breach:
    """`epoch`: of the entry into the queue whose clock it was; `agent`: who held the customer, if anybody."""

    conversation_id: str
    epoch: int
    name: str  # one of clocks.NAMES
    due_at: datetime
    at: datetime
    agent: str | None


class Breaches:
    def __init__(self, handoff: Handoff, warn: Warn) -> None:
        self.handoff = handoff
        self.speech = handoff.speech
        self.warn = warn

    def look(self, tx: Tx, conversation: Conversation, now: datetime) -> tuple[Collection[str], datetime]:
        """Names of the clocks that have run out since the last look, and when to look again."""
        entry = handovers.open_of(tx, conversation.id)
        running = clocks(conversation, entry, self.speech.knowledge)
        new: list[str] = []
        if entry is not None:
            late = (clock for clock in running if clock.breached(now))
            new = [clock.name for clock in late if self._new(tx, conversation, entry, clock, now)]
        latest = now + timedelta(seconds=LOOK_S)
        return new, min(next_due(running, now) or latest, latest)

    def _new(self, tx: Tx, conversation: Conversation, entry: Entry, clock: Clock, now: datetime) -> bool:
        written = insert_new(
            tx,
            clock_breaches,
            conversation_id=conversation.id,
            epoch=entry.epoch,
            name=clock.name,
            due_at=clock.due_at,
            at=now,
            agent=entry.agent,
        )
        if written:
            text = self._text(tx, conversation, entry, clock)
            key = f"{clock.name}/{entry.epoch}"
            self.warn(tx, kind=KIND, role=ROLE, text=text, conversation_id=conversation.id, key=key, at=now)
        return written

    def _text(self, tx: Tx, conversation: Conversation, entry: Entry, clock: Clock) -> str:
        said = self.speech.knowledge
        label = said.phrase(f"deadline_{clock.name}")[0]
        if entry.agent is None:
            why = reason_words(conversation.reason or "asked", said)
            return said.phrase("alert_clock_waiting", clock=label, reason=why)[0]
        return said.phrase("alert_clock_serving", clock=label, agent=self.handoff.staff.name(tx, entry.agent))[0]


def noticed(tx: Tx, since: datetime, until: datetime) -> list[Breach]:
    """What was noticed from `since` on and before `until`, in that order."""
    return _read(tx, (_B.at >= since) & (_B.at < until))


def of_conversations(tx: Tx, ids: Collection[str] | sa.sql.Select) -> list[Breach]:
    """Every breach in these conversations, in the order in which they were noticed."""
    return _read(tx, _B.conversation_id.in_(ids))


def _read(tx: Tx, such: Any) -> list[Breach]:
    order = sa.case({name: place for place, name in enumerate(NAMES)}, value=_B.name)
    rows = tx.execute(sa.select(clock_breaches).where(such).order_by(_B.at, order, _B.conversation_id))
    return [Breach(**row._mapping) for row in rows]
