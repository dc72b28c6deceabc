"""Figures by token for tests in which no worker runs."""

from launchpad.db import Database
from launchpad.metrics.follower import Follower, Turn
from tests.conftest import make_settings


async def work_out(database: Database) -> Turn:
    """Have the stored figures of every token of this database be those of its rows."""
    url = database.engine.url.render_as_string(hide_password=False)
    follower = Follower(make_settings(database_url=url), database)
    try:
        return await follower.run()
    finally:
        await follower.close()
