"""What people draw on charts.

Revision: 0031, after 0030.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chart_drawings",
        sa.Column("address", sa.String(44), nullable=False),
        sa.Column("mint", sa.String(44), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("drawings", JSONB(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("address", "mint", name="pk_chart_drawings"),
        sa.ForeignKeyConstraint(
            ["address"], ["accounts.address"], name="fk_chart_drawings_address", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("chart_drawings")
