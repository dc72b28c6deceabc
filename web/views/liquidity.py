"""A graduate's pool: what is in it, what a share of it is worth, adding to it and taking out of it."""

from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from launchpad.amounts import price_in_sol
from launchpad.chain.keys import is_address
from launchpad.outbox import queries as outbox
from launchpad.pools import at_raydium, queries
from launchpad.tables.pools import Pool
from launchpad.tokens import catalog
from launchpad.tokens.schemas import TokenDetails
from web.rendering import page

WHOLE_SHARE = 10**9


async def show(request: Request) -> Response:
    """`/liquidity/{mint}`: the pool as it is indexed; scripts read it from the chain."""
    mint = request.path_params["mint"]
    if not is_address(mint):
        raise HTTPException(404)
    state = request.app.state
    async with state.database.read() as session, state.database.look() as look:
        # Read first: what happens in between comes twice to the page rather than not at all.
        head = await outbox.head(session, f"token:{mint}")
        token = await catalog.token_details(look, state.settings, mint)
        pools = await queries.of_mint(session, mint)
        own = next((pool for pool in pools if pool.canonical), None)
        context = await _figures(session, token, own) if own else {}
    others = [pool for pool in pools if not pool.canonical]
    raydium = at_raydium.page_of(own.address) if own and own.venue == "raydium" else None
    return page(request, "liquidity.html", head=head, token=token, pool=own, others=others, raydium=raydium, **context)


async def _figures(session: AsyncSession, token: TokenDetails, pool: Pool) -> dict[str, Any]:
    hour = await queries.hour_average(session, pool.address)
    shares = max(int(pool.lp_supply), 1)
    return {
        "hour": None if hour is None else price_in_sol(hour, token.decimals),
        "share_base": int(pool.base_reserve) * WHOLE_SHARE // shares,
        "share_quote": pool.quote_reserve * WHOLE_SHARE // shares,
        "price": price_in_sol(Decimal(pool.quote_reserve) / Decimal(max(int(pool.base_reserve), 1)), token.decimals),
    }
