"""What a screen can filter, sort and show: every field by its name, its kind and its unit.

A kind says which words a filter may put after a field: amounts are written in SOL or, with a dollar sign,
in US dollars; shares and changes in percent; ages as 90s, 5m, 2h, 7d. On the wire figures keep the units
of the database: lamports, basis points, seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from launchpad.chain.markets import Venue
from launchpad.tables.metrics import WINDOW_NAMES
from launchpad.tokens.schemas import CurveStatus

Kind = Literal["sol", "price", "percent", "count", "score", "seconds", "moment", "choice", "address", "text"]

# What a bare number of a filter is worth in the units of the figure.
_SOL, _PERCENT, _PERCENT_OF_PPM, _AS_IT_IS = Decimal(10**9), Decimal(100), Decimal(10_000), Decimal(1)


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `figure` is its name among the figures, `scale` the figure's units in one unit of a filter."""

    name: str
    kind: Kind
    title: str
    figure: str = ""
    scale: Decimal = _AS_IT_IS
    choices: tuple[str, ...] = ()
    sorts: bool = True
    filters: bool = True

    @property
    def is_number(self) -> bool:
        """Whether its values have an order."""
        return self.kind not in ("choice", "address", "text")


def _of_window(window: str) -> list[Field]:
    counts = {"trades": "Trades", "buys": "Buys", "sells": "Sells", "buyers": "Buyers", "sellers": "Sellers"}
    span = f"in {window}"
    return [
        Field(f"volume_{window}", "sol", f"Volume {span}", f"volume_{window}", _SOL),
        Field(f"ranked_volume_{window}", "sol", f"Ranked volume {span}", f"ranked_volume_{window}", _SOL),
        *(Field(f"{name}_{window}", "count", f"{title} {span}", f"{name}_{window}") for name, title in counts.items()),
        Field(f"net_buyers_{window}", "count", f"Buyers less sellers {span}", f"net_buyers_{window}"),
        Field(f"change_{window}", "percent", f"Price change {span}", f"change_bps_{window}", _PERCENT),
        Field(f"volatility_{window}", "percent", f"Volatility {span}", f"volatility_bps_{window}", _PERCENT),
    ]


_SHARES = {
    "top_10": ("Held by the ten largest", "top_10_bps"),
    "gini": ("Inequality of holders", "gini_bps"),
    "creator_share": ("Held by the creator", "creator_bps"),
    "snipers": ("Held by snipers", "sniper_bps"),
    "bundlers": ("Held by bundlers", "bundler_bps"),
    "fresh": ("Held by fresh wallets", "fresh_bps"),
    "momentum": ("Momentum", "momentum_bps"),
}
_ALL = (
    Field("price", "price", "Price", "price_sol"),
    Field("market_cap", "sol", "Market cap", "market_cap", _SOL),
    Field("liquidity", "sol", "Liquidity", "liquidity", _SOL),
    Field("volume", "sol", "Volume since launch", "volume", _SOL),
    Field("trades", "count", "Trades since launch", "trades"),
    Field("holders", "count", "Holders", "holders"),
    Field("progress", "percent", "Progress of the curve", "progress_ppm", _PERCENT_OF_PPM),
    *(Field(name, "percent", title, figure, _PERCENT) for name, (title, figure) in _SHARES.items()),
    Field("organic", "score", "Organic score", "organic"),
    Field("score", "score", "Ranking", "score"),
    Field("age", "seconds", "Age", "age", sorts=False),
    Field("idle", "seconds", "Since the last trade", "idle", sorts=False),
    Field("launched_at", "moment", "Launched", "launched_at", filters=False),
    Field("last_trade_at", "moment", "Last trade", "last_trade_at", filters=False),
    *(field for window in WINDOW_NAMES for field in _of_window(window)),
    Field("status", "choice", "Status", choices=get_args(CurveStatus), sorts=False),
    Field("venue", "choice", "Where it trades", choices=get_args(Venue), sorts=False),
    Field("name", "text", "Name", sorts=False),
    Field("symbol", "text", "Symbol", sorts=False),
    Field("creator", "address", "Creator", sorts=False),
    Field("mint", "address", "Mint", sorts=False),
)
FIELDS: Mapping[str, Field] = {field.name: field for field in _ALL}
SORTABLE = tuple(field.name for field in _ALL if field.sorts)
FILTERABLE = tuple(field.name for field in _ALL if field.filters)
# Shown, but neither sorted nor filtered by.
ONLY_SHOWN = ("image", "decimals", "circulating", "opened_at")
# An age grows from answer to answer: what is shown is the moment.
COLUMNS = (*(field.name for field in _ALL if field.kind != "seconds"), *ONLY_SHOWN)
