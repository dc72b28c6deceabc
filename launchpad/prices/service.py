"""What SOL costs in US dollars, now and at a moment of the past."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.amounts import decimal_text
from launchpad.db import Look
from launchpad.prices import queries
from launchpad.prices.sources import DEVELOPMENT

# From this age on a price is no price any more: nothing is told in dollars by it.
STALE_SECONDS = 60
# How far back the price of a past moment may lie: the job writes one every few seconds.
PATIENCE_SECONDS = 300
_EXACT = Context(prec=80)
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class SolPrice:
    """US dollars per SOL, when that held, who said so, and whether it is too old to be used."""

    value: Decimal
    as_of: datetime
    source: str
    stale: bool

    @property
    def is_development(self) -> bool:
        """Whether the number is made up for local clusters."""
        return self.source == DEVELOPMENT


async def sol_usd(reader: AsyncSession | Look) -> SolPrice | None:
    """The newest price of SOL, stale or not; None while none was ever told."""
    return price_of(await queries.newest(reader), datetime.now(UTC))


async def fresh_usd(reader: AsyncSession | Look) -> Decimal | None:
    """US dollars per SOL if that is known and younger than 60 s."""
    found = await sol_usd(reader)
    return found.value if found and not found.stale else None


async def usd_at(reader: AsyncSession | Look, moment: datetime) -> Decimal | None:
    """US dollars per SOL at a past moment: of its minute, or of the five before it; None where nobody told."""
    found = await queries.at(reader, moment, PATIENCE_SECONDS)
    return found["usd"] if found else None


def price_of(row: Mapping[str, Any] | None, now: datetime) -> SolPrice | None:
    """A row of `sol_prices` as a price, judged at `now`."""
    if row is None:
        return None
    stale = (now - row["as_of"]).total_seconds() > STALE_SECONDS
    return SolPrice(row["usd"], row["as_of"], row["source"], stale)


def in_usd(sol: Decimal | None, rate: Decimal | None) -> str | None:
    """What an amount or price of SOL is in dollars, in 12 significant digits, half to even; None without both."""
    if sol is None or rate is None:
        return None
    product = _EXACT.multiply(sol, rate)
    return decimal_text(Context(prec=_DIGITS, rounding=ROUND_HALF_EVEN).plus(product))
