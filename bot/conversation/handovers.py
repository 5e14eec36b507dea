"""One row for each entry into the queue: who waited how long, who came, when he answered, how it ended.

Waits, expected times, handling times and the reasons of a day are read from here and from nowhere else. A declined
offer is no new entry: the customer goes on waiting. Every function works inside the caller's transaction, which holds
the conversation's lock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from bot.conversation.model import Conversation, State
from bot.conversation.tables import handovers
from bot.db import Tx, insert_new

How = Literal[
    "close",  # the agent ended it
    "return",  # back to the assistant
    "transfer",  # to other agents: another row follows
    "lost",  # the agent is gone: another row follows
    "takeover",  # somebody above him holds it now
    "cancel",  # the customer left the queue
    "message",  # a callback instead of waiting
]
_H = handovers.c


@dataclass(frozen=True)
class Entry:
    """Moments that have not come are None; `result` and `category` are empty until a form was filled in."""

    conversation_id: str
    epoch: int  # of the conversation, when it came into the queue
    entered_at: datetime
    reason: str | None
    queue: str
    ahead_s: int
    agent: str | None
    claimed_at: datetime | None
    first_answer_at: datetime | None
    left_at: datetime | None
    how: How | None
    result: str
    category: str
    mood: int | None = None  # the most points of strong emotion, from the entry on; None: it was not measured yet


def follow(tx: Tx, conversation: Conversation, at: datetime, known: Mapping[str, Any]) -> None:
    """Write down what a change of holder means for the wait, once it is made; no change, or once more: nothing.

    `known` is what the record says of the change: who has transferred, or the form of who has closed.
    """
    standing, state = open_of(tx, conversation.id), conversation.state
    held = standing is not None and standing.claimed_at is not None
    if state is State.QUEUED:
        if held:
            left(tx, conversation, "transfer" if "transferred_by" in known else "lost", at)
        enter(tx, conversation, at)
    elif state is State.HUMAN:
        holder = str(conversation.holder)
        if standing is not None and held and standing.agent != holder:
            left(tx, conversation, "takeover", at)
            enter(tx, conversation, at)
        claimed(tx, conversation, holder, at)
    elif state is State.WRAP_UP:
        left(tx, conversation, "close", at, str(known.get("result", "")), str(known.get("category", ""))[:60])
    elif state is State.MESSAGE_LEFT:
        left(tx, conversation, "message", at)
    elif state is State.BOT:
        left(tx, conversation, "return" if held else "cancel", at)


def enter(tx: Tx, conversation: Conversation, at: datetime) -> bool:
    """It stands in the queue now. False: it has been there and nobody has come yet (a declined offer)."""
    standing = open_of(tx, conversation.id)
    if standing is not None and standing.claimed_at is None:
        return False
    return insert_new(
        tx,
        handovers,
        conversation_id=conversation.id,
        epoch=conversation.epoch,
        entered_at=at,
        reason=conversation.reason,
        queue=conversation.queue,
        ahead_s=conversation.ahead_s,
        result="",
        category="",
        mood=conversation.mood,
    )


def claimed(tx: Tx, conversation: Conversation, agent: str, at: datetime) -> bool:
    """False: nobody was waiting."""
    return _change(tx, conversation, _H.claimed_at.is_(None), agent=agent, claimed_at=at)


def answered(tx: Tx, conversation: Conversation, at: datetime) -> bool:
    """The agent has said something. True for the first time only."""
    first = _H.claimed_at.is_not(None) & _H.first_answer_at.is_(None)
    return _change(tx, conversation, first, first_answer_at=at)


def felt(tx: Tx, conversation: Conversation) -> bool:
    """The customer has shown how he is. False: it is no worse than before, or nobody was asked for."""
    return _change(tx, conversation, sa.func.coalesce(_H.mood, 0) < conversation.mood, mood=conversation.mood)


def left(tx: Tx, conversation: Conversation, how: How, at: datetime, result: str = "", category: str = "") -> bool:
    """It is out of the queue, or out of the agent's hands. `result` is masked already. False: it was before."""
    return _change(tx, conversation, sa.true(), left_at=at, how=how, result=result, category=category)


def summed_up(tx: Tx, conversation_id: str, result: str, category: str) -> bool:
    """What the agent says of the conversation that he has just ended, in place of what he said before."""
    mine = _H.conversation_id == conversation_id
    last = sa.select(sa.func.max(_H.epoch)).where(mine, _H.how == "close").scalar_subquery()
    changed = handovers.update().where(mine, _H.epoch == last).values(result=result, category=category)
    return bool(tx.execute(changed).rowcount)


def open_of(tx: Tx, conversation_id: str) -> Entry | None:
    """The entry that has not ended."""
    found = _read(tx, (_H.conversation_id == conversation_id) & _H.left_at.is_(None))
    return found[-1] if found else None


def standing(tx: Tx, ids: Collection[str]) -> dict[str, Entry]:
    """The open entries of these conversations, by conversation."""
    return {entry.conversation_id: entry for entry in _read(tx, _H.conversation_id.in_(ids) & _H.left_at.is_(None))}


def of_chain(tx: Tx, ids: Collection[str]) -> list[Entry]:
    """Of these conversations, in the order in which they came."""
    return _read(tx, _H.conversation_id.in_(ids))


def between(tx: Tx, since: datetime, until: datetime) -> list[Entry]:
    """Who came into the queue from `since` on and before `until`."""
    return _read(tx, _came(since, until))


def came(since: datetime, until: datetime) -> sa.sql.Select:
    """The same as a selection: the ids of their conversations."""
    return sa.select(_H.conversation_id).where(_came(since, until))


def handling_s(tx: Tx, since: datetime, most: int) -> list[float]:
    """How long agents served those customers who came lately and have left them, newest first, in seconds."""
    served = (_H.entered_at >= since) & _H.claimed_at.is_not(None) & _H.left_at.is_not(None)
    rows = tx.execute(sa.select(_H.claimed_at, _H.left_at).where(served).order_by(_H.entered_at.desc()).limit(most))
    return [(row.left_at - row.claimed_at).total_seconds() for row in rows]


def _came(since: datetime, until: datetime) -> sa.sql.ColumnElement:
    return (_H.entered_at >= since) & (_H.entered_at < until)


def _change(tx: Tx, conversation: Conversation, such: Any, **values: Any) -> bool:
    standing = (_H.conversation_id == conversation.id) & _H.left_at.is_(None)
    return bool(tx.execute(handovers.update().where(standing, such).values(**values)).rowcount)


def _read(tx: Tx, such: Any) -> list[Entry]:
    rows = tx.execute(sa.select(handovers).where(such).order_by(_H.entered_at, _H.conversation_id, _H.epoch))
    return [Entry(**row._mapping) for row in rows]
