"""What is told of figures: one token's, lists by any of them, scores and risks."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from launchpad.metrics import kings, queries, reading, scores
from launchpad.metrics.queries import Range, Screen, UnknownFigureError
from launchpad.metrics.scores import Distribution
from launchpad.metrics.windows import Figures
from launchpad.tokens import catalog
from tests.metrics.conftest import decoded


@pytest.fixture
async def kept(market, store, follower, clock):
    """The market with its figures."""
    clock.now = market._start + 200
    await store(decoded([*market.launches(), *market.trades(300)]))
    await follower.run()
    return market


async def pages(look, which, limit=2):
    """Every row that a screen finds, page by page."""
    rows, after = [], None
    while page := await queries.select(look, which, limit, after):
        rows += page
        after = (page[-1]["sort_value"], page[-1]["mint"])
    return rows


async def test_every_figure_sorts_both_ways_and_pages_through_every_token_once(kept, database):
    mints = {token.mint for token in kept.tokens}
    async with database.look() as look:
        for name in queries.SORTABLE:
            for descending in (True, False):
                rows = await pages(look, Screen(sort=name, descending=descending), 3)
                values = [row["sort_value"] for row in rows]
                assert values == sorted(values, reverse=descending), name
                assert len(rows) == len(mints)
                assert {row["mint"] for row in rows} == mints


async def test_ranges_leave_what_lies_in_them(kept, database):
    async with database.look() as look:
        every = await queries.select(look, Screen(sort="volume_1h"), 10)
        middle = every[2]["volume_1h"]
        above = await queries.select(look, Screen(ranges=(Range("volume_1h", least=Decimal(middle)),)), 10)
        below = await queries.select(look, Screen(ranges=(Range("volume_1h", most=Decimal(middle - 1)),)), 10)
        young = await queries.select(look, Screen(ranges=(Range("age", most=Decimal(4 * 3600)),)), 10)
        assert len(young) == len(every)
        none = Screen(ranges=(Range("trades_24h", least=Decimal(1), most=Decimal(0)),))
        assert {row["mint"] for row in above} == {row["mint"] for row in every if row["volume_1h"] >= middle}
        assert len(above) + len(below) == len(every)
        assert await queries.count(look, none) == 0


async def test_screens_know_statuses_venues_creators_and_names(kept, database):
    first = kept.tokens[0]
    async with database.look() as look:
        pooled = await queries.select(look, Screen(venues=("amm",)), 10)
        curves = await queries.select(look, Screen(venues=("curve",), statuses=("trading",)), 10)
        own = await queries.select(look, Screen(creator=first.creator, search="token 0"), 10)
        listed = await queries.select(look, Screen(mints=(first.mint,)), 10)
        assert [row["mint"] for row in pooled] == [first.mint]
        assert len(curves) == 4
        assert [row["mint"] for row in own] == [row["mint"] for row in listed] == [first.mint]
        assert await queries.count(look, Screen(search="no such token")) == 0


async def test_an_unknown_figure_is_refused(database):
    async with database.look() as look:
        with pytest.raises(UnknownFigureError, match="beauty"):
            await queries.select(look, Screen(sort="beauty; DROP TABLE tokens"), 1)


async def test_a_token_tells_all_its_figures(kept, database, metrics_settings, price_sol):
    await price_sol(Decimal(200), datetime.now(UTC))
    mint = kept.tokens[1].mint
    async with database.look() as look:
        details = await catalog.token_details(look, metrics_settings, mint)
        figures = await reading.figures_of(look, mint)
    assert set(details.metrics) == {"1m", "5m", "15m", "1h", "6h", "24h"}
    day = details.metrics["24h"]
    assert day.trades == day.buys + day.sells == details.trades_total
    assert details.holders_distribution.holders == details.holders
    assert details.metrics == figures.metrics
    assert Decimal(details.price_usd) == pytest.approx(Decimal(details.price_sol) * 200)
    assert Decimal(details.market_cap_usd) == pytest.approx(Decimal(details.market_cap_sol) * 200)
    assert "QUIET" not in {risk.code for risk in details.risk}


async def test_without_a_fresh_price_there_are_no_dollars(kept, database, metrics_settings, price_sol):
    await price_sol(Decimal(200), datetime.now(UTC) - timedelta(seconds=61))
    async with database.look() as look:
        row = (await catalog.list_tokens(look, metrics_settings, catalog.TokenFilter(), 1)).data[0]
        answer = await kings.king(look, metrics_settings)
    assert (row.price_usd, row.market_cap_usd, row.fdv_usd, row.liquidity_usd) == (None,) * 4
    assert row.score is not None
    assert (answer.king, answer.from_usd, answer.to_usd) == (None, 30_000, 69_000)


async def test_a_token_without_figures_says_so(market, store, database):
    await store(decoded(market.launches()))
    async with database.look() as look:
        figures = await reading.figures_of(look, market.tokens[0].mint)
    assert (figures.metrics, figures.risk, figures.holders_distribution, figures.organic_score) == ({}, [], None, None)


def figures(**changes):
    plain = {
        **dict.fromkeys(("volume", "ranked_volume", "buys", "sells", "buyers", "sellers", "change_bps"), 0),
        "high": Decimal(1),
        "low": Decimal(1),
        "volatility_bps": 0,
    }
    return Figures(**(plain | changes))


def test_many_strangers_score_higher_than_a_few_who_trade_with_themselves():
    crowd = figures(buys=40, buyers=40, volume=10**10, ranked_volume=10**10)
    clique = figures(buys=40, buyers=2, volume=10**10, ranked_volume=10**9)
    spread, held = (
        Distribution(holders=40, top_10_bps=2000),
        Distribution(holders=2, top_10_bps=10_000, sniper_bps=9000),
    )
    assert scores.organic(crowd, Distribution()) == 100
    assert scores.organic(crowd, spread) > 90
    assert scores.organic(clique, held) < 5
    assert scores.organic(figures(), spread) == 0


def test_the_ranking_follows_its_formula():
    day = figures(volume=10**12, ranked_volume=10**12, buys=600, sells=400, change_bps=2000)
    hour = figures(change_bps=1000)
    # 1 000 SOL of volume and 100 SOL of liquidity at 100 dollars.
    normal = scores.ranking("normalised", hour, day, 10**11, Decimal(100))
    assert normal == Decimal("65.00")  # 40 * 5/7 + 15 + 20 * 4/7 + 10, and a little for the one added
    assert scores.ranking("literal", hour, day, 10**11, Decimal(100)) == 100
    assert scores.ranking("normalised", hour, day, 10**11, None) == Decimal("25.00")
    assert scores.momentum_bps(hour, day) == 1500


def test_a_falling_price_does_not_lower_the_normalised_ranking_below_its_other_parts():
    fallen = figures(change_bps=-9000)
    assert scores.ranking("normalised", fallen, fallen, 0, Decimal(100)) == 0


def test_risks_are_told_worst_first():
    now = datetime.now(UTC)
    row = {
        "status": "trading",
        "supply_mode": "Mintable",
        "update_authority": "someone",
        "liquidity": 10**9,
        "opened_at": now,
        "top_10_bps": 9000,
        "creator_bps": 1200,
        "sniper_bps": 0,
        "bundler_bps": 2600,
        "fresh_bps": 100,
        "buys_24h": 30,
        "sells_24h": 30,
        "volume_24h": 100,
        "ranked_volume_24h": 10,
        "change_bps_1h": -6000,
    }
    found = scores.risks(row, now)
    assert [risk.code for risk in found] == [
        *("CONCENTRATED", "BUNDLED", "WASH_TRADING"),
        *("MINTABLE", "CREATOR_HOLDS", "LITTLE_LIQUIDITY", "FALLING", "METADATA_CAN_CHANGE", "YOUNG"),
    ]
    assert "90.0 %" in found[0].text
    calm = row | {"opened_at": now - timedelta(days=1), "buys_24h": 0, "sells_24h": 0, "status": "refunding"}
    assert {risk.code for risk in scores.risks(calm, now)} >= {"SALE_FAILED", "QUIET"}
