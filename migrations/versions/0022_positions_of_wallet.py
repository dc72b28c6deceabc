"""Places in openings by their wallet.

Revision: 0022, after 0021.
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_positions_wallet", "positions", ["wallet"])


def downgrade() -> None:
    op.drop_index("ix_positions_wallet", "positions")
