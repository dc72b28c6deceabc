"""Which coarser candles are behind; 5-second candles are merged from seconds as they are read.

Revision: 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "candle_backlog",
        sa.Column("id", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
    )
    op.execute("DELETE FROM candles WHERE interval = 5")


def downgrade() -> None:
    op.drop_table("candle_backlog")
