"""Launchpad as a library."""

import asyncio
import time
from decimal import Decimal

import pytest

from launchpad.chain import keys, sending
from launchpad.chain.client import NoCurveError
from launchpad.chain.curve_math import InsufficientSoldError
from launchpad.chain.errors import ProgramFailedError
from launchpad.chain.jito import DEFAULT_TIP_LAMPORTS, ExecutorUnavailableError
from launchpad.chain.sale_terms import SaleTerms
from launchpad.client import (
    FirstBuy,
    InvalidAmountError,
    LaunchFee,
    LaunchpadClient,
    Lock,
    sol,
    units,
    whole,
)
from launchpad.errors import ConfigError
from launchpad.processes import free_port
from tests.chain.engines import Engine


@pytest.fixture
async def pad(cluster):
    async with LaunchpadClient(cluster.rpc_url, keys.generate()) as client:
        await client.airdrop(sol(20))
        yield client


async def test_confirmations_are_heard_where_the_cluster_tells_them(cluster, monkeypatch):
    # Once connected it would not ask again within this test.
    monkeypatch.setattr(sending, "_POLL_TOLD_SECONDS", 3600)
    async with LaunchpadClient(cluster.rpc_url, keys.generate(), ws_url=cluster.ws_url) as client:
        watcher = client.chain._sender._watcher
        async with asyncio.timeout(60):
            await client.airdrop(sol(2))
            while not watcher.connected:
                await asyncio.sleep(0.01)
            launch = await client.launch("Heard", "HRD", "ipfs://heard", supply=units("1000000000", 9))
            assert (await client.buy(launch.mint, quote_in=sol("0.1"))).base_amount > 0
        assert watcher._signatures == {}


async def test_where_no_socket_answers_confirmations_are_asked_for(cluster):
    nobody = f"ws://127.0.0.1:{free_port()}"
    async with LaunchpadClient(cluster.rpc_url, keys.generate(), ws_url=nobody) as client:
        assert await client.airdrop(sol(1))
        assert await client.balance() == sol(1)
        assert not client.chain._sender._watcher.connected


def test_sockets_are_beside_the_nodes_unless_they_are_named():
    beside = LaunchpadClient("http://127.0.0.1:8899, https://node.example.com/KEY")
    assert beside.chain._sender._watcher._urls == ["ws://127.0.0.1:8900", "wss://node.example.com/KEY"]
    named = LaunchpadClient("http://127.0.0.1:8899", ws_url="ws://127.0.0.1:9000")
    assert named.chain._sender._watcher._urls == ["ws://127.0.0.1:9000"]


async def test_a_token_is_launched_bought_sold_and_its_fees_collected(pad, cluster):
    launch = await pad.launch(
        "Library", "LIB", "ipfs://lib", supply=units("1000000000", 9), first_buy=FirstBuy(sol(1), lock=Lock(0, 100))
    )
    assert launch.first_buy > 0
    assert launch.first_buy_lock
    assert await pad.token_balance(launch.mint) == 0

    bought = await pad.buy(launch.mint, quote_in=sol(1))
    assert (bought.side, bought.total) == ("buy", bought.quote_amount + bought.fees)
    assert bought.total <= sol(1)
    assert await pad.token_balance(launch.mint) == bought.base_amount

    exact = await pad.buy(launch.mint, base_out=10**12, slippage_bps=50)
    assert exact.base_amount == 10**12

    sold = await pad.sell(launch.mint, base_in=10**12)
    assert (sold.side, sold.total) == ("sell", sold.quote_amount - sold.fees)
    assert sold.total < exact.total

    token = await pad.token(launch.mint)
    assert (token.mint.name, token.launch.creator, token.curve.status) == ("Library", pad.address, "trading")
    before = await pad.balance()
    assert await pad.claim_creator_fees(launch.mint)
    assert await pad.balance() == before + token.curve.creator_fees - 5_000
    assert await pad.claim_vesting(launch.first_buy_lock)
    await reads_without_a_wallet(cluster, launch.mint)


async def test_many_are_launched_and_one_that_fails_stops_no_other(pad):
    plain = {"symbol": "MANY", "uri": "ipfs://many", "supply": 10**18}
    first, wrong, last = await pad.launch_many([plain | {"name": name} for name in ("One", "", "Three")])
    assert wrong.code == "INVALID_LAUNCH"
    assert [(await pad.token(launch.mint)).mint.name for launch in (first, last)] == ["One", "Three"]


async def test_a_sale_that_fails_is_refunded(pad):
    end = int(time.time()) + 10
    supply = units("1000000000", 9)
    launch = await pad.launch("Short", "SHT", "ipfs://s", supply=supply, deadline=end, first_buy=FirstBuy(sol(1)))
    assert (await pad.token(launch.mint)).curve.deadline == end
    while True:
        try:
            await pad.expire(launch.mint)
            break
        except ProgramFailedError as error:
            assert error.code == "SALE_NOT_ENDED"  # noqa: PT017 - the loop ends with the sale
    state = (await pad.token(launch.mint)).curve
    assert state.status == "refunding"
    half = await pad.refund(launch.mint, base_in=launch.first_buy // 2)
    assert half.quote_amount == state.quote_refund(launch.first_buy // 2)
    rest = await pad.refund(launch.mint)
    assert half.quote_amount + rest.quote_amount == state.quote_reserve
    with pytest.raises(InsufficientSoldError):
        (await pad.token(launch.mint)).curve.quote_refund(1)


async def test_a_launch_fee_is_paid_by_everybody_but_the_first_buyer(pad):
    fee, supply = LaunchFee(5_000, 600), units("1000000000", 9)
    launch = await pad.launch(
        "Fee", "FEE", "ipfs://f", supply=supply, sale=SaleTerms(launch_fee=fee), first_buy=FirstBuy(sol(1))
    )
    curve = (await pad.token(launch.mint)).curve
    assert (curve.launch_fee, curve.launch_fees) == (fee, 0)
    bought = await pad.buy(launch.mint, quote_in=sol(1), slippage_bps=500)
    paid = (await pad.token(launch.mint)).curve.launch_fees
    assert 0 < paid < bought.fees
    assert sol("0.9") < bought.total <= sol(1)
    sold = await pad.sell(launch.mint, base_in=bought.base_amount)
    assert (await pad.token(launch.mint)).curve.launch_fees == paid
    assert sold.fees < bought.fees


async def reads_without_a_wallet(cluster, mint):
    async with LaunchpadClient(f" {cluster.rpc_url} , ") as reader:
        quote = await reader.quote_buy(mint, quote_in=sol(1))
        again = await reader.quote_buy(mint, base_out=quote.base_amount)
        assert again.total <= quote.total
        assert (await reader.quote_sell(mint, 10**12)).total > 0
        with pytest.raises(InvalidAmountError):
            await reader.quote_buy(mint)
        with pytest.raises(ConfigError, match="wallet"):
            await reader.sell(mint, base_in=10**12)


async def test_a_referrer_registers_and_collects(pad, cluster):
    launch = await pad.launch("Referred", "REF", "ipfs://ref", supply=units(1_000_000, 9))
    async with LaunchpadClient(cluster.rpc_url, keys.generate()) as referrer:
        await referrer.airdrop(sol(1))
        assert await referrer.register_referrer()
        await pad.buy(launch.mint, quote_in=sol(1), referrer=referrer.address)
        assert await referrer.claim_referrer_fees()


async def test_a_keypair_file_is_a_wallet(pad, tmp_path):
    keys.save(pad.keypair, tmp_path / "id.json")
    async with LaunchpadClient(pad.url, tmp_path / "id.json") as same:
        assert same.address == pad.address
        with pytest.raises(NoCurveError):
            await same.token(same.address)


def test_amounts_are_exact():
    assert sol("0.000000001") == 1
    assert sol(2) == sol(Decimal("2.0")) == 2 * 10**9
    assert units("18446744073.709551615", 9) == 2**64 - 1
    assert whole(2**64 - 1, 9) == Decimal("18446744073.709551615")
    assert whole(5, 0) == 5


@pytest.mark.parametrize("text", ["", "one", "-1", "0.0000000001", "NaN", "Infinity", "18446744073.709551616", "1e40"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(InvalidAmountError):
        sol(text)


async def test_trades_can_be_bid_for_where_there_is_a_block_engine(pad, cluster):
    mint = (await pad.launch("Bids", "BDS", "ipfs://bids", supply=10**18)).mint
    with pytest.raises(ExecutorUnavailableError):
        await pad.buy(mint, quote_in=sol(1), executor="jito")
    async with (
        Engine(pad.chain.rpc, [pad.address]) as engine,
        LaunchpadClient(cluster.rpc_url, pad.keypair, jito_url=engine.url) as bidder,
    ):
        bought = await bidder.buy(mint, quote_in=sol(1), executor="jito", tip=2_000)
        sold = await bidder.sell(mint, base_in=bought.base_amount, executor="jito")
    assert (bought.tip, sold.tip) == (2_000, DEFAULT_TIP_LAMPORTS)
    assert list(engine.bundles.values()) == [[bought.signature], [sold.signature]]
