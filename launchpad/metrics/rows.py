"""A token's row of figures, as it is brought to Postgres."""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from launchpad.metrics import scores
from launchpad.metrics.queries_store import Facts
from launchpad.metrics.scores import Distribution, ScoreMode
from launchpad.metrics.windows import PRICE_PLACES, WINDOWS, Figures, TokenWindows

_PLACE_OF_PRICE = Facts._fields.index("price")


class Judged(NamedTuple):
    """By what scores are reckoned: which formula, and what SOL last cost in dollars, if that is known."""

    mode: ScoreMode
    sol_usd: Decimal | None


def row(
    fact: Facts,
    token: TokenWindows | None,
    held: Distribution,
    held_at: datetime | None,
    by: Judged,
    moment: datetime,
) -> list[Any]:
    """The values of a row in the order of `queries_store.COLUMNS`; `token` is None where nobody traded lately."""
    figures = token.figures(fact.price) if token else [_quiet(fact.price)] * len(WINDOWS)
    hour, day = figures[3], figures[5]
    values: list[Any] = [*fact]
    values[_PLACE_OF_PRICE] = _text(fact.price)
    for *counts, high, low, volatility in figures:
        values += (*counts, _text(high), _text(low), volatility)
    values += (
        *(held.holders, held.top_10_bps, held.gini_bps, held.creator_bps),
        *(held.sniper_bps, held.bundler_bps, held.fresh_bps, held_at),
        scores.organic(day, held),
        scores.momentum_bps(hour, day),
        str(scores.ranking(by.mode, hour, day, fact.liquidity, by.sol_usd)),
        moment,
    )
    return values


def _quiet(price: int) -> Figures:
    """The figures of a window in which nothing happened."""
    return Figures(0, 0, 0, 0, 0, 0, 0, price, price, 0)


def _text(price: int) -> str:
    return f"{price}e-{PRICE_PLACES}"
