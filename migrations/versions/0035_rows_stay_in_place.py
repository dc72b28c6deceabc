"""What changes with every trade stays in its page: no index holds it, and there is room beside it.

A row that is changed costs an entry in each of its table's indexes, unless none of them
holds what changed and the new version fits into the same page.

Revision: 0035, after 0034.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

# Percent of a page that new rows fill.
_FILL = {"curves": 60, "pools": 60, "holders": 80, "token_accounts": 80, "candles_coarse": 80}
_LARGEST = ["mint", sa.text("balance DESC"), sa.text("owner DESC")]


def upgrade() -> None:
    # Sorted as its only reader asks (NULLS LAST) it never was.
    op.drop_index("ix_curves_last_trade_at", "curves")
    op.drop_index("ix_holders_largest", "holders")
    for table, percent in _FILL.items():
        op.execute(f"ALTER TABLE {table} SET (fillfactor = {percent})")
    # Writes the table anew, with room on every page; nobody reads or writes it meanwhile.
    op.execute(
        "ALTER TABLE holders ADD COLUMN magnitude smallint "
        "GENERATED ALWAYS AS (length((NULLIF(balance, (0)::numeric))::text)) STORED"
    )
    op.create_index(
        "ix_holders_mint_magnitude",
        "holders",
        ["mint", sa.text("magnitude DESC")],
        postgresql_where=sa.text("magnitude IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_holders_mint_magnitude", "holders")
    op.drop_column("holders", "magnitude")
    for table in _FILL:
        op.execute(f"ALTER TABLE {table} RESET (fillfactor)")
    op.create_index("ix_holders_largest", "holders", _LARGEST, postgresql_where=sa.text("balance > 0"))
    op.create_index("ix_curves_last_trade_at", "curves", ["last_trade_at"])
