"""Where chain transactions come from: one interface, so that nodes, files and streams look the same."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from launchpad.chain.events import ChainTransaction
from launchpad.errors import LaunchpadError
from launchpad.indexer.ledger import Span


class ChainChangedError(LaunchpadError):
    """The node serves another chain than the one that was indexed: its genesis hash differs."""

    code = "CHAIN_CHANGED"


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far one program has been indexed.

    Everything of the program up to `slot` is stored. Back-fill goes back until
    `signature`, the newest transaction of a slot that is surely complete.
    """

    program: str
    signature: str | None = None
    slot: int = 0


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some transactions, and the cursors and slots that count once they are stored.

    Chunks may overlap and repeat; a cursor in a chunk promises that everything of
    its program up to there is in this chunk or in an earlier one of this stream,
    and an indexed slot promises the same of all that happened in it.
    """

    transactions: list[ChainTransaction]
    cursors: list[Cursor] = field(default_factory=list)
    finalized_slot: int = 0
    slots: list[Span] = field(default_factory=list)


class Source(Protocol):
    """A supply of chain transactions that runs until it is closed or, for a recording, until its end."""

    async def genesis_hash(self) -> str:
        """The chain that this is; waits until the source can tell."""

    def stream(self, cursors: Mapping[str, Cursor]) -> AsyncGenerator[Chunk]:
        """Everything after these cursors, by program; raises ChainChangedError when the chain is replaced."""
