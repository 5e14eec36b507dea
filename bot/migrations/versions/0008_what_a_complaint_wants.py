"""what a customer wants of his complaint, while he tells it"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("complaint_drafts", sa.Column("request", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("complaint_drafts", "request")
