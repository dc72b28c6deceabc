"""Numbers that judge a token: how organic its trading looks, how it ranks, what is risky about it.

docs/metrics.md gives the formulas. All of it is arithmetic over stored figures.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from launchpad.chain.curve_math import BPS
from launchpad.metrics.windows import Figures

ScoreMode = Literal["normalised", "literal"]
Severity = Literal["info", "warning", "danger"]

_LAMPORTS = 10**9
_DECADES = 7  # ten million dollars are all there is to gain
_MOST_MOMENTUM = 30.0
_BUYERS_OF_A_CROWD = 20
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Distribution:
    """Who holds a token. Shares are basis points of the supply; Gini in basis points of 1."""

    holders: int = 0
    top_10_bps: int = 0
    gini_bps: int = 0
    creator_bps: int = 0
    sniper_bps: int = 0
    bundler_bps: int = 0
    fresh_bps: int = 0


@dataclass(frozen=True, slots=True)
class Risk:
    """One reason for care."""

    code: str
    severity: Severity
    text: str


def organic(day: Figures, held: Distribution) -> int:
    """0 to 100: how much the trading of a day looks like that of many who do not know each other."""
    if not day.buys:
        return 0
    diversity = min(BPS, 2 * day.buyers * BPS // day.buys)
    honesty = day.ranked_volume * BPS // day.volume if day.volume else 0
    spread = max(0, BPS - held.top_10_bps)
    clean = max(0, BPS - held.sniper_bps - held.bundler_bps - held.fresh_bps)
    quality = 3 * diversity + 3 * honesty + 2 * spread + 2 * clean
    crowd = min(day.buyers, _BUYERS_OF_A_CROWD)
    return quality * crowd // (10 * _BUYERS_OF_A_CROWD * BPS // _PERCENT)


def momentum_bps(hour: Figures, day: Figures) -> int:
    """The mean of the price's moves within the hour and the day, rounded toward zero."""
    return int((hour.change_bps + day.change_bps) / 2)


def ranking(mode: ScoreMode, hour: Figures, day: Figures, liquidity: int, sol_usd: Decimal | None) -> Decimal:
    """0 to 100, two decimals: volume 40, momentum 30, liquidity 20, activity 10.

    Dollars are needed for volume and liquidity: without a price of SOL they count nothing.
    """
    rate = float(sol_usd or 0) / _LAMPORTS
    volume, depth = day.ranked_volume * rate, liquidity * rate
    moved = (hour.change_bps + day.change_bps) / 2 / _PERCENT
    activity = min(day.buys + day.sells, 1000) / 100
    if mode == "literal":
        total = 40 * _log(volume) + min(moved, _MOST_MOMENTUM) + 20 * _log(depth) + activity
    else:
        steady = min(max(moved, 0.0), _MOST_MOMENTUM)
        total = 40 * _part(volume) + steady + 20 * _part(depth) + activity
    return Decimal(str(min(max(total, 0.0), 100.0))).quantize(Decimal("0.01"))


def _log(dollars: float) -> float:
    return math.log10(max(dollars, 1.0))


def _part(dollars: float) -> float:
    return min(math.log10(1 + dollars) / _DECADES, 1.0)


_SHARES: tuple[tuple[str, str, int, int, str], ...] = (
    ("top_10_bps", "CONCENTRATED", 3000, 6000, "The ten largest holders have {share} of the supply."),
    ("creator_bps", "CREATOR_HOLDS", 1000, 2500, "The creator holds {share} of the supply."),
    ("sniper_bps", "SNIPED", 1000, 2500, "Wallets that bought in the first seconds still hold {share} of the supply."),
    ("bundler_bps", "BUNDLED", 1000, 2500, "Wallets that bought together at the launch still hold {share}."),
    ("fresh_bps", "FRESH_WALLETS", 2000, 5000, "Wallets that never traded before hold {share} of the supply."),
)
_FEW_SOL = 5 * _LAMPORTS
_FALLEN_BPS = -5000
_TRADES_TO_JUDGE = 20
_YOUNG = timedelta(minutes=10)


def risks(row: Mapping[str, Any], now: datetime) -> list[Risk]:
    """What is risky about a token, worst first; `row` holds its stored figures and what the chain says of it."""
    found = [*_of_sale(row, now), *_of_shares(row), *_of_trading(row)]
    order = ("danger", "warning", "info")
    return sorted(found, key=lambda risk: order.index(risk.severity))


def _of_sale(row: Mapping[str, Any], now: datetime) -> Iterator[Risk]:
    if row["status"] in ("refunding", "failed"):
        yield Risk("SALE_FAILED", "danger", "The sale missed its goal: tokens can be returned, not traded.")
    if row["supply_mode"].lower() == "mintable":
        yield Risk("MINTABLE", "warning", "More tokens can be made, which dilutes those who hold some.")
    if row["update_authority"] is not None:
        yield Risk("METADATA_CAN_CHANGE", "info", "Name, ticker and picture can still be changed.")
    if now - row["opened_at"] < _YOUNG:
        yield Risk("YOUNG", "info", "It has been trading for less than ten minutes: figures say little yet.")


def _of_shares(row: Mapping[str, Any]) -> Iterator[Risk]:
    for column, code, warning, danger, words in _SHARES:
        bps = row[column]
        if bps >= warning:
            share = f"{bps // 100}.{bps % 100 // 10} %"
            yield Risk(code, "danger" if bps >= danger else "warning", words.format(share=share))


def _of_trading(row: Mapping[str, Any]) -> Iterator[Risk]:
    trades = row["buys_24h"] + row["sells_24h"]
    if row["liquidity"] < _FEW_SOL:
        yield Risk("LITTLE_LIQUIDITY", "warning", "Less than 5 SOL to trade against: small trades move the price far.")
    if trades >= _TRADES_TO_JUDGE and 2 * row["ranked_volume_24h"] < row["volume_24h"]:
        yield Risk("WASH_TRADING", "danger", "Most of the volume of the day is wallets that bought and sold at once.")
    if row["change_bps_1h"] <= _FALLEN_BPS:
        yield Risk("FALLING", "warning", "The price lost more than half within the hour.")
    if not trades:
        yield Risk("QUIET", "info", "Nobody traded it within a day.")
