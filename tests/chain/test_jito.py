"""Bundles: the engine's own words, and trades that go by it, beside it, and round it."""

import pytest

from launchpad.chain import jito, keys
from launchpad.chain.client import ChainClient
from launchpad.chain.errors import BlockhashExpiredError, ProgramFailedError
from launchpad.chain.executors import JitoExecutor, Signed
from launchpad.chain.instructions import curve
from launchpad.chain.jito import (
    TIP_ACCOUNTS,
    BlockEngine,
    BlockEngineAwayError,
    BlockEngineBusyError,
    BlockEngineRefusedError,
    ExecutorUnavailableError,
    TipRefusedError,
    checked_tip,
)
from launchpad.chain.rpc import RpcPool
from launchpad.chain.transactions import Draft, wire
from tests.chain.conftest import SOL, soon
from tests.chain.engines import Engine
from tests.chain.nodes import Node

NO_TIP = {"code": -32602, "message": "Bundles must write lock at least one tip account"}
CONGESTED = {"code": -32097, "message": "Network congested. Endpoint is globally rate limited."}


@pytest.fixture
async def engine(chain, fund):
    """An engine whose bundles land, with one tip account that exists."""
    taker = await fund(1)
    async with Engine(chain.rpc, [taker.address]) as running:
        yield running


@pytest.fixture
async def bidding(cluster, engine):
    """A client of the shared cluster that believes it is on mainnet."""
    settings = cluster.settings(cluster="mainnet-beta", jito_block_engine_url=engine.url, jito_auth_uuid="uuid-1")
    async with ChainClient(settings) as client:
        yield client


async def signed_buy(client, trader, mint, tip=5_000):
    built = await client.build_buy_exact_in(mint, trader.address, SOL, 1, soon(), tip=tip)
    return keys.sign_transaction(built.transaction, trader.key), built


async def test_a_bundle_lands_and_its_tip_is_paid(bidding, engine, fund, mint):
    trader, (taker,) = await fund(5), engine.accounts
    before = await bidding.rpc.get_balance(taker)
    signed, built = await signed_buy(bidding, trader, mint)
    assert built.tip_lamports == 5_000
    signature = await bidding.submit(signed, built.last_valid_block_height, "jito")
    await bidding.confirm(signature, built.last_valid_block_height)
    assert await bidding.rpc.get_balance(taker) == before + 5_000
    path, _, params, auth = engine.asked[-1]
    assert (engine.methods, path, auth) == (["getTipAccounts", "sendBundle"], "/api/v1/bundles", "uuid-1")
    assert params == [[signed], {"encoding": "base64"}]


async def test_what_would_fail_is_not_bid_with(bidding, engine, fund, mint):
    trader = await fund(5)
    blockhash = await bidding.rpc.latest_blockhash()
    await trader.send(await bidding.build_buy_exact_in(mint, trader.address, SOL, 1, soon()))
    doomed = curve.buy_exact_in(curve.Market(mint), trader.address, SOL, 2**63, soon())
    message = Draft(trader.address, [doomed]).message(blockhash.blockhash, 200_000, 0)
    with pytest.raises(ProgramFailedError):
        await bidding.submit(wire(message, [trader.key]), blockhash.last_valid_block_height, "jito")
    assert "sendBundle" not in engine.methods


@pytest.mark.parametrize("refusal", [(400, NO_TIP), (429, None), (200, CONGESTED), (503, None)])
async def test_plain_sending_takes_over_when_the_engine_does_not_take_it(bidding, engine, fund, mint, refusal):
    trader = await fund(5)
    signed, built = await signed_buy(bidding, trader, mint)
    engine.refusal = refusal
    signature = await bidding.submit(signed, built.last_valid_block_height, "jito")
    assert (await bidding.confirm(signature, built.last_valid_block_height)).slot
    assert engine.bundles == {}


async def test_a_bundle_that_the_engine_lost_is_sent_plainly(bidding, engine, fund, mint, monkeypatch):
    monkeypatch.setattr("launchpad.chain.sending._RESEND_SECONDS", 0.0)
    engine.cluster, engine.inflight = None, "Invalid"
    trader = await fund(5)
    signed, built = await signed_buy(bidding, trader, mint)
    signature = await bidding.submit(signed, built.last_valid_block_height, "jito")
    assert (await bidding.confirm(signature, built.last_valid_block_height)).slot
    assert engine.methods[-2:] == ["getInflightBundleStatuses", "getBundleStatuses"]


@pytest.fixture
async def auction(creator):
    """An engine that lands nothing, a node that hears what is sent in the open, the executor between, and a bid."""
    heard = []

    def answer(method, params):
        if method == "sendTransaction":
            heard.append(params[0])
        return {"value": {"err": None, "logs": []}}

    signed = keys.sign_transaction(
        (
            await creator.chain.build(creator.address, [curve.register_referrer(creator.address, creator.address)])
        ).transaction,
        creator.key,
    )
    async with Engine() as engine, Node(answer) as node, RpcPool([node.url]) as pool:
        client = BlockEngine(engine.url)
        bidder, sent = JitoExecutor(pool, client), Signed(keys.transaction_signature(signed), signed, 10)
        await bidder.begin(sent)
        yield engine, bidder, sent, heard
        await client.close()


async def test_a_bundle_stays_out_of_sight_while_it_is_in_the_auction(auction):
    engine, bidder, sent, heard = auction
    await bidder.again(sent)
    engine.refusal = (429, None)
    await bidder.again(sent)
    engine.refusal, engine.inflight, engine.known = None, "Invalid", True
    await bidder.again(sent)
    assert heard == []


async def test_a_bid_that_lost_is_made_again(auction):
    engine, bidder, sent, heard = auction
    engine.inflight = "Failed"
    await bidder.again(sent)
    assert engine.asked[-1][0] == "/api/v1/transactions?bundleOnly=true"
    engine.inflight = "Landed"
    await bidder.again(sent)
    assert heard == []


async def test_what_takes_too_long_is_sent_in_the_open(auction, monkeypatch):
    _, bidder, sent, heard = auction
    monkeypatch.setattr("launchpad.chain.executors._PATIENCE_SECONDS", -1.0)
    await bidder.again(sent)
    await bidder.again(sent)
    assert heard == [sent.transaction] * 2


async def test_an_engine_that_went_away_holds_nothing_up(auction):
    engine, bidder, sent, heard = auction
    engine.refusal = (500, {"code": -32603, "message": "internal"})
    await bidder.again(sent)
    assert heard == [sent.transaction]


async def test_an_expired_blockhash_is_looked_at_twice(auction):
    engine, _, sent, _ = auction
    statuses = [None]

    def behind(method, _params):
        if method == "simulateTransaction":
            return {"value": {"err": "BlockhashNotFound", "logs": []}}
        return {"getBlockHeight": 5, "getSignatureStatuses": {"value": statuses}}[method]

    async with Node(behind) as node, RpcPool([node.url]) as pool:
        client = BlockEngine(engine.url)
        bidder = JitoExecutor(pool, client)
        with pytest.raises(BlockhashExpiredError):
            await bidder.begin(Signed(sent.signature, sent.transaction, 4))
        await bidder.begin(sent)
        assert engine.methods == ["sendBundle", "sendBundle"]
        statuses[0] = {"err": None, "confirmationStatus": "confirmed"}
        await bidder.begin(sent)
        assert len(engine.methods) == 2
        await client.close()


async def test_the_tip_accounts_are_the_engines_or_the_documented_ones(engine):
    client = BlockEngine(engine.url)
    assert await client.tip_account() == engine.accounts[0]
    assert await client.tip_accounts() == engine.accounts
    assert engine.methods == ["getTipAccounts"]
    await client.close()
    for away in (BlockEngine("http://127.0.0.1:1"), BlockEngine(engine.url)):
        engine.accounts = []
        assert await away.tip_account() in TIP_ACCOUNTS
        await away.close()


async def test_refusals_are_told_apart(engine):
    client = BlockEngine(engine.url)
    cases = [
        ((429, None), BlockEngineBusyError),
        ((200, CONGESTED), BlockEngineBusyError),
        ((400, NO_TIP), BlockEngineRefusedError),
        ((502, None), BlockEngineAwayError),
        ((200, None), BlockEngineAwayError),
    ]
    for refusal, kind in cases:
        engine.refusal = refusal
        with pytest.raises(kind) as caught:
            await client.send_bundle(["AA=="])
        assert type(caught.value) is kind
    await client.close()


async def test_landed_bundles_are_told_with_their_transactions(auction):
    engine, _, sent, _ = auction
    client = BlockEngine(engine.url)
    (bundle,) = engine.bundles
    assert await client.landed([bundle]) == {}
    engine.known = True
    found = (await client.landed([bundle]))[bundle]
    assert (found.transactions, found.confirmation_status) == ([sent.signature], "confirmed")
    await client.close()


async def test_local_clusters_have_no_engine(chain, creator, mint):
    with pytest.raises(ExecutorUnavailableError, match="mainnet and testnet only"):
        await chain.submit("", 0, "jito")
    with pytest.raises(ExecutorUnavailableError):
        chain.tip("jito")
    with pytest.raises(TipRefusedError, match="takes no tip"):
        chain.tip("legacy", 5_000)
    assert chain.tip("legacy") == 0


def test_a_tip_has_a_least_and_a_most():
    assert checked_tip(None, 10**7) == jito.DEFAULT_TIP_LAMPORTS
    assert checked_tip(None, 2_000) == 2_000
    assert checked_tip(1_000, 10**7) == 1_000
    for tip in (0, 999, 10**7 + 1):
        with pytest.raises(TipRefusedError):
            checked_tip(tip, 10**7)


def test_each_cluster_has_its_own_engine(cluster):
    assert cluster.settings().jito_url == ""
    assert cluster.settings(cluster="devnet", jito_block_engine_url="http://x").jito_url == ""
    assert "testnet" in cluster.settings(cluster="testnet").jito_url
    assert cluster.settings(cluster="mainnet-beta", jito_block_engine_url="http://x").jito_url == "http://x"
