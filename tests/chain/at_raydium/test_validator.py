"""A graduation into Raydium's real program on a stock validator, which checks what the test runtime leaves out."""

import asyncio
import time

import pytest

from launchpad.chain import graduating, keys, markets, pda
from launchpad.chain.client import ChainClient
from launchpad.chain.launching import LaunchParams
from launchpad.chain.sale_terms import GraduationTerms, SaleTerms
from launchpad.client import LaunchpadClient
from tests.chain.at_raydium.conftest import SEGMENTS
from tests.chain.conftest import soon
from tests.dex.conftest import begins, funded
from tests.raydium import MISSING, PROGRAM, cluster_words

LOCK = 15_552_000
SOL = 10**9


@pytest.fixture(scope="module")
def validator(make_validator, tmp_path_factory):
    """The settings of a real validator with our programs and Raydium's on it."""
    if not PROGRAM.exists():
        pytest.skip(MISSING)
    return make_validator(*cluster_words(tmp_path_factory.mktemp("raydium")))


@pytest.mark.timeout(600)
async def test_a_sale_graduates_to_raydium_and_trades_there(validator):
    async with ChainClient(validator) as chain:
        creator, keeper = await asyncio.gather(funded(chain), funded(chain, 1))
        sale = SaleTerms(graduation=GraduationTerms("raydium", liquidity_lock_seconds=LOCK))
        texts = {"name": "Ray", "symbol": "RAY", "uri": "ipfs://ray"}
        params = LaunchParams(creator=creator.address, supply=10**18, sale=sale, segments=SEGMENTS, **texts)
        mint, built = await chain.build_launch(params)
        for each in built:
            await creator.send(each)
        curve = await chain.require_curve(mint)
        cost = curve.quote_buy_exact_out(curve.sale_supply).total
        await creator.send(await chain.build_buy_exact_out(mint, creator.address, curve.sale_supply, cost, soon()))
        before = await chain.rpc.get_balance(keeper.address)
        done = await graduating.build_graduate(chain, mint, keeper.address)
        await keeper.send(done)
        assert await chain.rpc.get_balance(keeper.address) == before + 10_000_000 - done.network_fee_lamports
        # Nothing is left at the addresses that the pool was opened through: a validator takes no account with a rest.
        gone = [pda.pool_creator(mint), pda.creator_base(mint), pda.creator_quote(mint)]
        assert await chain.rpc.get_accounts(gone) == [None] * 3
        for follow_up in await graduating.build_follow_ups(chain, mint, keeper.address):
            await keeper.send(follow_up)
        market = await _open_market(chain, mint)
        assert (market.venue, market.address) == ("raydium", pda.raydium_pool(mint))
    trader = keys.generate()
    async with LaunchpadClient(validator.rpc_urls[0], trader) as pad:
        await pad.airdrop(20 * SOL)
        bought = await pad.buy(mint, quote_in=SOL)
        assert bought.base_amount == market.quote_buy_exact_in(SOL).base_amount
        assert (await pad.sell(mint, base_in=bought.base_amount)).quote_amount > 0


async def _open_market(chain, mint):
    pool = (await markets.fetch_market(chain.rpc, mint, 2**40)).raydium.pool
    await begins(chain, pool)
    return await markets.fetch_market(chain.rpc, mint, int(time.time()) + 1)
