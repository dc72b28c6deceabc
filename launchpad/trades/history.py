"""Lists of trades, newest first."""

from typing import Any, cast

from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad import paging
from launchpad.amounts import decimal_text, price_in_sol
from launchpad.config import Settings
from launchpad.media.links import display_url
from launchpad.schemas import Page
from launchpad.tokens import queries as token_queries
from launchpad.tokens.errors import unknown_token
from launchpad.trades import queries
from launchpad.trades.queries import TradePlace
from launchpad.trades.schemas import TradeView, WalletTradeView

_PLACE = (int, str, int, int)


async def token_trades(
    session: AsyncSession, mint: str, limit: int, cursor: str | None = None, page: int | None = None
) -> Page[TradeView]:
    """Trades of a token; raises TokenNotFoundError and InvalidCursorError."""
    after = _place(cursor)
    offset = (page - 1) * limit if page and not cursor else 0
    rows = await queries.of_token(session, mint, limit + 1, after, offset)
    if not rows and not await token_queries.exists(session, mint):
        raise unknown_token(mint)
    shown, meta = paging.cut(rows, limit, _key)
    if page and not cursor:
        meta = meta.model_copy(update={"page": page, "total": await queries.count_of_token(session, mint)})
    return Page[TradeView](data=[TradeView(**fields(row, row.decimals)) for row in shown], meta=meta)


async def wallet_trades(
    session: AsyncSession, settings: Settings, wallet: str, limit: int, cursor: str | None = None
) -> Page[WalletTradeView]:
    """Trades of a wallet with the names of their tokens; raises InvalidCursorError."""
    rows = await queries.of_wallet(session, wallet, limit + 1, _place(cursor))
    shown, meta = paging.cut(rows, limit, _key)
    data = [
        WalletTradeView(
            **fields(row, row.decimals),
            name=row.name,
            symbol=row.symbol,
            image=display_url(row.image_uri, settings.origin),
            decimals=row.decimals,
        )
        for row in shown
    ]
    return Page[WalletTradeView](data=data, meta=meta)


def _place(cursor: str | None) -> TradePlace | None:
    if not cursor:
        return None
    return TradePlace(*cast("tuple[int, str, int, int]", paging.decode(cursor, _PLACE)))


def _key(trade: Row[Any]) -> tuple[int, str, int, int]:
    place = TradePlace.of(trade)
    return place.position, place.signature, place.instruction, place.inner


def fields(trade: Row[Any], decimals: int) -> dict[str, Any]:
    """The fields of a TradeView."""
    fees = trade.protocol_fee + trade.creator_fee + trade.referrer_fee
    total = trade.quote_amount + fees if trade.side == "buy" else trade.quote_amount - fees
    return {
        "signature": trade.signature,
        "instruction": trade.instruction,
        "inner": trade.inner,
        "mint": trade.mint,
        "side": trade.side,
        "trader": trade.trader,
        "base_amount": str(int(trade.base_amount)),
        "quote_amount": str(trade.quote_amount),
        "protocol_fee": str(trade.protocol_fee),
        "creator_fee": str(trade.creator_fee),
        "referrer_fee": str(trade.referrer_fee),
        "total": str(total),
        "price": decimal_text(trade.price),
        "price_sol": decimal_text(price_in_sol(trade.price, decimals)),
        "slot": trade.slot,
        "traded_at": trade.traded_at,
        "finalized": trade.finalized,
    }
