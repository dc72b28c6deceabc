"""What goes over the bus, whatever carries it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import orjson

from launchpad.errors import UnavailableError

CURVE_TRADES = "bc-trades"
AMM_TRADES = "amm-trades"
TOPICS = (CURVE_TRADES, AMM_TRADES)
# Whole transactions, from which everything can be made again; only where BUS_HISTORY is set.
HISTORY = "chain-transactions"
CLIENT_ID = "launchpad-stream"
TRADE_PROCESSOR = "trade-processor"

# How long a member of a group may be silent until its share is given to another.
SESSION_SECONDS = 30.0
# How long a reader waits for more before it works on what it has.
MAX_WAIT_MS = 100
BATCH = 1000

# The venue of a trade is told as `curve`; everything else is a pool.
_ON_CURVE = "curve"


class BusAwayError(UnavailableError):
    """The bus does not answer; what was to be told stays in the outbox, and is told later."""

    code = "BUS_AWAY"


class Message(NamedTuple):
    """One trade. `key` is its signature, `mint` decides the partition; `body` is JSON, headers are text.

    It can come more than once: signature, instruction and inner instruction in the body name it.
    """

    topic: str
    key: str
    mint: str
    body: bytes
    headers: dict[str, str]


Handle = Callable[[Sequence[Message]], Awaitable[None]]


class Bus(Protocol):
    """A carrier of messages."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """Hand over messages in order; returns when all are kept there. Raises BusAwayError."""

    def read(self, topic: str, *, follow: bool = False) -> AsyncGenerator[Message]:
        """What is kept of a topic from its beginning, in order within a mint; then, if asked to, what comes."""

    async def work(self, group: str, handle: Handle, topics: Sequence[str] = TOPICS) -> None:
        """Share the messages of some topics with every other member of a group, until cancelled.

        Each batch goes to `handle`, and is done when that returns: what a member took and did not
        finish, because it died or `handle` raised, goes to another one. So a message can come
        twice. A group that is new begins with what comes from then on. Raises BusAwayError, and
        whatever `handle` raises.
        """

    async def close(self) -> None:
        """Let go of every connection."""


def message_of(mint: str, body: str, told_at: datetime) -> Message:
    """The message of a trade as the live event `trade` tells it in JSON."""
    data = orjson.loads(body)
    venue = data["venue"]
    headers = {
        "program": "bonding_curve" if venue == _ON_CURVE else "amm_pool",
        "timestamp": str(int(told_at.timestamp() * 1000)),
    }
    topic = CURVE_TRADES if venue == _ON_CURVE else AMM_TRADES
    return Message(topic, data["signature"], mint, body.encode(), headers)
