"""What trades paid to be taken first.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trades", sa.Column("priority_fee", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("trades", "priority_fee")
