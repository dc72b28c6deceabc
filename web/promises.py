"""What the rules of an opening and the terms of a graduation mean, in sentences and stages."""

from dataclasses import dataclass
from datetime import datetime

from launchpad.chain.curve_math import BPS, LaunchFee
from launchpad.tokens.promises import GraduationPromise
from launchpad.tokens.schemas import TokenDetails
from web import formats


@dataclass(frozen=True)
class Stage:
    """A time of the opening and who may buy in it; the last one has no end."""

    title: str
    explains: str
    ends_at: datetime | None


@dataclass(frozen=True)
class Opening:
    """The rules of an opening at a moment. Rates in basis points."""

    stages: list[Stage]
    fee_now: int
    holds_until: datetime | None

    def stage_at(self, now: datetime) -> Stage:
        """The stage that admits who may buy now."""
        return next((stage for stage in self.stages if stage.ends_at is None or now < stage.ends_at), self.stages[-1])


def opening(token: TokenDetails, now: datetime) -> Opening | None:
    """The rules of a token's opening; None where there were none."""
    rules = token.rules
    if rules is None:
        return None
    elapsed = int((now - token.curve.opened_at).total_seconds())
    fee = rules.launch_fee
    rate = LaunchFee(fee.start_bps, fee.seconds, fee.half_life).bps_at(elapsed) if fee else 0
    ends = rules.rules_end if rules.rules_end and now < rules.rules_end else None
    stages = [Stage(*_TIERS[tier.kind], tier.ends_at) for tier in rules.tiers]
    return Opening([*stages, Stage("Everybody", "Any wallet may buy.", None)], rate, ends)


_TIERS = {
    "allowlist": ("The creator's list", "Wallets that the creator named before the launch."),
    "holders": ("Holders", "Wallets that pledge some of a community's token. It comes back when the rules end."),
}


def graduation(promise: GraduationPromise, raise_target: int) -> list[str]:
    """What happens once everything is sold."""
    liquidity = promise.liquidity_of(raise_target)
    part = "All of the raise" if promise.payout is None else f"{formats.share(promise.liquidity_bps)} of the raise"
    place = "its pool here" if promise.venue == "amm" else "a pool at Raydium"
    told = [f"{part}, {formats.sol(liquidity)} SOL, goes into {place} with tokens at the last price."]
    return [*told, _lock(promise.liquidity_lock_seconds), *_payout(promise, raise_target - liquidity)]


def _lock(seconds: int) -> str:
    if seconds == 0:
        return "Nobody ever gets the pool's shares: that liquidity cannot be taken out."
    return f"The pool's shares are locked for {formats.duration(seconds)}; then they are the creator's."


def _payout(promise: GraduationPromise, lamports: int) -> list[str]:
    paid = promise.payout
    if paid is None:
        return []
    owners = [("the team", paid.team_bps), ("the treasury", BPS - paid.team_bps)]
    shares = " and ".join(f"{formats.share(bps)} of it to {owner}" for owner, bps in owners if bps)
    cliff = f" after {formats.duration(paid.cliff_seconds)} of waiting" if paid.cliff_seconds else ""
    sol = formats.sol(lamports)
    return [f"{sol} SOL is paid out, {shares}, step by step over {formats.duration(paid.duration_seconds)}{cliff}."]
