"""Launches on several venues at once.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "multi_launches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wallet", sa.String(length=44), nullable=False),
        sa.Column("mint", sa.String(length=44), nullable=False),
        sa.Column("base_amount", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("quote_amount", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_multi_launches")),
    )
    op.create_index(op.f("ix_multi_launches_wallet"), "multi_launches", ["wallet"], unique=False)
    op.create_table(
        "multi_launch_items",
        sa.Column("launch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("venue", sa.String(length=16), nullable=False),
        sa.Column("share_bps", sa.SmallInteger(), nullable=False),
        sa.Column("base_amount", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("quote_amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=44), nullable=True),
        sa.Column("last_valid_block_height", sa.BigInteger(), nullable=True),
        sa.Column("error", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["launch_id"],
            ["multi_launches.id"],
            name=op.f("fk_multi_launch_items_launch_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("launch_id", "position", name=op.f("pk_multi_launch_items")),
    )


def downgrade() -> None:
    op.drop_table("multi_launch_items")
    op.drop_table("multi_launches")
