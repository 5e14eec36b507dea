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
    sa.Column("created_at", Moment, nullable=False, index=True),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("large_type", sa.Boolean, nullable=False),
    sa.Column("former_id", sa.String(32), sa.ForeignKey("conversations.id"), index=True),
    sa.Column("customer_id", sa.String(32), index=True),
    sa.Column("context", Json, nullable=False),
    sa.Column("flow", sa.String(40)),
    sa.Column("thread", Json, nullable=False),
    sa.Column("reason", sa.String(40)),
    sa.Column("waiting_since", Moment),
    sa.Column("offered_to", sa.String(64)),
    sa.Column("declined_by", Json, nullable=False),
    sa.Column("due_at", Moment),
    sa.Column("queue", sa.String(20), nullable=False),
    sa.Column("ahead_s", sa.Integer, nullable=False),
    sa.Column("rank_at", Moment),  # Conversation.rank_at, so that the queue can be read in its order
    sa.Column("senior", sa.Boolean, nullable=False),
    sa.Column("mood", sa.Integer, nullable=False),
    sa.Column("flags", Json, nullable=False),
    sa.Index("ix_conversations_state_due_at", "state", "due_at"),
    sa.Index("ix_conversations_state_rank_at", "state", "rank_at"),
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

handovers = sa.Table(
    "handovers",
    metadata,
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("epoch", sa.Integer, primary_key=True, autoincrement=False),  # that of the entry into the queue
    sa.Column("entered_at", Moment, nullable=False, index=True),
    sa.Column("reason", sa.String(40)),
    sa.Column("queue", sa.String(20), nullable=False),
    sa.Column("ahead_s", sa.Integer, nullable=False),
    sa.Column("agent", sa.String(64)),
    sa.Column("claimed_at", Moment),
    sa.Column("first_answer_at", Moment),
    sa.Column("left_at", Moment),
    sa.Column("how", sa.String(16)),  # handovers.How
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("category", sa.String(60), nullable=False),
    sa.Column("mood", sa.Integer),
)

clock_breaches = sa.Table(
    "clock_breaches",
    metadata,
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("epoch", sa.Integer, primary_key=True, autoincrement=False),  # that of the handover whose clock it is
    sa.Column("name", sa.String(20), primary_key=True),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("agent", sa.String(64)),
)
