"""A token's figures as they are told."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from launchpad.amounts import decimal_text
from launchpad.db import Look
from launchpad.metrics import queries, scores
from launchpad.metrics.schemas import DistributionView, MilestoneView, RiskView, TokenFigures, WindowMetrics
from launchpad.tables.metrics import WINDOW_NAMES


async def figures_of(look: Look, mint: str) -> TokenFigures:
    """All figures of a token; empty ones where none were worked out yet."""
    row = await queries.of_token(look, mint)
    milestones = [MilestoneView(**item) for item in orjson.loads((row and row["milestones"]) or "[]")]
    if row is None or row["mint"] is None:
        return TokenFigures(
            metrics={},
            organic_score=None,
            momentum_bps=None,
            risk=[],
            holders_distribution=None,
            milestones=milestones,
            metrics_as_of=None,
        )
    return TokenFigures(
        metrics={name: window(row, name) for name in WINDOW_NAMES},
        organic_score=row["organic"],
        momentum_bps=row["momentum_bps"],
        risk=risks(row),
        holders_distribution=distribution(row),
        milestones=milestones,
        metrics_as_of=row["updated_at"],
    )


async def windows_of(look: Look, mints: Sequence[str]) -> dict[str, dict[str, WindowMetrics]]:
    """The windows of several tokens in one look, by mint; without those whose figures were not worked out yet."""
    rows = await queries.select(look, queries.Screen(mints=tuple(mints)), len(mints))
    return {row["mint"]: {name: window(row, name) for name in WINDOW_NAMES} for row in rows}


def window(row: Mapping[str, Any], name: str) -> WindowMetrics:
    """One window out of a row of figures."""
    buys, sells = row[f"buys_{name}"], row[f"sells_{name}"]
    return WindowMetrics(
        volume=str(row[f"volume_{name}"]),
        ranked_volume=str(row[f"ranked_volume_{name}"]),
        trades=buys + sells,
        buys=buys,
        sells=sells,
        buyers=row[f"buyers_{name}"],
        sellers=row[f"sellers_{name}"],
        price_change_bps=row[f"change_bps_{name}"],
        high=decimal_text(row[f"high_{name}"]),
        low=decimal_text(row[f"low_{name}"]),
        volatility=row[f"volatility_bps_{name}"],
    )


def risks(row: Mapping[str, Any]) -> list[RiskView]:
    """What is risky about a token, out of its row of figures."""
    found: Sequence[scores.Risk] = scores.risks(row, datetime.now(UTC))
    return [RiskView(code=risk.code, severity=risk.severity, text=risk.text) for risk in found]


def distribution(row: Mapping[str, Any]) -> DistributionView:
    """Who holds a token, out of its row of figures."""
    names = ("holders", "top_10_bps", "gini_bps", "creator_bps", "sniper_bps", "bundler_bps", "fresh_bps")
    return DistributionView(as_of=row["distribution_at"], **{name: row[name] for name in names})
