"""The king of the hill: of the tokens that came so far on their curves, the one that did so last."""

from datetime import datetime

from pydantic import BaseModel, Field

from launchpad.config import Settings
from launchpad.db import Look
from launchpad.metrics import queries
from launchpad.metrics.milestones import king_range
from launchpad.prices.service import fresh_usd
from launchpad.tokens import catalog
from launchpad.tokens.queries import TokenFilter
from launchpad.tokens.schemas import TokenRow


class KingView(BaseModel):
    """Who is king of the hill, if anybody is, and between which market values one may be."""

    king: TokenRow | None = Field(description="Null while nobody is, or no price of SOL is fresh.")
    reached_at: datetime | None
    from_usd: int
    to_usd: int | None = Field(description="The next milestone; null for no bound.")


async def king(look: Look, settings: Settings) -> KingView:
    """The token still on its curve that came last to the king's milestone and is worth as much now, not yet more."""
    least, most = king_range(settings)
    rate = await fresh_usd(look)
    found = await queries.king(look, rate, least, most) if rate is not None else None
    if found is None:
        return KingView(king=None, reached_at=None, from_usd=least, to_usd=most)
    rows = (await catalog.list_tokens(look, settings, TokenFilter(mints=(found["mint"],)), 1)).data
    reached = found["reached_at"] if rows else None
    return KingView(king=rows[0] if rows else None, reached_at=reached, from_usd=least, to_usd=most)
