"""Trades of programs that are not ours.

Revision: 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_AMOUNT = sa.Numeric(20, 0)
_PRICE = sa.Numeric(40, 20)
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "foreign_trades",
        sa.Column("signature", sa.String(88), nullable=False),
        sa.Column("instruction", sa.SmallInteger, nullable=False),
        sa.Column("inner", sa.SmallInteger, nullable=False),
        sa.Column("program", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("slot", sa.BigInteger, nullable=False),
        sa.Column("traded_at", _MOMENT, nullable=False),
        *(sa.Column(name, sa.String(44), nullable=False) for name in ("pool", "mint", "quote_mint", "trader")),
        sa.Column("side", sa.String(4), nullable=False),
        sa.Column("base_amount", _AMOUNT, nullable=False),
        sa.Column("quote_amount", _AMOUNT, nullable=False),
        sa.Column("fees", postgresql.JSONB, nullable=False),
        sa.Column("base_reserve", _AMOUNT),
        sa.Column("quote_reserve", _AMOUNT),
        sa.Column("price", _PRICE, nullable=False),
        sa.Column("finalized", sa.Boolean, server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("signature", "instruction", "inner", "program", name="pk_foreign_trades"),
    )
    newest_first = sa.text("position DESC")
    op.create_index("ix_foreign_trades_mint_position", "foreign_trades", ["mint", newest_first])
    op.create_index("ix_foreign_trades_pool_position", "foreign_trades", ["pool", newest_first])
    op.create_index(
        "ix_foreign_trades_unfinalized", "foreign_trades", ["slot"], postgresql_where=sa.text("NOT finalized")
    )
    op.create_table(
        "foreign_pools",
        sa.Column("pool", sa.String(44), nullable=False),
        sa.Column("program", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("mint", sa.String(44), nullable=False),
        sa.Column("quote_mint", sa.String(44), nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("price", _PRICE, nullable=False),
        sa.Column("base_reserve", _AMOUNT),
        sa.Column("quote_reserve", _AMOUNT),
        sa.Column("trade_count", sa.BigInteger, nullable=False),
        sa.Column("volume_quote", sa.Numeric(40, 0), nullable=False),
        sa.Column("first_trade_at", _MOMENT, nullable=False),
        sa.Column("last_trade_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("pool", name="pk_foreign_pools"),
    )
    op.create_index("ix_foreign_pools_mint", "foreign_pools", ["mint"])
    op.create_index("ix_foreign_pools_last_trade_at", "foreign_pools", [sa.text("last_trade_at DESC")])


def downgrade() -> None:
    op.drop_table("foreign_pools")
    op.drop_table("foreign_trades")
