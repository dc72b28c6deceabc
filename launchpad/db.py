"""The database: engine, session scope, and the only `commit()` outside the indexer loop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from launchpad.config import Settings


class Database:
    """A pool of connections and the scope in which work is done.

    `async with database.session() as session:` commits when the block ends and
    rolls back when it raises. `read()` gives a session that never commits; `look()`
    one without a transaction, for what many ask for.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=10,
            pool_pre_ping=True,
            pool_recycle=1800,
            connect_args={"timeout": 5, "command_timeout": 30},
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        single = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._single = async_sessionmaker(single, expire_on_commit=False)

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
        """A session for hot reads: each statement stands alone, without the round trips of a transaction."""
        async with self._single() as session:
            yield session

    async def close(self) -> None:
        """Return every connection."""
        await self.engine.dispose()


async def connect_directly(url: str) -> asyncpg.Connection:
    """One connection without a pool, for work that holds an advisory lock or writes in bulk."""
    return await asyncpg.connect(url.replace("postgresql+asyncpg://", "postgresql://", 1), timeout=5)
