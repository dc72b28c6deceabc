"""What sales promise: their terms, and the allowlists that roots stand for.

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sale_terms",
        sa.Column("address", sa.String(44), primary_key=True),
        sa.Column("sale", postgresql.JSONB(), nullable=False),
    )
    op.create_table(
        "allowlists",
        sa.Column("root", sa.String(64), primary_key=True),
        sa.Column("wallets", postgresql.ARRAY(sa.String(44)), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
    )
    op.add_column("curves", sa.Column("terms", sa.String(44), nullable=True))
    op.add_column("curves", sa.Column("rules_end", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("curves", "rules_end")
    op.drop_column("curves", "terms")
    op.drop_table("allowlists")
    op.drop_table("sale_terms")
