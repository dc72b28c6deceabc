"""Views of the screener, and watchlists.

Revision: 0030, after 0029.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_NOW = sa.text("now()")


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=_NOW)


def _owner() -> sa.Column[Any]:
    return sa.Column("owner", sa.String(44), sa.ForeignKey("accounts.address", ondelete="CASCADE"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "screener_views",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _owner(),
        sa.Column("name", sa.String(48), nullable=False),
        sa.Column("settings", JSONB(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
    )
    op.create_index("ix_screener_views_owner_name", "screener_views", ["owner", "name"], unique=True)
    op.create_table(
        "watchlists",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _owner(),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        _moment("created_at"),
    )
    op.create_index("ix_watchlists_owner_name", "watchlists", ["owner", "name"], unique=True)
    op.create_table(
        "watchlist_tokens",
        sa.Column("watchlist_id", sa.Uuid(), sa.ForeignKey("watchlists.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("mint", sa.String(44), primary_key=True),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        _moment("added_at"),
    )


def downgrade() -> None:
    op.drop_table("watchlist_tokens")
    op.drop_table("watchlists")
    op.drop_table("screener_views")
