"""What charts mark: trades of the reader and of the creator, large ones, milestones, graduation."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import insert, update

from launchpad.markets.marks import Wanted, marks
from launchpad.tables.metrics import TokenMilestone
from launchpad.tables.tokens import Curve
from launchpad.tables.trades import Trade
from launchpad.tokens.errors import TokenNotFoundError
from tests.web.market import Market, new_address

EVER = 10**11


@pytest.fixture
async def traded(database):
    market = Market(database)
    mint = await market.add("Orbital", "ORB", trades=6)
    async with database.session() as session:
        first = Trade.position == 1
        await session.execute(update(Trade).where(first).values(trader=market.creator, quote_amount=5 * 10**9))
        await session.execute(update(Trade).where(Trade.position == 2).values(trader=new_address()))
        await session.execute(update(Trade).where(Trade.position == 6).values(counted=False))
    return market, mint


async def found(database, mint, wanted):
    async with database.look() as look:
        return await marks(look, mint, wanted)


async def test_each_trade_is_marked_once_oldest_first(database, traded):
    market, mint = traded
    seen = await found(database, mint, Wanted(0, EVER, wallet=market.trader, least=10**9))
    assert [trade.trader for trade in seen.trades] == [market.creator, *[market.trader] * 3]
    assert seen.creator == market.creator
    assert [trade.traded_at for trade in seen.trades] == sorted(trade.traded_at for trade in seen.trades)


async def test_only_what_was_asked_for_is_marked(database, traded):
    market, mint = traded
    nobody = await found(database, mint, Wanted(0, EVER, creator=False))
    large = await found(database, mint, Wanted(0, EVER, creator=False, least=10**9))
    assert nobody.trades == []
    assert [trade.quote_amount for trade in large.trades] == [str(5 * 10**9)]
    own = await found(database, mint, Wanted(0, EVER, wallet=market.trader, creator=False))
    assert len(own.trades) == 3
    last = int(own.trades[-1].traded_at.timestamp())
    cut = await found(database, mint, Wanted(last, EVER, wallet=market.trader, creator=False))
    assert cut.trades == own.trades[-1:]


async def test_milestones_and_graduation_are_marked(database, traded):
    _, mint = traded
    moment = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
    row = {"mint": mint, "usd": 30_000, "market_cap": Decimal(10**12), "sol_usd": Decimal(30), "reached_at": moment}
    async with database.session() as session:
        await session.execute(insert(TokenMilestone), row)
        await session.execute(update(Curve).where(Curve.mint == mint).values(graduated_at=moment))
    seen = await found(database, mint, Wanted(0, EVER))
    assert [(event.kind, event.usd, event.at) for event in seen.events] == [
        ("graduated", None, moment),
        ("milestone", 30_000, moment),
    ]
    assert (await found(database, mint, Wanted(EVER, EVER))).events == []


async def test_an_unknown_token_has_no_marks(database):
    with pytest.raises(TokenNotFoundError):
        await found(database, new_address(), Wanted(0, EVER))
