"""Candles open where the ones before closed, and the first at the launch price.

Revision: 0003, after 0002.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # More digits than a price has go into the quotient, so that it is rounded once.
    op.execute("""
    WITH met AS (
      SELECT k.mint, k.interval, k.bucket, coalesce(
        lag(k.close) OVER (PARTITION BY k.mint, k.interval ORDER BY k.bucket),
        round((c.segments->0->>'quote_reserve')::numeric(60, 30) / (c.segments->0->>'base_reserve')::numeric, 20),
        k.open) AS price
      FROM candles k LEFT JOIN curves c ON c.mint = k.mint)
    UPDATE candles k
    SET open = met.price, high = greatest(k.high, met.price), low = least(k.low, met.price)
    FROM met WHERE (k.mint, k.interval, k.bucket) = (met.mint, met.interval, met.bucket) AND k.open <> met.price
    """)


def downgrade() -> None:
    """Nothing: the tables are the same, and older programs draw these candles as well as their own."""
