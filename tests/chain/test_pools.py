"""Pools on a real cluster: made, traded, told and read as the client computes them."""

import pytest

from launchpad.chain import amm_math, pda, pools
from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.errors import ProgramFailedError
from launchpad.chain.events import LiquidityAdded, LiquidityRemoved, PoolCreated, Swapped
from launchpad.chain.instructions import amm
from launchpad.chain.instructions.amm import Pool
from launchpad.chain.instructions.solana import wrap_sol
from launchpad.chain.pools import NoPoolError
from tests.chain.conftest import SOL, soon
from tests.chain.test_client import event_of


async def test_a_pool_lives_as_the_client_computes(chain, mint, fund):
    trader = await fund(20)
    address = trader.address
    await trader.send(await chain.build_buy_exact_in(mint, address, SOL, 0, soon()))
    pool = Pool(pda.free_pool(mint, WRAPPED_SOL, address, 3), mint)
    opening = amm.create_pool(address, pool, (10**15, SOL), index=3, creator=address)
    created = event_of(
        await trader.send(await chain.build(address, [*wrap_sol(address, 5 * SOL), opening])), PoolCreated
    )
    live = await pools.fetch_pool(chain.rpc, pool.key)
    assert (live.reserves.base, live.reserves.quote) == (created.base_reserve, created.quote_reserve) == (10**15, SOL)
    assert (live.state.opener, live.state.creator, live.state.canonical) == (address, address, False)
    assert created.lp_minted == live.state.lp_supply - amm_math.MINIMUM_LIQUIDITY

    config = await pools.fetch_config(chain.rpc)
    quote = amm_math.quote_buy_exact_in(live.reserves, config.rates(live.state), SOL // 10)
    buy = amm.swap_exact_in(pool, address, is_buy=True, amount_in=SOL // 10, min_amount_out=quote.base, deadline=soon())
    swapped = event_of(await trader.send(await chain.build(address, [buy])), Swapped)
    assert (swapped.base_amount, swapped.quote_amount) == (quote.base, quote.amount)
    assert (swapped.lp_fee, swapped.protocol_fee, swapped.creator_fee) == (
        *(quote.fees.lp, quote.fees.protocol, quote.fees.creator),
    )
    live = await pools.fetch_pool(chain.rpc, pool.key)
    assert live.reserves == quote.after == live.state.recorded

    most = amm_math.Reserves(10**13, SOL)
    shares = amm_math.shares_within(most, live.reserves, live.state.lp_supply)
    add = amm.deposit(pool, address, (most.base, most.quote), shares, soon())
    assert event_of(await trader.send(await chain.build(address, [add])), LiquidityAdded).lp_amount == shares
    live = await pools.fetch_pool(chain.rpc, pool.key)
    worth = amm_math.worth_of(shares, live.reserves, live.state.lp_supply)
    leave = amm.withdraw(pool, address, shares, (worth.base, worth.quote))
    removed = event_of(await trader.send(await chain.build(address, [leave])), LiquidityRemoved)
    assert (removed.base_amount, removed.quote_amount) == (worth.base, worth.quote)
    assert live.state.price_sum >= 0

    late = amm.swap_exact_in(pool, address, is_buy=False, amount_in=10, min_amount_out=1, deadline=0)
    with pytest.raises(ProgramFailedError) as caught:
        await chain.build(address, [late])
    assert (caught.value.code, caught.value.program) == ("DEADLINE_PASSED", "amm")


async def test_where_there_is_no_pool_it_is_said(chain, mint):
    with pytest.raises(NoPoolError):
        await pools.fetch_pool(chain.rpc, pda.canonical_pool(mint))
