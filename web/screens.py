"""The screener's columns, and what an address of its page asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args
from urllib.parse import urlencode

from launchpad.screener.fields import FIELDS, SORTABLE
from launchpad.screener.lexing import MAX_LENGTH
from launchpad.screener.presets import PRESETS, PresetName
from launchpad.screener.schemas import ViewOut, Window
from launchpad.screener.service import Ask

Form = Literal["price", "change", "sol", "count", "share", "score", "ago"]
WINDOWS: tuple[Window, ...] = get_args(Window)
ROWS = 100


@dataclass(frozen=True, slots=True)
class Column:
    """One column after the name. `field` has the window's name in braces where it has windows."""

    key: str
    title: str
    field: str
    form: Form
    usual: bool = True

    def name(self, window: Window) -> str:
        """Its field in a window."""
        return self.field.format(window=window)

    def head(self, window: Window) -> str:
        """What stands above it."""
        return f"{self.title} {window}" if "{" in self.field else self.title


COLUMNS = (
    Column("price", "Price, SOL", "price", "price"),
    Column("change", "Change", "change_{window}", "change"),
    Column("market_cap", "Market cap, SOL", "market_cap", "sol"),
    Column("volume", "Volume", "volume_{window}", "sol"),
    Column("trades", "Trades", "trades_{window}", "count"),
    Column("buyers", "Buyers", "buyers_{window}", "count", usual=False),
    Column("net_buyers", "Net buyers", "net_buyers_{window}", "count", usual=False),
    Column("volatility", "Volatility", "volatility_{window}", "share", usual=False),
    Column("liquidity", "Liquidity, SOL", "liquidity", "sol"),
    Column("progress", "Progress", "progress", "share"),
    Column("holders", "Holders", "holders", "count"),
    Column("top_10", "Top ten hold", "top_10", "share", usual=False),
    Column("creator_share", "Creator holds", "creator_share", "share", usual=False),
    Column("organic", "Organic", "organic", "score", usual=False),
    Column("score", "Ranking", "score", "score", usual=False),
    Column("traded", "Last trade", "last_trade_at", "ago", usual=False),
    Column("age", "Age", "launched_at", "ago"),
)
_BY_KEY = {column.key: column for column in COLUMNS}
USUAL = tuple(column.key for column in COLUMNS if column.usual)
# What rows need whatever is shown: who they are, and what live trades are counted with.
ALWAYS = ("mint", "name", "symbol", "image", "status", "venue", "decimals", "circulating")


@dataclass(frozen=True, slots=True)
class Screen:
    """What the page shows."""

    preset: PresetName = "all"
    filter: str = ""
    sort: str = ""
    order: Literal["asc", "desc"] = "desc"
    window: Window = "24h"
    columns: tuple[str, ...] = USUAL
    cursor: str | None = None

    @property
    def shown(self) -> list[Column]:
        """The columns, in their order."""
        return [_BY_KEY[key] for key in self.columns]

    @property
    def sorted_by(self) -> str:
        """The field of the order."""
        return field_of(self.sort, self.window) or PRESETS[self.preset].sort

    def ask(self, mints: tuple[str, ...] | None = None) -> Ask:
        """The same for the slice."""
        fields = tuple(column.name(self.window) for column in self.shown)
        return Ask(
            preset=self.preset,
            filter=self.filter,
            mints=mints,
            sort=self.sorted_by,
            descending=self.order == "desc",
            columns=(*ALWAYS, *fields),
            limit=ROWS,
            cursor=self.cursor,
        )

    def href(self, path: str, **changes: object) -> str:
        """The page's address with something else in it; what is usual is left out."""
        other = replace(self, **({"cursor": None} | changes))  # type: ignore[arg-type]  # the names are those of the fields
        values = {
            "tab": other.preset if other.preset != "all" else "",
            "filter": other.filter,
            "sort": other.sort,
            "order": other.order if other.order != "desc" else "",
            "window": other.window if other.window != "24h" else "",
            "columns": ",".join(other.columns) if other.columns != USUAL else "",
            "cursor": other.cursor or "",
        }
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{query}" if query else path


def field_of(sort: str, window: Window) -> str:
    """The field that a column's key, or a field's own name, sorts by; empty where nothing does."""
    if sort in _BY_KEY:
        return _BY_KEY[sort].name(window)
    return sort if sort in SORTABLE else ""


def read(query: Mapping[str, str]) -> Screen:
    """What an address asks for; what cannot be understood is as usual, but for the filter, which says what is wrong."""
    preset, window = query.get("tab", "all"), query.get("window", "24h")
    keys = tuple(dict.fromkeys(key for key in query.get("columns", "").split(",") if key in _BY_KEY))
    window_name = window if window in WINDOWS else "24h"
    sort = query.get("sort", "")
    return Screen(
        preset=preset if preset in PRESETS else "all",
        filter=query.get("filter", "")[: MAX_LENGTH + 1].strip(),
        sort=sort if field_of(sort, window_name) else "",
        order="asc" if query.get("order") == "asc" else "desc",
        window=window_name,
        columns=keys or USUAL,
        cursor=query.get("cursor") or None,
    )


def of_view(view: ViewOut) -> Screen:
    """What a kept view shows."""
    keys = tuple(key for key in view.columns if key in _BY_KEY)
    return Screen(view.preset, view.filter, view.sort or "", view.order, view.window, keys or USUAL)


def facts() -> dict[str, object]:
    """What the page's script needs to know of fields and columns."""
    return {
        "fields": [
            [field.name, field.kind, f"{field.kind}{field.scale}", field.title, list(field.choices), field.sorts]
            for field in FIELDS.values()
            if field.filters
        ],
        "sorts": SORTABLE,
        "columns": [[each.key, each.title, each.field, each.form] for each in COLUMNS],
        "usual": USUAL,
        "always": ALWAYS,
        "presets": {each.name: [each.filter, each.sort, each.empty] for each in PRESETS.values()},
    }


def rows(objects: Sequence[Mapping[str, object]], screen: Screen) -> list[dict[str, object]]:
    """Rows with their cells in the order of the columns, each with its form."""
    return [
        {**row, "cells": [(column.key, column.form, row[column.name(screen.window)]) for column in screen.shown]}
        for row in objects
    ]


def page_of(screen: Screen, path: str) -> dict[str, object]:
    """What every page with this table says of it."""
    return {
        "screen": screen,
        "sorted_by": screen.sorted_by,
        "preset": PRESETS[screen.preset],
        "windows": [(window, screen.href(path, window=window)) for window in WINDOWS],
        "heads": [(column, _sort_href(screen, column, path)) for column in screen.shown],
        "all_columns": COLUMNS,
    }


def _sort_href(screen: Screen, column: Column, path: str) -> str:
    """Where a head leads: to its own order, and from there to the contrary."""
    again = column.name(screen.window) == screen.sorted_by and screen.order == "desc"
    return screen.href(path, sort=column.key, order="asc" if again else "desc")
