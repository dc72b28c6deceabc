"""Folding trades into candles."""

from datetime import datetime
from decimal import Decimal

from launchpad.folding import Batch, Bucket, TradeRow

# Seconds of the candles that are stored; each is a multiple of the one before, and is derived from it.
INTERVALS = (1, 15, 60, 300, 900, 3600, 14_400, 86_400)


def add_to_candle(batch: Batch, trade: TradeRow, price_before: Decimal) -> None:
    """Add one trade to its one-second bucket; coarser candles are derived from these.

    A candle opens at the price that its first trade met, which is where the one before
    closed, and the launch price for the very first. That price follows from the trade
    alone, so candles come out the same in whatever order and pieces trades arrive.
    """
    bucket = Bucket(
        open=price_before,
        high=max(price_before, trade.price),
        low=min(price_before, trade.price),
        close=trade.price,
        volume_base=trade.base_amount,
        volume_quote=trade.quote_amount,
        buys=int(trade.side == "buy"),
        sells=int(trade.side == "sell"),
        first_position=trade.position,
        last_position=trade.position,
    )
    _add(batch, trade.mint, trade.traded_at, bucket)


def add_move(batch: Batch, mint: str, moment: datetime, position: int, prices: tuple[Decimal, Decimal]) -> None:
    """Let the price go from the first of `prices` to the second where nobody traded: into the pool of a graduate."""
    before, after = prices
    if before == after:
        return
    bucket = Bucket(
        *(before, max(prices), min(prices), after),
        *(0, 0, 0, 0),
        first_position=position,
        last_position=position,
    )
    _add(batch, mint, moment, bucket)


def _add(batch: Batch, mint: str, moment: datetime, bucket: Bucket) -> None:
    key = (mint, int(moment.timestamp()))
    known = batch.seconds.get(key)
    if known is None:
        batch.seconds[key] = bucket
    else:
        known.add(bucket)
