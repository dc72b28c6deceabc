"""Reading from a replica: only what may be old, and only while it follows."""

import asyncio
import subprocess
from contextlib import asynccontextmanager

import pytest

from launchpad.db import Database, connect_directly
from launchpad.embedded import EmbeddedPostgres, _postgres_programs, give_away
from launchpad.store.replica import Replica


class Standby(EmbeddedPostgres):
    """A copy of another server that follows it."""

    def __init__(self, folder, primary):
        super().__init__(folder, durable=False)
        self._primary = primary

    def _password(self):
        return self._primary._password()  # the copied server knows no other

    def _prepare(self):
        if self._data().exists():
            return
        self._data().mkdir(mode=0o700)
        give_away(self._data())
        url = self._primary.url.replace("+asyncpg", "")
        words = ["-D", str(self._data()), "-d", url, "-R", "-X", "stream", "-c", "fast"]
        subprocess.run(self._command(["pg_basebackup", *words]), check=True, cwd="/")


@pytest.fixture(scope="module")
def primary(folder):
    with EmbeddedPostgres(folder / "primary", durable=False) as server:
        yield server


@pytest.fixture(scope="module")
def standby(folder, primary):
    if not (_postgres_programs() / "pg_basebackup").exists():
        pytest.skip("this Postgres brings no pg_basebackup to make a replica with")
    with Standby(folder / "standby", primary) as server:
        yield server


@asynccontextmanager
async def database_of(primary, replica_url, **options):
    database = Database(primary.url, pool_size=2, read_url=replica_url, **options)
    try:
        yield database
    finally:
        await database.close()


async def reads_the_replica(database, *, behind):
    async with database.look(behind=behind) as look:
        return (await look.row("SELECT pg_is_in_recovery() AS replica"))["replica"]


async def until(question):
    async with asyncio.timeout(30):
        while not await question():
            await asyncio.sleep(0.05)


async def test_what_may_be_old_comes_from_a_replica_that_follows(primary, standby):
    async with database_of(primary, standby.url) as database:
        assert await reads_the_replica(database, behind=True) is False  # nobody knows yet how far it is
        await until(lambda: reads_the_replica(database, behind=True))
        assert await reads_the_replica(database, behind=False) is False


async def test_a_replica_that_falls_behind_is_passed_over_until_it_has_caught_up(primary, standby):
    writer, replica = await connect_directly(primary.url), await connect_directly(standby.url)

    async def passed_over():
        await writer.execute("CREATE TABLE IF NOT EXISTS moments (at timestamptz); INSERT INTO moments VALUES (now())")
        return not await reads_the_replica(database, behind=True)

    async with database_of(primary, standby.url, max_lag=0.6) as database:
        await until(lambda: reads_the_replica(database, behind=True))
        await replica.execute("SELECT pg_wal_replay_pause()")
        await until(passed_over)
        await replica.execute("SELECT pg_wal_replay_resume()")
        await until(lambda: reads_the_replica(database, behind=True))
    await writer.close()
    await replica.close()


async def test_a_replica_that_is_away_harms_nobody(primary):
    async with database_of(primary, "postgresql://launchpad@127.0.0.1:1/launchpad") as database:
        for _ in range(3):
            assert await reads_the_replica(database, behind=True) is False


async def test_a_primary_with_nothing_to_write_makes_no_lag(primary, standby):
    replica = Replica(
        primary.url.replace("+asyncpg", ""), standby.url.replace("+asyncpg", ""), pool_size=1, max_lag=0.5
    )
    await until(replica.pool)
    assert replica.lag() <= 0.5
    await replica.close()
