"""Files hold the rows of the database, all of them and nothing else."""

import csv
import io
import time
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pyarrow.parquet as pq
import pytest

from launchpad.bench._market import Market, address
from launchpad.db import Database
from launchpad.exports import encoding, service
from launchpad.exports.ranges import ExportRange, ExportTooLongError, export_range
from launchpad.indexer.fold import fold
from launchpad.markets.charts import InvalidRangeError
from launchpad.markets.intervals import STEPS
from launchpad.tokens.errors import TokenNotFoundError
from tests.indexer.conftest import decoded

AGO = 40 * 86_400


@pytest.fixture
async def database(database_url):
    database = Database(database_url, pool_size=1)
    yield database
    await database.close()


@pytest.fixture
async def market(connection, monkeypatch):
    """300 trades of one token over 150 seconds, forty days ago; pages of seven rows. (mint, start)."""
    monkeypatch.setattr(service, "PAGE_ROWS", 7)
    start = int(time.time()) - AGO
    made = Market(tokens=1, traders=3, per_second=2, start=start)
    history = decoded([*made.launches(), *made.trades(300)])
    async with connection.transaction():
        await fold(connection, history)
    return history[0].events[0].data.mint, start


async def whole(export):
    return b"".join([part async for part in export.body])


def lines(data):
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


async def stored(connection, mint):
    statement = 'SELECT * FROM trades WHERE mint = $1 ORDER BY position, signature, instruction, "inner"'
    return [dict(row) for row in await connection.fetch(statement, mint)]


async def test_csv_of_trades_has_every_row_in_the_order_of_the_chain(database, connection, market):
    mint, start = market
    export = await service.trades(database, mint, ExportRange(start - 10, start + 1000), "csv")
    rows, expected = lines(await whole(export)), await stored(connection, mint)
    assert export.name.startswith(f"trades-{mint}-")
    assert export.name.endswith(".csv")
    assert list(rows[0]) == encoding.TRADES.names
    assert [row["signature"] for row in rows] == [row["signature"] for row in expected]
    for row, one in zip(rows, expected, strict=True):
        assert datetime.fromisoformat(row["traded_at"]) == one["traded_at"]
        assert Decimal(row["price"]) == one["price"]
        for name in ("base_amount", "quote_amount", "protocol_fee", "creator_fee", "slot"):
            assert row[name] == str(one[name])
        assert (row["pool"], row["counted"]) == (one["pool"] or "", "true")


async def test_parquet_of_trades_is_exact_and_in_row_groups(database, connection, market):
    mint, start = market
    export = await service.trades(database, mint, ExportRange(start - 10, start + 1000), "parquet")
    file = pq.ParquetFile(io.BytesIO(await whole(export)))
    expected = await stored(connection, mint)
    assert file.num_row_groups == -(-len(expected) // 7)
    assert file.schema_arrow.equals(encoding.TRADES)
    for row, one in zip(file.read().to_pylist(), expected, strict=True):
        assert Decimal(row.pop("price")) == one["price"]
        assert row == {name: one[name] for name in row}


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("interval", ["1s", "5s", "1m", "1h", "1M"])
async def test_candles_are_those_of_the_trades(database, connection, market, interval, form):
    mint, start = market
    asked = ExportRange(start - 10, start + 1000) if interval in ("1s", "5s") else ExportRange(0, int(time.time()))
    data = await whole(await service.candles(database, mint, interval, asked, form))
    rows = lines(data) if form == "csv" else pq.read_table(io.BytesIO(data)).to_pylist()
    volumes, step = {}, STEPS[interval]
    for one in await stored(connection, mint):
        bucket = step.start(int(one["traded_at"].timestamp()))
        volumes[bucket] = volumes.get(bucket, 0) + one["quote_amount"]
    assert {int(row["time"]): int(row["volume"]) for row in rows} == volumes
    assert [int(row["time"]) for row in rows] == sorted(volumes)
    for before, after in pairwise(rows):
        assert after["open"] == before["close"]


async def test_files_that_meet_hold_every_trade_once(database, connection, market):
    mint, start = market
    middle = start + 71
    parts = [
        lines(await whole(await service.trades(database, mint, part, "csv")))
        for part in (ExportRange(start - 10, middle), ExportRange(middle, start + 1000))
    ]
    assert all(parts)
    together = [row["signature"] for part in parts for row in part]
    assert together == [row["signature"] for row in await stored(connection, mint)]


async def test_an_empty_range_is_a_file_without_rows(database, market):
    mint, start = market
    asked = ExportRange(start + 2000, start + 3000)
    assert lines(await whole(await service.trades(database, mint, asked, "csv"))) == []
    text = await whole(await service.candles(database, mint, "1m", asked, "csv"))
    assert text == b"time,open,high,low,close,volume,volume_base,trades\r\n"
    table = pq.read_table(io.BytesIO(await whole(await service.trades(database, mint, asked, "parquet"))))
    assert (table.num_rows, table.schema.names) == (0, encoding.TRADES.names)
    before_launch = ExportRange(0, 100)
    assert lines(await whole(await service.candles(database, mint, "1h", before_launch, "csv"))) == []


async def test_one_page_may_hold_all(database, connection, market, monkeypatch):
    monkeypatch.setattr(service, "PAGE_ROWS", 100_000)
    mint, start = market
    export = await service.trades(database, mint, ExportRange(start, start + 1000), "parquet")
    file = pq.ParquetFile(io.BytesIO(await whole(export)))
    assert file.num_row_groups == 1
    assert file.metadata.num_rows == len(await stored(connection, mint))


async def test_no_cell_can_be_run_as_a_formula(database, market):
    mint, start = market
    asked = ExportRange(start, start + 1000)
    for file in (
        await service.trades(database, mint, asked, "csv"),
        await service.candles(database, mint, "1s", asked, "csv"),
    ):
        cells = [cell for row in lines(await whole(file)) for cell in row.values()]
        assert len(cells) > 100
        assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


async def test_a_range_that_is_too_long_says_how_to_go_on(database, market):
    mint, start = market
    with pytest.raises(ExportTooLongError) as raised:
        await service.trades(database, mint, ExportRange(0, start + AGO), "csv")
    until = raised.value.details["go_on_from"]
    assert f"go on with `from={until}`" in raised.value.message
    first = await service.trades(database, mint, ExportRange(0, until), "csv")
    assert len(lines(await whole(first))) > 0
    with pytest.raises(ExportTooLongError):
        await service.candles(database, mint, "1s", ExportRange(0, start + AGO), "csv")


async def test_a_reader_who_leaves_keeps_no_connection(database, market):
    mint, start = market
    export = await service.trades(database, mint, ExportRange(start, start + 1000), "csv")
    assert await anext(export.body)
    # The pool has one connection: whoever held it here would keep everybody else out.
    async with database.look() as look:
        assert await look.row("SELECT 1")
    await export.body.aclose()
    async with database.look() as look:
        assert await look.row("SELECT 1")


async def test_tokens_that_nobody_launched_have_no_files(database):
    with pytest.raises(TokenNotFoundError):
        await service.trades(database, address("nobody"), export_range(None, None), "csv")
    with pytest.raises(TokenNotFoundError):
        await service.candles(database, address("nobody"), "1m", export_range(None, None), "csv")


def test_a_range_is_the_last_day_unless_it_is_told():
    told = export_range(None, 10**9)
    assert told.moments == (datetime.fromtimestamp(10**9 - 86_400, UTC), datetime.fromtimestamp(10**9, UTC))
    with pytest.raises(InvalidRangeError):
        export_range(10, 9)
