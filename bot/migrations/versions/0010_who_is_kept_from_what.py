"""whom a complaint that is being told is about, and indexes to ask it quickly"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

INDEXES = (("ix_cases_accused", "cases"), ("ix_complaint_drafts_accused", "complaint_drafts"))


def upgrade() -> None:
    op.add_column("complaint_drafts", sa.Column("accused", sa.Text(), nullable=False, server_default="[]"))
    op.create_index("ix_conversations_former_id", "conversations", ["former_id"])
    for index, table in INDEXES:
        somebody = sa.text("accused <> '[]'")
        op.create_index(index, table, ["conversation_id"], sqlite_where=somebody, postgresql_where=somebody)


def downgrade() -> None:
    for index, table in INDEXES:
        op.drop_index(index, table)
    op.drop_index("ix_conversations_former_id", "conversations")
    op.drop_column("complaint_drafts", "accused")
