"""The database: engine, session scope, and the only `commit()` outside the indexer loop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from launchpad.config import Settings

# What asyncpg raises for a server that is away, and for a connection that was cut in the middle of an answer.
POSTGRES_AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class Database:
    """A pool of connections and the scope in which work is done.

    `async with database.session() as session:` commits when the block ends and
    rolls back when it raises. `read()` gives a session that never commits; `look()`
    one without a transaction, for what many ask for.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.engine = _engine(url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        # Neither asks whether a connection still works nor begins a transaction: one round trip a statement.
        self._bare = _engine(url, pool_size=pool_size, max_overflow=0, isolation_level="AUTOCOMMIT")
        self._looks = async_sessionmaker(self._bare, expire_on_commit=False)

    @classmethod
    def from_settings(cls, settings: Settings) -> "Database":
        """The database that DATABASE_URL names."""
        return cls(settings.require_database(), pool_size=settings.database_pool)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """One unit of work: committed at the end, rolled back on an error."""
        async with self._sessions() as session:
            yield session
            await session.commit()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for reading; whatever it writes is rolled back."""
        async with self._sessions() as session:
            yield session

    @asynccontextmanager
    async def look(self) -> AsyncIterator[AsyncSession]:
        """A session for hot reads: each statement stands alone, in one round trip.

        After a restart of the server the first reads fail with `connection_invalidated`: ask again.
        """
        async with self._looks() as session:
            yield session

    async def close(self) -> None:
        """Return every connection."""
        await self.engine.dispose()
        await self._bare.dispose()


def _engine(url: str, **options: Any) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_timeout=10,
        pool_recycle=1800,
        connect_args={"timeout": 5, "command_timeout": 30},
        **options,
    )


async def connect_directly(url: str) -> asyncpg.Connection:
    """One connection without a pool, for work that holds an advisory lock or writes in bulk."""
    return await asyncpg.connect(url.replace("postgresql+asyncpg://", "postgresql://", 1), timeout=5)
