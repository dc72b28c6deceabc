"""The market as a whole agrees with what is counted by hand, over all tokens, outside of the database."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from launchpad.analytics import market as overview
from launchpad.analytics import queries_market
from tests.conftest import make_settings


@pytest.fixture
def settings(database_url):
    return make_settings(database_url=database_url)


async def test_totals_are_those_of_all_trades(traded, database, rows, settings):
    trades = await rows("SELECT * FROM trades WHERE counted")
    figures = await rows("SELECT * FROM token_metrics")
    async with database.look() as look:
        found = await overview.market(look, settings)
    for window in ("1h", "6h", "24h"):
        totals = found.windows[window]
        assert totals.trades == len(trades)
        assert totals.volume == str(sum(trade["quote_amount"] for trade in trades))
        assert (totals.traders, totals.traders_complete) == (len({trade["trader"] for trade in trades}), True)
        assert (totals.launches, totals.graduations) == (len(traded.tokens), 0)
    assert (found.tokens, found.trading) == (4, sum(row["status"] == "trading" for row in figures))
    assert found.liquidity == str(sum(row["liquidity"] for row in figures))
    assert found.market_cap == str(sum(int(row["market_cap"]) for row in figures))
    fees = {fee.kind: int(fee.earned) for fee in found.fees}
    for kind, column in (("creator", "creator_fee"), ("lp", "liquidity_fee")):
        assert fees[kind] == sum(trade[column] for trade in trades)


async def test_windows_leave_out_what_is_older(traded, database, connection, settings):
    token = traded.tokens[1].mint
    await connection.execute("UPDATE tokens SET launched_at = now() - interval '2 hours' WHERE mint = $1", token)
    await connection.execute("UPDATE curves SET graduated_at = now() - interval '7 hours' WHERE mint = $1", token)
    await connection.execute("UPDATE curves SET graduated_at = now() WHERE mint = $1", traded.tokens[2].mint)
    async with database.look() as look:
        found = (await overview.market(look, settings)).windows
    assert [found[name].launches for name in ("1h", "6h", "24h")] == [3, 4, 4]
    assert [found[name].graduations for name in ("1h", "6h", "24h")] == [1, 1, 2]


async def test_more_traders_are_admitted_where_not_all_trades_were_read(traded, database, rows, settings):
    newest = await rows("SELECT trader FROM trades WHERE counted ORDER BY position DESC LIMIT 20")
    async with database.look() as look:
        found = await overview.market(look, settings, most=20)
    for totals in found.windows.values():
        assert (totals.traders, totals.traders_complete) == (len({row["trader"] for row in newest}), False)


async def test_lists_show_what_moved_most_and_what_is_new(traded, database, rows, settings):
    figures = {row["mint"]: row for row in await rows("SELECT * FROM token_metrics")}
    async with database.look() as look:
        found = await overview.market(look, settings)
    gained = sorted((row["change_bps_24h"] for row in figures.values() if row["change_bps_24h"] > 0), reverse=True)
    lost = sorted(row["change_bps_24h"] for row in figures.values() if row["change_bps_24h"] < 0)
    assert [token.change_24h_bps for token in found.gainers] == gained
    assert [token.change_24h_bps for token in found.losers] == lost
    assert {token.mint for token in found.newest} == set(figures)
    progress = [token.progress_bps for token in found.graduating]
    assert progress == sorted(progress, reverse=True)
    for token in found.newest:
        assert token.volume_24h == str(figures[token.mint]["volume_24h"])


@pytest.mark.parametrize("size", ["market_cap", "volume_24h", "liquidity"])
async def test_a_treemap_holds_the_largest_and_the_sum_of_the_others(traded, database, rows, settings, size):
    sizes = sorted((int(row[size]) for row in await rows("SELECT * FROM token_metrics")), reverse=True)
    async with database.look() as look:
        found = await overview.treemap(look, settings, size, 2)
    assert [int(getattr(tile, size)) for tile in found.data] == sizes[:2]
    assert (found.others, int(found.others_size)) == (2, sum(sizes[2:]))


async def test_days_count_launches_and_graduations_in_utc(traded, database, connection, settings):
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first, second = traded.tokens[1].mint, traded.tokens[2].mint
    for mint, moment in ((first, today - timedelta(seconds=1)), (second, today - timedelta(days=40))):
        await connection.execute("UPDATE tokens SET launched_at = $2 WHERE mint = $1", mint, moment)
        await connection.execute("UPDATE curves SET graduated_at = $2 WHERE mint = $1", mint, moment)
    async with database.look() as look:
        days = (await overview.market(look, settings)).days
    assert [day.day for day in days] == [today - timedelta(days=age) for age in range(29, -1, -1)]
    assert (days[-2].launches, days[-2].graduations) == (1, 1)
    assert sum(day.graduations for day in days) == 1


async def test_an_hour_is_written_down_and_again_until_it_is_over(traded, database, connection, rows, settings):
    await overview.keep_hour(database)
    await connection.execute("UPDATE token_metrics SET volume_1h = volume_1h + 5, liquidity = liquidity + 1")
    await overview.keep_hour(database)
    figures = await rows("SELECT * FROM token_metrics")
    async with database.look() as look:
        (hour,) = (await overview.market(look, settings)).hours
    assert hour.volume == str(sum(row["volume_1h"] for row in figures))
    assert hour.trades == sum(row["buys_1h"] + row["sells_1h"] for row in figures)
    assert hour.liquidity == str(sum(row["liquidity"] for row in figures))
    assert hour.hour == datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


async def test_an_empty_market_is_told_as_nothing(database, settings):
    async with database.look() as look:
        found, tiles = await overview.market(look, settings), await overview.treemap(look, settings, "market_cap")
        people = await queries_market.traders(look)
    assert (found.tokens, found.liquidity, found.gainers, found.hours) == (0, "0", [], [])
    assert (tiles.data, tiles.others, tiles.others_size) == ([], 0, "0")
    assert people["reach"] is None
    assert found.windows["24h"].volume == str(Decimal(0))
