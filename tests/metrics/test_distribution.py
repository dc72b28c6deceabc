"""Snipers, bundlers and fresh wallets are who docs/metrics.md says they are."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert

from launchpad.metrics import queries_store
from launchpad.tables.trades import Holder, Trade
from tests.metrics.conftest import decoded

SUPPLY = 10**18
SHARE = SUPPLY // 100  # what everybody holds here: 100 basis points


@pytest.fixture
async def token(market, store, connection):
    """A token on its curve that nobody has traded: mint, creator, slot of its launch."""
    await store(decoded(market.launches()))
    return await connection.fetchrow("SELECT mint, creator, slot, launched_at FROM tokens ORDER BY mint LIMIT 1")


@pytest.fixture
def buy(database, token):
    """`await buy(wallet, slots, ...)`: a buy so many slots after the launch, and 1 % of the supply held since."""
    count = iter(range(10**6))

    async def buy(wallet, slots, signature=None, first=None):
        number, slot = next(count), token["slot"] + slots
        moment = token["launched_at"] + timedelta(seconds=slots * 0.4)
        trade = {
            "signature": signature or f"buy {number}",
            "instruction": number % 60,
            "inner": 0,
            "side": "buy",
            "position": (slot << 29) + number,
            "slot": slot,
            "traded_at": moment,
            "mint": token["mint"],
            "trader": wallet,
            "program": "bonding_curve",
            "base_amount": SHARE,
            "quote_amount": 10**9,
            **dict.fromkeys(("protocol_fee", "creator_fee", "referrer_fee", "sold", "quote_reserve"), 0),
            "price": Decimal("0.00000003"),
            "virtual_base": 1,
            "virtual_quote": 1,
        }
        held = {"mint": token["mint"], "owner": wallet, "balance": SHARE, "first_trade_at": moment}
        async with database.session() as session:
            await session.execute(insert(Trade), trade)
            await session.execute(insert(Holder), held)
            if first is not None:
                other = {"mint": "another mint", "owner": wallet, "balance": 0, "first_trade_at": moment - first}
                await session.execute(insert(Holder), other)

    return buy


@pytest.fixture
def held(connection, token):
    """`await held()`: the token's distribution."""

    async def held():
        return (await queries_store.distributions(connection, [token["mint"]]))[token["mint"]]

    return held


LONG_AGO = timedelta(days=1)


async def test_snipers_bought_in_the_first_ten_slots(buy, held, token):
    await buy(token["creator"], 0, first=LONG_AGO)
    await buy("quick", 10, first=LONG_AGO)
    await buy("slow", 11, first=LONG_AGO)
    found = await held()
    assert (found.sniper_bps, found.creator_bps, found.bundler_bps, found.fresh_bps) == (100, 100, 0, 0)


async def test_bundlers_share_a_transaction_or_the_creators_slot(buy, held, token):
    await buy(token["creator"], 20, first=LONG_AGO)
    await buy("beside the creator", 20, first=LONG_AGO)
    assert (await held()).bundler_bps == 0, "two may meet by chance"
    await buy("beside them", 20, first=LONG_AGO)
    assert (await held()).bundler_bps == 200
    await buy("one of two", 40, signature="together", first=LONG_AGO)
    await buy("two of two", 40, signature="together", first=LONG_AGO)
    assert (await held()).bundler_bps == 400
    await buy("late one", 151, signature="too late", first=LONG_AGO)
    await buy("late two", 151, signature="too late", first=LONG_AGO)
    assert (await held()).bundler_bps == 400


async def test_fresh_wallets_were_never_seen_before(buy, held):
    await buy("never seen", 100)
    await buy("seen a moment before", 100, first=timedelta(minutes=9))
    await buy("seen long before", 100, first=timedelta(minutes=11))
    assert (await held()).fresh_bps == 200


async def test_who_sold_everything_is_no_holder(buy, held, connection):
    await buy("gone", 1)
    await connection.execute("UPDATE holders SET balance = 0")
    found = await held()
    assert (found.holders, found.sniper_bps, found.gini_bps, found.top_10_bps) == (0, 0, 0, 0)


async def test_escrows_and_the_curve_hold_for_others(buy, held, connection, token):
    await buy("a person", 100)
    await connection.execute(
        "INSERT INTO holders (mint, owner, balance) SELECT mint, address, 1000 FROM curves WHERE mint = $1 "
        "ON CONFLICT (mint, owner) DO UPDATE SET balance = 1000",
        token["mint"],
    )
    found = await held()
    assert (found.holders, found.top_10_bps) == (1, 100)


async def test_distributions_of_none_are_none(connection):
    assert await queries_store.distributions(connection, []) == {}
    assert await queries_store.stale_distributions(connection, 5) == []
