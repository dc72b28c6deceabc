"""The bus in Kafka, or what speaks like it: topics partitioned by mint, so that a token's trades keep their order."""

import asyncio
import zlib
from collections.abc import AsyncGenerator, Awaitable, Collection, Sequence
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, KafkaError

from launchpad.backoff import end_if_asked
from launchpad.bus.base import (
    BATCH,
    CLIENT_ID,
    MAX_WAIT_MS,
    SESSION_SECONDS,
    TOPICS,
    BusAwayError,
    Handle,
    Message,
)

REQUEST_TIMEOUT_MS = 25_000
# What connecting and sending raise when no broker answers.
_AWAY = (KafkaError, OSError, TimeoutError)


class KafkaBus:
    """One producer, made when it is first needed; a consumer for each reader."""

    def __init__(self, brokers: str, session_seconds: float = SESSION_SECONDS) -> None:
        self._brokers = brokers
        self._session_ms = int(session_seconds * 1000)
        self._producer: Any = None

    async def publish(self, messages: Sequence[Message]) -> None:
        """Send all messages and wait until every replica that has to has them."""
        try:
            producer = await self._started()
            sent = [await self._send(producer, one) for one in messages]
            await asyncio.gather(*sent)
        except _AWAY as error:
            await self.close()
            raise BusAwayError(f"Kafka does not take trades: {error!r}.") from error

    async def _started(self) -> Any:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._brokers,
                client_id=CLIENT_ID,
                enable_idempotence=True,
                compression_type="snappy",
                linger_ms=5,
                request_timeout_ms=REQUEST_TIMEOUT_MS,
            )
            try:
                await producer.start()
            except _AWAY:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

    async def _send(self, producer: Any, one: Message) -> Any:
        partitions = sorted(await producer.partitions_for(one.topic))
        partition = partitions[partition_of(one.mint, len(partitions))]
        headers = [("mint", one.mint.encode()), *((name, value.encode()) for name, value in one.headers.items())]
        return await producer.send(one.topic, one.body, one.key.encode(), partition=partition, headers=headers)

    async def read(self, topic: str, *, follow: bool = False) -> AsyncGenerator[Message]:
        """Everything that the topic still holds; then, if asked to, what comes."""
        consumer = AIOKafkaConsumer(
            topic,
            bootstrap_servers=self._brokers,
            client_id=CLIENT_ID,
            fetch_max_wait_ms=MAX_WAIT_MS,
            session_timeout_ms=self._session_ms,
            auto_offset_reset="earliest",
        )
        try:
            await consumer.start()
            ends = await consumer.end_offsets(consumer.assignment())
            while follow or not await _at(consumer, ends):
                for records in (await consumer.getmany(timeout_ms=MAX_WAIT_MS)).values():
                    for record in records:
                        yield _message(record)
        except _AWAY as error:
            raise BusAwayError(f"Kafka does not give trades: {error!r}.") from error
        finally:
            await consumer.stop()

    async def work(self, group: str, handle: Handle, topics: Sequence[str] = TOPICS) -> None:
        """Take a share of the partitions; offsets are committed after each batch."""
        consumer = AIOKafkaConsumer(
            group_id=group,
            bootstrap_servers=self._brokers,
            client_id=CLIENT_ID,
            enable_auto_commit=False,
            auto_offset_reset="latest",
            fetch_max_wait_ms=MAX_WAIT_MS,
            session_timeout_ms=self._session_ms,
            heartbeat_interval_ms=self._session_ms // 10,
        )
        consumer.subscribe(topics, listener=_Beginning(consumer))
        try:
            await _asked(consumer.start())
            while True:
                end_if_asked()
                found = await _asked(consumer.getmany(timeout_ms=MAX_WAIT_MS, max_records=BATCH))
                messages = [_message(record) for records in found.values() for record in records]
                if messages:
                    await handle(messages)
                    # A share that was given to another meanwhile is done there once more.
                    with suppress(CommitFailedError):
                        await _asked(consumer.commit())
        finally:
            await consumer.stop()

    async def close(self) -> None:
        """Let the producer go."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(*_AWAY):
                await producer.stop()


async def _asked(answer: Awaitable[Any]) -> Any:
    """What Kafka answers to a consumer; BusAwayError where it does not."""
    try:
        return await answer
    except CommitFailedError:
        raise
    except _AWAY as error:
        raise BusAwayError(f"Kafka does not give trades: {error!r}.") from error


class _Beginning(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka has no types
    """Notes where a group begins in partitions that it never worked on.

    Else who follows a member that died before its first commit would begin with what comes after that.
    """

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Nothing: offsets are committed after each batch."""

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Commit the ends of what is new to the group."""
        new = [part for part in assigned if await self._consumer.committed(part) is None]
        if new:
            ends = await self._consumer.end_offsets(new)
            for part, end in ends.items():
                self._consumer.seek(part, end)
            await self._consumer.commit(ends)


def partition_of(mint: str, partitions: int) -> int:
    """Where a mint's trades go: the same for every producer and for ever, as long as partitions stay as many."""
    return zlib.crc32(mint.encode()) % partitions


async def _at(consumer: Any, ends: dict[Any, int]) -> bool:
    return all([await consumer.position(part) >= end for part, end in ends.items()])


def _message(record: Any) -> Message:
    headers = {name: value.decode() for name, value in record.headers}
    return Message(record.topic, record.key.decode(), headers.pop("mint"), record.value, headers)
