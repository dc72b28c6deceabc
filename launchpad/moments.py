"""Moments as text, the one way they are written here."""

from datetime import UTC, datetime
from functools import lru_cache

# Trades come thousands a second, and each is of some second.
MOMENTS = 1024


@lru_cache(MOMENTS)
def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and a Z; finer parts are cut off, so that texts sort as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
