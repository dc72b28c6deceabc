"""Events of liquidity in the order of the chain.

Revision: 0028, after 0027.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_OF_LIQUIDITY = sa.text("name IN ('PoolCreated', 'LiquidityAdded', 'LiquidityRemoved', 'Graduated')")


def upgrade() -> None:
    op.create_index("ix_chain_events_liquidity", "chain_events", ["position"], postgresql_where=_OF_LIQUIDITY)


def downgrade() -> None:
    op.drop_index("ix_chain_events_liquidity", "chain_events")
