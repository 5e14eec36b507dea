"""customers on WeChat, notices"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=False),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("ix_notices_state_next_at", ["state", "next_at"], unique=False)

    op.create_table(
        "wechat_tokens",
        sa.Column("appid", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(), nullable=False),
        sa.Column("forced_at", sa.DateTime(), nullable=True),
        sa.Column("forced_count", sa.Integer(), nullable=False),
        sa.Column("forced_day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("appid", name=op.f("pk_wechat_tokens")),
    )
    op.create_table(
        "wechat_customers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("subscribed", sa.Boolean(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("told_seq", sa.Integer(), nullable=False),
        sa.Column("window_until", sa.DateTime(), nullable=True),
        sa.Column("window_left", sa.Integer(), nullable=False),
        sa.Column("short_until", sa.DateTime(), nullable=True),
        sa.Column("short_left", sa.Integer(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_wechat_customers_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_customers")),
    )
    with op.batch_alter_table("wechat_customers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wechat_customers_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "wechat_inbound",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(), nullable=False),
        sa.Column("answer_by", sa.DateTime(), nullable=False),
        sa.Column("deliveries", sa.Integer(), nullable=False),
        sa.Column("written", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_wechat_inbound_conversation_id")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["wechat_customers.id"], name=op.f("fk_wechat_inbound_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_inbound")),
    )
    with op.batch_alter_table("wechat_inbound", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wechat_inbound_arrived_at"), ["arrived_at"], unique=False)
        batch_op.create_index("ix_wechat_inbound_customer_id_state", ["customer_id", "state"], unique=False)
        batch_op.create_index(
            "ix_wechat_inbound_state_written_answer_by", ["state", "written", "answer_by"], unique=False
        )

    op.create_table(
        "wechat_outbox",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mandatory", sa.Text(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("matters", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("received_id", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=True),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("errcode", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("noticed_at", sa.DateTime(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_wechat_outbox_conversation_id")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["wechat_customers.id"], name=op.f("fk_wechat_outbox_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_outbox")),
    )
    with op.batch_alter_table("wechat_outbox", schema=None) as batch_op:
        batch_op.create_index("ix_wechat_outbox_conversation_id", ["conversation_id"], unique=False)
        batch_op.create_index("ix_wechat_outbox_customer_id_position", ["customer_id", "position"], unique=False)
        batch_op.create_index("ix_wechat_outbox_received_id", ["received_id"], unique=False)
        batch_op.create_index("ix_wechat_outbox_state_next_at", ["state", "next_at"], unique=False)

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("customer_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("context", sa.Text(), nullable=False, server_default="{}"))
        batch_op.create_index(batch_op.f("ix_conversations_customer_id"), ["customer_id"], unique=False)


def downgrade() -> None:
    for table in ("wechat_outbox", "wechat_inbound", "wechat_customers", "wechat_tokens", "notices"):
        op.drop_table(table)
    # not in a batch: that makes the table anew, and SQLite lets no table go to which events point (needs SQLite 3.35)
    op.drop_index("ix_conversations_customer_id", "conversations")
    op.drop_column("conversations", "context")
    op.drop_column("conversations", "customer_id")
