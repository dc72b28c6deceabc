"""A recorded stream: `getTransaction` answers, one JSON object a line, in the order of the chain.

A line may carry `index`, the transaction's place in its slot; without it the order
of the lines within a slot is taken. Files that end in `.gz` are read compressed.
"""

import asyncio
import gzip
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import aclosing, closing
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from launchpad.chain.events import ChainTransaction, decode_transaction
from launchpad.indexer.source import Chunk, Cursor

CHUNK = 1000
END_OF_TIME = 2**63 - 1


class RecordedSource:
    """Replays a file once. All of it counts as final: nobody can take a recording back."""

    def __init__(self, path: Path, *, genesis_hash: str = "recorded") -> None:
        self._path = path
        self._genesis_hash = genesis_hash

    async def genesis_hash(self) -> str:
        """The name of the chain that was recorded."""
        return self._genesis_hash

    async def stream(self, cursors: Mapping[str, Cursor]) -> AsyncGenerator[Chunk]:
        """The whole file, whatever the cursors say: what is stored already is harmless."""
        del cursors
        with closing(read_transactions(self._path)) as transactions:
            while chunk := await asyncio.to_thread(lambda: list(islice(transactions, CHUNK))):
                yield Chunk(chunk, finalized_slot=END_OF_TIME)


class RecordedMember:
    """A recording beside other sources."""

    def __init__(self, path: Path) -> None:
        self._source = RecordedSource(path)
        self.name = path.name

    async def stream(self, from_slot: int | None) -> AsyncGenerator[Chunk]:
        """The whole file, wherever it is to begin."""
        del from_slot
        async with aclosing(self._source.stream({})) as chunks:
            async for chunk in chunks:
                yield chunk


def read_transactions(path: Path) -> Generator[ChainTransaction]:
    """The decoded transactions of a recording."""
    slot, index = -1, 0
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        for line in lines:
            answer: dict[str, Any] = orjson.loads(line)
            index = index + 1 if answer["slot"] == slot else 0
            slot = answer["slot"]
            yield decode_transaction(answer, answer.get("index", index))
