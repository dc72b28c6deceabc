"""The market as a whole by hour, and graduations by time.

Revision: 0032, after 0031.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "market_hours",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("volume", sa.Numeric(40, 0), nullable=False),
        sa.Column("trades", sa.BigInteger, nullable=False),
        sa.Column("liquidity", sa.BigInteger, nullable=False),
        sa.Column("market_cap", sa.Numeric(40, 0), nullable=False),
        sa.Column("tokens", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("hour", name="pk_market_hours"),
    )
    op.create_index(
        "ix_curves_graduated_at", "curves", ["graduated_at"], postgresql_where=sa.text("graduated_at IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_curves_graduated_at", "curves")
    op.drop_table("market_hours")
