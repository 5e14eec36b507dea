"""Which customer messages still wait for the assistant: one row a message, so that no crash can lose an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.db import Moment, Tx, locked, metadata

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # pending | running | done | dropped | failed
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("lease_until", Moment),
    sa.Index("ix_turns_state_lease_until", "state", "lease_until"),
)

OPEN = ("pending", "running")


@dataclass(frozen=True)
class Turn:
    """A claimed turn. `attempt` is its number: output of an earlier attempt is dropped."""

    conversation_id: str
    seq: int
    epoch: int
    attempt: int


def add(tx: Tx, conversation_id: str, seq: int, epoch: int) -> None:
    tx.execute(
        turns.insert().values(conversation_id=conversation_id, seq=seq, epoch=epoch, state="pending", attempts=0)
    )


def claim(tx: Tx, conversation_id: str, now: datetime, lease_s: float) -> Turn | None:
    """Take the conversation's first open turn, or None when there is none or somebody is at it."""
    row = tx.execute(
        locked(
            tx,
            sa.select(turns)
            .where(turns.c.conversation_id == conversation_id, turns.c.state.in_(OPEN))
            .order_by(turns.c.seq)
            .limit(1),
        )
    ).one_or_none()
    if row is None or (row.state == "running" and row.lease_until > now):
        return None
    turn = Turn(conversation_id, row.seq, row.epoch, row.attempts + 1)
    _update(tx, turn, state="running", attempts=turn.attempt, lease_until=now + timedelta(seconds=lease_s))
    return turn


def still_mine(tx: Tx, turn: Turn) -> bool:
    row = tx.execute(
        sa.select(turns.c.state, turns.c.attempts).where(
            turns.c.conversation_id == turn.conversation_id, turns.c.seq == turn.seq
        )
    ).one()
    return (row.state, row.attempts) == ("running", turn.attempt)


def finish(tx: Tx, turn: Turn, state: str) -> None:
    _update(tx, turn, state=state, lease_until=None)


def drop_open(tx: Tx, conversation_id: str) -> None:
    """A person takes over: what the assistant has not answered yet, the person sees."""
    tx.execute(
        turns.update()
        .where(turns.c.conversation_id == conversation_id, turns.c.state.in_(OPEN))
        .values(state="dropped", lease_until=None)
    )


def is_open(tx: Tx, conversation_id: str, upto: int | None = None) -> bool:
    """Does a message wait for the assistant? `upto`: only messages up to that sequence number count."""
    found = sa.select(sa.literal(1)).where(turns.c.conversation_id == conversation_id, turns.c.state.in_(OPEN))
    if upto is not None:
        found = found.where(turns.c.seq <= upto)
    return tx.execute(found.limit(1)).first() is not None


def waiting(tx: Tx, now: datetime) -> list[str]:
    """Conversations with a turn that nobody works on (new, or left behind by a process that died)."""
    rows = tx.execute(
        sa.select(turns.c.conversation_id)
        .where(sa.or_(turns.c.state == "pending", sa.and_(turns.c.state == "running", turns.c.lease_until <= now)))
        .distinct()
    )
    return [row.conversation_id for row in rows]


def _update(tx: Tx, turn: Turn, **values: object) -> None:
    tx.execute(
        turns.update().where(turns.c.conversation_id == turn.conversation_id, turns.c.seq == turn.seq).values(**values)
    )
