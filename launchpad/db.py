"""The database: engine, session scope, and the only `commit()` outside the indexer loop."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from launchpad.config import Settings
from launchpad.errors import UnavailableError
from launchpad.store.replica import POSTGRES_AWAY, Replica, open_pool

__all__ = ["POSTGRES_AWAY", "Database", "DatabaseAwayError", "Look", "commit_without_waiting", "connect_directly"]

_CUT = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)

_PATIENCE_SECONDS = 10


class DatabaseAwayError(UnavailableError):
    """The database did not answer; on another connection it may."""

    def __init__(self) -> None:
        message = "The service is not available at the moment, and nothing was changed: try again shortly."
        super().__init__(message, retry_after_ms=2000)


class Database:
    """A pool of connections and the scope in which work is done.

    `async with database.session() as session:` commits when the block ends and
    rolls back when it raises. `read()` gives a session that never commits; `look()`
    is for what many ask for: bare rows, no transaction.
    """

    def __init__(self, url: str, *, pool_size: int = 10, read_url: str = "", max_lag: float = 1.0) -> None:
        self.engine = _engine(url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self._url, self._pool_size = _plain(url), pool_size
        self._bare: asyncpg.Pool[asyncpg.Record] | None = None
        self._replica = Replica(self._url, _plain(read_url), pool_size, max_lag) if read_url else None
        # The pool's own queue lets newcomers overtake: under load some readers would wait many times as long as others.
        self._turns = asyncio.Semaphore(pool_size)

    @classmethod
    def from_settings(cls, settings: Settings) -> "Database":
        """The database that DATABASE_URL names, with its replica at READ_DATABASE_URL if there is one."""
        return cls(
            settings.require_database(),
            pool_size=settings.database_pool,
            read_url=settings.read_database_url,
            max_lag=settings.read_max_lag_ms / 1000,
        )

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
    async def look(self, *, behind: bool = False) -> AsyncIterator["Look"]:
        """A connection for hot reads, first come, first served; raises DatabaseAwayError.

        After a restart of the server the first read on each old connection fails: look again.
        With `behind`, what is read may be some moments old: it comes from the replica if there is one that follows.
        """
        replica = await self._replica.pool() if self._replica and behind else None
        pool = replica or await self._bare_pool()
        async with self._turn():
            try:
                connection = await pool.acquire(timeout=_PATIENCE_SECONDS)
            except _CUT as error:
                raise DatabaseAwayError from error
            try:
                yield Look(connection)
            finally:
                await pool.release(connection)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """A turn at one of the connections; raises DatabaseAwayError where none came."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._turns.acquire()
        except TimeoutError as error:
            raise DatabaseAwayError from error
        try:
            yield
        finally:
            self._turns.release()

    async def _bare_pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        """The pool of `look`, made in the loop that it is used in; its connections come as they are needed."""
        if self._bare is None:
            self._bare = open_pool(self._url, self._pool_size)
            await self._bare
        return self._bare

    async def close(self) -> None:
        """Return every connection."""
        await self.engine.dispose()
        if self._bare is not None:
            await self._bare.close()
        if self._replica is not None:
            await self._replica.close()


class Look:
    """Reads without the layers of a session: each statement stands alone, prepared once, in one round trip.

    Values are bound by name, as `:name` in the statement.
    """

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> None:
        self._connection = connection

    async def rows(self, statement: str, **values: Any) -> Sequence[asyncpg.Record]:
        """All rows; each is a mapping of its columns. Raises DatabaseAwayError."""
        positional, names = _numbered(statement)
        try:
            rows: Sequence[asyncpg.Record] = await self._connection.fetch(positional, *(values[name] for name in names))
        except _CUT as error:
            raise DatabaseAwayError from error
        return rows

    async def row(self, statement: str, **values: Any) -> asyncpg.Record | None:
        """The first row, None where there is none."""
        found = await self.rows(statement, **values)
        return found[0] if found else None


_NAMED = re.compile(r"(?<![:\w]):([a-z_]\w*)")


@lru_cache(maxsize=512)
def _numbered(statement: str) -> tuple[str, list[str]]:
    """`statement` with $1, $2, ... for its names, and these in order."""
    names = list(dict.fromkeys(_NAMED.findall(statement)))
    return _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", statement), names


def _plain(url: str) -> str:
    """The address as asyncpg takes it."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


def _engine(url: str, **options: Any) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_timeout=_PATIENCE_SECONDS,
        pool_recycle=1800,
        connect_args={"timeout": 5, "command_timeout": 30},
        **options,
    )


async def connect_directly(url: str) -> asyncpg.Connection:
    """One connection without a pool, for work that holds an advisory lock or writes in bulk."""
    return await asyncpg.connect(_plain(url), timeout=5)


async def commit_without_waiting(connection: asyncpg.Connection) -> None:
    """Do not wait for the disk at each commit of this connection.

    It is for what can be derived again: a Postgres that crashes may lose the last
    moments, each transaction whole. What others have built on them cannot outlive them,
    for the log is one sequence.
    """
    await connection.execute("SET synchronous_commit TO off")
