"""Trades and seconds have room on their pages for the change that is sure to come.

Only pages that are filled from now on have it: nothing is written anew, and nobody has to wait.

Revision: 0037, after 0036.
"""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

# Percent of a page that new rows fill, in every partition.
_FILL = {"trades": 50, "candles_seconds": 75}
_SET = """DO $$ DECLARE part regclass; BEGIN
  FOR part IN SELECT relid FROM pg_partition_tree('{table}') WHERE isleaf AND relid <> '{table}'::regclass LOOP
    EXECUTE format('ALTER TABLE %s {change}', part);
  END LOOP;
END $$"""


def upgrade() -> None:
    for table, percent in _FILL.items():
        op.execute(_SET.format(table=table, change=f"SET (fillfactor = {percent})"))


def downgrade() -> None:
    for table in _FILL:
        op.execute(_SET.format(table=table, change="RESET (fillfactor)"))
