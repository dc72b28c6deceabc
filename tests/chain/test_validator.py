"""The same client against a stock validator: set up, launch, trade, claim."""

import pytest

from launchpad.chain import keys
from launchpad.chain.client import ChainClient
from launchpad.chain.setup import bootstrap_local
from launchpad.client import FirstBuy, LaunchpadClient, Lock, sol


@pytest.fixture(scope="module")
def validator(make_validator):
    """The settings of a real validator with our programs loaded and not set up yet."""
    return make_validator(bootstrap=False)


@pytest.mark.timeout(600)
async def test_everything_works_on_a_stock_validator(validator):
    async with ChainClient(validator) as client:
        await bootstrap_local(client, validator.launchpad_home / "ledger")
        assert (await client.fetch_configs()).ready
        assert len((await client.lookup_table()).addresses) > 10
    async with LaunchpadClient(validator.rpc_urls[0], keys.generate()) as pad:
        await pad.airdrop(sol(20))
        buy = FirstBuy(sol(1), lock=Lock(0, 100))
        launch = await pad.launch("Stock", "STK", "ipfs://stock", supply=10**18, first_buy=buy)
        bought = await pad.buy(launch.mint, quote_in=sol(1))
        assert await pad.token_balance(launch.mint) == bought.base_amount
        sold = await pad.sell(launch.mint, base_in=bought.base_amount)
        assert sold.quote_amount == bought.quote_amount
        assert await pad.claim_creator_fees(launch.mint)
        holders = await pad.chain.rpc.get_token_accounts_by_mint(launch.mint)
        assert sum(amount for _, _, amount in holders) == 10**18
