"""What is told as it happens, out of the same live feed as server-sent events.

Every subscription has a queue of its own. Who lets it fill is a slow reader: his socket
is closed with 4508, and what he missed he reads by a query.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

import orjson
import strawberry

from api import metrics
from api.graphql import inputs
from api.graphql.context import Context, Info
from api.graphql.fields import subscription
from api.graphql.types import GraduationEvent, Token, Trade
from launchpad.tokens.errors import unknown_token
from launchpad.tokens.schemas import ProjectRow

_QUEUE = 512
# A token's row is read at most so often for one reader, whatever happens to it.
_UPDATE_SECONDS = 0.1
_UPDATES = frozenset({"trade", "trade.retracted", "token.updated", "curve.completed", "token.graduated", "batch"})


@lru_cache(maxsize=16)
def _read(envelope: bytes) -> dict[str, Any]:
    """An envelope, read once for all who hear it: nobody may change it."""
    told: dict[str, Any] = orjson.loads(envelope)
    return told


class Ear:
    """The events of some types on one channel, for one subscription."""

    def __init__(self, context: Context, types: Collection[str]) -> None:
        self._context, self._types = context, types
        self._queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(_QUEUE)
        self._lost = False

    def __call__(self, seq: int, envelope: bytes) -> None:  # noqa: ARG002 - the feed's form
        """Take one envelope of the feed."""
        told = _read(envelope)
        if self._lost or told["type"] not in self._types:
            return
        if self._queue.full():
            # From here on nothing is told any more, so that there is no gap that looks like none.
            self._lost, self._queue = True, asyncio.Queue(1)
            self._context.drop_slow_reader()
        else:
            self._queue.put_nowait(told["data"])

    async def next(self) -> dict[str, Any]:
        """The next event; waits for ever once some were lost, until the socket is closed."""
        return await self._queue.get()

    def skip(self) -> None:
        """Forget what waits: the state that is read next holds it already."""
        while not self._queue.empty():
            self._queue.get_nowait()


@asynccontextmanager
async def _listening(context: Context, channel: str, types: Collection[str]) -> AsyncIterator[Ear]:
    ear, feed = Ear(context, types), context.services.feed
    metrics.STREAMS.inc()
    try:
        await feed.subscribe(channel, ear)
        yield ear
    finally:
        metrics.STREAMS.dec()
        await feed.unsubscribe(channel, ear)


async def _known(context: Context, mint: str) -> ProjectRow:
    row = await context.loaders.tokens.load(inputs.address(mint, "mintAddress"))
    if row is None:
        raise unknown_token(mint)
    return row


@strawberry.type
class Subscription:
    """Trades, tokens and graduations."""

    @subscription(description="Every trade of a token from now on.")
    async def trades(self, info: Info, mint_address: str) -> AsyncIterator[Trade]:
        """Trades as they are confirmed."""
        decimals = (await _known(info.context, mint_address)).decimals
        async with _listening(info.context, f"token:{mint_address}", ("trade",)) as ear:
            while True:
                yield Trade.told(await ear.next(), decimals)

    @subscription(description="A token now, and again whenever something happened to it, ten times a second at most.")
    async def token_update(self, info: Info, mint_address: str) -> AsyncIterator[Token]:
        """The token's newest state; states between are left out."""
        inputs.address(mint_address, "mintAddress")
        async with _listening(info.context, f"token:{mint_address}", _UPDATES) as ear:
            while True:
                ear.skip()
                yield Token.of(await _known(info.context, mint_address))
                await ear.next()
                await asyncio.sleep(_UPDATE_SECONDS)

    @subscription(description="Every token that is launched from now on.")
    async def new_tokens(self, info: Info) -> AsyncIterator[Token]:
        """Launches."""
        async with _listening(info.context, "market", ("token.launched",)) as ear:
            while True:
                row = await info.context.loaders.tokens.load((await ear.next())["mint"])
                # Null where a fork took the launch back meanwhile.
                if row is not None:
                    yield Token.of(row)

    @subscription(description="Every graduation from now on.")
    async def graduations(self, info: Info) -> AsyncIterator[GraduationEvent]:
        """Sales that were sold out and have their pool."""
        async with _listening(info.context, "market", ("token.graduated",)) as ear:
            while True:
                yield GraduationEvent.told(await ear.next())
