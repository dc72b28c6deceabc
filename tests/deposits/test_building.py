"""Batch launches on a real cluster: deposits, settlement and claims as their transactions are built."""

import time

import pytest

from launchpad.chain import batch_math, batches, curve_math
from launchpad.chain.batches import NoBatchError
from launchpad.chain.client import ChainClient
from launchpad.chain.curve_math import Fees
from launchpad.chain.launching import FirstBuy, InvalidLaunchError, LaunchParams
from launchpad.chain.sale_terms import BatchTerms, SaleTerms
from launchpad.deposits import building
from launchpad.deposits.building import BatchNotDueError, DepositLimitError, DepositsClosedError, NoDepositError
from launchpad.deposits.schemas import BatchClaimRequest, DepositRequest, SettlementRequest, WithdrawalRequest
from tests.indexer.trading import Trader

SOL = 10**9


@pytest.fixture
async def chain(cluster):
    async with ChainClient(cluster.settings()) as chain:
        yield chain


@pytest.fixture
async def creator(chain):
    return await Trader.funded(chain)


async def launch(creator, **terms):
    """A batch launch in two transactions, the first of which puts its terms on chain; its mint."""
    values = {"seconds": 5, "withdraw_seconds": 5, "minimum": SOL} | terms
    params = LaunchParams(
        *(creator.address, "Tide", "TIDE", "https://example.com/t.json", 10**18),
        sale=SaleTerms(batch=BatchTerms(**values)),
    )
    mint, built = await creator.chain.build_launch(params)
    for each in built:
        await creator.send(each)
    return mint


async def put_in(trader, mint, amount):
    asked = DepositRequest(mint=mint, wallet=trader.address, amount=str(amount))
    return await trader.send(await building.build_deposit(trader.chain, asked))


async def until_due(chain, mint, wait_until):
    closes_at = (await batches.fetch_batch(chain, mint)).state.closes_at
    wait_until(lambda: time.time() > closes_at + 1)


async def test_a_batch_from_the_first_deposit_to_the_last_claim(chain, creator, wait_until):
    ann, bob = [await Trader.funded(chain) for _ in range(2)]
    mint = await launch(creator, max_deposit=4 * SOL)
    await put_in(ann, mint, 3 * SOL)
    await put_in(bob, mint, 2 * SOL)
    with pytest.raises(DepositLimitError):
        await put_in(ann, mint, 2 * SOL)
    with pytest.raises(BatchNotDueError):
        await building.build_claim(chain, BatchClaimRequest(mint=mint, wallet=ann.address))
    back = WithdrawalRequest(mint=mint, wallet=bob.address, amount=str(SOL))
    await bob.send(await building.build_withdrawal(chain, back))
    assert mint not in await batches.due_batches(chain.rpc, time.time())
    await until_due(chain, mint, wait_until)
    assert mint in await batches.due_batches(chain.rpc, time.time())
    with pytest.raises(DepositsClosedError):
        await building.build_withdrawal(chain, back)
    bought = batch_math.purchase(curve_math.classic(793_100_000 * SOL), 4 * SOL, SOL, Fees(50, 30))
    # Whoever claims first settles in the same transaction.
    claim = await building.build_claim(chain, BatchClaimRequest(mint=mint, wallet=ann.address))
    assert int(claim.amount) == batch_math.outcome(bought, 3 * SOL, 4 * SOL).base
    await ann.send(claim)
    held = (await chain.rpc.get_token_balances(ann.address))[mint]
    assert held == int(claim.amount)
    await bob.send(await building.build_claim(chain, BatchClaimRequest(mint=mint, wallet=bob.address)))
    assert held + (await chain.rpc.get_token_balances(bob.address))[mint] == bought.base_amount
    with pytest.raises(NoDepositError):
        await building.build_claim(chain, BatchClaimRequest(mint=mint, wallet=bob.address))
    await ann.buy(mint, SOL)
    assert mint not in await batches.due_batches(chain.rpc, time.time())
    state = (await batches.fetch_batch(chain, mint)).state
    assert (state.status, state.deposits, state.base_left, state.refund_left) == ("settled", 0, 0, 0)


async def test_a_failed_batch_is_settled_by_whoever_takes_his_deposit_back(chain, creator, wait_until):
    mint = await launch(creator, seconds=2, withdraw_seconds=0)
    await put_in(creator, mint, SOL // 2)
    back = WithdrawalRequest(mint=mint, wallet=creator.address)
    with pytest.raises(DepositsClosedError):
        await building.build_withdrawal(chain, back)
    await until_due(chain, mint, wait_until)
    with pytest.raises(DepositsClosedError):
        await put_in(creator, mint, SOL)
    with pytest.raises(BatchNotDueError):
        await building.build_claim(chain, BatchClaimRequest(mint=mint, wallet=creator.address))
    before = await chain.rpc.get_balance(creator.address)
    await creator.send(await building.build_withdrawal(chain, back))
    assert await chain.rpc.get_balance(creator.address) > before + SOL // 2
    with pytest.raises(BatchNotDueError):
        await building.build_settlement(chain, SettlementRequest(mint=mint, payer=creator.address))


async def test_what_is_no_batch_is_said_to_be_none(chain, creator):
    mint = await creator.launch()
    with pytest.raises(NoBatchError):
        await put_in(creator, mint, SOL)


def test_a_first_buy_and_an_early_end_do_not_go_with_a_batch():
    sale = SaleTerms(batch=BatchTerms(60, 60, SOL))
    somebody = "So11111111111111111111111111111111111111112"
    params = {"creator": somebody, "name": "A", "symbol": "A", "uri": "ipfs://a", "supply": 10**18, "sale": sale}
    for field, wrong in {"first_buy": FirstBuy(SOL), "deadline": int(time.time()) + 30}.items():
        with pytest.raises(InvalidLaunchError) as refused:
            LaunchParams(**params, **{field: wrong}).checked()
        assert refused.value.details["field"] == field
