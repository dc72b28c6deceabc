"""Routers by the wallets that own them or are paid by them.

Revision: 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_PERSON = sa.text("coalesce(payload ->> 'new_owner', payload ->> 'pending_owner', payload ->> 'creator')")
_OF_OWNERS = sa.text("name IN ('RouterCreated', 'OwnerProposed', 'OwnerChanged')")
_SHARES = sa.text("(payload -> 'shares')")
_APPLIED = sa.text("name = 'SharesApplied'")


def upgrade() -> None:
    op.create_index("ix_chain_events_router_people", "chain_events", [_PERSON], postgresql_where=_OF_OWNERS)
    op.create_index(
        "ix_chain_events_shares", "chain_events", [_SHARES], postgresql_using="gin", postgresql_where=_APPLIED
    )


def downgrade() -> None:
    op.drop_index("ix_chain_events_shares", "chain_events")
    op.drop_index("ix_chain_events_router_people", "chain_events")
