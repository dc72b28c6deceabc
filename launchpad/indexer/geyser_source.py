"""A Geyser as a source: whole transactions as they are confirmed, and what becomes of every slot."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from launchpad.chain.geyser.client import GeyserAwayError, GeyserClient
from launchpad.indexer.blocks import Assembled, Blocks
from launchpad.indexer.source import Chunk
from launchpad.indexer.stage import DecodeStage, Job, Streamed


class GeyserSource:
    """One Geyser. Resumes where it ended while the server still has that."""

    def __init__(self, client: GeyserClient, stage: DecodeStage) -> None:
        self._client = client
        self._stage = stage
        self.name = client.name

    async def stream(self, from_slot: int | None) -> AsyncGenerator[Chunk]:
        """Everything from a slot on, or from now on; raises GeyserAwayError.

        A server that no longer has the slot is asked for what comes now: the ledger shows the hole.
        """
        try:
            async with aclosing(self._chunks(from_slot)) as chunks:
                async for chunk in chunks:
                    yield chunk
        except GeyserAwayError as error:
            if from_slot is None or not error.refused:
                raise
        async with aclosing(self._chunks(None)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _chunks(self, from_slot: int | None) -> AsyncGenerator[Chunk]:
        blocks = Blocks(from_slot)
        async with aclosing(self._client.updates(from_slot)) as updates:
            async for update in updates:
                made = blocks.take(update)
                if made.transactions or made.slots:
                    yield await self._decoded(made, blocks.finalized_slot)

    async def _decoded(self, made: Assembled, finalized_slot: int) -> Chunk:
        jobs = [
            Job(one.update.transaction.index, Streamed(one.update.SerializeToString(), one.block_time))
            for one in made.transactions
        ]
        return Chunk(await self._stage.decode(jobs), finalized_slot=finalized_slot, slots=made.slots)
