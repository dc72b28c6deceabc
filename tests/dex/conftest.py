"""A cluster with Raydium, a wallet on it, and a pool that the wallet opened."""

import asyncio
from dataclasses import dataclass, field

import pytest
from solders.instruction import AccountMeta, Instruction

from launchpad.chain import keys, pda
from launchpad.chain.addresses import TOKEN, pubkey
from launchpad.chain.client import ChainClient
from launchpad.chain.instructions.solana import create_token_account
from launchpad.chain.swapping import passing_sol
from launchpad.chain.venues.raydium import building
from launchpad.chain.venues.raydium.pools import RaydiumPool
from launchpad.chain.venues.raydium.reading import fetch_pool
from tests.chain import mints
from tests.chain.conftest import Wallet

SOL = 10**9


@dataclass
class Venue:
    """What the tests here share."""

    chain: ChainClient
    owner: Wallet
    mint: str
    pool: RaydiumPool
    more: dict = field(default_factory=dict)

    async def fund(self, sol=100):
        """A new wallet."""
        return await funded(self.chain, sol)

    async def live(self):
        """The pool as it is."""
        return await fetch_pool(self.chain.rpc, self.pool.key)


async def funded(chain, sol=100):
    key = keys.generate()
    blockhash = await chain.rpc.latest_blockhash()
    signature = await chain.rpc.request_airdrop(keys.address_of(key), sol * SOL)
    await chain.confirm(signature, blockhash.last_valid_block_height)
    return Wallet(key, chain)


def mint_to(mint, owner, amount):
    """Base units of a plain mint to its authority's own account."""
    account = pda.associated_token(owner, mint, TOKEN)
    metas = [AccountMeta(pubkey(each), is_signer=False, is_writable=True) for each in (mint, account)]
    data = b"\7" + amount.to_bytes(8, "little")
    return Instruction(pubkey(TOKEN), data, [*metas, AccountMeta(pubkey(owner), is_signer=True, is_writable=False)])


async def begins(chain, pool):
    """Wait for the second after the opening, in which swaps begin."""
    opens = (await fetch_pool(chain.rpc, pool.key)).state.open_time
    async with asyncio.timeout(20):
        while (await chain.rpc.get_block_time(await chain.rpc.get_slot()) or 0) <= opens:
            await asyncio.sleep(0.05)


@pytest.fixture(scope="session")
async def venue(raydium_cluster):
    async with ChainClient(raydium_cluster.settings()) as chain:
        owner = await funded(chain)
        mint = await mints.plain_mint(owner)
        account = create_token_account(owner.address, owner.address, mint, TOKEN)
        await owner.send(await chain.build(owner.address, [account, mint_to(mint, owner.address, 10**16)]))
        pool = RaydiumPool.of(mint, TOKEN)
        sol = await passing_sol(chain, owner.address)
        await owner.send(await chain.build(owner.address, building.open_pool(pool, sol, 10**15, 20 * SOL)))
        await begins(chain, pool)
        yield Venue(chain, owner, mint, pool)
