"""Bars, symbols and marks, key by key and type by type as the adapter reads them."""

import time
from decimal import Decimal

import pytest

from launchpad.bench._market import Market, address
from launchpad.db import Database, connect_directly
from launchpad.indexer.fold import fold
from launchpad.markets.intervals import STEPS
from launchpad.tokens.errors import TokenNotFoundError
from launchpad.udf import bars, marks, symbols
from launchpad.udf.bars import Asked, TooManyBarsError
from tests.conftest import make_settings
from tests.indexer.conftest import decoded


@pytest.fixture
async def database(database_url):
    database = Database(database_url, pool_size=2)
    yield database
    await database.close()


@pytest.fixture
async def traded(database_url):
    """A token with 120 trades over a minute, three days ago: (mint, creator, start)."""
    start = (int(time.time()) - 3 * 86_400) // 60 * 60
    made = Market(tokens=1, traders=3, per_second=2, start=start)
    history = decoded([*made.launches(), *made.trades(120)])
    connection = await connect_directly(database_url)
    async with connection.transaction():
        await fold(connection, history)
    launched = await connection.fetchrow("SELECT mint, creator FROM tokens")
    yield launched["mint"], launched["creator"], start
    await connection.close()


async def history(database, mint, *asked):
    async with database.look() as look:
        return (await bars.history(look, mint, Asked(*asked))).model_dump(exclude_none=True)


async def test_bars_are_columns_of_numbers_in_ascending_order(database, traded):
    mint, _, start = traded
    told = await history(database, mint, "1s", start, start + 100)
    assert list(told) == ["s", "t", "o", "h", "l", "c", "v"]
    assert told["s"] == "ok"
    assert {len(told[name]) for name in "tohlcv"} == {len(told["t"])}
    assert {type(value) for name in "ohlcv" for value in told[name]} == {float}
    assert {type(value) for value in told["t"]} == {int}
    assert told["t"] == sorted(set(told["t"]))
    assert all(low <= opened <= high for low, opened, high in zip(told["l"], told["o"], told["h"], strict=True))
    assert sum(told["v"]) == pytest.approx(sum((await history(database, mint, "1d", 0, start + 86_400))["v"]))


async def test_the_end_of_a_range_is_left_out_and_its_start_is_not(database, traded):
    mint, _, start = traded
    moments = (await history(database, mint, "1s", start, start + 100))["t"]
    assert (await history(database, mint, "1s", moments[3], moments[7]))["t"] == moments[3:7]


async def test_countback_wins_over_from(database, traded):
    mint, _, start = traded
    moments = (await history(database, mint, "1s", start, start + 100))["t"]
    assert (await history(database, mint, "1s", moments[-1], moments[-1] + 1, 10))["t"] == moments[-10:]
    assert (await history(database, mint, "1s", 0, moments[-1], 3))["t"] == moments[-4:-1]
    assert (await history(database, mint, "1s", 10**9, 10**10, 5))["t"] == moments[-5:]


async def test_days_begin_at_midnight(database, traded):
    mint, _, start = traded
    days = (await history(database, mint, "1d", 0, start + 2 * 86_400))["t"]
    assert days
    assert all(day % 86_400 == 0 for day in days)
    assert days[0] == start // 86_400 * 86_400


@pytest.mark.parametrize("resolution", list(symbols.RESOLUTIONS))
async def test_every_resolution_has_its_bars(database, traded, resolution):
    mint, _, start = traded
    interval = symbols.interval_of(resolution)
    told = await history(database, mint, interval, 0, start + 40 * 86_400)
    assert all(STEPS[interval].start(moment) == moment for moment in told["t"])


async def test_an_empty_range_names_the_nearest_earlier_bar(database, traded):
    mint, _, start = traded
    last = (await history(database, mint, "1m", start, start + 3600))["t"][-1]
    assert await history(database, mint, "1m", start + 7200, start + 9000) == {"s": "no_data", "nextTime": last}
    assert await history(database, mint, "1m", start - 9000, start - 7200) == {"s": "no_data"}
    assert await history(database, mint, "1m", 0, start - 7200, 10) == {"s": "no_data"}
    assert await history(database, mint, "1m", start + 7200, start + 7200) == {"s": "no_data", "nextTime": last}
    assert await history(database, mint, "1m", start + 7200, start - 7200) == {"s": "no_data"}


async def test_a_range_with_too_many_bars_is_told(database, traded, monkeypatch):
    mint, _, start = traded
    monkeypatch.setattr(bars, "MAX_BARS", 10)
    with pytest.raises(TooManyBarsError):
        await history(database, mint, "1s", start, start + 100)


async def test_a_symbol_is_the_token_against_sol(database, traded):
    mint, _, _ = traded
    async with database.look() as look:
        told = (await symbols.symbol(look, make_settings(), mint)).model_dump()
        found = await symbols.search(look, make_settings(), f"Launchpad:{mint}", 5)
    golden = {
        "name": told["name"],
        "ticker": mint,
        "description": told["description"],
        "type": "crypto",
        "session": "24x7",
        "timezone": "Etc/UTC",
        "exchange": "Launchpad",
        "listed_exchange": "Launchpad",
        "format": "price",
        "minmov": 1,
        "pricescale": 10**12,
        "has_intraday": True,
        "has_seconds": True,
        "seconds_multipliers": ["1", "5", "15", "30"],
        "has_daily": True,
        "supported_resolutions": list(symbols.RESOLUTIONS),
        "volume_precision": 2,
        "data_status": "streaming",
    }
    assert told == golden
    assert told["description"].endswith(" / SOL")
    assert [one.model_dump() for one in found] == [
        {
            "symbol": told["name"],
            "full_name": f"Launchpad:{mint}",
            "description": told["description"],
            "exchange": "Launchpad",
            "ticker": mint,
            "type": "crypto",
        }
    ]
    assert symbols.mint_of(found[0].full_name) == mint


@pytest.mark.parametrize(
    ("price", "digits"),
    [("0", 15), ("0.000000000001", 15), ("0.00000002796", 12), ("0.0123", 6), ("1", 4), ("12345", 2)],
)
def test_the_price_scale_is_a_power_of_ten_that_shows_the_price(price, digits):
    assert symbols.price_scale(Decimal(price)) == 10**digits


async def test_marks_tell_of_the_launch_and_of_the_creators_trades(database, traded, database_url):
    mint, creator, start = traded
    connection = await connect_directly(database_url)
    moved = "UPDATE trades SET trader = $1 WHERE signature = (SELECT min(signature) FROM trades) RETURNING side"
    side = await connection.fetchval(moved, creator)
    await connection.execute("UPDATE curves SET graduated_at = to_timestamp($1)", start + 500)
    await connection.close()
    async with database.look() as look:
        told = (await marks.marks(look, mint, 0, start + 1000)).model_dump()
        none = (await marks.marks(look, mint, start + 600, start + 1000)).model_dump()
    assert told["label"] == ["L", "B" if side == "buy" else "S", "G"]
    assert told["time"] == sorted(told["time"])
    golden = ["id", "time", "color", "text", "label", "labelFontColor", "minSize"]
    assert list(told) == golden
    assert {len(column) for column in told.values()} == {3}
    assert none == {name: [] for name in golden}


async def test_tokens_that_nobody_launched_are_unknown(database):
    async with database.look() as look:
        for read in (
            symbols.symbol(look, make_settings(), address("nobody")),
            bars.history(look, address("nobody"), Asked("1m", 0, 10**9)),
            marks.marks(look, address("nobody"), 0, 10**9),
        ):
            with pytest.raises(TokenNotFoundError):
                await read
    with pytest.raises(TokenNotFoundError):
        symbols.mint_of("EXM")
