"""Totals of money: folded once from what is final, right at every moment between."""

from collections import Counter
from dataclasses import replace

import pytest

from launchpad.bench._market import address
from launchpad.chain.events import FeesCollected, SharePaid
from launchpad.chain.venues.raydium.swaps import RaydiumSwapped
from launchpad.fees import totals
from launchpad.fees.revenue import revenue
from launchpad.indexer import queries
from launchpad.indexer.finality import Verdict, settle
from launchpad.indexer.fold import undo
from launchpad.indexer.payload import dumps
from tests.indexer.conftest import shuffled
from tests.indexer.pools import PoolWorld

FINAL = 2**40


@pytest.fixture
def world(market, history):
    """The first token of the market, after its curve trades."""
    last = history[-1]
    return PoolWorld(market.tokens[0], last.slot, last.block_time)


@pytest.fixture
def life(history, world):
    """Curve trades of three tokens; the first sells out and trades in its pool, and everybody is paid."""
    world.sell_out("whale")
    world.open()
    swaps = world.trade(["whale", "friend"], 30)
    world.claim("creator", "its creator")
    world.claim("protocol", "treasury")
    router, now = address("router"), world.time
    collected = FeesCollected(router, world.mint, "pool", world.key, 900, 900, now)
    world.tell(collected, SharePaid(router, address("heir"), 400, 400, 900, now))
    return [*history, *swaps, *world.told[-3:]]


@pytest.fixture
def told(database):
    """`await told(mint)`: the totals by kind as (earned, paid, waiting), of all tokens where none is named."""

    async def told(mint=None):
        async with database.look() as look:
            found = await revenue(look, 1, mint)
        return {each.kind: (int(each.earned), int(each.paid), int(each.waiting)) for each in found.totals}

    return told


@pytest.fixture
def added_up(database):
    """`await added_up(mint)`: earned and paid by kind as the list of every row gives them."""

    async def added_up(mint=None):
        earned, paid, at_once, after = Counter(), Counter(), Counter(), None
        while True:
            async with database.look() as look:
                page = await revenue(look, 200, mint, None, after)
            for row in page.data:
                (earned if row.flow == "earned" else paid)[row.kind] += int(row.amount)
                if row.source in ("creation", "graduation"):
                    at_once[row.kind] += int(row.amount)
            after = page.meta.next
            if after is None:
                return {each.kind: (earned[each.kind] + at_once[each.kind], paid[each.kind]) for each in page.totals}

    return added_up


@pytest.fixture
def agree(told, added_up, world):
    """`await agree()`: the totals of all and of a token are what their rows add up to; gives those of all."""

    async def agree():
        for mint in (world.mint, None):
            shown = await told(mint)
            assert {kind: (earned, paid) for kind, (earned, paid, _) in shown.items()} == await added_up(mint)
        return shown

    return agree


async def rows_of(connection):
    found = await connection.fetch("SELECT * FROM revenue_totals ORDER BY mint, venue, kind")
    return [tuple(row) for row in found]


async def test_totals_are_what_the_rows_add_up_to_before_while_and_after_folding(
    store, life, agree, database, monkeypatch
):
    half = len(life) // 2
    await store(life[:half], FINAL)
    nothing_folded = await agree()
    monkeypatch.setattr(totals, "EVENTS_AT_ONCE", 50)
    assert await totals.catch_up(database) > 50
    assert await agree() == nothing_folded
    await store(life[half:], FINAL)
    partly = await agree()
    await totals.catch_up(database)
    whole = await agree()
    assert whole == partly
    assert all(whole[kind][0] for kind in ("protocol", "creator", "lp", "router"))
    assert all(whole[kind][1] for kind in ("protocol", "creator", "router"))


async def test_folding_and_storing_again_change_nothing(store, life, database, connection):
    await store(life, FINAL)
    assert await totals.catch_up(database)
    before = await rows_of(connection)
    await store(life, FINAL)
    assert await totals.catch_up(database) == 0
    assert await rows_of(connection) == before


@pytest.mark.parametrize("seed", [1, 2])
async def test_order_and_cuts_do_not_matter(store, life, database, connection, agree, seed):
    """Also where swaps come long before the curve that they belong to, and are folded without it."""
    mixed = shuffled(life, seed)
    for start in range(0, len(mixed), 60):
        await store(mixed[start : start + 60], FINAL)
        await totals.catch_up(database)
    await totals.catch_up(database)
    await agree()
    in_turn = await rows_of(connection)
    await connection.execute("TRUNCATE revenue_totals")
    await connection.execute("UPDATE worker_positions SET position = 0")
    await totals.catch_up(database)
    assert await rows_of(connection) == in_turn


async def test_what_a_dead_fork_held_never_enters_the_totals(store, life, database, connection, agree):
    *firm, dead = life[:-3]
    await store(firm, FINAL)
    await totals.catch_up(database)
    before = await agree()
    await store([dead])
    assert await totals.catch_up(database) == 0
    assert await agree() != before
    async with connection.transaction():
        await undo(connection, [dead.signature])
    assert await agree() == before
    await totals.catch_up(database)
    assert await agree() == before


async def test_a_transaction_that_moved_to_another_slot_counts_once(store, life, database, connection, agree):
    await store(life[:-1], FINAL)
    await store(life[-1:])
    expected = await agree()
    again = replace(life[-1], slot=life[-1].slot + 2)
    async with connection.transaction():
        await settle(connection, Verdict(FINAL, [], [again.signature], [again]))
    await totals.catch_up(database)
    assert await agree() == expected


async def test_nothing_behind_an_open_transaction_is_folded_before_it(store, life, database, agree):
    """What comes after it would be counted, and it be forgotten, once it is final."""
    await store(life[:20], FINAL)
    await store(life[20:21])
    await store(life[21:], FINAL)
    expected = await agree()
    folded = await totals.catch_up(database)
    assert folded == sum(len(tx.events) for tx in life[:20])
    assert await agree() == expected


async def test_pools_of_tokens_from_elsewhere_are_in_no_total_of_all(store, world, told, database):
    world.open(quote=10**12, base=10**15)
    await store(world.trade(["friend"], 10), FINAL)
    assert not any(any(amounts) for amounts in (await told()).values())
    await totals.catch_up(database)
    assert not any(any(amounts) for amounts in (await told()).values())


async def test_another_chain_begins_at_nothing(store, life, database, connection, told):
    await store(life, FINAL)
    await totals.catch_up(database)
    async with connection.transaction():
        await queries.wipe(connection)
    assert not any(any(amounts) for amounts in (await told()).values())
    await store(life, FINAL)
    await totals.catch_up(database)
    assert any(any(amounts) for amounts in (await told()).values())


@pytest.mark.parametrize("fees", [(0, 0), (7_000, 3_000)])
@pytest.mark.parametrize("is_buy", [True, False])
async def test_swaps_at_raydium_earn_what_the_event_says(
    store, history, world, told, database, connection, is_buy, fees
):
    await store(history, FINAL)
    before = await told()
    amounts = {"paid": 10**9, "received": 10**6, "moved_in": 10**9, "moved_out": 10**6, "trade_fee": 2_500_003}
    reserves = {"base_before": 10**15, "quote_before": 10**11, "timestamp": world.time}
    creators = {"creator_fee_in": fees[0], "creator_fee_out": fees[1]}
    swap = RaydiumSwapped(
        pool=address("pool at Raydium"), mint=world.mint, trader="whale", is_buy=is_buy,
        **amounts, **reserves, **creators,
    )  # fmt: skip
    await connection.execute(
        'INSERT INTO chain_events (signature, instruction, "inner", position, slot, block_time, program, name, mint, '
        "payload, finalized) VALUES ('at Raydium', 0, 0, 1, 1, now(), 'raydium', 'Swapped', $1, $2, true)",
        world.mint,
        dumps(swap),
    )
    for _ in range(2):
        after = await told()
        gained = {kind: after[kind][0] - before[kind][0] for kind in after}
        assert gained.pop("lp") == swap.lp_fee
        assert gained.pop("venue") == swap.protocol_fee + swap.creator_fee
        assert not any(gained.values())
        await totals.catch_up(database)
