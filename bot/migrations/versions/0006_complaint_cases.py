"""complaint cases: clocks, tasks, warnings, evidence, several channels"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NEW_COLUMNS = (
    "channel", "received_at", "owner_user", "accused", "fields", "classes", "classified_by", "root_cause", "group",
    "round", "cap_days", "proposal", "result", "version",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "case_alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["cases.number"], name=op.f("fk_case_alerts_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_alerts")),
        sa.UniqueConstraint("key", name=op.f("uq_case_alerts_key")),
    )
    with op.batch_alter_table("case_alerts", schema=None) as batch_op:
        batch_op.create_index("ix_case_alerts_at", ["at"], unique=False)

    op.create_table(
        "case_deadlines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("elapsed", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("opens_at", sa.DateTime(), nullable=False),
        sa.Column("nominal_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=True),
        sa.Column("breached_at", sa.DateTime(), nullable=True),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("done_by", sa.String(length=64), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_case_deadlines_conversation_id")
        ),
        sa.ForeignKeyConstraint(["number"], ["cases.number"], name=op.f("fk_case_deadlines_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_deadlines")),
        sa.UniqueConstraint("key", name=op.f("uq_case_deadlines_key")),
    )
    with op.batch_alter_table("case_deadlines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_deadlines_number"), ["number"], unique=False)
        batch_op.create_index("ix_case_deadlines_state_due_at", ["state", "due_at"], unique=False)
        batch_op.create_index("ix_case_deadlines_state_next_at", ["state", "next_at"], unique=False)

    op.create_table(
        "case_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["cases.number"], name=op.f("fk_case_files_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_files")),
    )
    with op.batch_alter_table("case_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_files_number"), ["number"], unique=False)

    op.create_table(
        "case_links",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contact_ref", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_case_links_conversation_id")),
        sa.ForeignKeyConstraint(["number"], ["cases.number"], name=op.f("fk_case_links_number")),
        sa.PrimaryKeyConstraint("number", "conversation_id", "seq", name=op.f("pk_case_links")),
    )
    with op.batch_alter_table("case_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_links_contact_ref"), ["contact_ref"], unique=False)
        batch_op.create_index("ix_case_links_conversation_id", ["conversation_id"], unique=False)

    op.create_table(
        "case_pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["cases.number"], name=op.f("fk_case_pauses_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_pauses")),
    )
    with op.batch_alter_table("case_pauses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_pauses_number"), ["number"], unique=False)

    op.create_table(
        "case_requests",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["cases.number"], name=op.f("fk_case_requests_number")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_case_requests")),
    )
    op.create_table(
        "case_alerts_seen",
        sa.Column("alert_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["case_alerts.id"], name=op.f("fk_case_alerts_seen_alert_id")),
        sa.PrimaryKeyConstraint("alert_id", "username", name=op.f("pk_case_alerts_seen")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(length=16), nullable=False, server_default="web"))
        batch_op.add_column(sa.Column("received_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("owner_user", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("accused", sa.Text(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("fields", sa.Text(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("classes", sa.Text(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("classified_by", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("root_cause", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("group", sa.Boolean(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("cap_days", sa.Integer(), nullable=False, server_default="15"))
        batch_op.add_column(sa.Column("proposal", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("result", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_index("ix_cases_opened_at", ["opened_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_owner_user"), ["owner_user"], unique=False)

    _owners_of_open_cases()
    _clocks_of_open_cases()


def downgrade() -> None:
    for table in (
        "case_alerts_seen",
        "case_alerts",
        "case_deadlines",
        "case_files",
        "case_links",
        "case_pauses",
        "case_requests",
    ):
        op.drop_table(table)
    # not in a batch: see 0002
    op.drop_index("ix_cases_owner_user", "cases")
    op.drop_index("ix_cases_opened_at", "cases")
    for column in NEW_COLUMNS:
        op.drop_column("cases", column)


def _owners_of_open_cases() -> None:
    """Who had taken a case until now stood in its history only."""
    op.execute(
        "UPDATE cases SET owner_user = (SELECT actor FROM case_events WHERE case_events.number = cases.number"
        " AND action IN ('accepted', 'assigned') ORDER BY id DESC LIMIT 1)"
    )


def _clocks_of_open_cases() -> None:
    """What was promised before there were rows for it: first response and resolution of every case that is open."""
    for kind, column, nobody_yet in (
        ("first_response", "respond_by", "AND state = 'NEW' AND kind = 'COMPLAINT'"),
        ("resolution", "due_at", ""),
    ):
        op.execute(
            "INSERT INTO case_deadlines (key, kind, number, round, elapsed, starts_at, opens_at, nominal_at, due_at,"
            " provisional, state, level, next_at, text, detail)"
            f" SELECT number || '/1/{kind}', '{kind}', number, 1, {_true()}, opened_at, opened_at, {column}, {column},"
            f" provisional, 'open', 0, {column}, '', '{{}}' FROM cases"
            f" WHERE state NOT IN ('CLOSED', 'WITHDRAWN', 'RESOLVED') {nobody_yet}"
        )
    open_ = "SELECT number, opened_at FROM cases WHERE kind = 'COMPLAINT' AND state NOT IN ('CLOSED', 'WITHDRAWN')"
    typed = sa.text(open_).columns(number=sa.String, opened_at=sa.DateTime)
    for number, opened_at in op.get_bind().execute(typed).all():
        op.get_bind().execute(_deadlines.insert().values(**_cap(number, opened_at)))


_deadlines = sa.table(
    "case_deadlines",
    *(sa.column(name) for name in ("key", "kind", "number", "state", "text", "detail")),
    *(sa.column(name, sa.Integer) for name in ("round", "level")),
    *(sa.column(name, sa.Boolean) for name in ("elapsed", "provisional")),
    *(sa.column(f"{name}_at", sa.DateTime) for name in ("starts", "opens", "nominal", "due", "next")),
)


def _cap(number: str, opened_at: datetime) -> dict[str, object]:
    """The regulator's clock: the last second of the 15th day in Beijing (UTC+8, without summer time)."""
    due_at = (opened_at + timedelta(hours=8)).replace(hour=23, minute=59, second=59, microsecond=0)
    due_at += timedelta(days=15) - timedelta(hours=8)
    moments = {"starts_at": opened_at, "opens_at": opened_at, "nominal_at": due_at, "due_at": due_at, "next_at": due_at}
    flags = {"elapsed": True, "provisional": False, "state": "open", "level": 0, "text": "", "detail": "{}"}
    return {"key": f"{number}/1/cap", "kind": "cap", "number": number, "round": 1, **moments, **flags}


def _true() -> str:
    return "true" if op.get_bind().dialect.name == "postgresql" else "1"
