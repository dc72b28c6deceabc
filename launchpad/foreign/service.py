"""Verbs of foreign trades: stored with the batch that brought them, undone with its fork, listed by mint."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad import paging
from launchpad.amounts import decimal_text
from launchpad.chain.events import ChainTransaction
from launchpad.chain.foreign.trade import ForeignTrade
from launchpad.foreign import queries
from launchpad.foreign.schemas import ForeignTradePage, ForeignTradeView
from launchpad.indexer.position import pack


async def store_trades(
    connection: asyncpg.Connection, transactions: Iterable[ChainTransaction], finalized_slot: int
) -> int:
    """Store the foreign trades of these transactions, inside the caller's transaction; how many there are.

    What is stored already stays as it is, so that replaying any range changes nothing.
    """
    rows = {
        (trade.signature, trade.instruction, trade.inner, trade.program): _row(tx, trade, finalized_slot)
        for tx in transactions
        for trade in tx.foreign
    }
    if rows:
        await queries.store(connection, orjson.dumps(list(rows.values())).decode())
    return len(rows)


def _row(tx: ChainTransaction, trade: ForeignTrade, finalized_slot: int) -> dict[str, Any]:
    """The trade as JSON; u64 amounts and the price as text, for JSON's readers may round large numbers."""
    exact = ("base_amount", "quote_amount", "base_reserve", "quote_reserve", "price")
    values = asdict(trade)
    moment = datetime.fromtimestamp(values.pop("timestamp"), UTC)
    return values | {
        **{name: None if values[name] is None else str(values[name]) for name in exact},
        "fees": {name: str(amount) for name, amount in trade.fees.items()},
        "position": pack(tx.slot, tx.index or 0, trade.instruction, trade.inner),
        "slot": tx.slot,
        "traded_at": moment.isoformat(),
        "finalized": tx.slot <= finalized_slot,
    }


async def undo_trades(connection: asyncpg.Connection, signatures: Sequence[str]) -> int:
    """Remove the trades of transactions whose fork died; how many there were."""
    return await queries.undo(connection, signatures)


async def list_trades(
    session: AsyncSession, mint: str, limit: int, cursor: str | None, program: str | None
) -> ForeignTradePage:
    """A page of a mint's foreign trades, newest first; InvalidCursorError."""
    before = int(paging.decode(cursor, (int,))[0]) if cursor else None
    rows = await queries.trades_of(session, mint, program, before, limit)
    shown, meta = paging.cut(rows, limit, lambda row: (row.position,))
    return ForeignTradePage(data=[_view(row) for row in shown], meta=meta)


def _view(row: Any) -> ForeignTradeView:
    amounts = ("base_amount", "quote_amount", "base_reserve", "quote_reserve")
    plain = {name: getattr(row, name) for name in ForeignTradeView.model_fields if name not in (*amounts, "price")}
    exact = {name: None if (value := getattr(row, name)) is None else str(int(value)) for name in amounts}
    return ForeignTradeView(**plain, **exact, price=decimal_text(row.price))
