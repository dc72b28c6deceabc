"""Asks what SOL costs and keeps the answer."""

from dataclasses import dataclass

import structlog

from launchpad.db import Database
from launchpad.errors import LaunchpadError
from launchpad.prices import queries
from launchpad.prices.sources import PriceSource

log = structlog.get_logger(__name__)


@dataclass
class PriceJob:
    """One question to the source each turn. A source that is away costs nothing but dollars on the pages."""

    database: Database
    source: PriceSource | None

    async def run(self) -> None:
        """Keep the price of now."""
        if self.source is None:
            return
        try:
            quotation = await self.source.quote()
        except LaunchpadError as error:
            log.warning("worker.no_sol_price", error=error.message)
            return
        async with self.database.session() as session:
            await queries.save(session, quotation.usd, quotation.as_of, quotation.source)
