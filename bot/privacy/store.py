"""The tables of the vault and of the audit log."""

from __future__ import annotations

import sqlalchemy as sa

from bot.db import Json, Moment, metadata

data_keys = sa.Table(
    "data_keys",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation_id", sa.String(32), nullable=False),
    sa.Column("master_id", sa.String(16), nullable=False),  # names the master key that wraps it
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("ix_data_keys_conversation_id", "conversation_id"),
)

# No foreign key to data_keys: the row outlives its key, so that the chain over the ciphertext still verifies.
personal_values = sa.Table(
    "personal_values",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation_id", sa.String(32), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),  # within the message
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("tail", sa.String(16), nullable=False),
    sa.Column("token", sa.String(40), nullable=False),
    sa.Column("key_id", sa.String(32), nullable=False),
    sa.Column("ciphertext", sa.LargeBinary, nullable=False),
    sa.Column("finder", sa.String(64)),  # HMAC of kind and value; gone when the value is destroyed
    sa.Column("used_for", Json, nullable=False),
    sa.Column("kept_at", Moment, nullable=False),
    sa.Column("destroyed_at", Moment),
    sa.Index("ix_personal_values_conversation_id", "conversation_id"),
    sa.Index("ix_personal_values_finder", "finder"),
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("action", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(128), nullable=False),
    sa.Column("detail", Json, nullable=False),
    sa.Index("ix_audit_log_subject", "subject"),
)
