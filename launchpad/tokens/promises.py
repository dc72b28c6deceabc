"""What becomes of a sale's raise, as its terms promised at the launch."""

from dataclasses import dataclass
from typing import Any

import orjson

from launchpad.chain.curve_math import BPS
from launchpad.db import Look
from launchpad.tokens import queries_page


@dataclass(frozen=True)
class RaisePayout:
    """The part of a raise that is paid out: basis points of the payout that are the team's, seconds from graduation."""

    team: str
    treasury: str
    team_bps: int
    cliff_seconds: int
    duration_seconds: int
    period_seconds: int


@dataclass(frozen=True)
class GraduationPromise:
    """Where a token graduates to, and what becomes of the raise. Nobody can change it after the launch.

    A lock of 0 seconds means that nobody ever gets the pool's shares.
    """

    venue: str = "amm"
    liquidity_bps: int = BPS
    liquidity_lock_seconds: int = 0
    payout: RaisePayout | None = None

    def liquidity_of(self, raise_target: int) -> int:
        """Lamports of a raise that become liquidity, rounded down; launch fees come on top."""
        return raise_target * self.liquidity_bps // BPS


async def graduation_promise(look: Look, mint: str) -> GraduationPromise:
    """The promise of a token's sale; the usual one where its sale names no terms."""
    stored = await queries_page.sale_terms(look, mint)
    return _promise(orjson.loads(stored)["graduation"]) if stored else GraduationPromise()


def _promise(terms: dict[str, Any]) -> GraduationPromise:
    paid = terms["payout"]
    return GraduationPromise(**terms | {"payout": RaisePayout(**paid) if paid else None})
