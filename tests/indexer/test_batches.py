"""Batch launches in the rows: from the first deposit to the last claim, in any order, and undone."""

import time
from dataclasses import replace
from itertools import count

import pytest

from launchpad.chain import batch_math, curve_math, events, keys, pda
from launchpad.chain.curve_math import Fees, LaunchFee
from launchpad.chain.events import ChainEvent, ChainTransaction, EventKey
from launchpad.db import Database
from launchpad.deposits import queries, reading
from launchpad.indexer.fold import rebuild, undo
from launchpad.portfolio.service import positions_of
from launchpad.tokens import catalog
from tests.telling import number

SOL = 10**9
# The window is far longer than any run of the tests: reading looks at the clock.
NOW, HOUR = int(time.time()), 3_600
MINT, CREATOR, ANN, BOB = (keys.address_of(keys.generate()) for _ in range(4))
BATCH = pda.batch(MINT)
SEGMENTS = curve_math.classic(793_100_000 * SOL)
PROGRAM_OF = {kind: key for key, kind in events.EVENT_TYPES.items()}


def opening():
    opened = events.CurveOpened(
        *(MINT, pda.curve(MINT), CREATOR, CREATOR, keys.address_of(keys.generate()), 9),
        *(793_100_000 * SOL, 206_900_000 * SOL, curve_math.raise_target(SEGMENTS), 50, 30, 2_000),
        *(tuple(SEGMENTS), NOW, 0, LaunchFee(0, 0), MINT, 0, BATCH),
    )
    return [opened, events.BatchOpened(MINT, BATCH, NOW + 48 * HOUR, NOW + 24 * HOUR, 5 * SOL, 0, NOW)]


def deposited(wallet, amount, of_wallet, of_all):
    return events.BatchDeposited(MINT, BATCH, wallet, amount, of_wallet, of_all, NOW)


def settled(deposits):
    """The settlement with its trade, and what each event of it says."""
    bought = batch_math.purchase(SEGMENTS, deposits, 5 * SOL, Fees(50, 30))
    if bought is None:
        return None, [events.BatchSettled(MINT, BATCH, True, deposits, 0, 0, 0, 0, NOW)]
    base, quote, segment = curve_math.spot(SEGMENTS, bought.base_amount)
    fees = (bought.protocol_fee, bought.creator_fee)
    trade = events.Traded(
        *(MINT, pda.curve(MINT), BATCH, True, bought.base_amount, bought.curve_amount, *fees, 0, None),
        *(bought.base_amount, bought.curve_amount, base, quote, segment, *fees, NOW, 0, 0),
    )
    refund = deposits - bought.total
    amounts = (bought.base_amount, bought.curve_amount, sum(fees), refund)
    return bought, [trade, events.BatchSettled(MINT, BATCH, False, deposits, *amounts, NOW)]


def claimed(wallet, deposit, left, waiting):
    """A claim, and what is left after it."""
    base, refund = (batch_math.part_of(each, deposit, waiting) for each in left)
    event = events.BatchClaimed(MINT, BATCH, wallet, deposit, base, refund, waiting - deposit, NOW)
    return event, (left[0] - base, left[1] - refund)


def transactions(*batches):
    slots = count(5000)
    found = []
    for happened in batches:
        slot = next(slots)
        told = [
            ChainEvent(EventKey(f"told in {slot}", 0, inner), *PROGRAM_OF[type(event)], event)
            for inner, event in enumerate(happened)
        ]
        found.append(ChainTransaction(f"told in {slot}", slot, NOW, 0, None, told, [], 1))
    return found


def life():
    """Two depositors of whom one changes his mind about a part; both claim."""
    bought, settlement = settled(8 * SOL)
    left = (bought.base_amount, 8 * SOL - bought.total)
    first, left = claimed(ANN, 5 * SOL, left, 8 * SOL)
    second, left = claimed(BOB, 3 * SOL, left, 3 * SOL)
    assert left == (0, 0)
    return bought, transactions(
        opening(),
        [deposited(ANN, 6 * SOL, 6 * SOL, 6 * SOL)],
        [deposited(BOB, 3 * SOL, 3 * SOL, 9 * SOL)],
        [events.BatchWithdrawn(MINT, BATCH, ANN, SOL, 5 * SOL, 8 * SOL, NOW)],
        settlement,
        [first],
        [second],
    )


@pytest.fixture
async def database(database_url):
    database = Database(database_url)
    yield database
    await database.close()


async def rows(connection, table):
    return [tuple(row) for row in await connection.fetch(f"SELECT * FROM {table} ORDER BY 1, 2")]  # noqa: S608 - ours


async def test_deposits_add_up_and_the_token_waits(store, connection, database, settings):
    _, happened = life()
    await store(happened[:4])
    async with database.look() as look, database.read() as session:
        details = await reading.batch_details(look, settings, MINT)
        assert (details.batch.status, details.batch.deposits, details.batch.depositors) == ("open", str(8 * SOL), 2)
        assert [(each.wallet, each.amount) for each in details.deposits] == [(ANN, str(5 * SOL)), (BOB, str(3 * SOL))]
        assert not details.now.fails
        token = await catalog.token_details(look, settings, MINT)
        assert (token.status, token.batch.minimum, token.batch.settlement) == ("depositing", str(5 * SOL), None)
        assert [row.mint for row in (await reading.open_batches(look, settings, 10)).data] == [MINT]
        assert await positions_of(session, ANN) == {}
        mine = (await reading.wallet_deposits(look, ANN)).data
        assert [(each.amount, each.next) for each in mine] == [(str(5 * SOL), "withdraw")]
        quote = await reading.quote_deposit(look, MINT, ANN, 2 * SOL)
        assert (quote.deposited, quote.share_bps) == (str(5 * SOL), 7_000)
        assert await queries.due(session, 10) == []


async def test_claims_are_positions_at_what_was_really_paid(store, connection, database, settings):
    bought, happened = life()
    await store(happened)
    async with database.look() as look, database.read() as session:
        details = await reading.batch_details(look, settings, MINT)
        assert (details.batch.status, details.batch.deposits, details.batch.depositors) == ("settled", "0", 2)
        assert details.batch.settlement.base_amount == str(bought.base_amount)
        token = await catalog.token_details(look, settings, MINT)
        assert (token.status, token.trades_total, token.analytics.traders) == ("trading", 1, 2)
        positions = [(await positions_of(session, wallet))[MINT] for wallet in (ANN, BOB)]
        assert sum(each.cost for each in positions) == bought.total
        assert sum(each.held for each in positions) == bought.base_amount
    owners = {row["owner"] for row in await connection.fetch("SELECT owner FROM holders")}
    assert owners == {ANN, BOB}
    await number(connection)
    told = await connection.fetch("SELECT data->>'step' AS step FROM outbox WHERE type = 'batch' ORDER BY id")
    steps = ["opened", "deposited", "deposited", "withdrawn", "settled", "claimed", "claimed"]
    assert [row["step"] for row in told] == steps


async def test_any_order_and_any_repetition_come_to_the_same(store, connection):
    _, happened = life()
    await store(happened)
    expected = [await rows(connection, table) for table in ("batches", "deposits", "curves", "holders")]
    async with connection.transaction():
        await rebuild(connection, [MINT])
    assert [await rows(connection, table) for table in ("batches", "deposits", "curves", "holders")] == expected
    async with connection.transaction():
        await undo(connection, [one.signature for one in happened])
    assert not await rows(connection, "batches")
    assert not await rows(connection, "deposits")
    for one in [happened[0], *reversed(happened[1:]), *happened]:
        await store([one])
    assert [await rows(connection, table) for table in ("batches", "deposits", "curves", "holders")] == expected


async def test_a_failed_batch_says_so_and_gives_back(store, database, settings):
    _, settlement = settled(4 * SOL)
    past = [replace(settlement[0])]
    await store(transactions(opening(), [deposited(ANN, 4 * SOL, 4 * SOL, 4 * SOL)], past))
    async with database.look() as look:
        token = await catalog.token_details(look, settings, MINT)
        assert (token.status, token.batch.status) == ("failed", "failed")
        mine = (await reading.wallet_deposits(look, ANN)).data
        assert [(each.next, each.base_amount) for each in mine] == [("withdraw", None)]
        details = await reading.batch_details(look, settings, MINT)
        assert (details.now.fails, details.now.refund) == (True, str(4 * SOL))


async def test_a_batch_that_sells_out_leaves_the_curve_complete(store, database, settings):
    deposits = batch_math.full_raise(SEGMENTS, Fees(50, 30)) + SOL
    bought, (trade, end) = settled(deposits)
    completed = events.CurveCompleted(MINT, pda.curve(MINT), bought.base_amount, bought.curve_amount, NOW)
    await store(transactions(opening(), [deposited(ANN, deposits, deposits, deposits)], [trade, completed, end]))
    async with database.look() as look:
        assert (await catalog.token_details(look, settings, MINT)).status == "complete"
        assert (await reading.batch_details(look, settings, MINT)).now.refund == str(SOL)
