"""The embedded Postgres and Redis keep what they were given, whatever happens to them."""

import asyncpg
import pytest
from redis.asyncio import Redis

from launchpad.embedded import EmbeddedPostgres, EmbeddedRedis
from launchpad.errors import ConfigError


async def _execute(url, sql):
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetch(sql)
    finally:
        await connection.close()


async def test_postgres_keeps_its_rows_through_a_stop_and_a_kill(folder):
    home = folder / "pg-keeps"
    with EmbeddedPostgres(home) as server:
        await _execute(server.url, "CREATE TABLE t (n int)")
        await _execute(server.url, "INSERT INTO t VALUES (1)")
        server.process.kill()
        server.process.wait()
        server.restart()
        await _execute(server.url, "INSERT INTO t VALUES (2)")
    with EmbeddedPostgres(home) as server:
        assert [row["n"] for row in await _execute(server.url, "SELECT n FROM t ORDER BY n")] == [1, 2]


async def test_redis_keeps_its_streams_through_a_stop_and_a_kill(folder):
    home = folder / "redis-keeps"
    with EmbeddedRedis(home) as server:
        async with Redis.from_url(server.url) as client:
            await client.xadd("stream:market", {"event": "one"})
    with EmbeddedRedis(home) as server:
        server.process.kill()
        server.process.wait()
        server.restart()
        async with Redis.from_url(server.url) as client:
            assert await client.xlen("stream:market") == 1


def test_a_folder_serves_one_server_at_a_time(folder):
    home = folder / "redis-once"
    with EmbeddedRedis(home), pytest.raises(ConfigError, match="in use by process"):
        EmbeddedRedis(home).start()


def test_two_servers_run_side_by_side(folder):
    with EmbeddedRedis(folder / "side-a") as one, EmbeddedRedis(folder / "side-b") as other:
        assert one.url != other.url


def test_a_taken_port_is_named(folder):
    with EmbeddedRedis(folder / "port-a") as one, pytest.raises(ConfigError, match=f"Port {one.port} .* is taken"):
        EmbeddedRedis(folder / "port-b", one.port).start()


def test_a_pid_file_that_names_another_process_harms_nobody(folder):
    home = folder / "redis-stale"
    with EmbeddedRedis(home):
        pass
    (home / "redis.pid").write_text("1\n")
    with EmbeddedRedis(home) as server:
        assert server.process.poll() is None


def test_an_interrupted_first_start_is_begun_again(folder):
    home = folder / "pg-interrupted"
    (home / "data").mkdir(parents=True)
    (home / "data" / "half").touch()
    with EmbeddedPostgres(home, durable=False) as server:
        assert server.process.poll() is None


async def test_a_fresh_database_has_the_tables(database_url):
    rows = await _execute(database_url, "SELECT 1 FROM information_schema.tables WHERE table_name = 'tokens'")
    assert rows
