"""A told event is one row with both of its numbers; the view `outbox` shows it by channel, as before.

Revision: 0036, after 0035.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_VIEW = """CREATE VIEW outbox AS
  SELECT id, channel, type, seq, data, created_at, published_at FROM outbox_events
  UNION ALL
  SELECT id, 'market'::varchar(64), type, market_seq, data, created_at, published_at FROM outbox_events
    WHERE market_seq IS NOT NULL"""
# Followers were ordered by when a row was told; that is the order of ids, but for what older revisions wrote.
_BY_ID = """UPDATE {table} p SET outbox_id = coalesce(
    (SELECT min(o.id) - 1 FROM outbox o
      WHERE o.published_at >= p.published_at AND (o.published_at, o.id) > (p.published_at, p.outbox_id)),
    greatest(0, (SELECT max(id) FROM outbox), (SELECT max(told) FROM outbox_position)))
  WHERE p.name <> 'history'"""
_HEADS = """INSERT INTO channel_heads AS h (channel, seq) SELECT channel, max(seq) FROM outbox GROUP BY channel
  ON CONFLICT (channel) DO UPDATE SET seq = greatest(h.seq, excluded.seq)"""
_LINES_TO_JSON = """UPDATE outbox_entries w SET events = (
    SELECT json_agg(json_build_array(string_to_array(split_part(line, E'\\t', 1), ','), split_part(line, E'\\t', 2),
      nullif(split_part(line, E'\\t', 3), '')::bigint, split_part(line, E'\\t', 4)) ORDER BY place)::text
    FROM string_to_table(w.events, E'\\n') WITH ORDINALITY AS told (line, place))
  WHERE w.events NOT LIKE '[%'"""
# What follows the table goes on behind the same event.
_BEHIND = """outbox_id = (SELECT count(*) FROM split WHERE id <= p.outbox_id),
    published_at = coalesce((SELECT max(published_at) FROM split WHERE id <= p.outbox_id), 'epoch')
    WHERE p.name <> 'history'"""
_SPLIT = """WITH split AS (SELECT o.*, o.id <= (SELECT max(told) FROM outbox_position) AS reached FROM outbox o),
  placed AS (SELECT *, row_number() OVER (ORDER BY id, channel DESC) AS place FROM split),
  noted AS (UPDATE outbox_position SET told = (SELECT count(*) FROM split WHERE reached)),
  bus AS (UPDATE bus_positions p SET {behind}),
  alerts AS (UPDATE alert_positions p SET {behind})
  INSERT INTO outbox_before (id, channel, type, seq, data, created_at, published_at)
    SELECT place, channel, type, seq, data, created_at, published_at FROM placed"""


def upgrade() -> None:
    # Nobody writes between the two forms: a publisher of before fails from here on, and what it has not told waits.
    op.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE")
    for table in ("bus_positions", "alert_positions"):
        op.execute(_BY_ID.format(table=table))
    op.execute("DROP INDEX ix_outbox_published_at")
    op.execute("ALTER TABLE outbox RENAME TO outbox_events")
    op.execute("ALTER INDEX pk_outbox RENAME TO pk_outbox_events")
    op.execute("ALTER TABLE outbox_events ALTER COLUMN id DROP IDENTITY")
    op.add_column("outbox_events", sa.Column("market_seq", sa.BigInteger))
    op.execute("CREATE UNIQUE INDEX uq_outbox_market_seq ON outbox_events (market_seq) WHERE market_seq IS NOT NULL")
    op.execute(_VIEW)


def downgrade() -> None:
    op.execute("LOCK TABLE outbox_events, outbox_entries IN ACCESS EXCLUSIVE MODE")
    op.execute(_LINES_TO_JSON)
    op.execute(_HEADS)
    op.create_table(
        "outbox_before",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.execute(_SPLIT.format(behind=_BEHIND))
    op.execute("SELECT setval(pg_get_serial_sequence('outbox_before', 'id'), greatest(max(id), 1)) FROM outbox_before")
    op.execute("DROP VIEW outbox")
    op.drop_table("outbox_events")
    op.execute("ALTER TABLE outbox_before RENAME TO outbox")
    op.execute("ALTER TABLE outbox ADD CONSTRAINT pk_outbox PRIMARY KEY (id)")
    op.execute("CREATE UNIQUE INDEX uq_outbox_channel_seq ON outbox (channel, seq)")
    op.execute("CREATE INDEX ix_outbox_retracted ON outbox (id) WHERE type = 'trade.retracted'")
    op.execute("CREATE INDEX ix_outbox_published_at ON outbox (published_at)")
