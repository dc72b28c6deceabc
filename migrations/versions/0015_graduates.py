"""Positions of openings, what left a graduate's curve into schedules, and pools elsewhere.

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("curves", sa.Column("graduation_signature", sa.String(88), nullable=True))
    op.add_column("curves", sa.Column("graduation_slot", sa.BigInteger(), nullable=True))
    op.add_column("pools", sa.Column("venue", sa.String(8), server_default="amm", nullable=False))
    op.create_table(
        "positions",
        sa.Column("mint", sa.String(44), primary_key=True),
        sa.Column("wallet", sa.String(44), primary_key=True),
        sa.Column("address", sa.String(44)),
        sa.Column("opened_at", _TIME),
        sa.Column("allowlisted_at", _TIME),
        sa.Column("pledged_at", _TIME),
        sa.Column("closed_at", _TIME),
        sa.Column("bought", sa.Numeric(20, 0)),
        sa.Column("position", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "graduation_releases",
        sa.Column("schedule", sa.String(44), primary_key=True),
        sa.Column("mint", sa.String(44), nullable=False),
        sa.Column("kind", sa.String(9), nullable=False),
        sa.Column("asset", sa.String(44), nullable=False),
        sa.Column("amount", sa.Numeric(20, 0), nullable=False),
        sa.Column("beneficiary", sa.String(44)),
        sa.Column("until", _TIME),
        sa.Column("released_at", _TIME, nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("signature", sa.String(88), nullable=False),
    )
    op.create_index("ix_graduation_releases_mint", "graduation_releases", ["mint"])


def downgrade() -> None:
    op.drop_table("graduation_releases")
    op.drop_table("positions")
    op.drop_column("pools", "venue")
    op.drop_column("curves", "graduation_slot")
    op.drop_column("curves", "graduation_signature")
