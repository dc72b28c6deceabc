"""Lists of trades, newest first. Rows have the fields of their schemas, ready for the wire."""

from collections.abc import Sequence
from typing import Any, cast

from launchpad import paging
from launchpad.config import Settings
from launchpad.db import Look
from launchpad.media.links import display_url
from launchpad.paging import Listing
from launchpad.tokens import queries as token_queries
from launchpad.tokens.errors import unknown_token
from launchpad.trades import queries
from launchpad.trades.queries import TradePlace

_PLACE = (int, str, int, int)


async def token_trades(
    look: Look, mint: str, limit: int, cursor: str | None = None, page: int | None = None
) -> Listing:
    """Trades of a token as TradeViews; raises TokenNotFoundError and InvalidCursorError."""
    after = _place(cursor)
    offset = (page - 1) * limit if page and not cursor else 0
    rows = await queries.of_token(look, mint, limit + 1, after, offset)
    if not rows and not await token_queries.is_known(look, mint):
        raise unknown_token(mint)
    found = _cut(rows, limit)
    if page and not cursor:
        found.meta.page, found.meta.total = page, await queries.count_of_token(look, mint)
    return found


async def trades_of_tokens(
    look: Look, mints: Sequence[str], limit: int, cursor: str | None = None
) -> dict[str, Listing]:
    """The same of several tokens in one look, by mint: empty for unknown ones; raises InvalidCursorError."""
    rows: dict[str, list[dict[str, Any]]] = {mint: [] for mint in mints}
    for row in await queries.of_tokens(look, list(rows), limit + 1, _place(cursor)):
        rows[row["mint"]].append(row)
    return {mint: _cut(found, limit) for mint, found in rows.items()}


async def wallet_trades(look: Look, settings: Settings, wallet: str, limit: int, cursor: str | None = None) -> Listing:
    """Trades of a wallet as WalletTradeViews, with the names of their tokens; raises InvalidCursorError."""
    found = _cut(await queries.of_wallet(look, wallet, limit + 1, _place(cursor)), limit)
    for row in found.data:
        row["image"] = display_url(row.pop("image_uri"), settings.origin)
    return found


def _place(cursor: str | None) -> TradePlace | None:
    if not cursor:
        return None
    return TradePlace(*cast("tuple[int, str, int, int]", paging.decode(cursor, _PLACE)))


def _cut(rows: list[dict[str, Any]], limit: int) -> Listing:
    """The page, without the positions that its cursor was made from."""
    shown, meta = paging.cut(rows, limit, lambda row: [row[name] for name in TradePlace._fields])
    for row in shown:
        del row["position"]
    return Listing(shown, meta)
