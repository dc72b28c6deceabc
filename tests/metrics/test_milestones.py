"""Milestones are told once, by a fresh price, and stay."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from launchpad.errors import ConfigError
from launchpad.metrics import kings
from launchpad.metrics.follower import Follower
from launchpad.metrics.milestones import king_range, steps
from tests.conftest import make_settings
from tests.metrics.conftest import decoded
from tests.telling import number

TOLD = "SELECT channel, data FROM outbox WHERE type = 'token.milestone' ORDER BY id"


async def told_of(connection):
    await number(connection)
    return await connection.fetch(TOLD)


@pytest.fixture
async def opened(market, store):
    """The market with a few trades; a token is worth some 28 SOL."""
    answers = decoded([*market.launches(), *market.trades(30)])
    await store(answers)
    return answers


async def test_a_token_that_comes_so_far_is_told_once(market, opened, follower, connection, price_sol, store):
    await price_sol(Decimal(200), datetime.now(UTC))
    await follower.run()
    told = await told_of(connection)
    reached = await connection.fetch("SELECT mint, usd FROM token_milestones")
    # The first token is worth more: it has sold out its curve and trades in its pool.
    assert {row["usd"] for row in reached if row["mint"] != market.tokens[0].mint} == {4000}
    assert {row["usd"] for row in reached if row["mint"] == market.tokens[0].mint} == {4000, 30_000, 69_000}
    assert len(told) == 2 * len(reached) > 0
    assert {row["channel"] for row in told} == {"market"} | {f"token:{row['mint']}" for row in reached}
    await store(opened)
    await follower.close()
    await follower.run()
    await follower.run()
    assert await told_of(connection) == told
    assert await connection.fetch("SELECT mint, usd FROM token_milestones") == reached


async def test_nothing_is_told_by_a_stale_price(opened, follower, connection, price_sol):
    await price_sol(Decimal(200), datetime.now(UTC) - timedelta(seconds=90))
    await follower.run()
    assert await told_of(connection) == []


async def test_a_fall_does_not_take_it_back_and_a_second_rise_is_not_told(opened, follower, connection, price_sol):
    await price_sol(Decimal(200), datetime.now(UTC))
    await follower.run()
    told = await told_of(connection)
    for usd in (10, 200):
        await price_sol(Decimal(usd), datetime.now(UTC))
        await follower.close()
        await follower.run()
    assert await told_of(connection) == told


async def test_every_milestone_below_is_reached_too(opened, follower, connection, price_sol):
    await price_sol(Decimal(3000), datetime.now(UTC))
    await follower.run()
    rows = await connection.fetch("SELECT mint, array_agg(usd ORDER BY usd) AS usd FROM token_milestones GROUP BY mint")
    assert [4000, 30_000, 69_000] in [row["usd"] for row in rows]


async def test_the_king_is_the_last_who_came_so_far_and_is_worth_it(opened, follower, connection, price_sol, database):
    settings = make_settings()
    await price_sol(Decimal(1200), datetime.now(UTC))
    await follower.run()
    rows = await connection.fetch(
        "SELECT s.mint FROM token_milestones s JOIN token_metrics m USING (mint) WHERE s.usd = 30000 "
        "AND m.status = 'trading' ORDER BY m.market_cap DESC, s.mint"
    )
    latest = rows[-1]["mint"]
    await connection.execute(
        "UPDATE token_milestones SET reached_at = reached_at + interval '1 minute' WHERE mint = $1 AND usd = 30000",
        latest,
    )
    async with database.look() as look:
        answer = await kings.king(look, settings)
        assert answer.king.mint == latest
        assert Decimal(answer.king.market_cap_usd) >= 30_000
    await price_sol(Decimal(300), datetime.now(UTC))
    async with database.look() as look:
        assert (await kings.king(look, settings)).king is None


async def test_other_milestones_can_be_set(market, opened, database_url, database, connection, clock, price_sol):
    settings = make_settings(database_url=database_url, milestones_usd="100, 50", king_milestone_usd=50)
    assert (steps(settings), king_range(settings)) == ((50, 100), (50, 100))
    await price_sol(Decimal(3), datetime.now(UTC))
    follower = Follower(settings, database, clock)
    await follower.run()
    await follower.close()
    on_curves = "SELECT DISTINCT usd FROM token_milestones WHERE mint <> $1"
    assert [row["usd"] for row in await connection.fetch(on_curves, market.tokens[0].mint)] == [50]
    told = [row["data"] for row in await told_of(connection)]
    assert told
    assert all(('"king":true' in data.replace(" ", "")) == ('"usd":50' in data.replace(" ", "")) for data in told)


def test_milestones_that_are_no_numbers_are_refused():
    for text in ("a lot", "0,5"):
        with pytest.raises(ConfigError, match="MILESTONES_USD"):
            steps(make_settings(milestones_usd=text))
