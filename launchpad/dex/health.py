"""How pools are doing: what they hold, what moves their price, and whether that price is an honest one."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from math import isqrt
from typing import Any

from launchpad.chain.client import ChainClient
from launchpad.chain.curve_math import BPS
from launchpad.chain.markets import fetch_open_pool
from launchpad.chain.pools import NoPoolError
from launchpad.chain.pools import fetch_pool as fetch_own
from launchpad.chain.tokens import parse_mint
from launchpad.chain.venues.raydium.accounts import average_price
from launchpad.chain.venues.raydium.reading import LivePool, fetch_observations, find_pool
from launchpad.dex.errors import MintNotAcceptedError
from launchpad.dex.raydium import price_text
from launchpad.dex.schemas import PoolHealth, VenueName
from launchpad.pools.reading import average_since_opening

_WINDOW = 3_600
_MOVES = (100, 200, 500)
# Below these people are told: lamports that move the price by 2 %, off the average, locked.
_THIN = 10**9
_OFF_BPS, _LOCKED_BPS, _QUIET_SECONDS = 1_000, 9_000, 86_400
_SCALE = 10**18


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a pool. Base units, lamports, lamports per base unit; `average` over `seconds`."""

    venue: VenueName
    pool: str
    mint: str
    decimals: int
    base: int
    lamports: int
    average: Fraction | None
    seconds: int | None
    last_trade: datetime | None
    locked_bps: int | None
    notes: list[str] = field(default_factory=list)

    @property
    def price(self) -> Fraction:
        """Lamports per base unit."""
        return Fraction(self.lamports, self.base)


async def pool_health(chain: ChainClient, address: str) -> PoolHealth:
    """How a pool of ours or of Raydium's is doing; NoPoolError for anything else."""
    live = await find_pool(chain.rpc, address)
    return report(await (_of_raydium(chain, live) if live else _of_ours(chain, address)), datetime.now(UTC))


def report(facts: Facts, now: datetime) -> PoolHealth:
    """The figures and, in words, what to mind."""
    deviation = None if not facts.average else int((facts.price - facts.average) * BPS / facts.average)
    depth = _depth(facts.lamports)
    return PoolHealth(
        venue=facts.venue,
        pool=facts.pool,
        mint=facts.mint,
        base_reserve=str(facts.base),
        quote_reserve=str(facts.lamports),
        price_sol=price_text(facts.price, facts.decimals),
        twap_sol=facts.average and price_text(facts.average, facts.decimals),
        twap_seconds=facts.seconds,
        deviation_bps=deviation,
        depth={name: str(amount) for name, amount in depth.items()},
        imbalance_bps=_imbalance(facts),
        last_trade_at=facts.last_trade,
        locked_bps=facts.locked_bps,
        notes=[*facts.notes, *_notes(facts, deviation, depth["buy_200_bps"], now)],
    )


def _depth(lamports: int) -> dict[str, int]:
    """Lamports, without fees, that a buy brings and a sell takes until the price has moved so far."""
    found = {}
    for move in _MOVES:
        up, down = (isqrt(_SCALE**2 * (BPS + sign * move) // BPS) for sign in (1, -1))
        found[f"buy_{move}_bps"] = lamports * (up - _SCALE) // _SCALE
        found[f"sell_{move}_bps"] = lamports * (_SCALE - down) // _SCALE
    return found


def _imbalance(facts: Facts) -> int:
    """By how much the two sides differ at the average price; even by definition at the pool's own."""
    tokens = facts.base * (facts.average or facts.price)
    return int(abs(facts.lamports - tokens) * BPS / (facts.lamports + tokens))


def _notes(facts: Facts, deviation: int | None, depth: int, now: datetime) -> list[str]:
    notes = []
    if depth < _THIN:
        notes.append("Thin: less than one SOL moves the price by two percent.")
    if deviation is not None and abs(deviation) > _OFF_BPS:
        notes.append("The price is more than ten percent off its average: wait before you trade much.")
    if facts.last_trade is None or (now - facts.last_trade).total_seconds() > _QUIET_SECONDS:
        notes.append("Nobody has traded here for a day.")
    if facts.locked_bps is not None and facts.locked_bps < _LOCKED_BPS:
        notes.append("Most of the liquidity can be taken out at any time by whoever holds its shares.")
    return notes


async def _of_raydium(chain: ChainClient, live: LivePool) -> Facts:
    if live.sol_side is None:
        raise MintNotAcceptedError("This pool is not against SOL: nothing is known of its price here.", field="pool")
    base_side = 1 - live.sol_side
    found = average_price(await fetch_observations(chain.rpc, live.pool.key), _WINDOW)
    average = Fraction(*found) if found and found[0] else None
    if average is not None and base_side == 1:
        average = 1 / average
    supply = await _supply(chain, live.pool.lp_mint)
    total = live.state.lp_supply
    return Facts(
        venue="raydium_cpmm",
        pool=live.pool.key,
        mint=live.pool.mints[base_side],
        decimals=(live.state.mint_0_decimals, live.state.mint_1_decimals)[base_side],
        base=live.reserves[base_side],
        lamports=live.reserves[live.sol_side],
        average=average,
        seconds=found[1] >> 32 if found and average else None,
        last_trade=await _last_use(chain, live.pool.key),
        locked_bps=(total - supply) * BPS // total if total else None,
        notes=["Raydium has stopped something in this pool."] if live.state.status else [],
    )


async def _of_ours(chain: ChainClient, address: str) -> Facts:
    state = (await fetch_own(chain.rpc, address)).state
    now = int(time.time())
    pool = await fetch_open_pool(chain.rpc, address, state.base_mint, now)
    if pool is None:
        raise NoPoolError("This pool is not against SOL: nothing is known of its price here.")
    supply = await _supply(chain, state.lp_mint)
    return Facts(
        venue="amm",
        pool=address,
        mint=state.base_mint,
        decimals=state.base_decimals,
        base=pool.reserves.base,
        lamports=pool.reserves.quote,
        average=average_since_opening(pool, now),
        seconds=max(now, state.observed_at) - state.opened_at,
        last_trade=await _last_use(chain, address),
        locked_bps=(state.lp_supply - supply) * BPS // state.lp_supply if state.lp_supply else None,
    )


async def _supply(chain: ChainClient, mint: str) -> int:
    account = await chain.rpc.get_account(mint)
    return parse_mint(mint, account).supply if account else 0


async def _last_use(chain: ChainClient, pool: str) -> datetime | None:
    """The newest transaction that touched the pool and did not fail, as the node tells it."""
    entries: list[dict[str, Any]] = await chain.rpc.get_signatures_for_address(pool, limit=20)
    times = [entry["blockTime"] for entry in entries if entry["err"] is None and entry.get("blockTime")]
    return datetime.fromtimestamp(max(times), UTC) if times else None
