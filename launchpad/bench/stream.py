"""A recorded stream at an even pace, with kill -9 of indexer and outbox on the way: what is lost, doubled and late."""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Self

import orjson

from launchpad.bench import queries
from launchpad.bench._hearing import trades_told
from launchpad.bench._market import Market
from launchpad.bench._streaming import Recording
from launchpad.bench.measure import Measure, Measures, percentile
from launchpad.bench.stage import stage
from launchpad.chain.addresses import PROGRAMS
from launchpad.config import Settings, child_environment
from launchpad.db import connect_directly
from launchpad.indexer.loop import Indexer
from launchpad.indexer.recorded import RecordedSource
from launchpad.processes import spawn, stop

LATE = 1.0  # seconds behind that count as recovered again
PATIENCE = 600.0
TRADERS = 5_000
COUNTED = 10_000  # trades that a cost is the mean of
FEW = 1_000  # tokens, to compare the cost of a trade with


@dataclass(frozen=True)
class StreamSize:
    """How much: the bounded run of `make bench`; the aim is 1 000 000 trades of 50 000 tokens at 10 000 a second."""

    trades: int = 30_000
    tokens: int = 1_000
    rate: int = 1_500
    kills: bool = True


async def run(stream_size: StreamSize | None = None) -> Measures:
    """All of it, on an empty database."""
    size = stream_size or StreamSize()
    costs = {
        f"a trade among {tokens:,} tokens, unpaced": Measure(await _cost(tokens), "µs")
        for tokens in sorted({min(FEW, size.tokens), size.tokens})
    }
    with stage(cluster=False) as settings:
        return await _stream(settings, size) | costs


def _record(home: Path, size: StreamSize) -> tuple[Recording, list[str]]:
    """The recording, and the signatures of its trades in order."""
    path, start = home / "stream.jsonl", int(time.time()) - size.tokens // size.rate
    market = Market(tokens=size.tokens, traders=TRADERS, per_second=size.rate, start=start, graduates=size.tokens // 2)
    signatures: list[str] = []
    opening = 0
    with path.open("wb") as file:
        for opening, answer in enumerate(market.launches(), 1):  # noqa: B007 - counted
            file.write(orjson.dumps(answer) + b"\n")
        for answer in market.trades(size.trades):
            signatures.append(answer["transaction"]["signatures"][0])
            file.write(orjson.dumps(answer) + b"\n")
    recording = Recording(path, opening, size.rate, market.per_slot)
    recording.save()
    return recording, signatures


async def _cost(tokens: int) -> float:
    """Microseconds of one trade where so many tokens are traded, as fast as it goes."""
    size = StreamSize(trades=COUNTED, tokens=tokens, rate=10_000)
    with stage(cluster=False) as settings:
        recording, signatures = _record(settings.launchpad_home, size)
        marks: list[float] = []

        def written(transactions: Sequence[object], _folded: object) -> None:
            marks.extend([time.perf_counter()] * len(transactions))

        source = RecordedSource(recording.path)
        await Indexer(settings.require_database(), source, tuple(PROGRAMS), written=written).run()
    # The commit that holds the first of them holds openings as well: what comes behind it counts.
    first = marks[-len(signatures)]
    behind = sum(one > first for one in marks)
    return (marks[-1] - first) / max(behind, 1) * 1e6


async def _stream(settings: Settings, size: StreamSize) -> Measures:
    recording, signatures = _record(settings.launchpad_home, size)
    last = recording.opening + size.trades - 1
    told: dict[str, list[float]] = {}
    hearing = asyncio.create_task(_hear(settings, told))
    with _Processes(settings, recording) as processes:
        await _until(recording.begun.exists)
        begun = float(recording.begun.read_text())
        kills = [await _kill(processes, name, begun + share * size.trades / size.rate) for name, share in _kills(size)]
        await _until(lambda: _reach(recording) >= last)
        with suppress(TimeoutError):
            await _until(lambda: len(told) >= size.trades, 60.0)
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)
    moments = [recording.due(recording.opening + n, begun) for n in range(size.trades)]
    to_row = [at - due for at, due in zip(_stored(recording, size), moments, strict=True)]
    to_frame = [told[one][0] - due for one, due in zip(signatures, moments, strict=True) if one in told]
    memory = [held for _, _, held in recording.commits()]
    ended = next(at for at, number, _ in recording.commits() if number >= last)
    return {
        "trades of the stream": Measure(size.trades, "trades"),
        "their pace": Measure(size.rate, "trades/s"),
        "stored, kills included": Measure(size.trades / (ended - begun), "trades/s", at_least=0.95 * size.rate),
        "tokens": Measure(size.tokens, "tokens"),
        **await _losses(settings, size, told),
        "event to stored row, p50": Measure(percentile(to_row, 0.50) * 1000, "ms"),
        "event to stored row, p99, kills included": Measure(percentile(to_row, 0.99) * 1000, "ms", at_most=1000),
        "event to live frame, p50": Measure(percentile(to_frame, 0.50) * 1000, "ms"),
        "event to live frame, p95, kills included": Measure(percentile(to_frame, 0.95) * 1000, "ms", at_most=100),
        **_recoveries(recording, kills, begun),
        **_told_again(told, kills),
        "memory of the indexer by token": Measure((memory[-1] - memory[0]) / size.tokens / 1024, "KiB", places=1),
    }


def _kills(size: StreamSize) -> list[tuple[str, float]]:
    """Who is killed when: the name and the share of the stream."""
    return [("indexer", 0.4), ("outbox", 0.7)] if size.kills else []


async def _kill(processes: "_Processes", name: str, when: float) -> tuple[str, float]:
    await asyncio.sleep(max(0.0, when - time.monotonic()))
    killed = time.monotonic()
    await asyncio.to_thread(processes.kill_and_restart, name)
    return name, killed


def _reach(recording: Recording) -> int:
    return max((number for _, number, _ in recording.commits()), default=-1)


def _stored(recording: Recording, size: StreamSize) -> list[float]:
    """When each trade was first committed."""
    moments: list[float] = []
    for at, number, _ in recording.commits():
        moments += [at] * (number - recording.opening + 1 - len(moments))
    return moments[: size.trades]


def _recoveries(recording: Recording, kills: list[tuple[str, float]], begun: float) -> Measures:
    """From the kill of the indexer to its next commit, and until it is up with the stream again."""
    measures: Measures = {}
    for _, killed in (one for one in kills if one[0] == "indexer"):
        later = [(at, number) for at, number, _ in recording.commits() if at > killed]
        caught_up = next((at for at, number in later if at - recording.due(number, begun) < LATE), later[-1][0])
        measures["indexer killed: to its next commit"] = Measure(later[0][0] - killed, "s", places=1)
        measures["indexer killed: to less than a second behind"] = Measure(caught_up - killed, "s", places=1)
    return measures


def _told_again(told: dict[str, list[float]], kills: list[tuple[str, float]]) -> Measures:
    """From the kill of the outbox to the next frame that anybody hears."""
    measures: Measures = {}
    for _, killed in (one for one in kills if one[0] == "outbox"):
        heard = min((moments[0] for moments in told.values() if moments[0] > killed), default=None)
        if heard is not None:
            measures["outbox killed: to its next frame"] = Measure(heard - killed, "s", places=1)
    return measures


async def _losses(settings: Settings, size: StreamSize, told: dict[str, list[float]]) -> Measures:
    connection = await connect_directly(settings.require_database())
    try:
        stored, counted, frames, distinct = await queries.streamed(connection)
    finally:
        await connection.close()
    return {
        "trades lost": Measure(size.trades - stored, "trades", at_most=0),
        "trades counted twice": Measure(abs(counted - stored), "trades", at_most=0),
        "frames lost": Measure(size.trades - distinct, "frames", at_most=0),
        "frames under two numbers": Measure(frames - distinct, "frames", at_most=0),
        "frames that a listener missed": Measure(size.trades - len(told), "frames", at_most=0),
    }


class _Processes:
    """An indexer of the recording and an outbox, which can be killed."""

    def __init__(self, settings: Settings, recording: Recording) -> None:
        self._settings = settings
        self._words = {
            "indexer": [sys.executable, "-m", "launchpad.bench._streaming", str(recording.path)],
            "outbox": [sys.executable, "-m", "launchpad", "outbox"],
        }
        self._children: dict[str, Popen[bytes]] = {}

    def __enter__(self) -> Self:
        for name in self._words:
            self._start(name)
        return self

    def __exit__(self, *error: object) -> None:
        for child in self._children.values():
            stop(child)

    def kill_and_restart(self, name: str) -> None:
        """Kill -9, and the same again."""
        self._children[name].kill()
        self._children[name].wait()
        self._start(name)

    def _start(self, name: str) -> None:
        with (self._settings.launchpad_home / f"{name}.log").open("ab") as output:
            self._children[name] = spawn(self._words[name], env=child_environment(self._settings), output=output)


async def _hear(settings: Settings, told: dict[str, list[float]]) -> None:
    """Note when each trade's frame arrives, and whether it does again."""
    async for signature in trades_told(settings):
        told.setdefault(signature, []).append(time.monotonic())


async def _until(question: Callable[[], bool], seconds: float = PATIENCE) -> None:
    async with asyncio.timeout(seconds):
        while not question():  # noqa: ASYNC110 - other processes, and a rough look is enough
            await asyncio.sleep(0.1)
