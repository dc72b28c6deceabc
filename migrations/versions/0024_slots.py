"""The ledger of slots.

Revision: 0024, after 0023.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slot_spans",
        sa.Column("first_slot", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("last_slot", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("first_slot", name="pk_slot_spans"),
    )


def downgrade() -> None:
    op.drop_table("slot_spans")
