"""Trades and one-second candles are partitioned by time; no row is copied.

What was there becomes the partition for everything that has none of its own; `launchpad
worker` moves it into partitions of its own, span by span.

Revision: 0021, after 0020.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TRADES_KEY = 'signature, instruction, "inner", traded_at'
_INDEXES = {
    "mint_position": "(mint, position DESC)",
    "trader_position": "(trader, position DESC)",
    "traded_at": "(traded_at)",
    "position": "(position DESC)",
    "pool_position": "(pool, position DESC) WHERE pool IS NOT NULL",
}


def upgrade() -> None:
    # Nobody asks for trades by their slot.
    op.execute("DROP INDEX ix_trades_unfinalized")
    op.execute("ALTER TABLE trades RENAME TO trades_default")
    op.execute("ALTER TABLE trades_default DROP CONSTRAINT pk_trades")
    op.execute(f"ALTER TABLE trades_default ADD CONSTRAINT pk_trades_default PRIMARY KEY ({_TRADES_KEY})")
    for name in _INDEXES:
        op.execute(f"ALTER INDEX ix_trades_{name} RENAME TO ix_trades_default_{name}")
    op.execute("CREATE TABLE trades (LIKE trades_default INCLUDING DEFAULTS) PARTITION BY RANGE (traded_at)")
    op.execute("ALTER TABLE trades ATTACH PARTITION trades_default DEFAULT")
    op.execute(f"ALTER TABLE trades ADD CONSTRAINT pk_trades PRIMARY KEY ({_TRADES_KEY})")
    for name, columns in _INDEXES.items():
        op.execute(f"CREATE INDEX ix_trades_{name} ON trades {columns}")
    _part_candles()


def _part_candles() -> None:
    op.execute("ALTER TABLE candles RENAME TO candles_coarse")
    op.execute("ALTER TABLE candles_coarse RENAME CONSTRAINT pk_candles TO pk_candles_coarse")
    op.execute('CREATE TABLE candles (LIKE candles_coarse INCLUDING DEFAULTS) PARTITION BY LIST ("interval")')
    op.execute("CREATE TABLE candles_seconds PARTITION OF candles FOR VALUES IN (1) PARTITION BY RANGE (bucket)")
    op.execute("CREATE TABLE candles_seconds_default PARTITION OF candles_seconds DEFAULT")
    op.execute(
        "WITH moved AS (DELETE FROM candles_coarse WHERE interval = 1 RETURNING *) "
        "INSERT INTO candles_seconds_default SELECT * FROM moved"
    )
    op.execute("ALTER TABLE candles ATTACH PARTITION candles_coarse DEFAULT")
    op.execute('ALTER TABLE candles ADD CONSTRAINT pk_candles PRIMARY KEY (mint, "interval", bucket)')


def downgrade() -> None:
    for name in ("trades", "candles"):
        op.execute(f"CREATE TABLE {name}_whole (LIKE {name} INCLUDING DEFAULTS)")
        op.execute(f"INSERT INTO {name}_whole SELECT * FROM {name}")  # noqa: S608 - our own names
        op.execute(f"DROP TABLE {name}")
        op.execute(f"ALTER TABLE {name}_whole RENAME TO {name}")
    op.execute('ALTER TABLE trades ADD CONSTRAINT pk_trades PRIMARY KEY (signature, instruction, "inner")')
    op.execute('ALTER TABLE candles ADD CONSTRAINT pk_candles PRIMARY KEY (mint, "interval", bucket)')
    for name, columns in _INDEXES.items():
        op.execute(f"CREATE INDEX ix_trades_{name} ON trades {columns}")
    op.execute("CREATE INDEX ix_trades_unfinalized ON trades (slot) WHERE NOT finalized")
