"""Routers of fees on a real cluster: made, fed by a curve, read and paid out as the client computes."""

import pytest

from launchpad.chain import keys, pda, routers
from launchpad.chain.accounts import ShareState
from launchpad.chain.errors import ProgramFailedError
from launchpad.chain.events import RouterCreated, SharePaid, SharesApplied
from launchpad.chain.instructions import fee_router
from launchpad.chain.instructions.fee_router import RouterTerms
from launchpad.chain.instructions.solana import transfer_lamports
from launchpad.chain.router_events import Portion
from launchpad.chain.routers import NoRouterError
from tests.chain.conftest import SOL
from tests.chain.test_client import event_of


def hundred():
    return [Portion(keys.address_of(keys.generate()), 100) for _ in range(100)]


async def opened(chain, owner, portions):
    """A router with its first shares; its address."""
    address = owner.address
    router = pda.fee_router(address, 3)
    made = fee_router.create_router(address, address, RouterTerms(3, 3_600))
    created = event_of(await owner.send(await chain.build(address, [made])), RouterCreated)
    assert (created.router, created.owner, created.delay_seconds) == (router, address, 3_600)
    for piece in fee_router.pieces(portions):
        await owner.send(await chain.build(address, [fee_router.write_proposal(router, address, piece)]))
    live = await routers.fetch_router(chain.rpc, router)
    assert live.proposal is not None
    assert (live.proposal.total_bps, len(live.proposal.portions), live.entries) == (10_000, len(portions), ())
    both = [fee_router.propose_shares(router, address), fee_router.apply_shares(router, address, address)]
    applied = event_of(await owner.send(await chain.build(address, both)), SharesApplied)
    assert list(applied.shares) == fee_router.ordered(portions)
    return router


async def test_a_hundred_recipients_are_written_read_and_paid(chain, fund):
    owner, portions = await fund(5), hundred()
    router = await opened(chain, owner, portions)
    await owner.send(await chain.build(owner.address, [transfer_lamports(owner.address, router, SOL)]))
    live = await routers.fetch_router(chain.rpc, router)
    assert (live.income, live.proposal, live.state.recipients) == (SOL, None, 100)
    assert [Portion(each.wallet, each.bps) for each in live.entries] == fee_router.ordered(portions)
    entry = live.entry(portions[0].wallet)
    assert entry is not None
    assert entry.claimable(live.income) == SOL // 100
    claim = [fee_router.claim(router, entry.wallet)]
    paid = event_of(await owner.send(await chain.build(owner.address, claim)), SharePaid)
    assert (paid.amount, await chain.rpc.get_balance(entry.wallet)) == (SOL // 100, SOL // 100)
    after = (await routers.fetch_router(chain.rpc, router)).entry(entry.wallet)
    assert after is not None
    assert after.claimable(live.income) == 0
    with pytest.raises(ProgramFailedError) as caught:
        await owner.send(await chain.build(owner.address, [fee_router.claim(router, entry.wallet)]))
    assert (caught.value.code, caught.value.program) == ("NOTHING_TO_CLAIM", "fee_router")


async def test_an_address_without_a_router_is_said_to_have_none(chain):
    with pytest.raises(NoRouterError):
        await routers.fetch_router(chain.rpc, keys.address_of(keys.generate()))


def test_what_a_claim_pays_is_rounded_down_to_lamports():
    entry = ShareState(keys.address_of(keys.generate()), 3_333, 9_999, 100, 7)
    assert entry.claimable(100) == 7
    assert entry.claimable(101) == 8
    assert entry.claimable(10_100) == 7 + (9_999 + 10_000 * 3_333) // 10_000
