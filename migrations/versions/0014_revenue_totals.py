"""Totals of money that are kept, not summed: the order in which events were committed, and how far jobs came.

Revision: 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SEQUENCE = "chain_events_ordinal_seq"
_AMOUNT = sa.Numeric(38, 0)


def upgrade() -> None:
    op.execute(f"CREATE SEQUENCE {_SEQUENCE}")
    ordinal = sa.Column(
        "ordinal", sa.BigInteger(), nullable=False, server_default=sa.text(f"nextval('{_SEQUENCE}'::regclass)")
    )
    op.add_column("chain_events", ordinal)
    op.execute(f"ALTER SEQUENCE {_SEQUENCE} OWNED BY chain_events.ordinal")
    op.create_index("ix_chain_events_ordinal", "chain_events", ["ordinal"])
    op.create_table(
        "worker_positions",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "revenue_totals",
        sa.Column("mint", sa.String(44), primary_key=True),
        sa.Column("venue", sa.String(8), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        *(sa.Column(name, _AMOUNT, nullable=False) for name in ("earned", "paid", "at_once")),
        sa.Column("known", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_revenue_totals_unknown", "revenue_totals", ["mint"], postgresql_where=sa.text("NOT known"))


def downgrade() -> None:
    op.drop_table("revenue_totals")
    op.drop_table("worker_positions")
    op.drop_column("chain_events", "ordinal")
