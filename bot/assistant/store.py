"""Rasa's trackers: the assistant's memory of a conversation. The record is the event log, not this."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.db import Json, Moment, Tx, metadata

trackers = sa.Table(
    "rasa_trackers",
    metadata,
    sa.Column("conversation_id", sa.String(64), primary_key=True),
    sa.Column("events", Json, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)


def load(tx: Tx, conversation_id: str) -> list[dict[str, Any]] | None:
    return tx.execute(
        sa.select(trackers.c.events).where(trackers.c.conversation_id == conversation_id)
    ).scalar_one_or_none()


def save(tx: Tx, conversation_id: str, events: list[dict[str, Any]], at: datetime) -> None:
    row = {"events": events, "updated_at": at}
    changed = tx.execute(sa.update(trackers).where(trackers.c.conversation_id == conversation_id).values(**row))
    if not changed.rowcount:
        tx.execute(sa.insert(trackers).values(conversation_id=conversation_id, **row))


def forget(tx: Tx, conversation_id: str) -> None:
    """For a conversation that is over, or whose data is destroyed."""
    tx.execute(sa.delete(trackers).where(trackers.c.conversation_id == conversation_id))
