"""Pools as people see them: from the chain, with what only the index knows."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from launchpad.amounts import decimal_text, fraction_text, price_in_sol, sol_text
from launchpad.chain import amm_math, pda
from launchpad.chain.amm_math import PRICE_ONE, Reserves
from launchpad.chain.client import ChainClient
from launchpad.chain.curve_math import BPS
from launchpad.chain.markets import OpenPool, fetch_open_pool
from launchpad.chain.pools import NoPoolError
from launchpad.chain.tokens import data_of, parse_token_account
from launchpad.chain.venues.raydium.market import RaydiumMarket
from launchpad.db import Database
from launchpad.pools import at_raydium, queries
from launchpad.pools.schemas import (
    AveragePrice,
    FeeTierView,
    LiquidityPosition,
    OtherPool,
    PoolFees,
    PoolView,
)
from launchpad.tables.pools import Pool


async def require_pool(chain: ChainClient, mint: str, address: str | None) -> OpenPool:
    """A pool of a token against SOL, the graduate's own unless `address` names another; raises NoPoolError."""
    found = await _open_pool(chain, mint, address)
    if found is None:
        raise await _missing(chain, mint, address)
    return found


async def _open_pool(chain: ChainClient, mint: str, address: str | None) -> OpenPool | None:
    return await fetch_open_pool(chain.rpc, address or pda.canonical_pool(mint), mint, int(time.time()))


async def _missing(chain: ChainClient, mint: str, address: str | None) -> NoPoolError:
    if address is None and (market := await at_raydium.graduates_market(chain, mint)):
        told = f"This token's pool is at Raydium: add liquidity and take it out there, at {market.key}."
        return NoPoolError(told, mint=mint)
    told = "at this address: check it." if address else "yet: it gets one when its curve is sold out."
    return NoPoolError(f"This token has no pool {told}", mint=mint)


async def read_pool(
    database: Database, chain: ChainClient, mint: str, address: str | None = None, wallet: str | None = None
) -> PoolView:
    """A pool as it is now, with the position of a wallet; raises NoPoolError."""
    pool = await _open_pool(chain, mint, address)
    if pool is None:
        market = None if address else await at_raydium.graduates_market(chain, mint)
        if market is None:
            raise await _missing(chain, mint, address)
        return await _at_raydium(database, chain, mint, market, wallet)
    position = await _position(chain, pool, wallet) if wallet else None
    async with database.read() as session:
        rows = await queries.of_mint(session, mint)
        hour = await queries.hour_average(session, pool.key)
    return _view(pool, rows, hour, position)


async def _at_raydium(
    database: Database, chain: ChainClient, mint: str, market: RaydiumMarket, wallet: str | None
) -> PoolView:
    view = await at_raydium.view(chain, mint, market, wallet)
    async with database.read() as session:
        rows = await queries.of_mint(session, mint)
        hour = await queries.hour_average(session, market.key)
    own = next((row for row in rows if row.address == market.key), None)
    told = None if hour is None else decimal_text(price_in_sol(hour, view.decimals))
    known = {"volume_total": str(own.volume_quote), "trades_total": own.trade_count} if own else {}
    others = [_other(row) for row in rows if row.address != market.key]
    prices = view.average_price.model_copy(update={"last_hour": told})
    return view.model_copy(update={"average_price": prices, "others": others, **known})


def _view(pool: OpenPool, rows: Sequence[Pool], hour: Decimal | None, position: LiquidityPosition | None) -> PoolView:
    state, decimals = pool.state, pool.state.base_decimals
    own = next((row for row in rows if row.address == pool.key), None)
    price = pool.reserves.price
    return PoolView(
        mint=state.base_mint,
        address=pool.key,
        canonical=state.canonical,
        opener=state.opener,
        creator=state.creator,
        lp_mint=state.lp_mint,
        decimals=decimals,
        base_reserve=str(pool.reserves.base),
        quote_reserve=str(pool.reserves.quote),
        liquidity=str(2 * pool.reserves.quote),
        price=fraction_text(price),
        price_sol=sol_text(price, decimals),
        shares=str(state.lp_supply),
        fees=_fees(pool),
        unclaimed_creator_fees=str(state.creator_fees),
        average_price=AveragePrice(
            since_opening=sol_text(average_since_opening(pool, int(time.time())), decimals),
            last_hour=None if hour is None else decimal_text(price_in_sol(hour, decimals)),
        ),
        opened_at=datetime.fromtimestamp(state.opened_at, UTC),
        volume_total=str(own.volume_quote if own else 0),
        trades_total=own.trade_count if own else 0,
        position=position,
        others=[_other(row) for row in rows if row.address != pool.key],
    )


def average_since_opening(pool: OpenPool, now: int) -> Fraction:
    """The price since the pool opened, by how long each stood, up to `now`: lamports per base unit."""
    state = pool.state
    until = max(now, state.observed_at)
    total = amm_math.accumulated(state.price_sum, state.recorded, until - state.observed_at)
    seconds = until - state.opened_at
    return Fraction(total, seconds * PRICE_ONE) if seconds > 0 else pool.reserves.price


def _fees(pool: OpenPool) -> PoolFees:
    rates = pool.rates
    tiers = pool.tiers if pool.state.pays_creator else ()
    return PoolFees(
        liquidity_bps=rates.lp_bps,
        protocol_bps=rates.protocol_bps,
        creator_bps=rates.creator_bps,
        total_bps=rates.total_bps,
        tiers=[
            FeeTierView(min_market_cap=str(tier.min_market_cap_quote), creator_fee_bps=tier.creator_fee_bps)
            for tier in tiers
        ],
    )


async def _position(chain: ChainClient, pool: OpenPool, wallet: str) -> LiquidityPosition:
    account = await chain.rpc.get_account(pool.accounts.lp_of(wallet))
    shares = parse_token_account(data_of(account)).amount if account else 0
    worth = worth_of(pool, shares)
    return LiquidityPosition(
        wallet=wallet,
        shares=str(shares),
        share_bps=shares * BPS // pool.state.lp_supply,
        base_amount=str(worth.base),
        quote_amount=str(worth.quote),
        value=str(worth.quote + int(worth.base * pool.reserves.price)),
    )


def worth_of(pool: OpenPool, shares: int) -> Reserves:
    """What shares are of the reserves now, rounded down on both sides."""
    supply = pool.state.lp_supply
    return Reserves(shares * pool.reserves.base // supply, shares * pool.reserves.quote // supply)


def _other(row: Pool) -> OtherPool:
    return OtherPool(
        address=row.address,
        opener=row.opener,
        liquidity=str(2 * row.quote_reserve),
        volume=str(row.volume_quote),
        trades=row.trade_count,
        opened_at=row.opened_at,
    )
