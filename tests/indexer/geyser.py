"""A Geyser with a script: a real gRPC server that streams the blocks that a test gives it, and can be cut off."""

import asyncio

import grpc

from launchpad.chain.geyser.answers import update_of
from launchpad.chain.geyser.generated import geyser_pb2 as wire

HEADER = {"numRequiredSignatures": 1, "numReadonlySignedAccounts": 0, "numReadonlyUnsignedAccounts": 0}


def completed(answer):
    """A made-up answer with what a real one has besides."""
    message = {"header": HEADER, "recentBlockhash": "1" * 32, "instructions": []} | answer["transaction"]["message"]
    meta = {"preBalances": [], "postBalances": [], "fee": 5000} | answer["meta"]
    for name in ("preTokenBalances", "postTokenBalances"):
        meta[name] = [one | {"uiTokenAmount": {"decimals": 9} | one["uiTokenAmount"]} for one in meta.get(name) or []]
    return answer | {"transaction": answer["transaction"] | {"message": message}, "meta": meta}


class ScriptedGeyser:
    """Serves `produce`d answers; `kill` cuts every stream, `freeze` keeps them open and silent."""

    def __init__(self):
        self.blocks, self.asked, self.frozen, self.forgot = {}, [], False, False
        self._server, self._port, self._queues, self.refused_from = None, 0, [], None

    @property
    def url(self):
        return f"http://127.0.0.1:{self._port}"

    @property
    def listeners(self):
        return len(self._queues)

    async def start(self):
        self._server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        codec = (wire.SubscribeRequest.FromString, wire.SubscribeUpdate.SerializeToString)
        handlers = {"Subscribe": grpc.stream_stream_rpc_method_handler(self._subscribe, *codec)}
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("geyser.Geyser", handlers),))
        self._port = self._server.add_insecure_port(f"127.0.0.1:{self._port}")
        await self._server.start()

    async def kill(self):
        await self._server.stop(None)
        self._queues.clear()

    def produce(self, answers):
        """Add answers to the blocks of their slots, and stream these blocks."""
        slots = {}
        for answer in answers:
            slots.setdefault(answer["slot"], []).append(answer)
        for slot, mine in sorted(slots.items()):
            self.blocks.setdefault(slot, []).extend(mine)
            self.tell(*self._block(slot))

    def tell(self, *updates):
        if not self.frozen:
            for queue in self._queues:
                for update in updates:
                    queue.put_nowait(update)

    def empty(self, slot, parent=None):
        """A block without transactions of ours."""
        self.blocks.setdefault(slot, [])
        self.tell(*self._block(slot, parent))

    def _block(self, slot, parent=None):
        answers = self.blocks[slot]
        time = answers[0]["blockTime"] if answers else 1_700_000_000
        earlier = [one for one in self.blocks if one < slot]
        for place, answer in enumerate(answers):
            yield wire.SubscribeUpdate(transaction=update_of(completed(answer), place))
        yield wire.SubscribeUpdate(
            block_meta=wire.SubscribeUpdateBlockMeta(
                slot=slot,
                parent_slot=parent if parent is not None else max(earlier, default=slot - 1),
                block_time=wire.UnixTimestamp(timestamp=time),
            )
        )
        yield wire.SubscribeUpdate(slot=wire.SubscribeUpdateSlot(slot=slot, status=wire.SLOT_CONFIRMED))

    async def _subscribe(self, requests, context):
        request = await anext(aiter(requests))
        self.asked.append(request)
        queue = asyncio.Queue()
        if request.HasField("from_slot"):
            if self.forgot:
                await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "from_slot is not available")
            for slot in sorted(one for one in self.blocks if one >= request.from_slot):
                for update in self._block(slot):
                    queue.put_nowait(update)
        self._queues.append(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            if queue in self._queues:
                self._queues.remove(queue)
