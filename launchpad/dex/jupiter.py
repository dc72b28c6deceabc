"""Liquidity that an aggregator can route over.

Jupiter keeps no pools of its own: it finds those of others. So liquidity goes into a pool at
Raydium, and the aggregator is asked whether it quotes.
"""

from launchpad.chain.client import ChainClient
from launchpad.chain.venues.raydium.pools import RaydiumPool
from launchpad.chain.venues.raydium.reading import LivePool, find_pool
from launchpad.dex import raydium
from launchpad.dex.building import fetch_token, require_funds, step
from launchpad.dex.errors import MintNotAcceptedError, PriceMismatchError
from launchpad.dex.routing import Router
from launchpad.dex.schemas import AddLiquidity, BuiltLiquidity, CreatePool
from launchpad.dex.venues import no_aggregator, require_venue

_FIELDS = {"slippage_bps"}


async def add_liquidity(chain: ChainClient, router: Router, asked: AddLiquidity) -> BuiltLiquidity:
    """Funds the pool of a token at Raydium, opening it where there is none, and asks for a route.

    Raises NotOnThisNetworkError without Raydium or without an aggregator, and what opening a pool raises.
    """
    if not router.is_on:
        raise no_aggregator()
    await require_venue(chain, "raydium_cpmm")
    token = await fetch_token(chain, asked.mint)
    live = None
    if asked.address == "standard":
        live = await find_pool(chain.rpc, RaydiumPool.of(asked.mint, token.mint.token_program).key)
    return await (_deposit(chain, router, asked, live) if live else _open(chain, router, asked))


async def _open(chain: ChainClient, router: Router, asked: AddLiquidity) -> BuiltLiquidity:
    opened = await raydium.create_pool(chain, CreatePool(**asked.model_dump(exclude=_FIELDS)))
    return BuiltLiquidity(
        opens_pool=True,
        pool=opened.pool,
        base_amount=opened.base_amount,
        quote_amount=opened.quote_amount,
        shares=opened.shares,
        cost=opened.cost,
        steps=opened.steps,
        route=await router.check(asked.mint, opened.pool),
    )


async def _deposit(chain: ChainClient, router: Router, asked: AddLiquidity, live: LivePool) -> BuiltLiquidity:
    """The pool has a price already: what is named of the two amounts limits what goes in."""
    if live.sol_side is None or live.taxed:
        raise MintNotAcceptedError("This token takes a fee of every transfer: deposit at Raydium itself.", field="mint")
    if asked.initial_price_sol:
        message = "The pool has its price already: name amounts instead, and it takes what fits."
        raise PriceMismatchError(message, field="initial_price_sol")
    base, lamports = int(asked.base_amount), int(asked.quote_amount or 0)
    reserves = live.reserves
    if not asked.quote_amount:
        # What the base amount needs beside it, rounded up.
        lamports = -(-base * reserves[live.sol_side] // reserves[1 - live.sol_side])
    token = await fetch_token(chain, asked.mint)
    await require_funds(chain, asked.wallet, token.mint, base, lamports)
    most = live.pool.in_order(base, lamports)
    built, shares, cost = await raydium.build_deposit(chain, live, asked.wallet, most, asked.slippage_bps)
    return BuiltLiquidity(
        opens_pool=False,
        pool=live.pool.key,
        base_amount=str(cost[1 - live.sol_side]),
        quote_amount=str(cost[live.sol_side]),
        shares=str(shares),
        cost=None,
        steps=[step("Add liquidity at Raydium", built)],
        route=await router.check(asked.mint, live.pool.key),
    )
