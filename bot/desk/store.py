"""Tables of the desk: agents with their presence, and their sessions."""

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
)

sessions = sa.Table(
    "desk_sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("username", sa.String(64), sa.ForeignKey("agents.username"), nullable=False),
    sa.Column("csrf_token", sa.String(64), nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
)
