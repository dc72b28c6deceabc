"""The price of SOL as the API tells it."""

from launchpad.amounts import decimal_text
from launchpad.db import Look
from launchpad.prices.schemas import SolPriceView
from launchpad.prices.service import sol_usd


async def view(look: Look) -> SolPriceView:
    """The newest price with its age judged."""
    found = await sol_usd(look)
    if found is None:
        return SolPriceView(price_usd=None, last_usd=None, as_of=None, source=None, stale=True)
    text = decimal_text(found.value)
    return SolPriceView(
        price_usd=None if found.stale else text,
        last_usd=text,
        as_of=found.as_of,
        source=found.source,
        stale=found.stale,
    )
