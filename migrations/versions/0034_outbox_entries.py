"""What is told waits in one row for a transaction's events, and is stored once, with its numbers.

Revision: 0034, after 0033.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

# Who has read a stream since may have seen their numbers: those stay, and come first, as they were given first.
_WAIT = """WITH gone AS (DELETE FROM outbox WHERE published_at IS NULL RETURNING *)
  INSERT INTO outbox_entries (frames, of_chain, events, created_at)
  SELECT 1, channel = 'market' OR channel LIKE 'token:%',
    json_build_array(json_build_array(json_build_array(channel), type, seq, data::text))::text, created_at
  FROM gone ORDER BY seq NULLS LAST, id"""
_TELL_AGAIN = "UPDATE outbox SET published_at = NULL WHERE id > (SELECT max(told) FROM outbox_position)"
_WAIT_AS_BEFORE = """INSERT INTO outbox (channel, type, seq, data, created_at)
  SELECT channel, event ->> 1, (event ->> 2)::bigint, (event ->> 3)::json, created_at
  FROM outbox_entries, json_array_elements(events::json) WITH ORDINALITY AS told (event, place),
    json_array_elements_text(event -> 0) WITH ORDINALITY AS heard (channel, number)
  ORDER BY outbox_entries.id, place, number"""


def upgrade() -> None:
    # Nobody writes between what is carried over and the new form: who tries afterwards fails and loses nothing.
    op.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE")
    op.create_table(
        "outbox_entries",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("frames", sa.Integer, nullable=False),
        sa.Column("of_chain", sa.Boolean, nullable=False),
        sa.Column("events", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_entries"),
    )
    # Read once and gone: compressing it costs more than it saves.
    op.execute("ALTER TABLE outbox_entries ALTER COLUMN events SET STORAGE EXTERNAL")
    op.create_table(
        "outbox_position",
        sa.Column("id", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("told", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_position"),
    )
    op.execute(_WAIT)
    op.execute("INSERT INTO outbox_position (id, told) SELECT 1, coalesce(max(id), 0) FROM outbox")
    for index in ("ix_outbox_unpublished", "uq_outbox_channel_seq", "ix_outbox_published_at"):
        op.execute(f"DROP INDEX {index}")
    op.execute("ALTER TABLE outbox ALTER COLUMN seq SET NOT NULL")
    op.execute("ALTER TABLE outbox ALTER COLUMN published_at SET DEFAULT now()")
    op.execute("ALTER TABLE outbox ALTER COLUMN published_at SET NOT NULL")
    op.execute("CREATE UNIQUE INDEX uq_outbox_channel_seq ON outbox (channel, seq)")
    op.execute("CREATE INDEX ix_outbox_published_at ON outbox (published_at)")
    # A head moves with each event: with room beside it no index has to be told.
    op.execute("ALTER TABLE channel_heads SET (fillfactor = 50)")


def downgrade() -> None:
    op.execute("LOCK TABLE outbox, outbox_entries IN ACCESS EXCLUSIVE MODE")
    op.execute("ALTER TABLE channel_heads RESET (fillfactor)")
    for column in ("seq", "published_at"):
        op.execute(f"ALTER TABLE outbox ALTER COLUMN {column} DROP NOT NULL")
    op.execute("ALTER TABLE outbox ALTER COLUMN published_at DROP DEFAULT")
    for index in ("uq_outbox_channel_seq", "ix_outbox_published_at"):
        op.execute(f"DROP INDEX {index}")
    op.execute(_TELL_AGAIN)
    op.execute(_WAIT_AS_BEFORE)
    op.execute("CREATE INDEX ix_outbox_unpublished ON outbox (id) WHERE published_at IS NULL")
    op.execute("CREATE UNIQUE INDEX uq_outbox_channel_seq ON outbox (channel, seq) WHERE seq IS NOT NULL")
    op.execute("CREATE INDEX ix_outbox_published_at ON outbox (published_at) WHERE published_at IS NOT NULL")
    op.drop_table("outbox_position")
    op.drop_table("outbox_entries")
