"""Final events in DexScreener's form: a market with forks and graduations, read as its indexer would read it."""

import random
import re
import time
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from launchpad.bench._market import Market, address
from launchpad.chain import keys
from launchpad.chain.addresses import PROGRAMS, WRAPPED_SOL
from launchpad.chain.events import ChainEvent, EventKey, Graduated
from launchpad.chain.venues.raydium.swaps import RaydiumSwapped
from launchpad.db import Database, connect_directly
from launchpad.dexscreener import queries as adapter_queries
from launchpad.dexscreener import service
from launchpad.errors import InvalidInputError
from launchpad.indexer import queries
from launchpad.indexer.finality import Verdict, settle
from launchpad.indexer.fold import fold
from launchpad.indexer.position import pack
from tests.dexscreener.validator import validate
from tests.indexer import test_batches as batches
from tests.indexer.conftest import decoded
from tests.indexer.pools import PoolWorld

WHALE, FRIEND = address("whale"), address("friend")


class Reader:
    """The adapter as DexScreener asks it, and the chain under it as it becomes final."""

    def __init__(self, database, connection):
        self.database, self.connection = database, connection

    async def begin(self, slot):
        await queries.begin_cursors(self.connection, list(PROGRAMS), "a chain")
        await self.indexed(slot)

    async def indexed(self, slot):
        """All sources have come this far."""
        for name in PROGRAMS:
            await queries.move_cursor(self.connection, name, None, slot)

    async def store(self, transactions):
        async with self.connection.transaction():
            await fold(self.connection, transactions)

    async def settle(self, slot, final, dead=()):
        async with self.connection.transaction():
            await settle(
                self.connection, Verdict(slot, [one.signature for one in final], [one.signature for one in dead])
            )

    async def latest(self):
        async with self.database.look() as look:
            told = await service.latest_block(look)
        return told.model_dump(by_alias=True)["block"]

    async def events(self, first, last):
        """The events of any range, a hundred blocks at a time."""
        told = []
        for start in range(first, last + 1, 100):
            told += await self.page(start, min(start + 99, last))
        return told

    async def page(self, first, last):
        async with self.database.look() as look:
            page = await service.events(look, first, last)
        return page.model_dump(by_alias=True, exclude_none=True)["events"]

    async def pair(self, key):
        async with self.database.look() as look:
            return (await service.pair(look, key)).model_dump(by_alias=True, exclude_none=True)["pair"]

    async def asset(self, key):
        async with self.database.look() as look:
            return (await service.asset(look, key)).model_dump(by_alias=True, exclude_none=True)["asset"]


@pytest.fixture
async def reader(database_url):
    database, connection = Database(database_url), await connect_directly(database_url)
    yield Reader(database, connection)
    await connection.close()
    await database.close()


def also_told(transaction, event):
    """The transaction with one event more."""
    place = EventKey(transaction.signature, 0, len(transaction.events))
    told = ChainEvent(place, "bonding_curve", "Graduated", event)
    return replace(transaction, events=[*transaction.events, told])


def graduated(world, pool, venue, reserves):
    return Graduated(
        *(world.mint, world.token.curve, pool, venue, *reserves, 0, address("keeper"), 0, 0, 0, 0, world.time)
    )


def raydium_life(world, pool):
    """A sale's end at Raydium, and three swaps there."""
    sold_out = world.sell_out(WHALE)
    world.time += 1
    base, quote = 200 * 10**15, 80 * 10**9
    opened = replace(sold_out, signature=f"{pool} opens", slot=sold_out.slot + 1, block_time=world.time, events=[])
    told = [sold_out, also_told(opened, graduated(world, pool, "raydium", (base, quote)))]
    for number, is_buy in enumerate((True, False, True), 2):
        paid, received = (10**9, 2 * 10**15) if is_buy else (10**15, 10**8)
        swap = RaydiumSwapped(
            *(pool, world.mint, FRIEND, is_buy, paid, received, paid, received, paid // 400, 0, 0, base, quote),
            world.time + number,
        )
        base, quote = swap.base_reserve, swap.quote_reserve
        signature = f"{pool} {number}"
        event = ChainEvent(EventKey(signature, 0, 0), "raydium", "Swapped", swap)
        told.append(
            replace(
                opened, signature=signature, slot=opened.slot + number, block_time=world.time + number, events=[event]
            )
        )
    return told


@pytest.fixture
def worlds():
    """A market's history, and the two tokens that graduate after it: into our pool, and into Raydium's."""
    market = Market(tokens=4, traders=6, per_second=20, start=int(time.time()) - 600)
    history = decoded([*market.launches(), *market.trades(300)])
    last = history[-1]
    ours, theirs = (PoolWorld(token, last.slot, last.block_time) for token in market.tokens[:2])
    ours.sell_out(WHALE)
    opened = ours.open()
    ours.told[-1] = also_told(opened, graduated(ours, ours.key, "amm", (ours.reserves.base, ours.reserves.quote)))
    return history, ours, theirs


@pytest.fixture
def life(worlds):
    history, ours, theirs = worlds
    told = ours.trade([WHALE, FRIEND], 80)
    at_raydium = raydium_life(replace(theirs, slot=ours.slot, time=ours.time), address("raydium pool"))
    return [*history, *told, *at_raydium]


async def all_final(reader, life):
    last = life[-1].slot
    await reader.begin(last)
    await reader.store(life)
    await reader.settle(last, life)
    return await reader.events(life[0].slot, last)


async def test_every_final_event_keeps_the_rules(reader, life):
    events = await all_final(reader, life)
    validate(events)
    assert len(events) > 350
    swaps = {event["txnId"] for event in events if event["eventType"] == "swap"}
    names = {"Traded", "Swapped"}
    assert swaps == {tx.signature for tx in life if names & {event.name for event in tx.events}}
    assert {event["eventType"] for event in events} == {"swap", "join", "exit"}
    assert (await reader.latest())["blockNumber"] == life[-1].slot


async def test_amounts_are_what_reserves_moved_by(reader, life, worlds):
    events = await all_final(reader, life)
    for key in (worlds[1].token.curve, worlds[1].key):
        of_pair = [event for event in events if event["pairId"] == key]
        assert len(of_pair) > 20
        for before, after in pairwise(of_pair):
            for side in ("0", "1"):
                moved = Decimal(after["reserves"][f"asset{side}"]) - Decimal(before["reserves"][f"asset{side}"])
                plain = Decimal(after.get(f"amount{side}", 0)) * (-1 if after["eventType"] == "exit" else 1)
                told = Decimal(after.get(f"asset{side}In", 0)) - Decimal(after.get(f"asset{side}Out", 0)) + plain
                assert moved == told, after


async def test_the_price_is_the_one_that_the_trade_left(reader, life):
    told = {event["txnId"]: event for event in await all_final(reader, life) if event["eventType"] == "swap"}
    rows = await reader.connection.fetch("SELECT signature, price FROM trades")
    for row in rows:
        stored, shown = row["price"], Decimal(told[row["signature"]]["priceNative"])
        assert abs(shown - stored) <= stored * Decimal("1e-9")


async def test_latest_block_never_goes_back_and_is_never_ahead(reader, life):
    dice = random.Random(5)
    await reader.begin(life[0].slot - 1)
    seen, before = [], 0
    for start in range(life[0].slot, life[-1].slot + 1, 9):
        part = [tx for tx in life if start <= tx.slot < start + 9]
        fork = [on_a_fork(tx) for tx in dice.sample(part, min(3, len(part))) if tx.events[0].name == "Traded"]
        head = part[-1].slot
        await reader.indexed(head)
        await reader.store([*part, *fork])
        keep = part[: dice.randrange(len(part))]
        await reader.settle(head, keep)
        before = await checked(reader, seen, before, life[0].slot)
        # The rest is final a moment later, and the fork is gone.
        await reader.settle(head, part, fork)
        before = await checked(reader, seen, before, life[0].slot)
    assert before == life[-1].slot
    everything = await reader.events(life[0].slot, before)
    validate(everything)
    assert not [event for event in everything if event["txnId"].startswith("dead")]
    for last, count in seen:
        assert len([event for event in everything if event["block"]["blockNumber"] <= last]) == count


def on_a_fork(transaction):
    """The same trades in another transaction."""
    name = f"dead {transaction.signature}"[:88]
    events = [replace(event, key=event.key._replace(signature=name)) for event in transaction.events]
    return replace(transaction, signature=name, events=events)


async def checked(reader, seen, before, first):
    """The latest block, after noting how many events there are up to it."""
    try:
        latest = (await reader.latest())["blockNumber"]
    except service.BlocksNotReadyError:
        assert before == 0
        return 0
    assert latest >= before
    seen.append((latest, len(await reader.events(first, latest))))
    return latest


async def test_what_is_not_final_is_not_told(reader, life):
    middle = life[200].slot
    await reader.begin(life[-1].slot)
    await reader.store(life)
    with pytest.raises(service.BlocksNotReadyError):
        await reader.latest()
    await reader.settle(middle, [tx for tx in life if tx.slot <= middle])
    assert (await reader.latest())["blockNumber"] == middle
    with pytest.raises(service.BlocksNotReadyError) as refused:
        await reader.events(middle, middle + 1)
    assert refused.value.details["as_of_slot"] == middle


async def test_a_source_that_lags_holds_the_latest_block_back(reader, life):
    await reader.begin(life[100].slot)
    await reader.store(life)
    await reader.settle(life[-1].slot, life)
    assert (await reader.latest())["blockNumber"] == life[100].slot


async def test_graduation_is_a_second_pair_and_the_first_one_stays(reader, life, worlds):
    events = await all_final(reader, life)
    _, ours, theirs = worlds
    curve, pool, raydium = [await reader.pair(key) for key in (ours.token.curve, ours.key, address("raydium pool"))]
    assert [one["dexKey"] for one in (curve, pool, raydium)] == ["curve", "amm", "raydium"]
    assert curve["asset0Id"] == pool["asset0Id"] == ours.mint
    assert raydium["asset0Id"] == theirs.mint
    assert {one["asset1Id"] for one in (curve, pool, raydium)} == {WRAPPED_SOL}
    assert curve["creator"] == pool["creator"] == ours.token.creator
    assert curve["feeBps"] == 80
    assert "feeBps" not in pool
    for one in (pool, raydium):
        first = next(event for event in events if event["pairId"] == one["id"])
        assert (first["eventType"], first["maker"]) == ("join", address("keeper"))
        assert first["txnId"] == one["createdAtTxnId"]
        assert first["block"]["blockNumber"] == one["createdAtBlockNumber"]
        assert first["block"]["blockTimestamp"] == one["createdAtBlockTimestamp"]
    for key in {event["pairId"] for event in events}:
        assert (await reader.pair(key))["id"] == key


async def test_somebodys_own_pool_is_a_pair_too(reader, life, worlds):
    own = replace(worlds[1], canonical=False, slot=life[-1].slot, told=[])
    own.open()
    own.add(FRIEND, own.supply // 10)
    own.buy(FRIEND, 10**8)
    events = await all_final(reader, [*life, *own.told])
    mine = [event for event in events if event["pairId"] == own.key]
    assert [event["eventType"] for event in mine] == ["join", "join", "swap"]
    assert (await reader.pair(own.key))["creator"] == mine[0]["maker"] == own.token.creator


async def test_the_one_buy_of_a_batch_is_made_by_who_launched_it(reader):
    bought, happened = batches.life()
    opening = replace(happened[0], events=[*happened[0].events, launched(happened[0])])
    events = await all_final(reader, [opening, *happened[1:]])
    validate(events)
    (swap,) = events
    assert (swap["maker"], swap["metadata"]) == (batches.CREATOR, {"batch": batches.BATCH})
    assert keys.is_on_curve(swap["maker"])
    assert Decimal(swap["asset0Out"]) == Decimal(bought.base_amount).scaleb(-9)


def launched(opening):
    """The launch that goes with a curve's opening."""
    market = Market(tokens=1, traders=1, per_second=1, start=batches.NOW)
    (made,) = decoded(market.launches())
    told = next(event for event in made.events if event.name == "TokenLaunched")
    data = replace(told.data, mint=batches.MINT, creator=batches.CREATOR)
    return replace(told, key=EventKey(opening.signature, 0, len(opening.events)), data=data)


async def test_transactions_without_a_place_in_their_slot_keep_their_own_numbers(reader, life):
    slot = life[-1].slot
    one_slot = [tx if tx.slot < slot - 40 else replace(tx, slot=slot, index=None) for tx in life]
    events = await all_final(reader, one_slot)
    validate(events)
    assert len([event for event in events if event["block"]["blockNumber"] == slot]) > 30


async def test_assets_have_names_and_supplies(reader, life, worlds):
    token = worlds[1].token
    await reader.begin(life[-1].slot)
    await reader.store(life)
    with pytest.raises(service.AssetNotFoundError):
        await reader.asset(token.mint)
    with pytest.raises(service.PairNotFoundError):
        await reader.pair(token.curve)
    await reader.settle(life[-1].slot, life)
    asset = await reader.asset(token.mint)
    assert (asset["id"], asset["name"], asset["totalSupply"]) == (token.mint, token.name, "1000000000")
    await reader.connection.execute("UPDATE tokens SET name = ' ', symbol = '' WHERE mint = $1", token.mint)
    nameless = await reader.asset(token.mint)
    assert nameless["name"] == nameless["symbol"] == token.mint
    assert await reader.asset(WRAPPED_SOL) == {"id": WRAPPED_SOL, "name": "Wrapped SOL", "symbol": "SOL"}


@pytest.mark.parametrize(("first", "last"), [(5, 4), (0, 100)])
async def test_a_range_is_up_to_a_hundred_blocks_onward(reader, first, last):
    with pytest.raises(InvalidInputError):
        await reader.page(first, last)


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (adapter_queries.SWAPS, r"ix_trades_\w*position"),
        (adapter_queries.LIQUIDITY, "ix_chain_events_liquidity"),
    ],
)
async def test_a_range_is_read_by_an_index(reader, life, statement, index):
    await reader.store(life)
    for name, slot in ((":start", life[0].slot), (":end", life[0].slot + 100)):
        statement = statement.replace(name, str(pack(slot, 0)))
    async with reader.connection.transaction():
        await reader.connection.execute("SET LOCAL enable_seqscan TO off")
        plan = "\n".join(row[0] for row in await reader.connection.fetch(f"EXPLAIN {statement}"))
    assert "Seq Scan" not in plan, plan
    assert re.search(index, plan), plan
