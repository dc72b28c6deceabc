"""The API over 50 000 tokens: how long hot reads take, from memory and from the database, 200 in flight."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson

from launchpad.bench._market import Market
from launchpad.bench.measure import Measure, Measures, percentile
from launchpad.bench.stage import running, stage
from launchpad.chain.addresses import PROGRAMS
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.indexer.loop import Indexer
from launchpad.indexer.recorded import RecordedSource
from launchpad.metrics.follower import Follower

IN_FLIGHT = 200
WARM_REQUESTS = 6_000
COLD_REQUESTS = 2_000
LIST_REQUESTS = 1_000
TRADES = 20_000
TOKENS = 50_000
TRADED = 100
TRADERS = 500
PER_SECOND = 20

_PAGES = {"token": "", "trades": "/trades", "candles": "/chart?interval=1m", "holders": "/holders"}
# What the screener's page asks for: one page by expression, and everything that it can hold.
_SCREEN = "/api/v1/screener?filter=volume_24h+%3E+0+and+age+%3C+2d+and+(trades_24h+%3E%3D+1+or+status+%3D+graduated)"
_WHOLE_SCREEN = "/api/v1/screener?form=compact&limit=10000"
WHOLE_REQUESTS = 20
_LISTS = {"newest tokens": "launched_at", "tokens by volume": "volume_24h"}


async def run() -> Measures:
    """Fill a market, serve it, and ask for token pages: first the same few again and again, then each anew."""
    with stage(cluster=False) as settings:
        mints = await _fill(settings)
        with running(settings, ["serve", "api"], f"{settings.origin}/api/health"):
            pages = list(_PAGES.values())
            warm = [_address(mint, page) for mint in mints[:5] for page in pages]
            cached = await _measured(settings, itertools.cycle(warm), WARM_REQUESTS)
            anew = _Anew()
            fresh = await _measured(settings, anew.pages(mints, pages), COLD_REQUESTS)
            kinds = {
                name: await _measured(settings, anew.pages(mints, [page]), COLD_REQUESTS)
                for name, page in _PAGES.items()
            }
            lists = {
                name: await _measured(settings, anew.list_by(sort), LIST_REQUESTS) for name, sort in _LISTS.items()
            }
            lists["screener"] = await _measured(settings, anew.each(_SCREEN), LIST_REQUESTS)
            whole = await _one_by_one(settings, anew.each(_WHOLE_SCREEN), WHOLE_REQUESTS)
    measures = _figures("cached", cached, 50) | _figures("from the database", fresh, 200)
    for name, answers in (kinds | lists).items():
        measures |= _figures(f"{name}, from the database", answers, 200)
    measures["screener, 10,000 rows in one answer, p50"] = Measure(percentile(whole, 0.5), "ms", at_most=500, places=1)
    return measures


class _Answers:
    """How long each answer took, and all of them together."""

    def __init__(self) -> None:
        self.milliseconds: list[float] = []
        self.seconds = 0.0


def _figures(name: str, answers: _Answers, aim: float) -> Measures:
    return {
        f"{name}, requests": Measure(len(answers.milliseconds) / answers.seconds, "req/s"),
        f"{name}, p50": Measure(percentile(answers.milliseconds, 0.5), "ms", places=1),
        f"{name}, p95": Measure(percentile(answers.milliseconds, 0.95), "ms", at_most=aim, places=1),
    }


def _address(mint: str, page: str) -> str:
    return f"/api/v1/tokens/{mint}{page}"


class _Anew:
    """Addresses that no cache can know: each has a number of its own."""

    def __init__(self) -> None:
        self._numbers = itertools.count()

    def pages(self, mints: Sequence[str], pages: Sequence[str]) -> Iterator[str]:
        """Those pages of every token in turn, without end."""
        for mint, page in itertools.cycle(itertools.product(mints, pages)):
            yield f"{_address(mint, page)}{'&' if '?' in page else '?'}fresh={next(self._numbers)}"

    def each(self, path: str) -> Iterator[str]:
        """The same question without end."""
        return (f"{path}&fresh={number}" for number in self._numbers)

    def list_by(self, sort: str) -> Iterator[str]:
        """The first page of all tokens in that order, without end."""
        return (f"/api/v1/tokens?sort={sort}&fresh={number}" for number in self._numbers)


async def _fill(settings: Settings) -> list[str]:
    """A market of recorded trades, through the indexer; the mints that are traded."""
    start = int(time.time()) - (TOKENS + TRADES) // PER_SECOND - 60
    market = Market(tokens=TOKENS, traders=TRADERS, per_second=PER_SECOND, start=start, traded=TRADED)
    recording = settings.launchpad_home / "trades.jsonl"
    _record(market, recording)
    await Indexer(settings.require_database(), RecordedSource(recording), tuple(PROGRAMS)).run()
    await _work_out(settings)
    return [token.mint for token in market.traded]


async def _work_out(settings: Settings) -> None:
    """The figures that lists are put in order by, which a worker would keep."""
    database = Database.from_settings(settings)
    follower = Follower(settings, database)
    try:
        await follower.run()
    finally:
        await follower.close()
        await database.close()


def _record(market: Market, path: Path) -> None:
    with path.open("wb") as file:
        for answers in (market.launches(), market.trades(TRADES)):
            file.writelines(orjson.dumps(answer) + b"\n" for answer in answers)


async def _measured(settings: Settings, paths: Iterator[str], count: int) -> _Answers:
    """`count` of the paths, after some that are not counted: a server that has just begun is not what is measured."""
    await _ask(settings, itertools.islice(paths, 2 * IN_FLIGHT))
    return await _ask(settings, itertools.islice(paths, count))


async def _one_by_one(settings: Settings, paths: Iterator[str], count: int) -> list[float]:
    """Milliseconds of each of `count` answers, which are so large that one at a time is what a page sees."""
    answers = _Answers()
    await _connection(settings, itertools.islice(paths, count), answers)
    return answers.milliseconds


async def _ask(settings: Settings, paths: Iterator[str]) -> _Answers:
    """Every path once, over as many connections as requests are in flight."""
    answers = _Answers()
    began = time.perf_counter()
    await asyncio.gather(*(_connection(settings, paths, answers) for _ in range(IN_FLIGHT)))
    answers.seconds = time.perf_counter() - began
    return answers


async def _connection(settings: Settings, paths: Iterator[str], answers: _Answers) -> None:
    """One kept-alive connection: bare, because a client library would cost more than the server."""
    reader, writer = await asyncio.open_connection(settings.host, settings.port)
    try:
        for path in paths:
            began = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {settings.host}:{settings.port}\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            if not head.startswith(b"http/1.1 200"):
                raise RuntimeError(f"{path} was answered with {head.splitlines()[0].decode()}")
            length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            await reader.readexactly(length)
            answers.milliseconds.append((time.perf_counter() - began) * 1000)
    finally:
        writer.close()
