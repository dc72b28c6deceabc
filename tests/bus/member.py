"""A member of a consumer group that takes messages and never gets done with them: `member.py BUS ADDRESS GROUP`."""

import asyncio
import sys

from launchpad.bus.kafka_bus import KafkaBus
from launchpad.bus.redis_bus import RedisBus


async def hang(messages):
    """Say how many were taken, then sit on them."""
    sys.stdout.write(f"{len(messages)}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


async def run(kind, address, group):
    """Be a member until killed."""
    bus = KafkaBus(address, session_seconds=6) if kind == "kafka" else RedisBus(address, 100_000)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await bus.work(group, hang)


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
