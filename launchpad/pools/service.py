"""The verbs that write pools. Only pools against SOL of tokens that have a curve are kept.

The canonical pool of a graduate goes on where its curve ended: it moves the token's
price, candles and volume. Other pools are anybody's, and move nothing but themselves;
see docs/decisions/0013.
"""

from launchpad import live
from launchpad.chain import curve_math, pda
from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.events import (
    AmmCreatorChanged,
    AmmFeesClaimed,
    LiquidityAdded,
    LiquidityRemoved,
    PoolCreated,
    Swapped,
)
from launchpad.folding import Batch, FeeRow, Place, PoolRow, instant, price_of
from launchpad.markets.service import add_move


def record_pool(batch: Batch, created: PoolCreated, place: Place) -> None:
    """A pool began to trade. A graduate's goes on from the end of its curve, whatever its first price is."""
    if not is_tokens(batch, created):
        return
    opened_at = instant(created.timestamp)
    batch.pools[created.pool] = PoolRow(
        address=created.pool,
        mint=created.base_mint,
        lp_mint=created.lp_mint,
        canonical=created.canonical,
        opener=created.opener,
        creator=created.creator,
        creator_fee_bps=created.creator_fee_bps,
        base_reserve=created.base_reserve,
        quote_reserve=created.quote_reserve,
        lp_supply=created.lp_supply,
        protocol_fees=created.protocol_fees,
        opened_at=opened_at,
        position=place.position,
    )
    if created.canonical:
        segments = batch.shapes[created.base_mint]
        base, quote, _ = curve_math.spot(segments, curve_math.sale_supply(segments))
        price = price_of(created.quote_reserve, created.base_reserve)
        batch.market(created.base_mint, price, place)
        add_move(batch, created.base_mint, opened_at, place.position, (price_of(quote, base), price))


def record_liquidity(batch: Batch, moved: LiquidityAdded | LiquidityRemoved, place: Place) -> None:
    """Somebody bought shares of a pool or gave them back."""
    change = batch.pool(moved.pool, place)
    change.base_reserve, change.quote_reserve = moved.base_reserve, moved.quote_reserve
    change.lp_supply, change.creator_fee_bps = moved.lp_supply, moved.creator_fee_bps


def record_pool_fees_claimed(batch: Batch, claim: AmmFeesClaimed, place: Place) -> None:
    """A pool's fees were paid out: the payment, and the counter back at zero."""
    if not is_tokens(batch, claim):
        return
    change, kind = batch.pool(claim.pool, place), claim.kind.lower()
    change.fees_position = place.position
    if kind == "creator":
        change.creator_fees = 0
    else:
        change.protocol_fees = 0
    # What others' pools earned is no income of the token.
    mint = claim.base_mint if is_canonical(claim.pool, claim.base_mint) else None
    claimed_at = instant(claim.timestamp)
    row = FeeRow(*place.row, claimed_at, mint, kind, claim.recipient, claim.amount, place.finalized, claim.pool)
    batch.fees.append(row)
    if mint:
        told = {"recipient": claim.recipient, "amount": str(claim.amount), "signature": place.signature}
        batch.tell(live.FeesClaimed(mint=mint, kind="creator" if kind == "creator" else "protocol", **told), claimed_at)


def record_pool_creator(batch: Batch, changed: AmmCreatorChanged, place: Place) -> None:
    """A pool pays its creator's fees to another wallet from now on."""
    batch.pool(changed.pool, place).creator = changed.new_creator


def advance_pool(batch: Batch, swap: Swapped, place: Place) -> None:
    """Move a pool to its state after a swap; of several, the newest position counts."""
    change = batch.pool(swap.pool, place)
    change.base_reserve, change.quote_reserve = swap.base_reserve, swap.quote_reserve
    change.protocol_fees, change.creator_fees = swap.protocol_fees, swap.creator_fees
    change.fees_position = place.position
    change.creator_fee_bps = swap.creator_fee_bps
    change.last_trade_at = instant(swap.timestamp)
    change.trades += 1
    change.volume += swap.quote_amount


def is_tokens(batch: Batch, event: PoolCreated | Swapped | AmmFeesClaimed) -> bool:
    """Whether it is of a pool against SOL of a token whose curve is known."""
    return event.quote_mint == WRAPPED_SOL and event.base_mint in batch.shapes


def is_canonical(pool: str, mint: str) -> bool:
    """Whether this is the one pool that the graduate of a curve trades in: its address says so."""
    return pda.canonical_pool(mint) == pool
