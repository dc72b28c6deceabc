"""Every sum of revenue against the cluster: counters, vaults, reserves and wallets of one token's whole life."""

from dataclasses import dataclass, field

import pytest

from launchpad.chain import keys, pda, routers
from launchpad.chain.addresses import TOKEN, WRAPPED_SOL
from launchpad.chain.curve_math import LaunchFee
from launchpad.chain.graduating import build_graduate
from launchpad.chain.instructions import amm, fee_router
from launchpad.chain.instructions.amm import graduates_pool
from launchpad.chain.instructions.fee_router import RouterTerms
from launchpad.chain.instructions.solana import create_token_account
from launchpad.chain.pools import fetch_config, fetch_pool
from launchpad.chain.router_events import Portion
from launchpad.chain.sale_terms import SaleTerms
from launchpad.chain.tokens import data_of
from launchpad.client import LaunchpadClient, sol, units
from launchpad.db import Database, connect_directly
from launchpad.fees import handover, income, totals
from launchpad.fees.revenue import revenue
from launchpad.indexer import queries, repair
from launchpad.indexer.listener import Found

FEE = LaunchFee(1_000, 600)
SHARES = (6_000, 3_000, 1_000)


@dataclass
class Cast:
    """Everybody in a token's life, each with a wallet of his own."""

    creator: LaunchpadClient
    trader: LaunchpadClient
    referrer: LaunchpadClient
    keeper: LaunchpadClient
    recipients: list = field(default_factory=lambda: [keys.address_of(keys.generate()) for _ in SHARES])

    @property
    def everybody(self):
        return self.creator, self.trader, self.referrer, self.keeper


async def sent(pad, built):
    """A transaction of a wallet's, confirmed; its signature."""
    signed = keys.sign_transaction(built.transaction, pad.keypair)
    signature = await pad.chain.submit(signed, built.last_valid_block_height)
    await pad.chain.confirm(signature, built.last_valid_block_height)
    return signature


@pytest.fixture
async def cast(settings):
    pads = [LaunchpadClient(settings.rpc_url, keys.generate(), ws_url=settings.rpc_ws_url) for _ in range(4)]
    for pad in pads:
        await pad.airdrop(sol(150))
    yield Cast(*pads)
    for pad in pads:
        await pad.chain.close()


@pytest.fixture
async def ledger(settings):
    """`await ledger(wallets)`: all transactions of these wallets indexed, final and folded; the totals by kind."""
    database = Database(settings.database_url, pool_size=2)
    connection = await connect_directly(settings.database_url)

    async def read(chain, wallets):
        listed = {}
        for wallet in wallets:
            for one in await chain.rpc.get_signatures_for_address(wallet):
                listed |= {one["signature"]: one["slot"]} if one["err"] is None else {}
        found = sorted(listed.items(), key=lambda item: item[1])
        await repair.index_again(connection, chain.rpc, [Found(*one) for one in found])
        await queries.mark_finalized(connection, list(listed))
        assert await totals.catch_up(database)
        async with database.look() as look:
            page = await revenue(look, 1)
        return {each.kind: (int(each.earned), int(each.paid), int(each.waiting)) for each in page.totals}

    yield read
    await connection.close()
    await database.close()


async def routed(cast, mint):
    """The creator's router of three, which is the token's creator from now on."""
    pad = cast.creator
    me, router = pad.address, pda.fee_router(pad.address, 0)
    portions = [Portion(wallet, bps) for wallet, bps in zip(cast.recipients, SHARES, strict=True)]
    steps = [
        fee_router.create_router(me, me, RouterTerms(0, 3_600)),
        fee_router.write_proposal(router, me, fee_router.ordered(portions)),
        fee_router.propose_shares(router, me),
        fee_router.apply_shares(router, me, me),
    ]
    await sent(pad, await pad.chain.build(me, steps))
    await sent(pad, await handover.adopt(pad.chain, router, me, mint))
    return router


async def sold_out(cast):
    """A token on its curve: referred trades under a launch fee, claims between them, and the last buy; its mint."""
    sale = SaleTerms(launch_fee=FEE)
    mint = (await cast.creator.launch("Counted", "CNT", "ipfs://cnt", supply=units("1000000000", 9), sale=sale)).mint
    await cast.referrer.register_referrer()
    referred = {"referrer": cast.referrer.address, "slippage_bps": 2_000}
    bought = await cast.trader.buy(mint, quote_in=sol(2), **referred)
    await cast.trader.sell(mint, base_in=bought.base_amount // 2)
    await cast.referrer.claim_referrer_fees()
    await cast.trader.buy(mint, quote_in=sol(130), graduate=False, **referred)
    return mint


async def swept_pool(pad, mint, recipient):
    """What a pool owes the protocol, paid into the recipient's account for wrapped SOL."""
    account = create_token_account(pad.address, recipient, WRAPPED_SOL, TOKEN)
    sweep = amm.sweep_protocol_fees(graduates_pool(mint), pad.address, recipient)
    await sent(pad, await pad.chain.build(pad.address, [account, sweep]))


def kept(before, after):
    """Lamports that a swap left to the liquidity beyond what the constant product asks for, roundings included."""
    asked = -(-before.quote * before.base // after.base)
    return after.quote - asked


@dataclass
class Life:
    """What the cluster had at the turns of a token's life."""

    mint: str
    router: str
    full: object  # the curve, sold out
    opened: object  # the pool, before any swap
    between: object  # after the buy and before the sale of the same


async def live(cast):
    """From the launch to shares that were paid, with a claim or a sweep of everybody's on the way."""
    chain, keeper = cast.creator.chain, cast.keeper
    mint = await sold_out(cast)
    full = await chain.require_curve(mint)
    await cast.creator.claim_creator_fees(mint)
    await sent(keeper, await build_graduate(chain, mint, keeper.address))
    opened = await fetch_pool(chain.rpc, pda.canonical_pool(mint))
    router = await routed(cast, mint)
    swapped = await cast.trader.buy(mint, quote_in=sol(3), slippage_bps=500)
    between = await fetch_pool(chain.rpc, opened.key)
    await swept_pool(keeper, mint, (await fetch_config(chain.rpc)).fee_recipient)
    await cast.trader.sell(mint, base_in=swapped.base_amount, slippage_bps=500)
    await sent(keeper, await chain.build_sweep_protocol_fees(mint, keeper.address))
    await sent(keeper, await income.collect(chain, router, keeper.address, mint))
    for wallet in cast.recipients[:2]:
        await sent(keeper, await income.claim(chain, router, keeper.address, wallet))
    return Life(mint, router, full, opened, between)


async def treasury(chain):
    """All that the protocol was ever paid, as SOL and as wrapped SOL."""
    configs, rates = await chain.fetch_configs(), await fetch_config(chain.rpc)
    wallets = {configs.curve.fee_recipient, configs.launcher.treasury}
    account = await chain.rpc.get_account(pda.associated_token(rates.fee_recipient, WRAPPED_SOL, TOKEN))
    tokens = int.from_bytes(data_of(account)[64:72], "little") if account else 0
    return tokens + sum([await chain.rpc.get_balance(wallet) for wallet in wallets])


async def test_every_sum_is_what_the_cluster_holds_and_paid(cast, ledger):
    chain = cast.creator.chain
    before = await treasury(chain)
    life = await live(cast)
    told = await ledger(chain, [pad.address for pad in cast.everybody])
    curve, pool = await chain.require_curve(life.mint), await fetch_pool(chain.rpc, life.opened.key)
    router = await routers.fetch_router(chain.rpc, life.router)
    referral = await chain.fetch_referrer_fees(cast.referrer.address)

    owed, paid = curve.protocol_fees + pool.state.protocol_fees, await treasury(chain) - before
    assert told["protocol"] == (paid + owed, paid, owed)
    assert owed > 0
    claimed = life.full.creator_fees + router.income
    assert told["creator"] == (claimed, claimed, 0)
    assert (curve.creator_fees, pool.state.creator_fees) == (0, 0)
    assert told["referrer"] == (referral.earned, referral.earned - referral.unclaimed, referral.unclaimed)
    assert 0 < referral.unclaimed < referral.earned
    assert told["router"] == (router.income, router.state.paid, router.income - router.state.paid)
    assert router.state.paid == sum([await chain.rpc.get_balance(wallet) for wallet in cast.recipients])
    assert told["launch"][0] == life.full.launch_fees > 0
    # What the curve held and the pool did not get is what the keeper was paid.
    reward = life.full.quote_reserve + life.full.launch_fees - life.opened.reserves.quote
    assert told["keeper"] == (reward, reward, 0)
    grown = kept(life.opened.reserves, life.between.reserves) + kept(life.between.reserves, pool.reserves)
    assert 0 <= grown - told["lp"][0] <= 2
    assert told["lp"][0] > 0
    assert told["venue"] == (0, 0, 0)
