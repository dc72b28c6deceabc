"""Launches on several venues: how they are divided, and what becomes of items that nobody signs."""

import pytest

from launchpad.config import Settings
from launchpad.dex import multi
from launchpad.dex.errors import BadAllocationError
from launchpad.dex.routing import Router
from launchpad.dex.schemas import MultiLaunch, PumpLaunch

SOL = 10**9


def asked(venue, *items, base=10**12, lamports=SOL, **more):
    named = [{"venue": name, "share_bps": share} for name, share in items]
    amounts = {"base_amount": str(base), "quote_amount": str(lamports)}
    return MultiLaunch(wallet=venue.owner.address, mint=venue.mint, items=named, **amounts, **more)


def test_parts_come_to_the_whole_and_the_last_gets_the_rest(venue):
    parts = multi.divide(asked(venue, ("amm", 3_333), ("raydium_cpmm", 3_333), ("orca", 3_334), base=100, lamports=101))
    assert [(part.base, part.lamports) for part in parts] == [(33, 33), (33, 33), (34, 35)]


def test_a_coin_elsewhere_takes_sol_alone(venue):
    parts = multi.divide(asked(venue, ("pump", 4_000), ("amm", 6_000), base=100, lamports=100))
    assert [(part.base, part.lamports) for part in parts] == [(0, 40), (60, 60)]


@pytest.mark.parametrize("items", [[("amm", 9_999)], [("amm", 5_000), ("amm", 5_000)]])
def test_shares_that_do_not_fit_are_refused(venue, items):
    with pytest.raises(BadAllocationError):
        multi.divide(asked(venue, *items))


@pytest.fixture
def router(venue, raydium_cluster):
    settings: Settings = raydium_cluster.settings()
    return Router(venue.chain, settings)


async def test_what_nobody_signs_expires_and_says_so(venue, router, database, monkeypatch):
    built = await multi.launch(database, venue.chain, router, asked(venue, ("amm", 10_000)))
    assert built.items[0].status == "built"
    waiting = await multi.status(database, venue.chain, router, built.id)
    assert waiting.items[0].status == "built"
    later = built.items[0].steps[0].last_valid_block_height + 1

    async def height():
        return later

    monkeypatch.setattr(venue.chain.rpc, "get_block_height", height)
    told = await multi.status(database, venue.chain, router, built.id)
    assert (told.items[0].status, told.items[0].liquidity) == ("expired", None)


async def test_each_refusal_is_an_answer_of_its_own(venue, router, database):
    coin = PumpLaunch(wallet=venue.owner.address, name="C", symbol="C", uri="ipfs://c")
    wanted = asked(venue, ("raydium_cpmm", 5_000), ("pump", 3_000), ("amm", 2_000), coin=coin)
    told = await multi.launch(database, venue.chain, router, wanted)
    assert [(item.status, (item.error or {}).get("code")) for item in told.items] == [
        # The venue's own pool is there already.
        ("refused", "POOL_EXISTS"),
        ("refused", "NOT_ON_THIS_NETWORK"),
        ("built", None),
    ]


async def test_liquidity_for_an_aggregator_is_refused_without_one(venue, router, database):
    told = await multi.launch(database, venue.chain, router, asked(venue, ("jupiter", 10_000)))
    assert told.items[0].error["code"] == "NOT_ON_THIS_NETWORK"
    assert told.route is None
