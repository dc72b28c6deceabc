"""By which road a transaction was handed in: plain RPC, or a bundle.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "sent_transactions", sa.Column("executor", sa.String(length=8), server_default="legacy", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("sent_transactions", "executor")
