"""A market of simulated people, for local clusters: `launchpad demo`.

They do what visitors do, through the same doors: sign in with a wallet, upload a
picture, launch, trade, talk. Everything that they make says that it is simulated.
"""

import asyncio

import structlog

from launchpad.config import Settings
from launchpad.demo.guard import require_play_money
from launchpad.demo.market import Market
from launchpad.demo.people import gather_people

__all__ = ["run"]

log = structlog.get_logger(__name__)


async def run(settings: Settings) -> None:
    """Trade and talk until cancelled; ForbiddenClusterError where money could be real."""
    await require_play_money(settings)
    people = gather_people(settings.launchpad_home / "demo")
    market = Market(settings, people)
    try:
        await market.open()
        log.info("demo is running", people=len(people))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(market.keep_launching())
            tasks.create_task(market.keep_trading())
            tasks.create_task(market.keep_talking())
    finally:
        await market.close()
