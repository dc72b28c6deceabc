"""A transfer that touches none of our programs still moves the holders' rows."""

import asyncio

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from launchpad.chain import keys, pda
from launchpad.chain.addresses import TOKEN_2022
from launchpad.chain.client import ChainClient
from launchpad.chain.instructions.solana import create_token_account
from launchpad.chain.transactions import Draft, TransactionBuilder
from launchpad.db import Database, connect_directly
from launchpad.indexer import repair
from launchpad.indexer.listener import Found
from launchpad.worker import transfers
from launchpad.worker.transfers import TransferWatch
from tests.indexer.trading import SOL, Trader

TRANSFER_CHECKED = 12


@pytest.fixture
async def chain(settings):
    async with ChainClient(settings) as chain:
        yield chain


@pytest.fixture
async def connection(settings):
    connection = await connect_directly(settings.database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def watch(settings, chain, monkeypatch):
    """A watch that listens, for which everything is ripe at once."""
    monkeypatch.setattr(transfers, "PATIENCE_SECONDS", 0.0)
    database = Database(settings.database_url, pool_size=2)
    watch = TransferWatch(settings, database, chain.rpc)
    task = asyncio.create_task(watch.listen())
    yield watch
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await database.close()


async def traded(chain, connection):
    trader = await Trader.funded(chain)
    mint = await trader.launch()
    await trader.buy(mint, SOL)
    listed = await chain.rpc.get_signatures_for_address(trader.address)
    await repair.index_again(connection, chain.rpc, [Found(one["signature"], one["slot"]) for one in listed])
    return trader, mint


async def transfer(trader, mint, receiver, amount):
    source, target = (pda.associated_token(owner, mint, TOKEN_2022) for owner in (trader.address, receiver))
    metas = [
        AccountMeta(Pubkey.from_string(address), is_signer=signer, is_writable=writable)
        for address, signer, writable in (
            (source, False, True),
            (mint, False, False),
            (target, False, True),
            (trader.address, True, False),
        )
    ]
    data = bytes([TRANSFER_CHECKED]) + amount.to_bytes(8, "little") + bytes([9])
    create = create_token_account(trader.address, receiver, mint, TOKEN_2022)
    draft = Draft(trader.address, [create, Instruction(Pubkey.from_string(TOKEN_2022), data, metas)])
    await trader.send(await TransactionBuilder(trader.chain.rpc).build(draft))


async def until(watch, done):
    async with asyncio.timeout(30):
        while not await done():
            await watch.choose()
            await watch.settle()
            await asyncio.sleep(0.05)


async def balance(connection, mint, owner):
    found = await connection.fetchval("SELECT balance FROM holders WHERE mint = $1 AND owner = $2", mint, owner)
    return int(found or 0)


async def followed(watch, mint):
    async def subscribed():
        return mint in watch._subscriptions

    await until(watch, subscribed)


async def test_a_plain_transfer_moves_the_balances_of_both(chain, connection, watch):
    trader, mint = await traded(chain, connection)
    receiver = keys.address_of(keys.generate())
    held = await balance(connection, mint, trader.address)
    await followed(watch, mint)
    await transfer(trader, mint, receiver, 1_000_000)

    async def arrived():
        return await balance(connection, mint, receiver) == 1_000_000

    await until(watch, arrived)
    assert await balance(connection, mint, trader.address) == held - 1_000_000


async def test_tokens_that_stand_still_are_no_longer_followed(chain, connection, watch):
    watch.settings = watch.settings.model_copy(update={"watched_tokens": 1})
    _, first = await traded(chain, connection)
    await followed(watch, first)
    _, second = await traded(chain, connection)
    await followed(watch, second)
    assert list(watch._subscriptions) == [second]


async def test_what_the_indexer_told_already_is_left_alone(chain, connection, watch, monkeypatch):
    trader, mint = await traded(chain, connection)
    asked = []

    async def correct(_connection, _rpc, mint, accounts):
        asked.append((mint, accounts))
        return 0

    monkeypatch.setattr(repair, "correct_balances", correct)
    await followed(watch, mint)
    signature = await trader.buy(mint, SOL)

    async def heard():
        return bool(watch._heard)

    async with asyncio.timeout(30):
        while not await heard():
            await asyncio.sleep(0.02)
    (status,) = await chain.rpc.get_signature_statuses([signature])
    await repair.index_again(connection, chain.rpc, [Found(signature, status["slot"])])
    await watch.settle()
    assert watch._heard == {}
    assert asked == []


async def test_without_tokens_to_watch_nothing_is_connected(settings, chain, database):
    idle = TransferWatch(settings.model_copy(update={"watched_tokens": 0}), database, chain.rpc)
    await idle.listen()
    await idle.choose()
    await idle.settle()
    assert idle._socket is None
