"""A listener of the market's channel, as a door is one."""

from collections.abc import AsyncGenerator

import orjson
from redis.asyncio import Redis

from launchpad.config import Settings
from launchpad.outbox.envelope import MARKET, live_key


async def trades_told(settings: Settings) -> AsyncGenerator[str]:
    """The signature of each trade as its frame arrives, for ever."""
    redis: Redis = Redis.from_url(settings.require_redis())
    try:
        async with redis.pubsub() as pubsub:
            await pubsub.subscribe(live_key(redis, MARKET))
            async for message in pubsub.listen():
                if message["type"] == "message":
                    for envelope in map(orjson.loads, message["data"].splitlines()):
                        if envelope["type"] == "trade":
                            yield envelope["data"]["signature"]
    finally:
        await redis.aclose()
