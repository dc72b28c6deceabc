"""The price of SOL by minute, figures by token and window, milestones, and a way to retractions.

Revision: 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_PRICE = sa.Numeric(40, 20)
_WINDOWS = ("1m", "5m", "15m", "1h", "6h", "24h")
_FIGURES = {
    "volume": sa.BigInteger(),
    "ranked_volume": sa.BigInteger(),
    "buys": sa.Integer(),
    "sells": sa.Integer(),
    "buyers": sa.Integer(),
    "sellers": sa.Integer(),
    "change_bps": sa.BigInteger(),
    "high": _PRICE,
    "low": _PRICE,
    "volatility_bps": sa.BigInteger(),
}
_SHARES = ("holders", "top_10_bps", "gini_bps", "creator_bps", "sniper_bps", "bundler_bps", "fresh_bps")
_SORTED = {
    "volume_24h": "volume_24h",
    "market_cap": "market_cap",
    "change_1h": "change_bps_1h",
    "holders": "holders",
    "progress": "progress_ppm",
}
_RETRACTED = sa.text("type = 'trade.retracted'")


def upgrade() -> None:
    op.create_table(
        "sol_prices",
        sa.Column("minute", _TIME, primary_key=True),
        sa.Column("usd", sa.Numeric(20, 8), nullable=False),
        sa.Column("as_of", _TIME, nullable=False),
        sa.Column("source", sa.String(128), nullable=False),
    )
    op.create_table(
        "token_metrics",
        *_facts(),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _SHARES),
        sa.Column("distribution_at", _TIME),
        sa.Column("organic", sa.SmallInteger(), nullable=False),
        sa.Column("momentum_bps", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Numeric(5, 2), nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        *(
            sa.Column(f"{name}_{window}", kind, nullable=False)
            for window in _WINDOWS
            for name, kind in _FIGURES.items()
        ),
    )
    # Rows change every second: cleaned early, the table does not grow.
    op.execute(
        "ALTER TABLE token_metrics SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0)"
    )
    for name, column in _SORTED.items():
        op.create_index(f"ix_token_metrics_{name}", "token_metrics", [sa.text(f"{column} DESC"), sa.text("mint DESC")])
    op.create_table(
        "token_milestones",
        sa.Column("mint", sa.String(44), primary_key=True),
        sa.Column("usd", sa.BigInteger(), primary_key=True),
        sa.Column("market_cap", sa.Numeric(40, 0), nullable=False),
        sa.Column("sol_usd", sa.Numeric(20, 8), nullable=False),
        sa.Column("reached_at", _TIME, nullable=False),
    )
    op.create_index("ix_token_milestones_usd_reached_at", "token_milestones", ["usd", sa.text("reached_at DESC")])
    op.create_index("ix_outbox_retracted", "outbox", ["id"], postgresql_where=_RETRACTED)


def _facts() -> list[sa.Column[object]]:
    return [
        sa.Column("mint", sa.String(44), primary_key=True),
        sa.Column("creator", sa.String(44), nullable=False),
        sa.Column("launched_at", _TIME, nullable=False),
        sa.Column("opened_at", _TIME, nullable=False),
        sa.Column("last_trade_at", _TIME),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("venue", sa.String(8), nullable=False),
        sa.Column("price", _PRICE, nullable=False),
        sa.Column("price_sol", sa.Numeric(), nullable=False),
        sa.Column("supply", sa.Numeric(20, 0), nullable=False),
        sa.Column("circulating", sa.Numeric(20, 0), nullable=False),
        sa.Column("market_cap", sa.Numeric(40, 0), nullable=False),
        sa.Column("liquidity", sa.BigInteger(), nullable=False),
        sa.Column("progress_ppm", sa.Integer(), nullable=False),
        sa.Column("trades", sa.BigInteger(), nullable=False),
        sa.Column("volume", sa.BigInteger(), nullable=False),
    ]


def downgrade() -> None:
    op.drop_index("ix_outbox_retracted", "outbox")
    op.drop_table("token_milestones")
    op.drop_table("token_metrics")
    op.drop_table("sol_prices")
