"""The API: how long token page data takes, from memory and from the database, at 100 requests in flight."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import orjson

from launchpad.bench._market import Market
from launchpad.bench.measure import Measure, Measures, percentile
from launchpad.bench.stage import running, stage
from launchpad.chain.addresses import PROGRAMS
from launchpad.config import Settings
from launchpad.indexer.loop import Indexer
from launchpad.indexer.recorded import RecordedSource

IN_FLIGHT = 100
WARM_REQUESTS = 6_000
COLD_REQUESTS = 1_500
TRADES = 20_000
TOKENS = 100
TRADERS = 500
PER_SECOND = 20

_PAGES = ("", "/trades", "/chart?interval=1m", "/holders")


async def run() -> Measures:
    """Fill a market, serve it, and ask for token pages: first the same few again and again, then each anew."""
    with stage(cluster=False) as settings:
        mints = await _fill(settings)
        with running(settings, ["serve", "api"], f"{settings.origin}/api/health"):
            warm = [f"/api/v1/tokens/{mint}{page}" for mint in mints[:5] for page in _PAGES]
            await _ask(settings, itertools.islice(itertools.cycle(warm), 2 * IN_FLIGHT))
            cached = await _ask(settings, itertools.islice(itertools.cycle(warm), WARM_REQUESTS))
            fresh = await _ask(settings, _never_asked(mints, COLD_REQUESTS))
            listed = await _ask(settings, (f"/api/v1/tokens?fresh={n}" for n in range(COLD_REQUESTS // 5)))
    return {
        **_figures("cached", cached, 50),
        **_figures("from the database", fresh, 200),
        "token list from the database, p50": Measure(percentile(listed.milliseconds, 0.5), "ms", places=1),
    }


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


def _never_asked(mints: list[str], count: int) -> Iterator[str]:
    """Addresses that no cache can know: every token's pages in turn, each with a number of its own."""
    for number, (mint, page) in enumerate(itertools.islice(itertools.cycle(itertools.product(mints, _PAGES)), count)):
        yield f"/api/v1/tokens/{mint}{page}{'&' if '?' in page else '?'}fresh={number}"


async def _fill(settings: Settings) -> list[str]:
    """A market of recorded trades, through the indexer; its mints."""
    start = int(time.time()) - TRADES // PER_SECOND - 60
    market = Market(tokens=TOKENS, traders=TRADERS, per_second=PER_SECOND, start=start)
    recording = settings.launchpad_home / "trades.jsonl"
    _record(market, recording)
    await Indexer(settings.require_database(), RecordedSource(recording), tuple(PROGRAMS)).run()
    return [token.mint for token in market.tokens]


def _record(market: Market, path: Path) -> None:
    with path.open("wb") as file:
        for answers in (market.launches(), market.trades(TRADES)):
            file.writelines(orjson.dumps(answer) + b"\n" for answer in answers)


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
