"""Runs the migrations over one asyncpg connection, in one transaction, one runner at a time."""

import asyncio

from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from launchpad.config import get_settings
from launchpad.tables import metadata

# Any constant will do; it only has to be the same for every runner.
MIGRATION_LOCK = 0x4C50_4D49_4752


def migrate(connection: Connection) -> None:
    """Run what Alembic was asked for on this connection."""
    # Partitions come and go with time; their tables speak for them.
    partitions = set(connection.scalars(text("SELECT relname FROM pg_class WHERE relispartition")))
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        compare_server_default=True,
        include_name=lambda name, kind, _parents: kind != "table" or name not in partitions,
    )
    with context.begin_transaction():
        connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        context.run_migrations()


async def run() -> None:
    """Connect and migrate; the address comes from the caller or from the settings."""
    url = context.config.attributes.get("url") or get_settings().require_database()
    engine = create_async_engine(url, poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(migrate)
            await connection.commit()
    finally:
        await engine.dispose()


asyncio.run(run())
