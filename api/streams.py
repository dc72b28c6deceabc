"""Live events as server-sent events: replay from where the reader was, then what happens."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import orjson
from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from api import metrics
from api.deps import ServicesDep
from api.errors import documented
from api.services import Services
from launchpad.channels import Subscription, parse_subscription
from launchpad.outbox import ResyncRequiredError, head, read_after
from launchpad.outbox.envelope import seq_of

router = APIRouter(tags=["markets"])

_KEEP_ALIVE_SECONDS = 15
_QUEUE = 512
_PAGE = 500
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

Told = tuple[str, int, bytes]  # channel, sequence number, envelope


@router.get(
    "/api/stream",
    summary="Live events",
    response_class=StreamingResponse,
    responses={
        **documented(),
        200: {
            "description": "Server-sent events. `id` holds the position in every channel; `event` is the envelope's "
            "type; `data` is the envelope. `event: resync` says that events were lost: load the state anew.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
    },
)
async def stream(
    services: ServicesDep,
    channels: Annotated[
        str,
        Query(max_length=4096, description="Comma-separated: `market`, `token:<mint>`, `room:<mint>`; at most 50."),
    ],
    after: Annotated[
        str | None,
        Query(max_length=8192, description="Last sequence number seen, or `channel=number` for each channel."),
    ] = None,
    last_event_id: Annotated[str | None, Header(max_length=8192)] = None,
) -> Response:
    """What happens on some channels, from `after` (or Last-Event-ID) on; without it, from now on."""
    wanted = parse_subscription(channels, last_event_id or after)
    return StreamingResponse(_events(services, wanted), media_type="text/event-stream", headers=_HEADERS)


async def _events(services: Services, wanted: Subscription) -> AsyncIterator[bytes]:
    queue: asyncio.Queue[Told | None] = asyncio.Queue(_QUEUE)
    sinks = {channel: _sink(channel, queue) for channel in wanted.channels}
    metrics.STREAMS.inc()
    try:
        for channel, sink in sinks.items():
            await services.feed.subscribe(channel, sink)
        yield b"retry: 3000\n\n"
        async for frame in _replay_and_follow(services, wanted, queue):
            yield frame
    finally:
        metrics.STREAMS.dec()
        for channel, sink in sinks.items():
            await services.feed.unsubscribe(channel, sink)


def _sink(channel: str, queue: "asyncio.Queue[Told | None]") -> "_Sink":
    return _Sink(channel, queue)


class _Sink:
    """Puts a channel's events into a reader's queue; a reader that is too slow is told to start anew."""

    def __init__(self, channel: str, queue: "asyncio.Queue[Told | None]") -> None:
        self._channel = channel
        self._queue = queue

    def __call__(self, seq: int, envelope: bytes) -> None:
        if self._queue.full():
            while not self._queue.empty():
                self._queue.get_nowait()
            self._queue.put_nowait(None)
        else:
            self._queue.put_nowait((self._channel, seq, envelope))


async def _replay_and_follow(
    services: Services, wanted: Subscription, queue: "asyncio.Queue[Told | None]"
) -> AsyncIterator[bytes]:
    seen = dict(wanted.after)
    for channel in wanted.channels:
        if channel not in seen:
            seen[channel] = await head(services.database, channel)
            continue
        try:
            async for frame in _missed(services, channel, seen):
                yield frame
        except ResyncRequiredError:
            seen[channel] = await head(services.database, channel)
            yield _resync(channel, seen)
    # Tells the reader where it stands even if nothing ever happens.
    yield f"id: {_positions(seen)}\nevent: ready\ndata: {orjson.dumps(seen).decode()}\n\n".encode()
    while True:
        try:
            async with asyncio.timeout(_KEEP_ALIVE_SECONDS):
                told = await queue.get()
        except TimeoutError:
            yield b": keep-alive\n\n"
            continue
        if told is None:
            yield b"event: resync\ndata: {}\n\n"
            return
        channel, seq, envelope = told
        if seq > seen[channel]:
            yield _frame(channel, seq, envelope, seen)


async def _missed(services: Services, channel: str, seen: dict[str, int]) -> AsyncIterator[bytes]:
    """Everything after the reader's position, page by page."""
    while True:
        page = await read_after(services.database, channel, seen[channel], _PAGE)
        for envelope in page:
            yield _frame(channel, seq_of(envelope), envelope, seen)
        if len(page) < _PAGE:
            return


def _frame(channel: str, seq: int, envelope: bytes, seen: dict[str, int]) -> bytes:
    seen[channel] = seq
    kind = orjson.loads(envelope)["type"]
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (_positions(seen).encode(), kind.encode(), envelope)


def _resync(channel: str, seen: dict[str, int]) -> bytes:
    data = orjson.dumps({"channel": channel, "seq": seen[channel]})
    return b"id: %b\nevent: resync\ndata: %b\n\n" % (_positions(seen).encode(), data)


def _positions(seen: dict[str, int]) -> str:
    return ",".join(f"{channel}={seq}" for channel, seq in seen.items())
