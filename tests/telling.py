"""What was told, where no publisher runs."""

from launchpad.db import connect_directly
from launchpad.outbox import queries


async def number(connection):
    """Do what the publisher does before it tells Redis: give everything that waits its place in the outbox."""
    async with connection.transaction():
        while await queries.take(connection, 1000):
            pass


async def number_all(database_url):
    """The same, for a test that has no connection of its own."""
    connection = await connect_directly(database_url)
    try:
        await number(connection)
    finally:
        await connection.close()
