"""All SQL about the price of SOL."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.db import Look

_SAVE = text("""INSERT INTO sol_prices AS p (minute, usd, as_of, source)
  VALUES (date_trunc('minute', CAST(:as_of AS timestamptz)), :usd, :as_of, :source)
  ON CONFLICT (minute) DO UPDATE SET usd = excluded.usd, as_of = excluded.as_of, source = excluded.source
  WHERE p.as_of <= excluded.as_of""")
_NEWEST = "SELECT usd, as_of, source FROM sol_prices ORDER BY minute DESC LIMIT 1"
_AT = """SELECT usd, as_of, source FROM sol_prices
  WHERE minute <= :moment AND minute > CAST(:moment AS timestamptz) - make_interval(secs => :patience)
  ORDER BY minute DESC LIMIT 1"""


async def save(session: AsyncSession, usd: Decimal, as_of: datetime, source: str) -> None:
    """Keep a price as that of its minute, unless a newer one of the same minute is kept."""
    await session.execute(_SAVE, {"usd": usd, "as_of": as_of, "source": source})


async def newest(reader: AsyncSession | Look) -> Mapping[str, Any] | None:
    """The newest kept price: usd, as_of, source."""
    return await _first(reader, _NEWEST)


async def at(reader: AsyncSession | Look, moment: datetime, patience: float) -> Mapping[str, Any] | None:
    """The price of the minute of `moment`, or the newest of the `patience` seconds before it."""
    return await _first(reader, _AT, moment=moment, patience=patience)


async def _first(reader: AsyncSession | Look, statement: str, **values: Any) -> Mapping[str, Any] | None:
    if isinstance(reader, Look):
        found: Mapping[str, Any] | None = await reader.row(statement, **values)
        return found
    row = (await reader.execute(text(statement), values)).mappings().first()
    return dict(row) if row else None
