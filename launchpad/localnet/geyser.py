"""The embedded cluster as a Geyser: what happens, streamed over gRPC in Yellowstone's protocol.

A block's transactions and its own message are sent when it is confirmed, in the order of the
chain; slots at every step. A subscription may begin at an earlier slot, as far as transactions
of that time are still in memory.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from typing import Any

import grpc

from launchpad.chain.geyser.answers import update_of
from launchpad.chain.geyser.generated import geyser_pb2 as wire
from launchpad.localnet.bank import STATUS_LIFETIME
from launchpad.localnet.encoding.transaction import transaction_entry
from launchpad.localnet.errors import PortInUseError
from launchpad.localnet.keys import Key, b58
from launchpad.localnet.ledger import queries
from launchpad.localnet.node import VERSION, Node
from launchpad.localnet.records import Block, TransactionRecord

SERVICE = "geyser.Geyser"
# How many messages a subscriber may leave unread before it is hung up on.
UNREAD = 100_000
PING_SECONDS = 15.0
_GRACE_SECONDS = 0.2


class Subscriber:
    """One stream: what it asked for, and what waits for it."""

    def __init__(self, request: wire.SubscribeRequest) -> None:
        self.request = request
        self.waiting: asyncio.Queue[wire.SubscribeUpdate] = asyncio.Queue(UNREAD)
        self.lost = False

    def send(self, update: wire.SubscribeUpdate) -> None:
        """Queue a message; a reader who is too slow loses the stream, not single messages."""
        if self.waiting.full():
            self.lost = True
        else:
            self.waiting.put_nowait(update)

    def wants(self, info: wire.SubscribeUpdateTransactionInfo) -> list[str]:
        """The names of the filters that a transaction passes."""
        keys = _keys(info)
        filters = self.request.transactions.items()
        return [name for name, one in filters if _passes(one, keys, failed=info.meta.HasField("err"))]


def _keys(info: wire.SubscribeUpdateTransactionInfo) -> set[str]:
    meta = info.meta
    loaded = (*meta.loaded_writable_addresses, *meta.loaded_readonly_addresses)
    return {b58(key) for key in (*info.transaction.message.account_keys, *loaded)}


def _passes(one: wire.SubscribeRequestFilterTransactions, keys: set[str], *, failed: bool) -> bool:
    if one.HasField("failed") and one.failed != failed:
        return False
    included = not one.account_include or not keys.isdisjoint(one.account_include)
    return included and keys.isdisjoint(one.account_exclude) and keys.issuperset(one.account_required)


class Geyser:
    """Tells subscribers of every step of the chain; a listener of the cluster."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._subscribers: set[Subscriber] = set()

    def transaction_processed(self, record: TransactionRecord, changed: Collection[Key]) -> None:
        """Nothing is told before it is confirmed."""

    def slot_opened(self, slot: int, root: int) -> None:
        """A new slot takes transactions."""
        del root
        self._tell_slot(slot, wire.SLOT_PROCESSED)

    def slot_confirmed(self, slot: int) -> None:
        """A slot is produced: its transactions, its block, itself."""
        if not self._subscribers:
            return
        for update in self._block_of(slot):
            for subscriber in self._subscribers:
                _send(subscriber, update)
        self._tell_slot(slot, wire.SLOT_CONFIRMED)

    def slot_finalized(self, slot: int) -> None:
        """A slot can no longer be undone."""
        self._tell_slot(slot, wire.SLOT_FINALIZED)

    def _tell_slot(self, slot: int, status: wire.SlotStatus) -> None:
        update = _update(slot=wire.SubscribeUpdateSlot(slot=slot, parent=max(slot - 1, 0), status=status))
        for subscriber in self._subscribers:
            if subscriber.request.slots:
                _send(subscriber, update)

    def _block_of(self, slot: int) -> Iterator[wire.SubscribeUpdate]:
        """The messages of a confirmed block: its transactions, then itself."""
        block = self._find_block(slot)
        if block is None:
            return
        records = queries.transactions_of_slot(self._node.cluster.store.reader, slot) if block.count else []
        for place, record in enumerate(records):
            yield _update(transaction=_transaction(record, place))
        yield _update(
            block_meta=wire.SubscribeUpdateBlockMeta(
                slot=slot,
                blockhash=b58(block.blockhash),
                block_time=wire.UnixTimestamp(timestamp=block.time),
                block_height=wire.BlockHeight(block_height=slot),
                parent_slot=max(slot - 1, 0),
                parent_blockhash=b58(block.previous),
                executed_transaction_count=block.count,
            )
        )

    def _find_block(self, slot: int) -> Block | None:
        cluster = self._node.cluster
        return cluster.bank.recent_block(slot) or queries.block(cluster.store.reader, slot)

    async def subscribe(self, requests: AsyncIterator[wire.SubscribeRequest], context: Any) -> AsyncIterator[Any]:
        """The method Subscribe: the first message asks, later ones replace the question or are pings."""
        subscriber = Subscriber(await anext(aiter(requests)))
        await self._replay(subscriber, context)
        self._subscribers.add(subscriber)
        asking = asyncio.create_task(_listen(subscriber, requests))
        try:
            while not subscriber.lost:
                try:
                    async with asyncio.timeout(PING_SECONDS):
                        update = await subscriber.waiting.get()
                except TimeoutError:
                    update = _update(ping=wire.SubscribeUpdatePing())
                yield update
            await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too slow: messages were lost")
        finally:
            self._subscribers.discard(subscriber)
            asking.cancel()

    async def _replay(self, subscriber: Subscriber, context: Any) -> None:
        """What was confirmed since the slot that is asked for."""
        if not subscriber.request.HasField("from_slot"):
            return
        bank = self._node.cluster.bank
        first, oldest = subscriber.request.from_slot, max(bank.confirmed - STATUS_LIFETIME, 0)
        if first < oldest:
            message = f"broadcast from {first} is not available, last available: {oldest}"
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, message)
        for slot in range(first, bank.confirmed + 1):
            for update in self._block_of(slot):
                _send(subscriber, update)

    async def get_slot(self, request: wire.GetSlotRequest, context: Any) -> wire.GetSlotResponse:
        """The newest slot of a level."""
        del context
        levels = {wire.PROCESSED: "processed", wire.CONFIRMED: "confirmed", wire.FINALIZED: "finalized"}
        bank: Any = self._node.cluster.bank
        return wire.GetSlotResponse(slot=bank.slot_at(levels[request.commitment]))

    async def get_version(self, request: wire.GetVersionRequest, context: Any) -> wire.GetVersionResponse:
        """What this is."""
        del request, context
        return wire.GetVersionResponse(version=f'{{"package":"launchpad-localnet","solana":"{VERSION}"}}')

    async def ping(self, request: wire.PingRequest, context: Any) -> wire.PongResponse:
        """The number that came, and one."""
        del context
        return wire.PongResponse(count=request.count + 1)


def _send(subscriber: Subscriber, update: wire.SubscribeUpdate) -> None:
    if update.HasField("transaction"):
        names = subscriber.wants(update.transaction.transaction)
    elif update.HasField("block_meta"):
        names = list(subscriber.request.blocks_meta)
    else:
        names = list(subscriber.request.slots)
    if names:
        mine = wire.SubscribeUpdate()
        mine.CopyFrom(update)
        mine.filters.extend(names)
        subscriber.send(mine)


def _update(**kind: Any) -> wire.SubscribeUpdate:
    update = wire.SubscribeUpdate(**kind)
    update.created_at.GetCurrentTime()
    return update


def _transaction(record: TransactionRecord, place: int) -> wire.SubscribeUpdateTransaction:
    answer = {"slot": record.slot, **transaction_entry(record, "json", 0)}
    return update_of(answer, place)


async def _listen(subscriber: Subscriber, requests: AsyncIterator[wire.SubscribeRequest]) -> None:
    """Answer pings, and take another question for the first one."""
    async for request in requests:
        if request.HasField("ping"):
            subscriber.send(_update(pong=wire.SubscribeUpdatePong(id=request.ping.id)))
        else:
            subscriber.request = request


async def serve_geyser(geyser: Geyser, host: str, port: int, token: str = "") -> tuple[Any, int]:
    """A listening gRPC server and its port; with a token only who sends it as x-token is served.

    Raises PortInUseError when the port is taken.
    """
    options = [("grpc.so_reuseport", 0)]
    server = grpc.aio.server(interceptors=[_TokenCheck(token)] if token else [], options=options)
    handlers = {
        "Subscribe": grpc.stream_stream_rpc_method_handler(geyser.subscribe, *_codec(wire.SubscribeRequest)),
        "GetSlot": grpc.unary_unary_rpc_method_handler(geyser.get_slot, *_codec(wire.GetSlotRequest)),
        "GetVersion": grpc.unary_unary_rpc_method_handler(geyser.get_version, *_codec(wire.GetVersionRequest)),
        "Ping": grpc.unary_unary_rpc_method_handler(geyser.ping, *_codec(wire.PingRequest)),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    try:
        bound = server.add_insecure_port(f"{host}:{port}")
    except RuntimeError as error:
        raise PortInUseError(f"Port {port} cannot be listened on. Stop what uses it, or choose another.") from error
    await server.start()
    return server, bound


def _codec(request: Any) -> tuple[Any, Any]:
    """How a method's requests are read and its answers written."""
    return request.FromString, lambda answer: answer.SerializeToString()


class _TokenCheck(grpc.aio.ServerInterceptor):  # type: ignore[misc] # grpc ships no types
    """Refuses calls without the token."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def intercept_service(self, continuation: Any, details: Any) -> Any:
        """The handler of a call that may be made, else one that refuses."""
        if ("x-token", self._token) in details.invocation_metadata:
            return await continuation(details)
        handler = await continuation(details)
        make = (
            grpc.stream_stream_rpc_method_handler if handler.response_streaming else grpc.unary_unary_rpc_method_handler
        )
        return make(_refuse)


async def _refuse(_request: Any, context: Any) -> None:
    await context.abort(grpc.StatusCode.UNAUTHENTICATED, "x-token is missing or wrong")


async def stop_geyser(server: Any) -> None:
    """Hang up on everybody."""
    await server.stop(_GRACE_SECONDS)
