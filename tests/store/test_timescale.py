"""TimescaleDB. The embedded Postgres has no such extension: its statements are read here, not run."""

import pytest

from launchpad.config import Settings
from launchpad.db import Database
from launchpad.errors import ConfigError
from launchpad.store import queries_timescale
from launchpad.store.partitions import keep_partitions
from launchpad.store.timescale import HANDED_OVER


async def test_a_server_without_the_extension_is_told_what_to_do(database_url):
    settings = Settings(database_url=database_url, timeseries_driver="timescale")
    database = Database(database_url, pool_size=1)
    with pytest.raises(ConfigError, match="install the extension on the server, or set TIMESERIES_DRIVER=postgres"):
        await keep_partitions(settings, database)
    async with database.read() as session:
        assert await queries_timescale.is_hypertable(session, "trades") is False
    await database.close()


def test_a_table_is_handed_over_with_all_its_rows_before_it_is_dropped():
    statements = queries_timescale.conversion("trades", HANDED_OVER["trades"], "1 day")
    order = [
        next(n for n, one in enumerate(statements) if one.startswith(begin))
        for begin in (
            "CREATE EXTENSION IF NOT EXISTS timescaledb",
            "LOCK TABLE trades",
            "SELECT create_hypertable('trades_whole', by_range('traded_at', INTERVAL '1 day')",
            "INSERT INTO trades_whole SELECT * FROM trades",
            "DROP TABLE trades",
            "ALTER TABLE trades_whole RENAME TO trades",
            "ALTER TABLE trades SET (timescaledb.compress, timescaledb.compress_segmentby = 'mint'",
            "SELECT add_compression_policy('trades', INTERVAL '24 hours'",
        )
    ]
    assert order == sorted(order)


def test_retention_is_replaced_and_zero_keeps_all():
    assert queries_timescale.retention("trades", 0) == ["SELECT remove_retention_policy('trades', if_exists => true)"]
    assert queries_timescale.retention("trades", 400)[-1] == (
        "SELECT add_retention_policy('trades', INTERVAL '400 days')"
    )
