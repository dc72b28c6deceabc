"""Reports about graduates as the cluster has them: burned, locked, paid out; and what others opened beside them."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from launchpad.chain import amm_math, graduating, keys, pda
from launchpad.chain.addresses import TOKEN, WRAPPED_SOL
from launchpad.chain.client import ChainClient
from launchpad.chain.curve_math import Segment
from launchpad.chain.inspecting import fetch_token
from launchpad.chain.inspecting_graduates import fetch_graduate
from launchpad.chain.instructions import amm
from launchpad.chain.instructions.amm import Pool
from launchpad.chain.instructions.solana import create_token_account, wrap_sol
from launchpad.chain.sale_terms import GraduationTerms, Payout, SaleTerms
from launchpad.chain.swapping import passing_sol
from launchpad.chain.venues.raydium import building
from launchpad.chain.venues.raydium.pools import RaydiumPool
from launchpad.client import LaunchpadClient, sol
from launchpad.verification import service
from launchpad.verification.graduates import graduation
from tests.chain import mints
from tests.dex.conftest import mint_to
from tests.verification.conftest import Wallet, codes

# A whole sale for two SOL.
SEGMENTS = (Segment(1_073_000_000 * 10**9, 706_000_000, 793_100_000 * 10**9),)
LOCK = 200 * 86_400


@pytest.fixture(autouse=True)
def _no_memory(monkeypatch):
    """A report is never given a second time."""
    monkeypatch.setattr(service, "_FRESH", timedelta(0))


async def sell_out(pad, **more):
    """A token whose sale is sold out and whose pool is open."""
    launch = await pad.launch("Grown Up", "GRWN", "ipfs://grown", supply=10**18, segments=SEGMENTS, **more)
    await pad.buy(launch.mint, quote_in=sol("4"), slippage_bps=5_000, graduate=False)
    await send(pad, await graduating.build_graduate(pad.chain, launch.mint, pad.address))
    return launch.mint


async def send(pad, built):
    signed = keys.sign_transaction(built.transaction, pad.keypair)
    signature = await pad.chain.submit(signed, built.last_valid_block_height)
    await pad.chain.confirm(signature, built.last_valid_block_height)


def said(report, code):
    return [one for one in report.findings if one.code == code]


async def test_a_graduate_whose_liquidity_is_nobodys(verifier, pad):
    mint = await sell_out(pad)
    report = await verifier.verify(mint)
    found = codes(report)
    assert (found["POOL_OPEN"], found["LEFTOVERS_BURNED"], found["LIQUIDITY_BURNED"]) == ("good",) * 3
    assert found["PAYOUT_NONE"] == "good"
    assert not {"LIQUIDITY_FREE", "LIQUIDITY_WAITS", "LIQUIDITY_LOCKED", "PAYOUT_WAITS"} & found.keys()
    (opened,) = said(report, "POOL_OPEN")
    market = await pad.market(mint)
    assert opened.account == opened.facts["pool"] == pda.canonical_pool(mint)
    assert (opened.facts["base_reserve"], opened.facts["quote_reserve"]) == (
        *(str(side) for side in (market.pool.reserves.base, market.pool.reserves.quote)),
    )
    assert said(report, "POOL_PRICE")[0].facts["hundredths_of_end"] == 100
    (burned,) = said(report, "LEFTOVERS_BURNED")
    supply = (await pad.chain.fetch_mint(mint)).supply
    assert int(burned.facts["burned"]) == 10**18 - supply > 0
    assert said(report, "LIQUIDITY_BURNED")[0].facts["bps"] == 10_000


async def test_the_price_is_compared_with_the_end_of_the_curve(verifier, pad):
    mint = await sell_out(pad)
    await pad.buy(mint, quote_in=sol("1"), slippage_bps=5_000)
    (price,) = said(await verifier.verify(mint), "POOL_PRICE")
    assert price.facts["hundredths_of_end"] > 120
    assert "times that at which its curve ended" in price.sentence


async def test_locked_liquidity_and_payouts_before_and_after_their_schedules(verifier, pad):
    team, treasury = (keys.address_of(keys.generate()) for _ in range(2))
    payout = Payout(team, treasury, 6_000, 0, 10**7, 10)
    terms = GraduationTerms(liquidity_bps=7_000, liquidity_lock_seconds=LOCK, payout=payout)
    mint = await sell_out(pad, sale=SaleTerms(graduation=terms))
    before = await verifier.verify(mint)
    found = codes(before)
    assert (found["LIQUIDITY_WAITS"], found["PAYOUT_WAITS"]) == ("good", "info")
    assert {one.facts["beneficiary"] for one in said(before, "PAYOUT_WAITS")} == {team, treasury}
    assert "LIQUIDITY_FREE" not in found
    for built in await graduating.build_follow_ups(pad.chain, mint, pad.address):
        await send(pad, built)
    after = await verifier.verify(mint)
    found = codes(after)
    assert not {"LIQUIDITY_WAITS", "PAYOUT_WAITS", "LIQUIDITY_FREE", "PAYOUT_NONE"} & found.keys()
    assert found["LIQUIDITY_LOCKED"] == "good"
    (lock,) = said(after, "LIQUIDITY_LOCKED")
    curve = await pad.chain.require_curve(mint)
    assert (lock.facts["beneficiary"], lock.facts["until"]) == (pad.address, curve.graduated_at + LOCK)
    facts = await fetch_token(pad.chain.rpc, mint)
    assert int(lock.facts["shares"]) == facts.graduate.shares.tokens
    assert facts.graduate.pool.shares - facts.graduate.shares.tokens == amm_math.MINIMUM_LIQUIDITY
    paid = said(after, "PAYOUT_SCHEDULED")
    assert {one.facts["beneficiary"] for one in paid} == {team, treasury}
    assert all(int(one.facts["locked"]) > 0 and "step by step until" in one.sentence for one in paid)
    over = {one.code: one.severity for one in graduation(facts, int(time.time()) + 10**8)}
    assert (over["LIQUIDITY_LOCK_OVER"], over["PAYOUT_OVER"]) == ("warning", "info")


async def test_shares_that_somebody_adds_are_told_apart(verifier, pad):
    mint = await sell_out(pad)
    pool = amm.graduates_pool(mint)
    owner = pad.address
    deposit = amm.deposit(pool, owner, (10**15, sol("1")), 1, int(time.time()) + 600)
    account = create_token_account(owner, owner, pool.lp_mint, TOKEN)
    await send(pad, await pad.chain.build(owner, [*wrap_sol(owner, sol("1")), account, deposit]))
    (free,) = said(await verifier.verify(mint), "LIQUIDITY_FREE")
    assert (free.severity, free.facts["bps"] > 0) == ("info", True)


async def test_a_pool_at_a_strangers_address_does_not_count(verifier, pad):
    launch = await pad.launch("Not Yet", "NOT", "ipfs://not", supply=10**18)
    await pad.buy(launch.mint, quote_in=sol("1"))
    own = Pool(pda.free_pool(launch.mint, WRAPPED_SOL, pad.address, 0), launch.mint)
    opening = amm.create_pool(pad.address, own, (10**14, sol("1")), creator=pad.address)
    await send(pad, await pad.chain.build(pad.address, [*wrap_sol(pad.address, sol("1")), opening]))
    report = await verifier.verify(launch.mint)
    assert not [one for one in report.findings if one.code.startswith(("POOL_", "LIQUIDITY_", "PAYOUT_"))]
    # Nor where a curve names an account that is no pool of its token.
    facts = await fetch_token(pad.chain.rpc, launch.mint)
    ended = replace(facts.curve.state, status="graduated", pool=own.key)
    graduate = await fetch_graduate(pad.chain.rpc, ended)
    assert graduate.pool is None
    lost = replace(facts, curve=replace(facts.curve, state=ended), graduate=graduate)
    assert [(one.code, one.severity) for one in graduation(lost, 0)] == [("POOL_MISSING", "danger")]


async def test_a_pool_at_raydium_is_read_there(raydium_cluster, pad):
    async with (
        LaunchpadClient(raydium_cluster.rpc_url, keys.generate()) as west,
        ChainClient(raydium_cluster.settings()) as chain,
    ):
        await west.airdrop(sol(50))
        owner = Wallet(west.keypair, chain)
        mint = await mints.plain_mint(owner)
        account = create_token_account(owner.address, owner.address, mint, TOKEN)
        await send(west, await chain.build(owner.address, [account, mint_to(mint, owner.address, 10**16)]))
        pool = RaydiumPool.of(mint, TOKEN)
        wrapped = await passing_sol(chain, owner.address)
        await send(west, await chain.build(owner.address, building.open_pool(pool, wrapped, 10**15, sol("20"))))
        launch = await west.launch("Away", "AWAY", "ipfs://away", supply=10**18)
        state = replace(await chain.require_curve(launch.mint), status="graduated", pool=pool.key)
        assert (await fetch_graduate(chain.rpc, state)).pool is None
        facts = await fetch_graduate(chain.rpc, replace(state, mint=mint))
    assert (facts.pool.venue, facts.pool.base, facts.pool.quote) == ("raydium", 10**15, sol("20"))
    # A hundred shares are nobody's; the opener holds the rest.
    assert (facts.pool.shares - facts.shares.tokens, facts.shares.waiting, facts.shares.locks) == (100, 0, [])
