"""An indexer of a recording that comes at an even pace, in a process that may be killed: `python -m` this module.

Every transaction behind the opening ones has a moment at which it is due. A process that
starts later goes on from the stored cursor, and what was due meanwhile comes at once.
"""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import psutil

from launchpad.bench._market import FIRST_SLOT
from launchpad.chain.addresses import PROGRAMS
from launchpad.chain.events import ChainTransaction, decode_transaction
from launchpad.config import get_settings
from launchpad.indexer import spare_collections
from launchpad.indexer.fold import Folded
from launchpad.indexer.loop import Indexer
from launchpad.indexer.source import Chunk, Cursor

TICK = 0.01
CHUNK = 1000
_PROGRAM = "bonding_curve"
_HEADSTART = 1.0


@dataclass(frozen=True)
class Recording:
    """A file of transactions: `opening` ones that are due at once, then trades, `rate` a second, `per_slot` a slot."""

    path: Path
    opening: int
    rate: int
    per_slot: int

    @property
    def begun(self) -> Path:
        """Where the moment lies at which the first trade was due, by the system's monotonic clock."""
        return self.path.with_suffix(".begun")

    @property
    def committed(self) -> Path:
        """Where each commit leaves a line: the moment, how far it reached, and the bytes of memory held then."""
        return self.path.with_suffix(".committed")

    def save(self) -> None:
        """Leave what the child needs to know beside the recording."""
        values = {"opening": self.opening, "rate": self.rate, "per_slot": self.per_slot}
        self.path.with_suffix(".json").write_bytes(orjson.dumps(values))

    @classmethod
    def load(cls, path: Path) -> "Recording":
        """What `save` left."""
        return cls(path, **orjson.loads(path.with_suffix(".json").read_bytes()))

    def number(self, transaction: ChainTransaction) -> int:
        """Which transaction of the file it is, from 0."""
        return (transaction.slot - FIRST_SLOT) * self.per_slot + (transaction.index or 0)

    def commits(self) -> list[tuple[float, int, int]]:
        """Every commit so far, of whichever process: moment, number of its newest transaction, bytes of memory."""
        if not self.committed.exists():
            return []
        lines = (line.split() for line in self.committed.read_text().splitlines())
        return [(float(words[0]), int(words[1]), int(words[2])) for words in lines if len(words) == 3]  # noqa: PLR2004 - whole lines

    def due(self, number: int, begun: float) -> float:
        """When a transaction was due; the opening ones have no such moment."""
        return begun + (number - self.opening) / self.rate


class PacedRecording:
    """The recording as a source of the indexer."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._opened = asyncio.Event()
        self._process = psutil.Process()

    async def genesis_hash(self) -> str:
        """The name of the chain that was recorded."""
        return "paced"

    def written(self, transactions: Sequence[ChainTransaction], folded: Folded) -> None:
        """Note that these are committed."""
        del folded
        if transactions:
            last = max(map(self._recording.number, transactions))
            with self._recording.committed.open("a") as log:
                log.write(f"{time.monotonic()} {last} {self._process.memory_info().rss}\n")
            if last >= self._recording.opening - 1:
                self._opened.set()

    async def stream(self, cursors: Mapping[str, Cursor]) -> AsyncGenerator[Chunk]:
        """Everything after the cursor: the opening at once, every trade when it is due."""
        recording = self._recording
        slot = cursors[_PROGRAM].slot
        number = (slot + 1 - FIRST_SLOT) * recording.per_slot if slot else 0
        with recording.path.open("rb") as lines:
            rest = islice(lines, number, None)
            while number < recording.opening:
                chunk = self._take(rest, number, min(CHUNK, recording.opening - number))
                number += len(chunk.transactions)
                yield chunk
            begun = await self._begun(resumed=slot > 0)
            while True:
                until = int((time.monotonic() - begun) * recording.rate) + recording.opening
                if until <= number:
                    await asyncio.sleep(TICK)
                    continue
                chunk = await asyncio.to_thread(self._take, rest, number, min(CHUNK, until - number))
                if not chunk.transactions:
                    return
                number += len(chunk.transactions)
                yield chunk

    def _take(self, lines: Iterator[bytes], number: int, count: int) -> Chunk:
        per_slot = self._recording.per_slot
        answers: list[dict[str, Any]] = [orjson.loads(line) for line in islice(lines, count)]
        found = [decode_transaction(one, (number + n) % per_slot) for n, one in enumerate(answers)]
        # The newest slot may go on in the next chunk.
        cursors = [Cursor(_PROGRAM, None, found[-1].slot - 1)] if found else []
        return Chunk(found, cursors)

    async def _begun(self, *, resumed: bool) -> float:
        """When the first trade was due; the first process decides, once all tokens are there."""
        file = self._recording.begun
        if not file.exists():
            if not resumed:
                await self._opened.wait()
            file.write_text(str(time.monotonic() + _HEADSTART))
        return float(file.read_text())


async def main(path: Path) -> None:
    """Index the recording at `path` to its end."""
    spare_collections()
    source = PacedRecording(Recording.load(path))
    await Indexer(get_settings().require_database(), source, tuple(PROGRAMS), written=source.written).run()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
