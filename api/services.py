"""What the routes work with, opened once for the process and closed with it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from redis.asyncio import Redis

from launchpad.accounts.credentials import signing_key
from launchpad.cache import Cache
from launchpad.chain.client import ChainClient
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.dex.routing import Router, open_router
from launchpad.feed import LiveFeed
from launchpad.limits import Limiter
from launchpad.outbound import Poster
from launchpad.worker.documents import DocumentClient

_REDIS_SECONDS = 2.0


@dataclass(frozen=True)
class Services:
    """One of each, shared by all requests."""

    settings: Settings
    database: Database
    redis: Redis
    chain: ChainClient
    cache: Cache
    feed: LiveFeed
    limiter: Limiter
    documents: DocumentClient
    poster: Poster
    router: Router
    signing_key: bytes


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Connect to everything; the connections themselves are made when they are first used."""
    async with AsyncExitStack() as stack:
        database = Database.from_settings(settings)
        stack.push_async_callback(database.close)
        redis = Redis.from_url(
            settings.require_redis(), socket_timeout=_REDIS_SECONDS, socket_connect_timeout=_REDIS_SECONDS
        )
        stack.push_async_callback(redis.aclose)
        # Subscriptions wait for hours: a connection without a timeout is theirs alone.
        waiting = Redis.from_url(settings.require_redis(), socket_connect_timeout=_REDIS_SECONDS, socket_keepalive=True)
        stack.push_async_callback(waiting.aclose)
        chain = await stack.enter_async_context(ChainClient(settings))
        cache = Cache(redis, waiting)
        await cache.start()
        stack.push_async_callback(cache.stop)
        feed = await stack.enter_async_context(LiveFeed(waiting, database))
        documents = DocumentClient()
        stack.push_async_callback(documents.close)
        poster = Poster(loopback=settings.alert_loopback)
        stack.push_async_callback(poster.close)
        router = await stack.enter_async_context(open_router(chain, settings))
        yield Services(
            settings=settings,
            database=database,
            redis=redis,
            chain=chain,
            cache=cache,
            feed=feed,
            limiter=Limiter(redis),
            documents=documents,
            poster=poster,
            router=router,
            signing_key=signing_key(settings),
        )
