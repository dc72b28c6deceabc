"""Setting the programs up: once, by the one who may, and again without harm."""

import pytest

from launchpad.chain import keys, pools
from launchpad.chain.addresses import PROGRAMS
from launchpad.chain.client import ChainClient
from launchpad.chain.errors import ProgramFailedError, ProgramsNotSetUpError
from launchpad.chain.instructions import curve, launcher
from launchpad.chain.instructions.curve import CurveTerms
from launchpad.chain.setup import bootstrap, bootstrap_local, shared_addresses
from launchpad.tokens import venues


@pytest.fixture(scope="module")
def bare(make_cluster):
    cluster = make_cluster("--slot-ms", "150", bootstrap=False)
    yield cluster
    cluster.running.stop()


async def run(client, key, instruction):
    address = keys.address_of(key)
    built = await client.build(address, [instruction], [key])
    signature = await client.submit(built.transaction, built.last_valid_block_height)
    await client.confirm(signature, built.last_valid_block_height)


async def test_a_bare_cluster_says_how_to_set_it_up(bare):
    async with ChainClient(bare.settings()) as client:
        assert not (await client.fetch_configs()).ready
        assert await client.lookup_table() is None
        with pytest.raises(ProgramsNotSetUpError, match="programs init"):
            await client.require_configs()
        with pytest.raises(ProgramsNotSetUpError, match="programs init") as refused:
            await venues.listed(client)
    assert (refused.value.status, refused.value.code) == (503, "PROGRAMS_NOT_SET_UP")


async def test_configs_and_table_are_made_once_by_the_upgrade_authority(bare, fund):
    admin, treasury = bare.admin, keys.address_of(keys.generate())
    async with ChainClient(bare.settings()) as client:
        stranger = (await fund(1, client=client)).key
        with pytest.raises(ProgramFailedError) as caught:
            await bootstrap(client, stranger)
        assert caught.value.code == "NOT_UPGRADE_AUTHORITY"

        steps = []
        await bootstrap(client, admin, treasury, report=steps.append)
        assert len(steps) == 4
        configs = await client.fetch_configs()
        assert configs.launcher.treasury == configs.curve.fee_recipient == treasury
        assert (configs.curve.protocol_fee_bps, configs.curve.creator_fee_bps) == (50, 30)
        amm = await pools.fetch_config(client.rpc)
        assert (amm.fee_recipient, amm.lp_fee_bps, amm.protocol_fee_bps) == (treasury, 20, 5)
        assert [tier.creator_fee_bps for tier in amm.tiers] == [30, 25, 20, 10, 5]
        table = await client.lookup_table()
        assert [str(each) for each in table.addresses] == shared_addresses(treasury)

        again = []
        await bootstrap_local(client, bare.ledger)
        await bootstrap(client, admin, treasury, report=again.append)
        assert again == []


async def test_a_config_without_a_table_gets_one_and_keeps_its_terms(bare):
    async with ChainClient(bare.settings()) as client:
        await bootstrap_local(client, bare.ledger)
        admin = keys.address_of(bare.admin)
        terms = CurveTerms(fee_recipient=admin, protocol_fee_bps=77, lookup_table=None)
        await run(client, bare.admin, curve.update_config(admin, terms))
        steps = []
        await bootstrap(client, bare.admin, report=steps.append)
        config = (await client.fetch_configs()).curve
        assert len(steps) == 2
        assert (config.protocol_fee_bps, config.fee_recipient) == (77, admin)
        assert config.lookup_table


async def test_the_authority_pauses_prices_and_hands_over(bare):
    heir = keys.generate()
    heirs = keys.address_of(heir)
    async with ChainClient(bare.settings()) as client:
        await bootstrap_local(client, bare.ledger)
        admin = keys.address_of(bare.admin)
        blockhash = await client.rpc.latest_blockhash()
        airdrop = await client.rpc.request_airdrop(heirs, 10**10)
        await client.confirm(airdrop, blockhash.last_valid_block_height)
        for module in (curve, launcher):
            await run(client, bare.admin, module.set_paused(admin, True))
            await run(client, bare.admin, module.propose_authority(admin, heirs))
            await run(client, heir, module.accept_authority(heirs))
            await run(client, heir, module.set_paused(heirs, False))
        await run(client, heir, launcher.update_config(heirs, heirs, 5))
        configs = await client.fetch_configs(fresh=True)
        assert configs.curve.authority == configs.launcher.authority == heirs
        assert (configs.launcher.creation_fee, configs.launcher.treasury) == (5, heirs)
        assert not configs.curve.paused
        # Back, so that the cluster can be used by the other tests of this module.
        for module in (curve, launcher):
            await run(client, heir, module.propose_authority(heirs, admin))
            await run(client, bare.admin, module.accept_authority(admin))


def test_the_table_holds_all_programs():
    assert set(PROGRAMS.values()) <= set(shared_addresses(keys.address_of(keys.generate())))
