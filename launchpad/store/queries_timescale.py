"""SQL that hands trades to TimescaleDB: chunks by time, compressed after a day."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# What is compressed together and in which order, by table.
_SEGMENTS = {"trades": ("mint", "traded_at DESC, position DESC")}
_COMPRESS_AFTER = "24 hours"


async def is_there(session: AsyncSession) -> bool:
    """Whether this server has the extension at all."""
    return bool(
        await session.scalar(text("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')"))
    )


async def is_hypertable(session: AsyncSession, table: str) -> bool:
    """Whether a table was handed over before; asked only where the extension is installed."""
    installed = await session.scalar(text("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')"))
    if not installed:
        return False
    statement = "SELECT EXISTS (SELECT FROM timescaledb_information.hypertables WHERE hypertable_name = :table)"
    return bool(await session.scalar(text(statement), {"table": table}))


def conversion(table: str, column: str, chunk: str) -> list[str]:
    """The statements that turn a partitioned table into a hypertable with all its rows, for one transaction."""
    segment, order = _SEGMENTS[table]
    whole = f"{table}_whole"
    options = (
        f"timescaledb.compress, timescaledb.compress_segmentby = '{segment}', timescaledb.compress_orderby = '{order}'"
    )
    return [
        "CREATE EXTENSION IF NOT EXISTS timescaledb",
        f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
        f"CREATE TABLE {whole} (LIKE {table} INCLUDING DEFAULTS INCLUDING INDEXES)",
        f"SELECT create_hypertable('{whole}', by_range('{column}', INTERVAL '{chunk}'))",
        f"INSERT INTO {whole} SELECT * FROM {table}",  # noqa: S608 - our own names
        f"DROP TABLE {table}",
        f"ALTER TABLE {whole} RENAME TO {table}",
        f"ALTER TABLE {table} SET ({options})",
        f"SELECT add_compression_policy('{table}', INTERVAL '{_COMPRESS_AFTER}', if_not_exists => true)",
    ]


def retention(table: str, days: int) -> list[str]:
    """The statements after which chunks older than so many days go; 0 keeps all."""
    forget = [f"SELECT remove_retention_policy('{table}', if_exists => true)"]
    return forget + ([f"SELECT add_retention_policy('{table}', INTERVAL '{days} days')"] if days else [])


async def run(session: AsyncSession, statements: list[str]) -> None:
    """Run them one after the other."""
    for statement in statements:
        await session.execute(text(statement))
