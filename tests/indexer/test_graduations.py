"""Graduated and PayoutReleased become columns, a status, a live event and a part of the token's JSON."""

import time

import orjson
import pytest

from launchpad import live
from launchpad.chain.events import (
    Admitted,
    Graduated,
    LiquidityLocked,
    PayoutReleased,
    PositionClosed,
    PositionOpened,
)
from launchpad.chain.positions import NoPositionError
from launchpad.db import Database
from launchpad.indexer import fold
from launchpad.tokens import catalog, graduating, queries_graduation
from tests.conftest import make_settings
from tests.indexer.pools import PoolWorld
from tests.telling import number

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


def locked(world):
    named = {"mint": world.mint, "curve": world.token.curve, "lp_mint": "shares", "schedule": "locked"}
    return LiquidityLocked(**named, shares=77, until=UNTIL, timestamp=world.time)


async def test_each_step_of_a_graduation_names_its_transaction_and_its_schedule(database, store, history, world):
    world.sell_out(WHALE)
    done = world.tell(graduated(world))
    team = world.tell(released(world, "team"))
    await store([*history, *world.told])
    found = (await details_of(database, world)).graduation
    assert (found.signature, found.slot, found.locks) == (done.signature, done.slot, [])
    paid, waits = found.payouts
    assert (paid.kind, paid.amount, paid.beneficiary, paid.schedule) == ("team", "10", WHALE, "schedule")
    assert (paid.signature, paid.released_at.timestamp()) == (team.signature, world.time - 1)
    assert (waits.kind, waits.amount, waits.schedule, waits.signature) == ("treasury", "12", None, None)
    lock = world.tell(locked(world))
    await store([lock])
    [kept] = (await details_of(database, world)).graduation.locks
    assert (kept.shares, kept.schedule, kept.signature) == ("77", "locked", lock.signature)
    assert kept.until.timestamp() == UNTIL


async def test_what_a_dead_fork_released_waits_again(database, store, history, world, connection):
    world.sell_out(WHALE)
    world.tell(graduated(world))
    team, lock = world.tell(released(world, "team")), world.tell(locked(world))
    await store([*history, *world.told])
    async with connection.transaction():
        await fold.undo(connection, [team.signature, lock.signature])
    found = (await details_of(database, world)).graduation
    assert ([one.kind for one in found.payouts], found.locks) == (["team", "treasury"], [])
    assert {one.schedule for one in found.payouts} == {None}


async def test_releases_are_told_live_once(store, history, world, connection):
    world.sell_out(WHALE)
    world.tell(graduated(world), released(world, "team"), locked(world))
    for _ in range(2):
        await store([*history, *world.told])
    await number(connection)
    told = await connection.fetch("SELECT data FROM outbox WHERE type = 'graduation.released' ORDER BY id")
    assert [orjson.loads(row["data"])["kind"] for row in told] == ["team", "liquidity"]
    for row in told:
        live.EVENTS["graduation.released"].model_validate_json(row["data"])


def opened(world, wallet):
    return PositionOpened(mint=world.mint, wallet=wallet, position=f"position of {wallet}", timestamp=world.time)


async def test_a_place_in_an_opening_has_its_tiers_and_its_end(database, store, history, world, connection):
    admissions = [Admitted(world.mint, WHALE, tier, world.time) for tier in ("allowlist", "holders")]
    world.tell(opened(world, WHALE), *admissions)
    world.tell(opened(world, "late"))
    await store([*history, *world.told])
    async with database.look() as look:
        place = await graduating.position_of(look, world.mint, WHALE)
        counted = await queries_graduation.admissions(look, world.mint)
    assert (place.position, place.admitted_by) == (f"position of {WHALE}", ["allowlist", "holders"])
    assert (place.bought, place.closed_at) == ("0", None)
    assert counted == {"positions": 2, "allowlist": 1, "holders": 1}
    closing = world.tell(PositionClosed(world.mint, WHALE, 55, world.time))
    await store([closing])
    async with database.look() as look:
        place = await graduating.position_of(look, world.mint, WHALE)
        assert (place.bought, place.closed_at.timestamp()) == ("55", world.time - 1)
        with pytest.raises(NoPositionError):
            await graduating.position_of(look, world.mint, "nobody")
    async with connection.transaction():
        await fold.undo(connection, [closing.signature])
    async with database.look() as look:
        assert (await graduating.position_of(look, world.mint, WHALE)).closed_at is None
