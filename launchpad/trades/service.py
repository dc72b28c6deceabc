"""The verbs that write trades, fee payments and holdings."""

from decimal import Decimal
from typing import Any

from launchpad import live
from launchpad.chain import curve_math, pda
from launchpad.chain.events import FeesClaimed, Refunded, Swapped, Traded
from launchpad.chain.venues.raydium.swaps import RaydiumSwapped
from launchpad.folding import Batch, FeeRow, Place, TradeRow, instant, price_of
from launchpad.markets.service import add_to_candle
from launchpad.moments import iso
from launchpad.pools.service import advance_pool, advance_raydium_pool, is_canonical, is_tokens
from launchpad.tokens.service import advance_curve, move_market, shrink_curve, zero_claimed_fees


def record_trade(batch: Batch, trade: Traded, place: Place) -> None:
    """A buy or sell: the trade, its candle, its curve and the trader's sums."""
    row = _row(trade, place)
    before = _price_before(batch, trade, row.price)
    batch.trades.append(row)
    add_to_candle(batch, row, before)
    advance_curve(batch, trade, row.price, place)
    # What a batch bought is its depositors', each from his claim on.
    if not _is_batchs(trade):
        _add_to_holding(batch, row)
    _tell(batch, row, before, place, (trade.quote_reserve, trade.quote_reserve))


def record_swap(batch: Batch, swap: Swapped, place: Place) -> None:
    """A buy or sell in a pool: as on the curve in the graduate's own; in others it is the trader's affair alone."""
    if not is_tokens(batch, swap):
        return
    row = _row_of_swap(batch, swap, swap.base_mint, place)
    advance_pool(batch, swap, place)
    _keep_swap(batch, row, _price_before_swap(swap), place)


def record_raydium_swap(batch: Batch, swap: RaydiumSwapped, place: Place) -> None:
    """A buy or sell in a graduate's pool at Raydium; swaps of other pools are not brought here."""
    if swap.mint not in batch.shapes:
        return
    row = _row_of_swap(batch, swap, swap.mint, place)
    advance_raydium_pool(batch, swap, place)
    _keep_swap(batch, row, price_of(swap.quote_before, swap.base_before), place)


def _keep_swap(batch: Batch, row: TradeRow, before: Decimal, place: Place) -> None:
    batch.trades.append(row)
    _add_to_holding(batch, row)
    if row.counted:
        add_to_candle(batch, row, before)
        move_market(batch, row, place)
        # The curve has paid all it held into the pool.
        _tell(batch, row, before, place, (0, 2 * row.quote_reserve))


def record_refund(batch: Batch, refunded: Refunded, place: Place) -> None:
    """Tokens of a failed sale were returned: no trade, but the holder's sums and the curve change."""
    shrink_curve(batch, refunded, place)
    holding = batch.holding(refunded.mint, refunded.holder)
    holding.base_sold += refunded.base_amount
    holding.quote_received += refunded.quote_amount


def record_fees_claimed(batch: Batch, claim: FeesClaimed, place: Place) -> None:
    """Fees were paid out: the payment, and the curve's counter back at zero."""
    kind = claim.kind.lower()
    claimed_at = instant(claim.timestamp)
    row = FeeRow(*place.row, claimed_at, claim.mint, kind, claim.recipient, claim.amount, place.finalized)
    batch.fees.append(row)
    if claim.mint is None:
        return
    zero_claimed_fees(batch, claim.mint, kind, place)
    event = live.FeesClaimed(
        mint=claim.mint, kind=kind, recipient=claim.recipient, amount=str(claim.amount), signature=place.signature
    )
    batch.tell(event, claimed_at)


def _is_batchs(trade: Traded) -> bool:
    """Whether it is the one buy of a batch launch, which is the first trade of its curve."""
    return trade.is_buy and trade.sold == trade.base_amount and trade.trader == pda.batch(trade.mint)


def _row(trade: Traded, place: Place) -> TradeRow:
    return TradeRow(
        *_placed(place),
        traded_at=instant(trade.timestamp),
        mint=trade.mint,
        trader=trade.trader,
        program="bonding_curve",
        side="buy" if trade.is_buy else "sell",
        base_amount=trade.base_amount,
        quote_amount=trade.quote_amount,
        protocol_fee=trade.protocol_fee,
        creator_fee=trade.creator_fee,
        referrer_fee=trade.referrer_fee,
        referrer=trade.referrer,
        price=price_of(trade.virtual_quote, trade.virtual_base),
        sold=trade.sold,
        quote_reserve=trade.quote_reserve,
        virtual_base=trade.virtual_base,
        virtual_quote=trade.virtual_quote,
        launch_fee=trade.launch_fee,
        liquidity_fee=0,
        venue="curve",
        pool=None,
        counted=True,
    )


def _row_of_swap(batch: Batch, swap: Swapped | RaydiumSwapped, mint: str, place: Place) -> TradeRow:
    """Of base units those count that left or reached the trader; a taxed token's pool has less of them."""
    ours = isinstance(swap, Swapped)
    return TradeRow(
        *_placed(place),
        traded_at=instant(swap.timestamp),
        mint=mint,
        trader=swap.trader,
        program="amm" if ours else "raydium",
        side="buy" if swap.is_buy else "sell",
        base_amount=swap.received if swap.is_buy else swap.paid,
        quote_amount=swap.quote_amount,
        protocol_fee=swap.protocol_fee,
        creator_fee=swap.creator_fee,
        referrer_fee=0,
        referrer=None,
        price=price_of(swap.quote_reserve, swap.base_reserve),
        sold=curve_math.sale_supply(batch.shapes[mint]),
        quote_reserve=swap.quote_reserve,
        virtual_base=swap.base_reserve,
        virtual_quote=swap.quote_reserve,
        launch_fee=0,
        liquidity_fee=swap.lp_fee,
        venue="amm" if ours else "raydium",
        pool=swap.pool,
        counted=not ours or is_canonical(swap.pool, mint),
    )


def _placed(place: Place) -> tuple[str, int, int, int, int, int | None, int | None, bool]:
    """The fields that a trade's row begins with: where it stands, and what its transaction cost."""
    return (*place.row, place.compute_units, place.priority_fee, place.finalized)


def _price_before_swap(swap: Swapped) -> Decimal:
    """The price that a swap met: what it moved goes back, and so does what the liquidity earned by it."""
    sign = 1 if swap.is_buy else -1
    quote = swap.quote_reserve - sign * swap.quote_amount - swap.lp_fee
    return price_of(quote, swap.base_reserve + sign * swap.base_amount)


def _price_before(batch: Batch, trade: Traded, price_after: Decimal) -> Decimal:
    """The price that a trade met: that of its curve with so much less, or more, sold.

    Where the curve's opening was not seen yet this is the price after the trade; once
    it is seen, it comes late, and so the token is folded anew.
    """
    segments = batch.shapes.get(trade.mint)
    if segments is None:
        return price_after
    sold = trade.sold - trade.base_amount if trade.is_buy else trade.sold + trade.base_amount
    base, quote, _ = curve_math.spot(segments, sold)
    return price_of(quote, base)


def _add_to_holding(batch: Batch, trade: TradeRow) -> None:
    """What the trader paid or got in all: fees are part of it."""
    holding = batch.holding(trade.mint, trade.trader)
    if trade.side == "buy":
        holding.base_bought += trade.base_amount
        holding.quote_spent += trade.quote_amount + trade.fees
    else:
        holding.base_sold += trade.base_amount
        holding.quote_received += trade.quote_amount - trade.fees
    holding.first_trade_at = min(holding.first_trade_at or trade.traded_at, trade.traded_at)
    holding.last_trade_at = max(holding.last_trade_at or trade.traded_at, trade.traded_at)


def _tell(batch: Batch, row: TradeRow, before: Decimal, place: Place, reserves: tuple[int, int]) -> None:
    """Tell of a trade; `reserves` are the curve's reserve and all there is to trade against, in lamports."""
    if batch.is_news(row.traded_at):
        batch.outbox.append(live.telling_of(live.TradeExecuted, _told(row, before, place, reserves)))


def _told(row: TradeRow, before: Decimal, place: Place, reserves: tuple[int, int]) -> dict[str, Any]:
    """The fields of `live.TradeExecuted`."""
    balance = place.held(row.trader, row.mint)
    return {
        "mint": row.mint,
        "signature": row.signature,
        "instruction": row.instruction,
        "inner": row.inner,
        "position": str(row.position),
        "slot": row.slot,
        "side": row.side,
        "trader": row.trader,
        "base_amount": str(row.base_amount),
        "quote_amount": str(row.quote_amount),
        "protocol_fee": str(row.protocol_fee),
        "creator_fee": str(row.creator_fee),
        "referrer_fee": str(row.referrer_fee),
        "launch_fee": str(row.launch_fee),
        "liquidity_fee": str(row.liquidity_fee),
        "venue": row.venue,
        "pool": row.pool,
        "price": f"{row.price:f}",
        "price_before": f"{before:f}",
        "sold": str(row.sold),
        "quote_reserve": str(reserves[0]),
        "liquidity": str(reserves[1]),
        "trader_balance": None if balance is None else str(balance),
        "traded_at": iso(row.traded_at),
    }
