"""The largest holders of a token in the order of their list, read from the index alone.

Revision: 0023, after 0022.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_LARGEST = ["mint", sa.text("balance DESC"), sa.text("owner DESC")]
_HELD = sa.text("balance > 0")


def upgrade() -> None:
    op.create_index("ix_holders_largest", "holders", _LARGEST, postgresql_where=_HELD)
    op.drop_index("ix_holders_mint_balance", "holders")


def downgrade() -> None:
    op.create_index("ix_holders_mint_balance", "holders", _LARGEST[:2], postgresql_where=_HELD)
    op.drop_index("ix_holders_largest", "holders")
