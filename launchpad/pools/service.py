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
    Graduated,
    LiquidityAdded,
    LiquidityRemoved,
    PoolCreated,
    Swapped,
)
from launchpad.chain.venues.raydium import math as raydium
from launchpad.chain.venues.raydium.pools import lp_mint
from launchpad.chain.venues.raydium.swaps import RaydiumLiquidityMoved, RaydiumSwapped
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
        _go_on_there(batch, batch.pools[created.pool], place)


def open_at_raydium(batch: Batch, graduated: Graduated, place: Place) -> None:
    """A graduate's pool began to trade at Raydium, whose fees are known swap by swap."""
    if graduated.mint not in batch.shapes:
        return
    row = PoolRow(
        address=graduated.pool,
        mint=graduated.mint,
        lp_mint=lp_mint(graduated.pool),
        canonical=True,
        opener=graduated.curve,
        creator=None,
        creator_fee_bps=0,
        base_reserve=graduated.base_amount,
        quote_reserve=graduated.quote_amount,
        lp_supply=raydium.first_shares((graduated.base_amount, graduated.quote_amount)),
        protocol_fees=0,
        opened_at=instant(graduated.timestamp),
        position=place.position,
        venue="raydium",
    )
    batch.pools[row.address] = row
    _go_on_there(batch, row, place)


def _go_on_there(batch: Batch, pool: PoolRow, place: Place) -> None:
    """Let the price go from the end of the curve to the pool's first."""
    segments = batch.shapes[pool.mint]
    base, quote, _ = curve_math.spot(segments, curve_math.sale_supply(segments))
    price = price_of(pool.quote_reserve, pool.base_reserve)
    batch.market(pool.mint, price, place)
    add_move(batch, pool.mint, pool.opened_at, place.position, (price_of(quote, base), price))


def record_liquidity(batch: Batch, moved: LiquidityAdded | LiquidityRemoved, place: Place) -> None:
    """Somebody bought shares of a pool or gave them back."""
    change = batch.pool(moved.pool, place)
    change.base_reserve, change.quote_reserve = moved.base_reserve, moved.quote_reserve
    change.lp_supply, change.creator_fee_bps = moved.lp_supply, moved.creator_fee_bps


def record_raydium_liquidity(batch: Batch, moved: RaydiumLiquidityMoved, place: Place) -> None:
    """The same of a graduate's pool at Raydium."""
    change = batch.pool(moved.pool, place)
    change.base_reserve, change.quote_reserve = moved.base_reserve, moved.quote_reserve
    change.lp_supply = moved.lp_supply


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


def advance_raydium_pool(batch: Batch, swap: RaydiumSwapped, place: Place) -> None:
    """The same of a graduate's pool at Raydium, which keeps its fees to itself."""
    change = batch.pool(swap.pool, place)
    change.base_reserve, change.quote_reserve = swap.base_reserve, swap.quote_reserve
    change.last_trade_at = instant(swap.timestamp)
    change.trades += 1
    change.volume += swap.quote_amount


def is_tokens(batch: Batch, event: PoolCreated | Swapped | AmmFeesClaimed) -> bool:
    """Whether it is of a pool against SOL of a token whose curve is known."""
    return event.quote_mint == WRAPPED_SOL and event.base_mint in batch.shapes


def is_canonical(pool: str, mint: str) -> bool:
    """Whether this is the one pool that the graduate of a curve trades in: its address says so."""
    return pda.canonical_pool(mint) == pool
