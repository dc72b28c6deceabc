"""A token's price and progress read from its curve and pool, with the indexed state as fallback."""

import asyncio
import time
from datetime import UTC, datetime
from decimal import Decimal

from launchpad.amounts import decimal_text, fraction_text, price_in_sol
from launchpad.chain.client import ChainClient
from launchpad.chain.markets import TokenMarket, Venue, fetch_market
from launchpad.db import Database
from launchpad.errors import LaunchpadError
from launchpad.tables.pools import Pool
from launchpad.tables.tokens import Curve
from launchpad.tokens import queries, queries_page
from launchpad.tokens.catalog import progress_bps
from launchpad.tokens.errors import unknown_token
from launchpad.tokens.schemas import SyncState

_PATIENCE_SECONDS = 1.0


async def sync_state(database: Database, chain: ChainClient, mint: str) -> SyncState:
    """The state now; `source` says whether the chain or the index told it. Raises TokenNotFoundError."""
    async with database.read() as session:
        found = await queries.token_and_curve(session, mint)
        if found is None:
            raise unknown_token(mint)
        investors = await queries_page.investors(session, mint)
        pool = await queries.canonical_pool(session, mint)
    state = await _from_chain(chain, mint)
    if state is None:
        return _indexed(found[1], pool, investors)
    return _told(state, found[1], investors)


async def _from_chain(chain: ChainClient, mint: str) -> TokenMarket | None:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await fetch_market(chain.rpc, mint, int(time.time()))
    except (LaunchpadError, TimeoutError):
        return None


def _told(market: TokenMarket, row: Curve, investors: int) -> SyncState:
    state, price = market.curve, Decimal(fraction_text(market.price))
    return SyncState(
        mint=row.mint,
        price=decimal_text(price),
        price_sol=decimal_text(price_in_sol(price, row.decimals)),
        progress_bps=progress_bps(state.sold, state.sale_supply),
        sold=str(state.sold),
        sale_supply=str(state.sale_supply),
        quote_reserve=str(state.quote_reserve),
        raise_target=str(state.raise_target),
        status=state.status,
        liquidity=str(market.liquidity),
        venue=market.venue,
        investors=investors,
        source="chain",
        as_of=datetime.now(UTC),
    )


def _venue(pool: Pool | None) -> Venue:
    if pool is None:
        return "curve"
    return "raydium" if pool.venue == "raydium" else "amm"


def _indexed(row: Curve, pool: Pool | None, investors: int) -> SyncState:
    return SyncState(
        mint=row.mint,
        price=decimal_text(row.price),
        price_sol=decimal_text(price_in_sol(row.price, row.decimals)),
        progress_bps=progress_bps(int(row.sold), int(row.sale_supply)),
        sold=str(int(row.sold)),
        sale_supply=str(int(row.sale_supply)),
        quote_reserve=str(row.quote_reserve),
        raise_target=str(row.raise_target),
        status=row.status,
        liquidity=str(2 * pool.quote_reserve if pool else row.quote_reserve),
        venue=_venue(pool),
        investors=investors,
        source="index",
        as_of=row.last_trade_at or row.opened_at,
    )
