"""All SQL that says who a wallet is to the tokens here."""

from collections.abc import Sequence

import asyncpg

from launchpad.db import Look
from launchpad.metrics.queries_store import FIRST_MINUTES, KINDS

MOST_COUNTED = 10_000
# A holder of as much of the supply is a large one.
LARGE_BPS = 100
_MOST_TOKENS = 50

_SEEN = f"""SELECT least(min(h.first_trade_at), (SELECT min(t.launched_at) FROM tokens t WHERE t.creator = :wallet))
    AS first_seen, max(h.last_trade_at) AS last_trade_at,
  (count(*) FILTER (WHERE h.base_bought > 0 OR h.base_sold > 0))::int AS tokens_traded,
  (SELECT count(*) FROM (SELECT FROM trades x WHERE x.trader = :wallet LIMIT {MOST_COUNTED}) c)::int AS trades,
  (SELECT count(*) FROM tokens t WHERE t.creator = :wallet)::int AS launched
FROM holders h WHERE h.owner = :wallet"""  # noqa: S608 - fixed text


async def seen(look: Look, wallet: str) -> asyncpg.Record:
    """When a wallet was first and last seen, how often it traded (counted up to a bound), how much it launched."""
    return (await look.rows(_SEEN, wallet=wallet))[0]


# Only who bought in a token's first minutes can be an early buyer of it.
_CANDIDATES = f"""ARRAY(SELECT h.mint FROM holders h JOIN tokens t ON t.mint = h.mint JOIN curves c ON c.mint = h.mint
  WHERE h.owner = :wallet AND h.base_bought > 0 AND t.creator <> h.owner
    AND h.first_trade_at <= greatest(t.launched_at, c.opened_at) + interval '{FIRST_MINUTES} minutes'
  ORDER BY h.first_trade_at DESC LIMIT {_MOST_TOKENS})"""  # noqa: S608 - (same)
_EARLY = f"""WITH {KINDS})
SELECT k.mint, t.name, t.symbol, k.sniper, k.bundler FROM kinds k JOIN tokens t ON t.mint = k.mint
WHERE k.trader = :wallet AND (k.sniper OR k.bundler) ORDER BY t.launched_at DESC, k.mint""".replace(  # noqa: S608 - (same)
    "$1::text[]", _CANDIDATES
)


async def early(look: Look, wallet: str) -> Sequence[asyncpg.Record]:
    """Tokens that a wallet sniped or bought in a bundle, newest first, of the last fifty that it bought so early."""
    return await look.rows(_EARLY, wallet=wallet)


_LAUNCHED = f"""SELECT t.mint, t.name, t.symbol FROM tokens t WHERE t.creator = :wallet
ORDER BY t.launched_at DESC, t.mint LIMIT {_MOST_TOKENS}"""  # noqa: S608 - (same)
_LARGE = f"""SELECT t.mint, t.name, t.symbol, div(h.balance * 10000, greatest(t.supply, 1))::int AS share_bps
FROM holders h JOIN tokens t ON t.mint = h.mint
WHERE h.owner = :wallet AND h.balance * 10000 >= t.supply * {LARGE_BPS} ORDER BY share_bps DESC, t.mint
LIMIT {_MOST_TOKENS}"""  # noqa: S608 - (same)


async def launched(look: Look, wallet: str) -> Sequence[asyncpg.Record]:
    """Tokens that a wallet launched, newest first."""
    return await look.rows(_LAUNCHED, wallet=wallet)


async def large(look: Look, wallet: str) -> Sequence[asyncpg.Record]:
    """Tokens of which a wallet holds a hundredth or more, the largest share first."""
    return await look.rows(_LARGE, wallet=wallet)
