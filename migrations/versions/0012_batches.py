"""Batch launches and their deposits.

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_U64 = sa.Numeric(20, 0)


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("mint", sa.String(44), primary_key=True),
        sa.Column("address", sa.String(44), nullable=False, unique=True),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdraw_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minimum", _U64, nullable=False),
        sa.Column("max_deposit", _U64, nullable=False),
        sa.Column("deposits", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_deposits", sa.BigInteger(), nullable=True),
        sa.Column("base_amount", _U64, nullable=True),
        sa.Column("quote_amount", sa.BigInteger(), nullable=True),
        sa.Column("fees", sa.BigInteger(), nullable=True),
        sa.Column("refund", sa.BigInteger(), nullable=True),
    )
    op.create_index("ix_batches_open", "batches", ["closes_at"], postgresql_where=sa.text("status = 'open'"))
    op.create_table(
        "deposits",
        sa.Column("mint", sa.String(44), primary_key=True),
        sa.Column("wallet", sa.String(44), primary_key=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("base_amount", _U64, nullable=True),
        sa.Column("refund", sa.BigInteger(), nullable=True),
        sa.Column("paid", sa.BigInteger(), nullable=True),
    )
    op.create_index("ix_deposits_wallet", "deposits", ["wallet"])
    of_size = [sa.text("mint"), sa.text("amount DESC")]
    op.create_index("ix_deposits_mint_amount", "deposits", of_size, postgresql_where=sa.text("amount > 0"))


def downgrade() -> None:
    op.drop_table("deposits")
    op.drop_table("batches")
