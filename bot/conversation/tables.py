"""The log and what stands beside it, as tables."""

from __future__ import annotations

import sqlalchemy as sa

from bot.db import Json, Moment, metadata

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("holder", sa.String(64)),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("last_hash", sa.String(64), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("large_type", sa.Boolean, nullable=False),
    sa.Column("former_id", sa.String(32), sa.ForeignKey("conversations.id")),
    sa.Column("customer_id", sa.String(32), index=True),
    sa.Column("context", Json, nullable=False),
    sa.Column("flow", sa.String(40)),
    sa.Column("thread", Json, nullable=False),
    sa.Column("reason", sa.String(40)),
    sa.Column("waiting_since", Moment),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("offered_to", sa.String(64)),
    sa.Column("declined_by", Json, nullable=False),
    sa.Column("due_at", Moment),
    sa.Index("ix_conversations_state_due_at", "state", "due_at"),
)

events = sa.Table(
    "conversation_events",
    metadata,
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("actor_kind", sa.String(16), nullable=False),
    sa.Column("actor_name", sa.String(64), nullable=False),
    sa.Column("payload", Json, nullable=False),
    sa.Column("idempotency_key", sa.String(128)),
    sa.Column("prev_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.UniqueConstraint("conversation_id", "idempotency_key"),
)
