"""How many wait, what each agent has, what was said last: one query each, whatever their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversation.model import Conversation, State
from bot.conversation.tables import conversations, events
from bot.db import Tx


def ahead_of(tx: Tx, conversation: Conversation) -> Counter[State]:
    """How many wait for the same group and are served before him, by state."""
    c = conversations.c
    rank = sa.literal(conversation.rank_at, c.rank_at.type)
    earlier = sa.or_(c.rank_at < rank, sa.and_(c.rank_at == rank, c.id < conversation.id))
    such = (
        c.state.in_([State.QUEUED.value, State.OFFERED.value]),
        c.queue == conversation.queue,
        c.id != conversation.id,
        earlier,
    )
    rows = tx.execute(sa.select(c.state, sa.func.count().label("count")).where(*such).group_by(c.state))
    return Counter({State(row.state): row.count for row in rows})


def loads(tx: Tx) -> dict[str, int]:
    """How many customers each agent has: those he talks with, and those he is asked to take."""
    c = conversations.c
    agent = sa.func.coalesce(c.holder, c.offered_to)
    such = c.state.in_([State.HUMAN.value, State.OFFERED.value])
    rows = tx.execute(sa.select(agent.label("agent"), sa.func.count().label("count")).where(such).group_by(agent))
    return {row.agent: row.count for row in rows}


def said_last(tx: Tx, ids: Collection[str]) -> dict[str, tuple[str, datetime]]:
    """What each customer wrote last, and when."""
    last = _latest(ids, "customer")
    found = sa.select(events.c.conversation_id, events.c.payload, events.c.at).join(
        last, sa.and_(events.c.conversation_id == last.c.conversation_id, events.c.seq == last.c.seq)
    )
    return {row.conversation_id: (row.payload["text"], row.at) for row in tx.execute(found)}


def quiet_since(tx: Tx, ids: Collection[str]) -> dict[str, datetime]:
    """When an agent spoke last, of the conversations in which the customer has written nothing since."""
    asked, answer = _latest(ids, "customer"), _latest(ids, "agent")
    found = (
        sa.select(events.c.conversation_id, events.c.at)
        .join(answer, sa.and_(events.c.conversation_id == answer.c.conversation_id, events.c.seq == answer.c.seq))
        .outerjoin(asked, events.c.conversation_id == asked.c.conversation_id)
        .where(events.c.seq > sa.func.coalesce(asked.c.seq, 0))
    )
    return {row.conversation_id: row.at for row in tx.execute(found)}


def unread(tx: Tx, ids: Collection[str]) -> dict[str, int]:
    """How many messages each customer has written since an agent answered."""
    answer = _latest(ids, "agent")
    such = (*_messages(ids, "customer"), events.c.seq > sa.func.coalesce(answer.c.seq, 0))
    found = (
        sa.select(events.c.conversation_id, sa.func.count().label("count"))
        .select_from(events.outerjoin(answer, events.c.conversation_id == answer.c.conversation_id))
        .where(*such)
        .group_by(events.c.conversation_id)
    )
    return {row.conversation_id: row.count for row in tx.execute(found)}


def _latest(ids: Collection[str], kind: str) -> sa.sql.Subquery:
    latest = sa.select(events.c.conversation_id, sa.func.max(events.c.seq).label("seq")).where(*_messages(ids, kind))
    return latest.group_by(events.c.conversation_id).subquery()


def _messages(ids: Collection[str], kind: str) -> tuple[Any, ...]:
    return events.c.conversation_id.in_(ids), events.c.kind == "message", events.c.actor_kind == kind
