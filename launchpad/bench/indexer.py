"""The indexer: rows per second from a recording; at 1 000 events a second, how soon each is stored and told."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import orjson

from launchpad.bench._hearing import trades_told
from launchpad.bench._market import Market
from launchpad.bench.measure import Measure, Measures, percentile
from launchpad.bench.stage import stage
from launchpad.chain.addresses import PROGRAMS
from launchpad.chain.events import ChainTransaction, decode_transaction
from launchpad.config import Settings
from launchpad.indexer.fold import Folded
from launchpad.indexer.loop import Indexer
from launchpad.indexer.recorded import RecordedSource
from launchpad.indexer.source import Chunk, Cursor

RECORDED = 100_000
PACE = 1_000
PACED = 8_000
TICK = 0.01
TOKENS = 100
GRADUATES = 50  # of them trade in pools
TRADERS = 1_000


async def run() -> Measures:
    """Both measurements, each on an empty database."""
    with stage(cluster=False) as settings:
        measures = await _replay(settings)
    with stage("outbox", cluster=False) as settings:
        return measures | await _pace(settings)


async def _replay(settings: Settings) -> Measures:
    recording = settings.launchpad_home / "trades.jsonl"
    _record(recording)
    total = Folded()
    indexer = Indexer(
        settings.require_database(),
        RecordedSource(recording),
        tuple(PROGRAMS),
        written=lambda _, folded: total.add(folded),
    )
    began = time.perf_counter()
    await indexer.run()
    seconds = time.perf_counter() - began
    return {
        "recorded trades, half of them in pools": Measure(RECORDED, "trades"),
        "rows from a recording": Measure(total.rows / seconds, "rows/s", at_least=10_000),
        "trades from a recording": Measure(RECORDED / seconds, "trades/s"),
    }


def _record(path: Path) -> None:
    start = int(time.time()) - RECORDED // PACE
    market = Market(tokens=TOKENS, traders=TRADERS, per_second=PACE, start=start, graduates=GRADUATES)
    with path.open("wb") as file:
        for answers in (market.launches(), market.trades(RECORDED)):
            file.writelines(orjson.dumps(answer) + b"\n" for answer in answers)


@dataclass
class _PacedSource:
    """Brings trades at an even pace and remembers when each came."""

    came: dict[str, float] = field(default_factory=dict)

    async def genesis_hash(self) -> str:
        return "paced"

    async def stream(self, cursors: Mapping[str, Cursor]) -> AsyncGenerator[Chunk]:
        del cursors
        market = Market(tokens=TOKENS, traders=TRADERS, per_second=PACE, start=int(time.time()), graduates=GRADUATES)
        yield Chunk([decode_transaction(answer) for answer in market.launches()])
        trades = list(market.trades(PACED))
        step = int(PACE * TICK)
        began = time.perf_counter() + 1.0
        for start in range(0, PACED, step):
            await asyncio.sleep(max(0.0, began + start / PACE - time.perf_counter()))
            now = time.perf_counter()
            answers = trades[start : start + step]
            transactions = [replace(decode_transaction(one), index=start + n) for n, one in enumerate(answers)]
            self.came.update({one.signature: now for one in transactions})
            yield Chunk(transactions)


async def _pace(settings: Settings) -> Measures:
    source = _PacedSource()
    stored: dict[str, float] = {}
    told: dict[str, float] = {}

    def written(transactions: Sequence[ChainTransaction], folded: Folded) -> None:
        del folded
        now = time.perf_counter()
        stored.update({one.signature: now for one in transactions})

    hearing = asyncio.create_task(_hear(settings, told))
    await Indexer(settings.require_database(), source, tuple(PROGRAMS), written=written).run()
    async with asyncio.timeout(30):
        while len(told) < PACED:  # noqa: ASYNC110 - a deadline and a rough look are enough
            await asyncio.sleep(TICK)
    hearing.cancel()
    with suppress(asyncio.CancelledError):
        await hearing
    to_row = [(stored[one] - came) * 1000 for one, came in source.came.items()]
    to_frame = [(told[one] - came) * 1000 for one, came in source.came.items()]
    return {
        "event to stored row, p50": Measure(percentile(to_row, 0.50), "ms", places=1),
        "event to stored row, p95": Measure(percentile(to_row, 0.95), "ms", at_most=100, places=1),
        "event to live frame, p50": Measure(percentile(to_frame, 0.50), "ms", places=1),
        "event to live frame, p95": Measure(percentile(to_frame, 0.95), "ms", at_most=100, places=1),
    }


async def _hear(settings: Settings, told: dict[str, float]) -> None:
    """Note when each trade's frame arrives."""
    async for signature in trades_told(settings):
        told[signature] = time.perf_counter()
