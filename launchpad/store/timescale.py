"""TimescaleDB in the place of Postgres's own partitions, where the server has it and TIMESERIES_DRIVER asks for it.

The embedded Postgres brings no extension: here the statements are tested as text, and
refused with what to do where the extension is missing.
"""

import structlog

from launchpad.config import Settings
from launchpad.db import Database
from launchpad.errors import ConfigError
from launchpad.store import queries, queries_timescale
from launchpad.store.spans import PartitionBy

log = structlog.get_logger(__name__)

# One-second candles are a partition of all candles, which a hypertable cannot be: they stay as they are.
HANDED_OVER = {"trades": "traded_at"}
_CHUNKS: dict[PartitionBy, str] = {"hour": "1 hour", "day": "1 day", "month": "1 month"}


async def hand_over(settings: Settings, database: Database) -> None:
    """Make hypertables of what is none yet and bring their retention up to date; raises ConfigError."""
    async with database.session() as session:
        if not await queries_timescale.is_there(session):
            raise ConfigError(
                "TIMESERIES_DRIVER is timescale, but this Postgres has no TimescaleDB: "
                "install the extension on the server, or set TIMESERIES_DRIVER=postgres."
            )
        for table, column in HANDED_OVER.items():
            if not await queries_timescale.is_hypertable(session, table):
                await queries.begin(session)
                chunk = _CHUNKS[settings.partition_by]
                await queries_timescale.run(session, queries_timescale.conversion(table, column, chunk))
                log.info("store.handed_to_timescale", table=table)
            await queries_timescale.run(session, queries_timescale.retention(table, settings.trades_keep_days))
