"""Pools, and the trades that happen in them.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_U64 = sa.Numeric(20, 0)
_OF_LIQUIDITY = sa.text("name IN ('PoolCreated', 'LiquidityAdded', 'LiquidityRemoved')")


def upgrade() -> None:
    _create_pools()
    op.add_column("trades", sa.Column("liquidity_fee", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.add_column("trades", sa.Column("venue", sa.String(8), nullable=False, server_default="curve"))
    op.add_column("trades", sa.Column("pool", sa.String(44), nullable=True))
    op.add_column("trades", sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.text("true")))
    op.add_column("curves", sa.Column("price_position", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.execute("UPDATE curves SET price_position = position")
    op.add_column("fee_events", sa.Column("pool", sa.String(44), nullable=True))
    in_pools = sa.text("pool IS NOT NULL")
    op.create_index("ix_trades_pool_position", "trades", ["pool", sa.text("position DESC")], postgresql_where=in_pools)
    op.create_index(
        "ix_chain_events_pool", "chain_events", [sa.text("(payload ->> 'pool')")], postgresql_where=_OF_LIQUIDITY
    )
    # Events that were stored before anybody folded them are about their pool's token, too.
    op.execute(
        "UPDATE chain_events SET mint = payload ->> 'base_mint' "
        "WHERE program = 'amm' AND mint IS NULL AND payload ? 'base_mint'"
    )
    op.execute(
        "UPDATE chain_events e SET mint = c.mint FROM chain_events c WHERE e.mint IS NULL "
        "AND e.name IN ('LiquidityAdded', 'LiquidityRemoved') AND c.name = 'PoolCreated' "
        "AND c.payload ->> 'pool' = e.payload ->> 'pool'"
    )


def _create_pools() -> None:
    op.create_table(
        "pools",
        sa.Column("address", sa.String(44), primary_key=True),
        sa.Column("mint", sa.String(44), nullable=False),
        sa.Column("lp_mint", sa.String(44), nullable=False),
        sa.Column("canonical", sa.Boolean(), nullable=False),
        sa.Column("opener", sa.String(44), nullable=False),
        sa.Column("creator", sa.String(44), nullable=True),
        sa.Column("creator_fee_bps", sa.SmallInteger(), nullable=False),
        sa.Column("base_reserve", _U64, nullable=False),
        sa.Column("quote_reserve", sa.BigInteger(), nullable=False),
        sa.Column("lp_supply", _U64, nullable=False),
        sa.Column("protocol_fees", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("creator_fees", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_trade_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trade_count", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("volume_quote", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("fees_position", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
    )
    op.create_index("ix_pools_mint", "pools", ["mint"])
    op.create_index("ix_pools_creator", "pools", ["creator"])
    op.create_index("ix_pools_canonical", "pools", ["mint"], unique=True, postgresql_where=sa.text("canonical"))


def downgrade() -> None:
    op.drop_index("ix_chain_events_pool", "chain_events")
    op.drop_index("ix_trades_pool_position", "trades")
    op.drop_column("fee_events", "pool")
    op.drop_column("curves", "price_position")
    for column in ("counted", "pool", "venue", "liquidity_fee"):
        op.drop_column("trades", column)
    op.drop_table("pools")
