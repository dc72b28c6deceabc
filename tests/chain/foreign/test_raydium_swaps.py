"""The real Raydium program on a cluster: what the decoder reads is what its own transactions say."""

import asyncio

from launchpad.chain.addresses import TOKEN_2022, WRAPPED_SOL
from launchpad.chain.client import ChainClient
from launchpad.chain.foreign.decoder import ForeignDecoder
from launchpad.chain.instructions.solana import wrap_sol
from launchpad.chain.venues.raydium import instructions as raydium
from launchpad.chain.venues.raydium.events import swaps_of
from launchpad.chain.venues.raydium.pools import RaydiumPool
from tests.indexer.trading import SOL, Trader


async def pool_of(chain, trader, base=10**14):
    """A Raydium pool of a fresh token that swaps already."""
    mint = await trader.launch()
    await trader.buy(mint, SOL)
    pool = RaydiumPool.of(mint, TOKEN_2022)
    opening = raydium.initialize(pool, trader.address, pool.in_order(base, SOL))
    built = await chain.build(trader.address, [*wrap_sol(trader.address, 4 * SOL), opening])
    opened = await chain.rpc.get_transaction(await trader.send(built))
    # Raydium swaps from the second after the opening on.
    while await block_time(chain) <= opened["blockTime"] + 1:
        await asyncio.sleep(0.05)
    return pool


async def block_time(chain):
    return await chain.rpc.call("getBlockTime", [await chain.rpc.get_slot("confirmed")])


async def swap(chain, trader, pool, side_in, amount):
    """The answer of a swap."""
    order = raydium.swap_base_input(pool, trader.address, side_in, amount, 1)
    signature = await trader.send(await chain.build(trader.address, [order]))
    return await chain.rpc.get_transaction(signature)


async def test_real_swaps_of_raydium_are_decoded(raydium_cluster):
    decode = ForeignDecoder.of(["raydium_cp"]).decode
    async with ChainClient(raydium_cluster.settings()) as chain:
        trader = await Trader.funded(chain)
        pool = await pool_of(chain, trader)
        sol_side = pool.side_of(WRAPPED_SOL)
        bought = await swap(chain, trader, pool, sol_side, SOL // 10)
        sold = await swap(chain, trader, pool, 1 - sol_side, 10**12)
        (buy,), (sell,) = decode(bought), decode(sold)
        (told_buy,), (told_sell,) = swaps_of(bought["meta"]["logMessages"]), swaps_of(sold["meta"]["logMessages"])
        assert (buy.side, buy.quote_amount, buy.base_amount) == ("buy", SOL // 10, told_buy.output_amount)
        assert (sell.side, sell.base_amount, sell.quote_amount) == ("sell", 10**12, told_sell.output_amount)
        for trade in (buy, sell):
            assert (trade.pool, trade.trader, trade.quote_mint) == (pool.key, trader.address, WRAPPED_SOL)
            assert trade.mint == pool.sides[1 - sol_side].mint
            assert trade.timestamp > 0
        assert buy.base_reserve == told_sell.input_vault_before
