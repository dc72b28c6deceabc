"""WebSockets to the cluster's nodes, kept open."""

import itertools
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from launchpad.backoff import Backoff
from launchpad.redaction import redact

log = structlog.get_logger(__name__)

_OPTIONS: dict[str, Any] = {"max_size": 2**24, "open_timeout": 5, "close_timeout": 1, "ping_timeout": 10}

# What sending and receiving raise when the connection is gone.
SOCKET_LOST = (OSError, TimeoutError, WebSocketException)


async def keep_connected(
    urls: Sequence[str], work: Callable[[ClientConnection], Awaitable[None]], what: str, *, longest: float = 10.0
) -> None:
    """Do `work` on one connection after the other, until cancelled.

    When it ends or loses its connection, the next address is tried, after a pause that
    grows to `longest` seconds for as long as nobody answers. `what` is for the log: whose connection it is.
    """
    backoff = Backoff(longest=longest)
    for url in itertools.cycle(urls):
        try:
            async with connect(url, **_OPTIONS) as socket:
                backoff.worked()
                await work(socket)
        except SOCKET_LOST as error:
            problem = redact(str(error))
            log.warning("websocket.lost", of=what, node=redact(url), error=problem, retry_in=backoff.seconds)
        await backoff.wait()
