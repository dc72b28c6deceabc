"""Screens: tokens by expression, in any order, in any columns."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

import asyncpg
import orjson

from launchpad import paging
from launchpad.amounts import decimal_text
from launchpad.config import Settings
from launchpad.db import Look
from launchpad.errors import UnavailableError
from launchpad.metrics.queries import UnknownFigureError
from launchpad.outbox.queries import newest
from launchpad.prices.service import fresh_usd
from launchpad.schemas import PageMeta
from launchpad.screener import queries
from launchpad.screener.errors import UnknownColumnError
from launchpad.screener.fields import COLUMNS, FIELDS, SORTABLE, Field
from launchpad.screener.parsing import KEYWORDS, operators_of, parse
from launchpad.screener.presets import PRESETS, PresetName
from launchpad.screener.schemas import FieldView, PresetView, ScreenerFields
from launchpad.screener.tree import Condition, needs_dollars

USUAL_COLUMNS = (
    *("mint", "name", "symbol", "image", "status", "venue", "price", "market_cap", "liquidity", "progress"),
    *("holders", "volume_24h", "trades_24h", "change_1h", "change_24h", "launched_at"),
)
# Beyond this many rows the work is handed to a thread, so that nobody else waits for it.
_MANY = 1_000


class DollarsUnknownError(UnavailableError):
    """A filter compares with US dollars while no price of SOL is fresh."""

    code = "DOLLARS_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Ask:
    """Which tokens, in which order, in which columns. `mints` are the only ones that are looked at."""

    preset: PresetName = "all"
    filter: str = ""
    search: str | None = None
    mints: tuple[str, ...] | None = None
    sort: str | None = None
    descending: bool = True
    columns: tuple[str, ...] = USUAL_COLUMNS
    limit: int = 100
    cursor: str | None = None
    total: bool = True

    @property
    def order(self) -> Field:
        """What it is sorted by; raises UnknownFigureError."""
        name = self.sort or PRESETS[self.preset].sort
        if name not in SORTABLE:
            message = f"Nothing can be sorted by {name[:64]}: use one such as volume_1h, market_cap or holders."
            raise UnknownFigureError(message, field="sort")
        return FIELDS[name]

    def conditions(self) -> list[Condition]:
        """What the preset and the filter ask for; raises ExpressionError."""
        return [found for found in (parse(PRESETS[self.preset].filter), parse(self.filter)) if found]


@dataclass(frozen=True, slots=True)
class Screened:
    """What was found, in the form of the wire: each row is the JSON of an array."""

    columns: tuple[str, ...]
    rows: list[str]
    meta: PageMeta
    head: int
    sol_usd: Decimal | None

    def objects(self) -> list[dict[str, object]]:
        """The rows by column."""
        return [dict(zip(self.columns, orjson.loads(row), strict=True)) for row in self.rows]

    def compact(self) -> bytes:
        """The answer with rows as arrays."""
        return self._around(f"[{','.join(self.rows)}]".encode())

    def json(self) -> bytes:
        """The answer with rows as objects."""
        return self._around(orjson.dumps(self.objects()))

    def _around(self, data: bytes) -> bytes:
        rest = {
            "columns": self.columns,
            "meta": self.meta.model_dump(by_alias=True),
            "head": self.head,
            "sol_usd": None if self.sol_usd is None else decimal_text(self.sol_usd),
        }
        return orjson.dumps(rest)[:-1] + b',"data":' + data + b"}"


async def screen(look: Look, settings: Settings, ask: Ask) -> Screened:
    """One page of the screen.

    Raises ExpressionError, UnknownFigureError, UnknownColumnError, InvalidCursorError and DollarsUnknownError.
    """
    conditions, order, columns = ask.conditions(), _order(ask), checked_columns(ask.columns)
    # Read first: what happens in between comes twice to a page that follows rather than not at all.
    head = await newest(look, "market")
    sol_usd = await fresh_usd(look)
    if sol_usd is None and any(needs_dollars(condition) for condition in conditions):
        message = "No price of SOL is known at the moment: compare with SOL instead of dollars, or try again shortly."
        raise DollarsUnknownError(message, retry_after_ms=5000)
    which = queries.where(conditions, sol_usd)
    if ask.mints is not None:
        queries.among(which, ask.mints)
    if ask.search:
        queries.named(which, ask.search)
    asked = [(name, FIELDS.get(name)) for name in columns]
    rows = await queries.rows(look, which, order, asked, ask.limit + 1, settings.origin)
    shown, meta = paging.cut(rows, ask.limit, _place)
    if ask.total:
        whole = ask.cursor is None and not meta.has_more
        meta = meta.model_copy(update={"total": len(shown) if whole else await queries.count(look, which)})
    return Screened(columns, [row["row"] for row in shown], meta, head, sol_usd)


def _place(row: asyncpg.Record) -> tuple[Decimal, str]:
    return row["sort_value"], row["mint"]


def _order(ask: Ask) -> queries.Order:
    after = cast("tuple[Decimal, str]", paging.decode(ask.cursor, (Decimal, str))) if ask.cursor else None
    return queries.Order(ask.order, ask.descending, after)


def checked_columns(names: Sequence[str]) -> tuple[str, ...]:
    """`names` without repetitions, with the mint; raises UnknownColumnError."""
    unknown = next((name for name in names if name not in COLUMNS), None)
    if unknown is not None:
        message = f"There is no column called {unknown[:64]}: GET /api/v1/screener/fields lists them."
        raise UnknownColumnError(message, field="columns")
    return tuple(dict.fromkeys(("mint", *names)))


async def encoded(found: Screened, *, compact: bool) -> bytes:
    """The answer's bytes."""
    encode = found.compact if compact else found.json
    return await asyncio.to_thread(encode) if len(found.rows) > _MANY else encode()


def fields() -> ScreenerFields:
    """Everything that a screen can ask for."""
    return ScreenerFields(
        fields=[
            FieldView(
                name=field.name,
                kind=field.kind,
                title=field.title,
                choices=list(field.choices),
                operators=list(operators_of(field)) if field.filters else [],
                sorts=field.sorts,
            )
            for field in FIELDS.values()
        ],
        columns=list(COLUMNS),
        presets=[
            PresetView(name=each.name, title=each.title, explains=each.explains, filter=each.filter, sort=each.sort)
            for each in PRESETS.values()
        ],
        keywords=list(KEYWORDS),
    )
