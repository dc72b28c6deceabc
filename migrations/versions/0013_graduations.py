"""What a graduation did, beside the curve.

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_COLUMNS = {
    "pool_address": sa.String(44),
    "graduated_into": sa.String(8),
    "burned": sa.Numeric(20, 0),
    "team_payout": sa.BigInteger(),
    "treasury_payout": sa.BigInteger(),
    "locked_until": sa.DateTime(timezone=True),
}


def upgrade() -> None:
    for name, kind in _COLUMNS.items():
        op.add_column("curves", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name in reversed(_COLUMNS):
        op.drop_column("curves", name)
