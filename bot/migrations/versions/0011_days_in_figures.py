"""how customers were while they waited and were served, and an index for counting the conversations of an hour"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("handovers", sa.Column("mood", sa.Integer()))
    op.create_index("ix_conversations_created_at", "conversations", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_conversations_created_at", "conversations")
    op.drop_column("handovers", "mood")
