"""Raydium on a cluster: what the fixture gives is what tests take for granted."""

from launchpad.chain.client import ChainClient
from launchpad.chain.venues.raydium.pools import POOL_FEE_RECEIVER, RAYDIUM_CP_SWAP, amm_config


async def test_the_program_its_fee_tier_and_the_fee_account_stand_on_the_cluster(raydium_cluster):
    async with ChainClient(raydium_cluster.settings()) as chain:
        program, config, receiver = await chain.rpc.get_accounts([RAYDIUM_CP_SWAP, amm_config(), POOL_FEE_RECEIVER])
        assert program["executable"]
        assert config["owner"] == RAYDIUM_CP_SWAP
        assert receiver["data"]
        assert (await chain.fetch_configs()).ready
