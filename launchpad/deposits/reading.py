"""Batch launches as lists, pages and wallets see them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

import orjson

from launchpad import paging
from launchpad.amounts import decimal_text, price_in_sol
from launchpad.chain import batch_math
from launchpad.chain.batches import NoBatchError
from launchpad.chain.curve_math import BPS, Fees, Segment, TradeQuote
from launchpad.config import Settings
from launchpad.db import Look
from launchpad.deposits import queries
from launchpad.deposits.schemas import (
    BatchDetails,
    BatchNow,
    BatchPage,
    BatchRow,
    BatchStatus,
    BatchView,
    DepositQuote,
    DepositView,
    NextStep,
    Settlement,
    WalletDeposit,
    WalletDeposits,
)
from launchpad.media.links import display_url

_LARGEST = 50
Row = Mapping[str, Any]


async def open_batches(look: Look, settings: Settings, limit: int, cursor: str | None = None) -> BatchPage:
    """Batches that take deposits, those that close soonest first; raises InvalidCursorError."""
    after = cast("tuple[int, str]", paging.decode(cursor, (int, str))) if cursor else None
    rows = await queries.open_ones(look, limit + 1, after)
    shown, meta = paging.cut(rows, limit, lambda row: (int(row["closes_at"].timestamp()), row["mint"]))
    return BatchPage(data=[BatchRow(**_row(row, settings)) for row in shown], meta=meta)


async def batch_details(look: Look, settings: Settings, mint: str) -> BatchDetails:
    """A token's batch with its largest deposits; raises NoBatchError."""
    row = await _required(look, mint)
    whole = row["settled_deposits"] or row["deposits"]
    deposits = [_deposit(each, whole) for each in await queries.largest(look, mint, _LARGEST)]
    return BatchDetails(**_row(row, settings), deposits=deposits)


async def quote_deposit(look: Look, mint: str, wallet: str | None, amount: int) -> DepositQuote:
    """What a wallet's deposits and `amount` lamports besides come to if the window ended now; raises NoBatchError."""
    row = await _required(look, mint)
    mine = await queries.of_wallet(look, wallet) if wallet else []
    deposited = next((int(each["amount"]) for each in mine if each["mint"] == mint), 0)
    total = int(row["deposits"]) + amount
    bought = _purchase(row, total)
    got = batch_math.outcome(bought, deposited + amount, total) if total else batch_math.Outcome(0, 0)
    return DepositQuote(
        mint=mint,
        deposited=str(deposited),
        amount=str(amount),
        share_bps=(deposited + amount) * BPS // max(total, 1),
        base_amount=str(got.base),
        refund=str(got.refund),
        now=_now(row, total, bought),
    )


async def wallet_deposits(look: Look, wallet: str) -> WalletDeposits:
    """What a wallet has put into batches and what it can do about it."""
    now = datetime.now(UTC)
    return WalletDeposits(data=[_of_wallet(row, now) for row in await queries.of_wallet(look, wallet)])


async def batch_of(look: Look, mint: str) -> BatchView | None:
    """A token's batch, None where it has none."""
    row = await queries.of_token(look, mint)
    return batch_view(row) if row else None


def batch_view(row: Row) -> BatchView:
    """The fields of a row of `batches`, with `depositors`."""
    return BatchView(
        address=row["address"],
        status=_status(row),
        opened_at=row["opened_at"],
        closes_at=row["closes_at"],
        withdraw_until=row["withdraw_until"],
        minimum=str(int(row["minimum"])),
        max_deposit=str(int(row["max_deposit"])) if row["max_deposit"] else None,
        deposits=str(row["deposits"]),
        depositors=row["depositors"],
        settlement=_settlement(row) if row["settled_at"] else None,
    )


async def _required(look: Look, mint: str) -> Row:
    row: Row | None = await queries.of_token(look, mint)
    if row is None:
        raise NoBatchError("This token is not sold by a batch launch: trade it on its page.")
    return row


def _row(row: Row, settings: Settings) -> dict[str, Any]:
    return {
        "mint": row["mint"],
        "name": row["name"],
        "symbol": row["symbol"],
        "image": display_url(row["image_uri"], settings.origin),
        "creator": row["creator"],
        "decimals": row["decimals"],
        "supply": str(int(row["supply"])),
        "batch": batch_view(row),
        "now": _now(row, int(row["settled_deposits"] or row["deposits"])),
    }


def _now(row: Row, deposits: int, bought: TradeQuote | None = None) -> BatchNow:
    segments, fees = _curve(row)
    bought = bought or _purchase(row, deposits)
    full = batch_math.full_raise(segments, fees)
    price = price_in_sol(Decimal(bought.total) / bought.base_amount, row["decimals"]) if bought else None
    return BatchNow(
        fails=bought is None,
        base_amount=str(bought.base_amount if bought else 0),
        cost=str(bought.total if bought else 0),
        refund=str(deposits - bought.total if bought else deposits),
        price_sol=decimal_text(round(price, 18)) if price is not None else None,
        full_raise=str(full),
        filled_bps=deposits * BPS // full,
    )


def _purchase(row: Row, deposits: int) -> TradeQuote | None:
    """What so many lamports buy; after the settlement, what was decided then."""
    if row["status"] == "failed":
        return None
    segments, fees = _curve(row)
    return batch_math.purchase(segments, deposits, int(row["minimum"]), fees)


def _curve(row: Row) -> tuple[list[Segment], Fees]:
    segments = row["segments"]
    pieces = orjson.loads(segments) if isinstance(segments, str) else segments
    return [Segment(**piece) for piece in pieces], Fees(row["protocol_fee_bps"], row["creator_fee_bps"])


def _status(row: Row) -> BatchStatus:
    over = row["status"] == "open" and row["closes_at"] <= datetime.now(UTC)
    return "due" if over else row["status"]


def _settlement(row: Row) -> Settlement:
    amounts = ("base_amount", "quote_amount", "fees", "refund")
    return Settlement(
        settled_at=row["settled_at"],
        deposits=str(row["settled_deposits"]),
        **{name: str(int(row[name] or 0)) for name in amounts},
    )


def _deposit(row: Row, whole: int) -> DepositView:
    return DepositView(
        wallet=row["wallet"],
        amount=str(row["put_in"]),
        share_bps=row["put_in"] * BPS // max(whole, 1),
        changed_at=row["changed_at"],
        claimed_at=row["claimed_at"],
        base_amount=_text(row["base_amount"]),
        refund=_text(row["refund"]),
    )


def _of_wallet(row: Row, now: datetime) -> WalletDeposit:
    base, refund = row["base_amount"], row["refund"]
    if row["claimed_at"] is None and row["status"] == "settled" and row["settled_deposits"]:
        # Rounding of the claims before this one may add a unit.
        base = batch_math.part_of(int(row["bought"]), row["amount"], row["settled_deposits"])
        refund = batch_math.part_of(row["left_over"], row["amount"], row["settled_deposits"])
    return WalletDeposit(
        mint=row["mint"],
        name=row["name"],
        symbol=row["symbol"],
        decimals=row["decimals"],
        status=_status(row),
        closes_at=row["closes_at"],
        withdraw_until=row["withdraw_until"],
        amount=str(row["amount"] + (row["paid"] or 0) + (row["refund"] or 0)),
        next=_next(row, now),
        base_amount=_text(base),
        refund=_text(refund),
        claimed_at=row["claimed_at"],
    )


def _next(row: Row, now: datetime) -> NextStep | None:
    if row["claimed_at"] is not None:
        return None
    steps: dict[str, NextStep] = {"failed": "withdraw", "settled": "claim"}
    if row["status"] != "open":
        return steps[row["status"]]
    if now >= row["closes_at"]:
        return "settle"
    return "withdraw" if now < row["withdraw_until"] else "wait"


def _text(value: Decimal | int | None) -> str | None:
    return None if value is None else str(int(value))
