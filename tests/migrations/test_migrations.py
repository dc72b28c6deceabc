import asyncpg

from launchpad.migrate import check, downgrade, head, upgrade
from launchpad.tables import metadata


async def _tables(url):
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    finally:
        await connection.close()
    return {row["tablename"] for row in rows}


async def test_the_newest_revision_has_every_table(database_url):
    assert await _tables(database_url) == set(metadata.tables) | {"alembic_version"}


def test_the_newest_revision_equals_the_tables(database_url):
    check(database_url)


async def test_migrations_roll_back_to_nothing_and_forward_again(database_url):
    downgrade(database_url, "base")
    assert await _tables(database_url) == {"alembic_version"}
    upgrade(database_url)
    check(database_url)


def test_upgrading_twice_changes_nothing(database_url):
    upgrade(database_url)
    upgrade(database_url, head())
    check(database_url)
