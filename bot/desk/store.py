"""Tables of the desk: agents with their presence, their sessions, what they note and what they have read."""

from __future__ import annotations

import sqlalchemy as sa

from bot.db import Json, Moment, metadata

agents = sa.Table(
    "agents",
    metadata,
    sa.Column("username", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("roles", Json, nullable=False),
    sa.Column("limit", sa.Integer, nullable=False),
    sa.Column("presence", sa.String(16), nullable=False),
    sa.Column("seen_at", Moment),
    sa.Column("idle_since", Moment),
    sa.Column("skills", Json, nullable=False, default=lambda: []),  # ids of queues and lines in escalation.yml
    sa.Column("disabled_at", Moment),
    sa.Column("failed", sa.Integer, nullable=False, default=0),  # wrong passwords since the last right one
    sa.Column("locked_until", Moment),
    sa.Column("password_at", Moment),
)

sessions = sa.Table(
    "desk_sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("id", sa.String(12), nullable=False),  # a name for it that opens nothing
    sa.Column("username", sa.String(64), sa.ForeignKey("agents.username"), nullable=False),
    sa.Column("csrf_token", sa.String(64), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("agent", sa.String(120)),  # the browser, as it calls itself
    sa.Index("ix_desk_sessions_id", "id", unique=True),
)

marks = sa.Table(  # only ever added to; no events, so that no channel can send one
    "conversation_marks",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),  # note | tag | untag
    sa.Column("text", sa.Text, nullable=False),
)

news_seen = sa.Table(
    "news_seen",
    metadata,
    sa.Column("username", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(120), primary_key=True),
    sa.Column("at", Moment, nullable=False),
)
