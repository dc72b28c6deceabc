"""A token's row of figures, as COPY takes text."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from launchpad.metrics import scores
from launchpad.metrics.queries_store import NULL, Facts
from launchpad.metrics.scores import Distribution, ScoreMode
from launchpad.metrics.windows import PRICE_PLACES, WINDOWS, Figures, TokenWindows

_PRICE = f"%de-{PRICE_PLACES}"
_WINDOW = "\t".join(_PRICE if name in {"high", "low"} else "%d" for name in Figures._fields)
_HELD = "\t".join(["%d"] * 7)


class Judged(NamedTuple):
    """By what scores are reckoned: which formula, what SOL last cost in dollars if that is known, and when."""

    mode: ScoreMode
    sol_usd: Decimal | None
    moment: datetime


def line(fact: Facts, token: TokenWindows | None, held: Distribution, held_at: datetime | None, by: Judged) -> str:
    """A row in the order of `queries_store.COLUMNS`; `token` is None where nobody traded lately."""
    figures = token.figures(fact.price) if token else [_quiet(fact.price)] * len(WINDOWS)
    hour, day = figures[3], figures[5]
    shares = held.top_10_bps, held.gini_bps, held.creator_bps, held.sniper_bps, held.bundler_bps, held.fresh_bps
    values = (
        fact.line,
        *[_WINDOW % window for window in figures],
        _HELD % (held.holders, *shares),
        str(held_at) if held_at else NULL,
        str(scores.organic(day, held)),
        str(scores.momentum_bps(hour, day)),
        str(scores.ranking(by.mode, hour, day, fact.liquidity, by.sol_usd)),
        str(by.moment),
    )
    return "\t".join(values)


def _quiet(price: int) -> Figures:
    """The figures of a window in which nothing happened."""
    return Figures(0, 0, 0, 0, 0, 0, 0, price, price, 0)
