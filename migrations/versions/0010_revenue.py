"""Money in the order of the chain, and the events of a router.

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_NEWEST = [sa.text("position DESC")]
_OF_ROUTERS = sa.text("program = 'fee_router'")
_OF_MONEY = sa.text("name IN ('TokenLaunched', 'Graduated', 'FeesCollected', 'LamportsReceived', 'SharePaid')")


def upgrade() -> None:
    op.create_index("ix_trades_position", "trades", _NEWEST)
    op.create_index("ix_fee_events_position", "fee_events", _NEWEST)
    op.create_index("ix_chain_events_money", "chain_events", _NEWEST, postgresql_where=_OF_MONEY)
    router = [sa.text("(payload ->> 'router')")]
    op.create_index("ix_chain_events_router", "chain_events", router, postgresql_where=_OF_ROUTERS)


def downgrade() -> None:
    for name, table in (
        ("ix_chain_events_router", "chain_events"),
        ("ix_chain_events_money", "chain_events"),
        ("ix_fee_events_position", "fee_events"),
        ("ix_trades_position", "trades"),
    ):
        op.drop_index(name, table)
