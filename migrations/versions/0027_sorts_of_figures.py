"""Indexes for lists by the change of a day and by score.

Revision: 0027, after 0026.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_SORTED = {"change_24h": "change_bps_24h", "score": "score"}


def upgrade() -> None:
    for name, column in _SORTED.items():
        op.create_index(f"ix_token_metrics_{name}", "token_metrics", [sa.text(f"{column} DESC"), sa.text("mint DESC")])


def downgrade() -> None:
    for name in _SORTED:
        op.drop_index(f"ix_token_metrics_{name}", "token_metrics")
