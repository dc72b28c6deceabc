"""Graduated and PayoutReleased become columns, a status, a live event and a part of the token's JSON."""

import time

import pytest

from launchpad.chain.events import Graduated, PayoutReleased
from launchpad.db import Database
from launchpad.tokens import catalog
from tests.conftest import make_settings
from tests.indexer.pools import PoolWorld

WHALE = "whale"
BURNED, UNTIL = 7_000, 1_900_000_000


@pytest.fixture
async def database(database_url):
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def world(market, history):
    return PoolWorld(market.tokens[0], history[-1].slot, int(time.time()) - 300)


def graduated(world, **changes):
    amounts = {"base_amount": 5, "quote_amount": 6, "burned": BURNED, "reward": 9}
    payouts = {"team_payout": 11, "treasury_payout": 12, "locked_until": UNTIL}
    named = {"mint": world.mint, "curve": world.token.curve, "pool": world.key, "venue": "amm", "keeper": WHALE}
    return Graduated(**named, **(amounts | payouts | changes), timestamp=world.time)


def released(world, kind):
    named = {"mint": world.mint, "curve": world.token.curve, "kind": kind, "beneficiary": WHALE}
    return PayoutReleased(**named, amount=10, schedule="schedule", timestamp=world.time)


async def details_of(database, world):
    async with database.look() as look:
        return await catalog.token_details(look, make_settings(), world.mint)


async def test_a_token_tells_of_its_way_into_the_pool(database, store, history, world):
    await store(history)
    before = await details_of(database, world)
    assert before.graduation.progress_bps < 10_000
    assert int(before.graduation.remaining_lamports) == int(before.raise_target) - int(before.quote_reserve) > 0
    assert (before.graduation.pool, before.graduation.venue, before.graduation.burned) == (None, None, None)
    world.sell_out(WHALE)
    world.tell(graduated(world))
    await store([*history, *world.told])
    after = await details_of(database, world)
    assert (after.status, after.curve.status, after.quote_reserve) == ("graduated", "graduated", "0")
    found = after.graduation
    assert (found.progress_bps, found.remaining_lamports, found.venue, found.pool) == (10_000, "0", "amm", world.key)
    assert (found.burned, found.team_payout, found.treasury_payout) == (str(BURNED), "11", "12")
    assert (found.graduated_at, found.locked_until.timestamp()) == (after.curve.graduated_at, UNTIL)
    assert int(after.supply) == int(before.supply) - BURNED


async def test_released_payouts_wait_no_longer(database, store, history, world):
    world.sell_out(WHALE)
    world.tell(graduated(world, locked_until=0), released(world, "team"))
    await store([*history, *world.told])
    found = (await details_of(database, world)).graduation
    assert (found.team_payout, found.treasury_payout, found.locked_until) == ("0", "12", None)
    world.tell(released(world, "treasury"))
    await store([world.told[-1]])
    assert (await details_of(database, world)).graduation.treasury_payout == "0"
