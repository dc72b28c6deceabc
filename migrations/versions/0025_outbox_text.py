"""The outbox keeps its JSON as it was written: it is told as it is, and never searched.

Revision: 0025, after 0024.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE outbox ALTER COLUMN data TYPE json USING data::text::json")


def downgrade() -> None:
    op.execute("ALTER TABLE outbox ALTER COLUMN data TYPE jsonb USING data::text::jsonb")
