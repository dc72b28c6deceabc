"""A graduate's pool at Raydium as people see it: from the chain, in the form of our own pools."""

import time
from datetime import UTC, datetime
from fractions import Fraction

from launchpad.amounts import fraction_text, sol_text
from launchpad.chain.client import ChainClient
from launchpad.chain.curve_math import BPS
from launchpad.chain.tokens import data_of, parse_mint, parse_token_account
from launchpad.chain.venues.raydium.accounts import average_price
from launchpad.chain.venues.raydium.market import RaydiumMarket, fetch_raydium_market
from launchpad.chain.venues.raydium.math import RATE, worth_of
from launchpad.chain.venues.raydium.reading import fetch_observations
from launchpad.pools.schemas import AveragePrice, LiquidityPosition, PoolFees, PoolView

_ALL_TIME = 2**62
_PAGE = "https://raydium.io/liquidity/increase/?mode=add&pool_id="


def page_of(pool: str) -> str:
    """Where liquidity is added to a pool at Raydium, on mainnet."""
    return _PAGE + pool


async def graduates_market(chain: ChainClient, mint: str) -> RaydiumMarket | None:
    """The pool at Raydium that a token's curve names as its own; None where it names none there."""
    curve = await chain.fetch_curve(mint)
    if curve is None or curve.status != "graduated" or not curve.pool:
        return None
    return await fetch_raydium_market(chain.rpc, curve.pool, curve.sold, int(time.time()))


async def view(chain: ChainClient, mint: str, market: RaydiumMarket, wallet: str | None) -> PoolView:
    """The pool as it is now; what only the index knows is left at nothing."""
    state, side = market.live.state, market.sol_side
    account = await chain.rpc.get_account(mint)
    decimals = parse_mint(mint, account).decimals if account else 0
    average = await _average(chain, market)
    return PoolView(
        mint=mint,
        address=market.key,
        canonical=True,
        venue="raydium",
        url=page_of(market.key),
        opener=state.pool_creator,
        creator=None,
        lp_mint=state.lp_mint,
        decimals=decimals,
        base_reserve=str(market.live.reserves[1 - side]),
        quote_reserve=str(market.live.reserves[side]),
        liquidity=str(market.liquidity),
        price=fraction_text(market.price),
        price_sol=sol_text(market.price, decimals),
        shares=str(state.lp_supply),
        fees=_fees(market),
        unclaimed_creator_fees=str((state.creator_fees_0, state.creator_fees_1)[side]),
        average_price=AveragePrice(since_opening=sol_text(average, decimals), last_hour=None),
        opened_at=datetime.fromtimestamp(state.open_time, UTC),
        volume_total="0",
        trades_total=0,
        position=await _position(chain, market, wallet) if wallet else None,
        others=[],
    )


async def _average(chain: ChainClient, market: RaydiumMarket) -> Fraction:
    """The price over the time that Raydium's own record spans; the present one where it spans none."""
    told = average_price(await fetch_observations(chain.rpc, market.key), _ALL_TIME)
    if told is None or 0 in told:
        return market.price
    # Lamports per base unit, whichever token comes first.
    price = Fraction(*told)
    return price if market.sol_side == 1 else 1 / price


def _fees(market: RaydiumMarket) -> PoolFees:
    """Of a buy, of what is paid; what Raydium keeps of its fee stands as the protocol's."""
    rates = market.live.rates(market.sol_side)
    kept = rates.trade * (rates.protocol + rates.fund) // RATE
    parts = [part * BPS // RATE for part in (rates.trade - kept, kept, rates.creator)]
    return PoolFees(
        liquidity_bps=parts[0], protocol_bps=parts[1], creator_bps=parts[2], total_bps=market.fee_bps, tiers=[]
    )


async def _position(chain: ChainClient, market: RaydiumMarket, wallet: str) -> LiquidityPosition:
    account = await chain.rpc.get_account(market.pool.shares_of(wallet))
    shares = parse_token_account(data_of(account)).amount if account else 0
    supply = max(market.live.state.lp_supply, 1)
    worth = worth_of(shares, market.live.reserves, supply)
    base, quote = worth[1 - market.sol_side], worth[market.sol_side]
    return LiquidityPosition(
        wallet=wallet,
        shares=str(shares),
        share_bps=shares * BPS // supply,
        base_amount=str(base),
        quote_amount=str(quote),
        value=str(quote + int(base * market.price)),
    )
