"""Who holds a token: the largest with their roles, and how evenly the rest is divided."""

import asyncpg

from launchpad.analytics import queries
from launchpad.analytics.schemas import Distribution, HolderBubble, LorenzPoint, RiskReport
from launchpad.chain.curve_math import BPS
from launchpad.db import Look
from launchpad.metrics.reading import figures_of
from launchpad.tokens import queries as token_queries
from launchpad.tokens.errors import unknown_token


async def distribution(look: Look, mint: str) -> Distribution:
    """Who holds a token at this moment; raises TokenNotFoundError."""
    row = await queries.spread(look, mint)
    if row is None:
        raise unknown_token(mint)
    holders, total, supply = row["holders"], int(row["total"]), int(row["supply"])
    tops = {f"top_{count}_bps": _part(int(row[f"top_{count}"]), supply) for count in (1, 10, 50)}
    return Distribution(
        mint=mint,
        holders=holders,
        supply=str(supply),
        held=str(total),
        **tops,
        gini_bps=_gini(row) if holders and total else 0,
        lorenz=[_point(0, 0, 1, 1), *(_point(int(rank), int(sum_), holders, total) for rank, sum_ in row["lorenz"])],
        largest=[HolderBubble(**one) for one in await queries.bubbles(look, mint)],
    )


async def risk_report(look: Look, mint: str) -> RiskReport:
    """What is risky about a token; raises TokenNotFoundError."""
    if not await token_queries.is_known(look, mint):
        raise unknown_token(mint)
    figures = await figures_of(look, mint)
    held = figures.holders_distribution
    return RiskReport(
        mint=mint,
        risk=figures.risk,
        organic_score=figures.organic_score,
        creator_bps=held and held.creator_bps,
        sniper_bps=held and held.sniper_bps,
        bundler_bps=held and held.bundler_bps,
        fresh_bps=held and held.fresh_bps,
        milestones=figures.milestones,
        as_of=figures.metrics_as_of,
    )


def _part(amount: int, whole: int) -> int:
    return amount * BPS // whole if whole else 0


def _point(wallets: int, held: int, holders: int, total: int) -> LorenzPoint:
    return LorenzPoint(wallets_bps=_part(wallets, holders), held_bps=_part(held, total))


def _gini(row: asyncpg.Record) -> int:
    """2 Σ i·x_i / (n Σ x) - (n + 1) / n of the balances x in rising order, in basis points, rounded down."""
    holders, total, weighted = int(row["holders"]), int(row["total"]), int(row["weighted"])
    return (2 * weighted - (holders + 1) * total) * BPS // (holders * total)
