"""A token's life to Raydium and on from there, by the programs themselves: rows, page, pool and report."""

import asyncio
from contextlib import suppress
from decimal import Decimal
from itertools import pairwise

import pytest

from launchpad.chain import graduating, keys
from launchpad.chain.addresses import PROGRAMS
from launchpad.chain.curve_math import Segment
from launchpad.chain.pools import NoPoolError
from launchpad.chain.sale_terms import GraduationTerms, Payout, SaleTerms
from launchpad.chain.venues.raydium.pools import authority
from launchpad.chain.venues.raydium.reading import fetch_pool
from launchpad.client import LaunchpadClient, sol
from launchpad.db import Database
from launchpad.indexer import graduates
from launchpad.indexer.finality import Finality
from launchpad.indexer.graduates import GraduateSource
from launchpad.indexer.loop import Indexer
from launchpad.indexer.rpc_source import RpcSource
from launchpad.pools import liquidity, reading
from launchpad.pools.schemas import DepositRequest
from launchpad.tokens import catalog
from launchpad.verification.service import Verifier
from launchpad.worker.documents import DocumentClient
from tests.conftest import make_settings
from tests.dex.conftest import begins

# A whole sale for four SOL.
SEGMENTS = (Segment(1_073_000_000 * 10**9, 1_412_000_000, 793_100_000 * 10**9),)
LOCK = 200 * 86_400


@pytest.fixture(scope="session")
async def pad(raydium_cluster):
    async with LaunchpadClient(raydium_cluster.rpc_url, keys.generate()) as pad:
        await pad.airdrop(sol(90))
        yield pad


@pytest.fixture
async def indexing(pad, raydium_cluster, database_url, monkeypatch):
    monkeypatch.setattr(graduates, "SWEEP_SECONDS", 0.2)
    settings, rpc = raydium_cluster.settings(), pad.chain.rpc
    source = RpcSource(rpc, settings.ws_urls, PROGRAMS)
    pools = GraduateSource(rpc, settings.ws_urls)
    task = asyncio.create_task(
        Indexer(database_url, source, tuple(PROGRAMS), Finality(rpc), graduates=pools).run(), name="indexing"
    )
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.fixture
async def database(database_url):
    database = Database(database_url)
    yield database
    await database.close()


async def send(pad, built):
    signed = keys.sign_transaction(built.transaction, pad.keypair)
    signature = await pad.chain.submit(signed, built.last_valid_block_height)
    await pad.chain.confirm(signature, built.last_valid_block_height)
    return signature


async def until(connection, sql, value, *arguments):
    found = None
    with suppress(TimeoutError):
        async with asyncio.timeout(40):
            while (found := await connection.fetchval(sql, *arguments)) != value:
                await asyncio.sleep(0.05)
    assert found == value, sql


async def graduated(pad, **terms):
    """A token whose pool has opened at Raydium and swaps; its mint and the transaction."""
    sale = SaleTerms(graduation=GraduationTerms(venue="raydium", **terms))
    more = {"supply": 10**18, "segments": SEGMENTS, "sale": sale}
    launch = await pad.launch("Gone West", "WEST", "ipfs://west", **more)
    await pad.buy(launch.mint, quote_in=sol("6"), slippage_bps=5_000, graduate=False)
    signature = await send(pad, await graduating.build_graduate(pad.chain, launch.mint, pad.address))
    curve = await pad.chain.require_curve(launch.mint)
    await begins(pad.chain, (await fetch_pool(pad.chain.rpc, curve.pool)).pool)
    return launch.mint, signature


SWAPS = "SELECT count(*) FROM trades WHERE mint = $1 AND venue = 'raydium' AND counted"


@pytest.mark.usefixtures("indexing")
async def test_a_token_goes_to_raydium_and_on_without_a_seam(pad, connection, database):
    mint, signature = await graduated(pad)
    await pad.buy(mint, quote_in=sol("1"), slippage_bps=5_000)
    await pad.sell(mint, base_in=10**14, slippage_bps=5_000)
    await until(connection, SWAPS, 2, mint)
    curve = await pad.chain.require_curve(mint)
    live = await fetch_pool(pad.chain.rpc, curve.pool)
    quote, base = live.reserves[live.sol_side], live.reserves[1 - live.sol_side]
    async with database.look() as look:
        token = await catalog.token_details(look, make_settings(), mint)
        listed = await catalog.list_holders(look, mint, 10, None)
    done = token.graduation
    assert (token.venue, token.liquidity, token.trades_total) == ("raydium", str(2 * quote), 3)
    assert abs(Decimal(token.price) - Decimal(quote) / Decimal(base)) < Decimal(token.price) / 10**12
    assert (done.venue, done.pool, done.signature, done.locks, done.payouts) == (
        *("raydium", curve.pool, signature),
        *([], []),
    )
    roles = {holder["owner"]: holder["role"] for holder in listed.data}
    assert roles[authority()] == "pool"
    candles = await connection.fetch(
        'SELECT open, close FROM candles WHERE mint = $1 AND "interval" = 1 ORDER BY bucket', mint
    )
    for earlier, later in pairwise(candles):
        assert abs(later["open"] - earlier["close"]) <= earlier["close"] / 10**7


@pytest.mark.usefixtures("indexing")
async def test_the_pool_there_is_told_as_ours_are(pad, connection, database):
    mint, _ = await graduated(pad)
    await pad.buy(mint, quote_in=sol("1"), slippage_bps=5_000)
    await until(connection, SWAPS, 1, mint)
    found = await reading.read_pool(database, pad.chain, mint, wallet=pad.address)
    market = await pad.market(mint)
    assert (found.venue, found.canonical, found.address) == ("raydium", True, market.address)
    assert found.url.endswith(market.address)
    assert found.liquidity == str(market.liquidity)
    assert (found.trades_total, int(found.volume_total) > 0) == (1, True)
    fees = found.fees
    assert (fees.liquidity_bps, fees.protocol_bps, fees.creator_bps, fees.total_bps) == (21, 4, 0, 25)
    assert (found.position.shares, found.position.value) == ("0", "0")
    assert Decimal(found.average_price.since_opening) > 0
    asked = DepositRequest(mint=mint, wallet=pad.address, quote_amount=str(sol("1")))
    with pytest.raises(NoPoolError, match="at Raydium"):
        await liquidity.build_deposit(pad.chain, asked)


@pytest.mark.usefixtures("indexing")
async def test_payouts_and_locks_of_a_pool_there_are_rows_and_findings(pad, connection, database):
    wallets = [keys.address_of(keys.generate()) for _ in range(2)]
    terms = {"liquidity_bps": 8_000, "liquidity_lock_seconds": LOCK, "payout": Payout(*wallets, 5_000, 0, 10**7, 10)}
    mint, _ = await graduated(pad, **terms)
    for built in await graduating.build_follow_ups(pad.chain, mint, pad.address):
        await send(pad, built)
    await until(connection, "SELECT count(*) FROM graduation_releases WHERE mint = $1", 3, mint)
    async with database.look() as look:
        done = (await catalog.token_details(look, make_settings(), mint)).graduation
    assert {one.kind: one.beneficiary for one in done.payouts} == dict(zip(("team", "treasury"), wallets, strict=True))
    [lock] = done.locks
    assert lock.until == lock.vesting.ends_at == done.locked_until
    documents = DocumentClient()
    report = await Verifier(make_settings(), database, pad.chain.rpc, documents).verify(mint)
    await documents.close()
    found = {one.code: one for one in report.findings}
    assert "a pool at Raydium" in found["POOL_OPEN"].sentence
    assert found["LIQUIDITY_LOCKED"].facts["shares"] == lock.shares
    assert {"PAYOUT_SCHEDULED", "LEFTOVERS_BURNED"} <= found.keys()
    assert not {"LIQUIDITY_FREE", "POOL_MISSING"} & found.keys()
