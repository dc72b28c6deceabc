"""Market values that a token reaches for the first time: stored once, told once, never taken back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from launchpad import live
from launchpad.config import Settings, split_list
from launchpad.db import Database
from launchpad.errors import ConfigError
from launchpad.metrics import queries
from launchpad.metrics.queries_store import Facts
from launchpad.metrics.windows import PRICE_PLACES
from launchpad.moments import iso

_LAMPORTS = 10**9
_PRICE_ONE = 10**PRICE_PLACES


class Milestones:
    """Which milestones there are, and who has reached them."""

    def __init__(self, settings: Settings) -> None:
        self.steps = steps(settings)
        self.king = settings.king_milestone_usd
        self.reached: set[tuple[str, int]] = set()

    async def tell(
        self, database: Database, sol_usd: Decimal | None, tokens: Sequence[tuple[Facts, int]]
    ) -> list[tuple[str, int]]:
        """Store and tell what these tokens reached by the highest price each had; those that were new.

        `sol_usd` is a fresh price of SOL: without one nothing is told, as nobody knows.
        """
        if sol_usd is None or not self.steps:
            return []
        moment = datetime.now(UTC)
        found = [values for fact, price in tokens for values in self._of(fact, price, sol_usd, moment)]
        if not found:
            return []
        async with database.session() as session:
            new = await queries.add_milestones(session, found)
            names = await queries.names(session, [mint for mint, _ in new])
            events = [
                live.MilestoneReached(
                    mint=row["mint"],
                    **names.get(row["mint"], {"name": "", "symbol": ""}),
                    usd=row["usd"],
                    king=row["usd"] == self.king,
                    market_cap=str(row["market_cap"]),
                    sol_usd=f"{sol_usd:f}",
                    reached_at=iso(moment),
                )
                for row in found
                if (row["mint"], row["usd"]) in new
            ]
            await live.publish(session, *events)
        self.reached |= {(row["mint"], row["usd"]) for row in found}
        return sorted(new)

    def _of(self, fact: Facts, price: int, sol_usd: Decimal, moment: datetime) -> list[dict[str, Any]]:
        worth = price * int(fact.circulating) // _PRICE_ONE
        return [
            {"mint": fact.mint, "usd": usd, "market_cap": worth, "sol_usd": sol_usd, "reached_at": moment}
            for usd in self.steps
            if (fact.mint, usd) not in self.reached and worth * sol_usd >= usd * _LAMPORTS
        ]


def steps(settings: Settings) -> tuple[int, ...]:
    """The milestones in US dollars, lowest first; raises ConfigError."""
    try:
        found = sorted({int(part) for part in split_list(settings.milestones_usd)})
    except ValueError:
        found = [0]
    if found and found[0] < 1:
        raise ConfigError("MILESTONES_USD is a list of whole dollars, as in 4000,30000,69000.")
    return tuple(found)


def king_range(settings: Settings) -> tuple[int, int | None]:
    """From which market value on, and up to which, a token may be king of the hill. US dollars."""
    higher = [usd for usd in steps(settings) if usd > settings.king_milestone_usd]
    return settings.king_milestone_usd, min(higher, default=None)
