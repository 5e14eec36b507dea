"""the agents' desk: queues and severity, every wait with its end, clocks that ran out, notes, skills, sessions"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

A_DAY_S = 86_400  # how far ahead who is in danger stands: what the priority 1 was until now
SESSION_HOURS = 12
SESSION_COLUMNS = ("agent", "seen_at", "created_at", "id")
AGENT_COLUMNS = ("password_at", "locked_until", "failed", "disabled_at", "skills")
CONVERSATION_COLUMNS = ("flags", "mood", "senior", "rank_at", "ahead_s", "queue")


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("queue", sa.String(length=20), nullable=False),
        sa.Column("ahead_s", sa.Integer(), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=True),
        sa.Column("claimed_at", sa.DateTime(), nullable=True),
        sa.Column("first_answer_at", sa.DateTime(), nullable=True),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.Column("how", sa.String(length=16), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_handovers_conversation_id")),
        sa.PrimaryKeyConstraint("conversation_id", "epoch", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_entered_at"), "handovers", ["entered_at"])
    op.create_table(
        "clock_breaches",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_clock_breaches_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "epoch", "name", name=op.f("pk_clock_breaches")),
    )
    op.create_index(op.f("ix_clock_breaches_at"), "clock_breaches", ["at"])
    op.create_table(
        "conversation_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_conversation_marks_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_marks")),
    )
    op.create_index(op.f("ix_conversation_marks_conversation_id"), "conversation_marks", ["conversation_id"])
    op.create_table(
        "news_seen",
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("username", "key", name=op.f("pk_news_seen")),
    )
    op.add_column("case_alerts", sa.Column("conversation_id", sa.String(length=32), nullable=True))
    op.add_column("agents", sa.Column("skills", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("agents", sa.Column("disabled_at", sa.DateTime(), nullable=True))
    op.add_column("agents", sa.Column("failed", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("agents", sa.Column("locked_until", sa.DateTime(), nullable=True))
    op.add_column("agents", sa.Column("password_at", sa.DateTime(), nullable=True))
    op.add_column("conversations", sa.Column("queue", sa.String(length=20), nullable=False, server_default="consult"))
    op.add_column("conversations", sa.Column("ahead_s", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("conversations", sa.Column("rank_at", sa.DateTime(), nullable=True))
    op.add_column("conversations", sa.Column("senior", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("conversations", sa.Column("mood", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("conversations", sa.Column("flags", sa.Text(), nullable=False, server_default="[]"))
    op.execute(f"UPDATE conversations SET ahead_s = {A_DAY_S} WHERE priority > 0")
    _ranks()
    _entries()
    op.drop_column("conversations", "priority")
    op.create_index("ix_conversations_state_rank_at", "conversations", ["state", "rank_at"])
    _sessions()


def downgrade() -> None:
    op.drop_index("ix_conversations_state_rank_at", "conversations")
    op.add_column("conversations", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    op.execute(f"UPDATE conversations SET priority = 1 WHERE ahead_s >= {A_DAY_S}")
    op.drop_index("ix_desk_sessions_id", "desk_sessions")
    # not in a batch: see 0002
    for table, columns in (
        ("conversations", CONVERSATION_COLUMNS),
        ("agents", AGENT_COLUMNS),
        ("desk_sessions", SESSION_COLUMNS),
        ("case_alerts", ("conversation_id",)),
    ):
        for column in columns:
            op.drop_column(table, column)
    for table in ("news_seen", "conversation_marks", "clock_breaches", "handovers"):
        op.drop_table(table)


def _ranks() -> None:
    """The place in the queue of who is waiting while we upgrade: his first moment, less what severity gives."""
    bind = op.get_bind()
    known = sa.table(
        "conversations",
        sa.column("id", sa.String),
        sa.column("ahead_s", sa.Integer),
        sa.column("waiting_since", sa.DateTime),
        sa.column("rank_at", sa.DateTime),
    )
    waiting = sa.select(known.c.id, known.c.waiting_since, known.c.ahead_s).where(known.c.waiting_since.is_not(None))
    for id_, since, ahead_s in bind.execute(waiting).all():
        rank_at = since - timedelta(seconds=ahead_s)
        bind.execute(known.update().where(known.c.id == id_).values(rank_at=rank_at))


def _entries() -> None:
    """Who waits, or is served, while we upgrade: else his wait would never end, and no clock would run for him."""
    spoken = "FROM conversation_events e WHERE e.conversation_id = c.id AND e.epoch = c.epoch"
    op.execute(
        "INSERT INTO handovers (conversation_id, epoch, entered_at, reason, queue, ahead_s, agent, claimed_at,"
        " first_answer_at, result, category)"
        " SELECT c.id, c.epoch, c.waiting_since, c.reason, c.queue, c.ahead_s, c.holder,"
        f" CASE WHEN c.state = 'HUMAN' THEN (SELECT MIN(e.at) {spoken}) END,"
        f" CASE WHEN c.state = 'HUMAN' THEN (SELECT MIN(e.at) {spoken} AND e.actor_kind = 'agent') END, '', ''"
        " FROM conversations c WHERE c.state IN ('QUEUED', 'OFFERED', 'HUMAN') AND c.waiting_since IS NOT NULL"
    )


def _sessions() -> None:
    """Nothing points to this table, so it is made anew; who is signed in stays so."""
    bind = op.get_bind()
    texts = (sa.column(name, sa.String) for name in ("token_hash", "username", "csrf_token"))
    known = sa.table("desk_sessions", *texts, sa.column("expires_at", sa.DateTime))
    old = bind.execute(sa.select(known)).mappings().all()
    op.drop_table("desk_sessions")
    new = op.create_table(
        "desk_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("agent", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["username"], ["agents.username"], name=op.f("fk_desk_sessions_username")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_desk_sessions")),
    )
    for row in old:
        at = row["expires_at"] - timedelta(hours=SESSION_HOURS)
        bind.execute(new.insert().values(**row, id=row["token_hash"][:12], created_at=at, seen_at=at))
    op.create_index("ix_desk_sessions_id", "desk_sessions", ["id"], unique=True)
