"""All SQL of pairs: which tokens they are, and what the rows of lists do not have."""

from collections.abc import Sequence

import asyncpg

from launchpad.db import Look

# The curve of a graduate is no pair any more.
_MINTS = """SELECT mint FROM curves WHERE address = ANY(:addresses) AND graduated_at IS NULL
  UNION SELECT c.mint FROM curves c JOIN pools p ON p.mint = c.mint AND p.canonical
    WHERE p.address = ANY(:addresses) AND c.graduated_at IS NOT NULL"""
_PLACES = """SELECT c.mint, c.address AS curve, c.opened_at, c.graduated_at, p.address AS pool, p.base_reserve,
    p.quote_reserve, t.banner_uri, t.links
  FROM curves c JOIN tokens t ON t.mint = c.mint LEFT JOIN pools p ON p.mint = c.mint AND p.canonical
  WHERE c.mint = ANY(:mints)"""


async def mints_of(look: Look, addresses: Sequence[str]) -> list[str]:
    """The tokens that trade at these addresses now."""
    return [row["mint"] for row in await look.rows(_MINTS, addresses=list(addresses))]


async def places(look: Look, mints: Sequence[str]) -> dict[str, asyncpg.Record]:
    """Curve, pool and links of tokens, by mint."""
    return {row["mint"]: row for row in await look.rows(_PLACES, mints=list(mints))}
