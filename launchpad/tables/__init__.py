"""Every table, one module per slice, one metadata."""

from launchpad.tables import (
    accounts,
    chain,
    deposits,
    dex,
    live,
    markets,
    media,
    pools,
    revenue,
    rooms,
    sales,
    tokens,
    trades,
    verification,
    vesting,
    worker,
)
from launchpad.tables.base import metadata

__all__ = [
    "accounts",
    "chain",
    "deposits",
    "dex",
    "live",
    "markets",
    "media",
    "metadata",
    "pools",
    "revenue",
    "rooms",
    "sales",
    "tokens",
    "trades",
    "verification",
    "vesting",
    "worker",
]
