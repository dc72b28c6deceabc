"""Which verb records which event. A table, no logic: events that are not in it are stored and nothing more."""

from collections.abc import Callable
from typing import Any

from launchpad.chain import events
from launchpad.chain.events import ChainEvent
from launchpad.chain.venues.raydium.swaps import RaydiumLiquidityMoved, RaydiumSwapped
from launchpad.deposits import service as deposits
from launchpad.folding import Batch, Place
from launchpad.pools import service as pools
from launchpad.tokens import graduations, openings
from launchpad.tokens import service as tokens
from launchpad.trades import service as trades
from launchpad.vesting import service as vesting

HANDLERS: dict[type, Callable[[Batch, Any, Place], None]] = {
    events.TermsCreated: tokens.record_terms,
    events.CurveOpened: tokens.record_curve_opened,
    events.TokenLaunched: tokens.record_launch,
    events.MetadataUpdated: tokens.record_metadata,
    events.UpdateAuthorityChanged: tokens.record_update_authority,
    events.LauncherCreatorChanged: tokens.record_creator,
    events.TokensMinted: tokens.record_minted,
    events.TeamRevoked: tokens.record_team_revoked,
    events.CreatorChanged: tokens.record_fee_recipient,
    events.CurveCompleted: tokens.record_curve_completed,
    events.PositionOpened: openings.record_position,
    events.Admitted: openings.record_admitted,
    events.PositionClosed: openings.record_position_closed,
    events.Graduated: graduations.record_graduated,
    events.PayoutReleased: graduations.record_payout_released,
    events.LiquidityLocked: graduations.record_liquidity_locked,
    events.Expired: tokens.record_expired,
    events.Refunded: trades.record_refund,
    events.Traded: trades.record_trade,
    events.FeesClaimed: trades.record_fees_claimed,
    events.PoolCreated: pools.record_pool,
    events.Swapped: trades.record_swap,
    RaydiumSwapped: trades.record_raydium_swap,
    RaydiumLiquidityMoved: pools.record_raydium_liquidity,
    events.LiquidityAdded: pools.record_liquidity,
    events.LiquidityRemoved: pools.record_liquidity,
    events.AmmFeesClaimed: pools.record_pool_fees_claimed,
    events.AmmCreatorChanged: pools.record_pool_creator,
    events.BatchOpened: deposits.record_batch,
    events.BatchDeposited: deposits.record_deposit,
    events.BatchWithdrawn: deposits.record_deposit,
    events.BatchSettled: deposits.record_settlement,
    events.BatchClaimed: deposits.record_batch_claim,
    events.ScheduleCreated: vesting.record_schedule,
    events.Claimed: vesting.record_claim,
    events.Revoked: vesting.record_revocation,
    events.BeneficiaryChanged: vesting.record_beneficiary,
}


def handle(batch: Batch, event: ChainEvent, place: Place) -> None:
    """Let the event's verb add its rows to the batch."""
    verb = HANDLERS.get(type(event.data))
    if verb is not None:
        verb(batch, event.data, place)
