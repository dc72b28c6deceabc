"""The chart feed and the files over HTTP."""

import asyncio
import csv
import io
import time

import pyarrow.parquet as pq
import pytest

from launchpad.bench._market import address
from launchpad.exports import service

NOBODY = address("nobody")


async def test_the_feed_says_what_it_can_do(market):
    told = await market.get("/api/udf/config")
    assert told == {
        "supported_resolutions": told["supported_resolutions"],
        "supports_search": True,
        "supports_group_request": False,
        "supports_marks": True,
        "supports_timescale_marks": False,
        "supports_time": True,
        "exchanges": [{"value": "", "name": "All", "desc": ""}],
        "symbols_types": [{"name": "crypto", "value": "crypto"}],
    }
    assert {"1S", "1", "5", "15", "60", "240", "1D"} <= set(told["supported_resolutions"])


async def test_the_time_is_plain_text(market):
    answer = await market.client.get("/api/udf/time")
    assert answer.headers["content-type"].startswith("text/plain")
    assert abs(int(answer.text) - time.time()) < 60


async def test_a_chart_finds_its_symbol_and_its_bars(market):
    found = await market.get("/api/udf/search", query="MKT", limit=5)
    assert found[0]["ticker"] == market.mint
    assert await market.get("/api/udf/search", query="MKT", type="stock") == []
    symbol = await market.get("/api/udf/symbols", symbol=found[0]["full_name"])
    assert (symbol["name"], symbol["ticker"]) == ("MKT", market.mint)
    now = int(time.time()) + 60
    asked = {"symbol": market.mint, "resolution": "1", "from": now - 3600, "to": now}
    bars = await market.get("/api/udf/history", 200, **asked, countback=2)
    assert bars["s"] == "ok"
    assert len(bars["t"]) in (1, 2)
    earlier = await market.get("/api/udf/history", 200, **(asked | {"from": 0, "to": 1000}))
    assert earlier == {"s": "no_data"}
    marks = await market.get("/api/udf/marks", 200, **asked)
    assert marks["label"][0] == "L"


@pytest.mark.parametrize("path", ["symbols", "history", "marks"])
@pytest.mark.parametrize("symbol", [NOBODY, "EXM", ""])
async def test_unknown_symbols_are_told_in_the_feeds_own_form(market, path, symbol):
    asked = {"symbol": symbol, "resolution": "1D", "from": 0, "to": 1000}
    assert await market.get(f"/api/udf/{path}", 200, **asked) == {"s": "error", "errmsg": "unknown_symbol"}


@pytest.mark.parametrize("path", ["history", "marks"])
async def test_unknown_resolutions_are_told_in_the_feeds_own_form(market, path):
    asked = {"symbol": market.mint, "resolution": "7", "from": 0, "to": 1000}
    assert await market.get(f"/api/udf/{path}", 200, **asked) == {"s": "error", "errmsg": "unsupported_resolution"}


async def test_files_are_sent_with_their_names(market):
    answer = await market.client.get(f"/api/v1/tokens/{market.mint}/trades/export")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert f'attachment; filename="trades-{market.mint}-' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    listed = (await market.get(f"/api/v1/tokens/{market.mint}/trades"))["data"]
    assert {row["signature"] for row in rows} >= {row["signature"] for row in listed}
    path = f"/api/v1/tokens/{market.mint}/candles/export"
    answer = await market.client.get(path, params={"format": "parquet", "interval": "1s"})
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert pq.read_table(io.BytesIO(answer.content)).num_rows > 0


async def test_files_of_unknown_tokens_and_of_no_range_are_refused(market):
    for kind in ("trades", "candles"):
        told = await market.get(f"/api/v1/tokens/{NOBODY}/{kind}/export", 404)
        assert told["error"]["code"] == "TOKEN_NOT_FOUND"
        told = await market.get(f"/api/v1/tokens/{market.mint}/{kind}/export", 422, **{"from": 9, "to": 8})
        assert told["error"]["code"] == "INVALID_RANGE"
    asked = {"from": 0, "to": 10**10, "interval": "1s"}
    told = await market.get(f"/api/v1/tokens/{market.mint}/candles/export", 422, **asked)
    assert told["error"]["code"] == "EXPORT_TOO_LONG"
    assert str(told["error"]["go_on_from"]) in told["error"]["message"]


async def test_a_download_that_is_cancelled_gives_its_connection_back(market, monkeypatch):
    monkeypatch.setattr(service, "PAGE_ROWS", 1)
    path = f"/api/v1/tokens/{market.mint}/trades/export"
    begun, sent = asyncio.Event(), []

    async def receive():
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)
        if message.get("body"):
            begun.set()
            await asyncio.Event().wait()  # a reader who takes nothing more

    scope = {"type": "http", "http_version": "1.1", "method": "GET", "path": path, "raw_path": path.encode()}
    scope |= {"scheme": "http", "query_string": b"", "headers": [], "client": ("127.0.0.1", 1), "asgi": {}}
    async with asyncio.timeout(30):
        await market.client.app(scope | {"server": ("localhost", 80)}, receive, send)
    assert len([message for message in sent if message.get("body")]) == 1
    database = market.client.app.state.services.database
    pool = await database._bare_pool()
    assert pool.get_size() == pool.get_idle_size()
