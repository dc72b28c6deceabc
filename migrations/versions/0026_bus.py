"""How far each bus is in the outbox.

Revision: 0026, after 0025.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bus_positions",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outbox_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_bus_positions"),
    )


def downgrade() -> None:
    op.drop_table("bus_positions")
