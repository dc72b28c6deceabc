"""The verbs that write what a graduation did, and what became afterwards of what the curve had kept."""

from typing import Literal

from launchpad import live
from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.events import Graduated, LiquidityLocked, PayoutReleased
from launchpad.folding import Batch, Place, instant
from launchpad.moments import iso
from launchpad.pools.service import open_at_raydium
from launchpad.sale_rows import ReleaseRow


def record_graduated(batch: Batch, graduated: Graduated, place: Place) -> None:
    """The token trades in its pool from now on: what was raised went there, or waits for its schedules."""
    change = batch.curve(graduated.mint, place)
    at = instant(graduated.timestamp)
    change.status, change.quote_reserve, change.graduated_at = "graduated", 0, at
    change.graduation_signature, change.graduation_slot = place.signature, place.slot
    change.pool_address, change.graduated_into = graduated.pool, graduated.venue
    change.burned = graduated.burned
    change.team_payout, change.treasury_payout = graduated.team_payout, graduated.treasury_payout
    change.locked_until = instant(graduated.locked_until) if graduated.locked_until else None
    batch.token(graduated.mint).supply_added -= graduated.burned
    if graduated.venue == "raydium":
        open_at_raydium(batch, graduated, place)
    event = live.TokenGraduated(
        mint=graduated.mint,
        pool=graduated.pool,
        venue=graduated.venue,
        base_amount=str(graduated.base_amount),
        quote_amount=str(graduated.quote_amount),
        burned=str(graduated.burned),
        graduated_at=iso(at),
        signature=place.signature,
    )
    batch.tell(event, at)


def record_payout_released(batch: Batch, released: PayoutReleased, place: Place) -> None:
    """A part of the raise went into its schedule."""
    change = batch.curve(released.mint, place)
    kind: Literal["team", "treasury"] = "team" if released.kind == "team" else "treasury"
    if kind == "team":
        change.team_payout = 0
    else:
        change.treasury_payout = 0
    row = ReleaseRow(
        schedule=released.schedule,
        mint=released.mint,
        kind=kind,
        asset=WRAPPED_SOL,
        amount=released.amount,
        beneficiary=released.beneficiary,
        until=None,
        released_at=instant(released.timestamp),
        slot=place.slot,
        signature=place.signature,
    )
    _release(batch, row, kind)


def record_liquidity_locked(batch: Batch, locked: LiquidityLocked, place: Place) -> None:
    """The pool's shares went into a schedule that ends with their lock."""
    row = ReleaseRow(
        schedule=locked.schedule,
        mint=locked.mint,
        kind="liquidity",
        asset=locked.lp_mint,
        amount=locked.shares,
        beneficiary=None,
        until=instant(locked.until),
        released_at=instant(locked.timestamp),
        slot=place.slot,
        signature=place.signature,
    )
    _release(batch, row, "liquidity")


def _release(batch: Batch, row: ReleaseRow, kind: Literal["team", "treasury", "liquidity"]) -> None:
    batch.releases.append(row)
    event = live.GraduationReleased(
        mint=row.mint,
        kind=kind,
        amount=str(row.amount),
        schedule=row.schedule,
        until=iso(row.until) if row.until else None,
        released_at=iso(row.released_at),
        signature=row.signature,
    )
    batch.tell(event, row.released_at)
