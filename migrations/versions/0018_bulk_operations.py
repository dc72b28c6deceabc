"""Operations on many items, and their transactions.

Revision: 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_operations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("payer", sa.String(44), nullable=False),
        sa.Column("mark", sa.String(16), nullable=False),
        sa.Column("items", JSONB(), nullable=False),
        sa.Column("tokens", JSONB(), nullable=False),
        sa.Column("cost", JSONB(), nullable=False),
        sa.Column("problems", JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
    )
    op.create_index("ix_bulk_operations_payer", "bulk_operations", ["payer"])
    op.create_table(
        "bulk_transactions",
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("bulk_operations.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.SmallInteger(), primary_key=True),
        sa.Column("items", JSONB(), nullable=False),
        sa.Column("wire", sa.String(), nullable=False),
        sa.Column("last_valid_block_height", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(9), nullable=False),
        sa.Column("signature", sa.String(88), nullable=True),
        sa.Column("error", JSONB(), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("bulk_transactions")
    op.drop_table("bulk_operations")
