"""What rules and a deadline mean for buyers, in sentences."""

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction

from launchpad.chain.curve_math import BPS, LaunchFee
from launchpad.chain.opening import wallet_cap
from launchpad.chain.sale_terms import GraduationTerms, OpeningRules, SaleTerms
from launchpad.tokens.buyers import short


def words(sale: SaleTerms, sale_supply: int, decimals: int, deadline: int | None = None) -> list[str]:
    """One sentence for each thing that a buyer should know before he buys."""
    rules = sale.opening
    told = [*_fee(sale.launch_fee), *_tiers(rules), *_window(rules, sale_supply, decimals)]
    if told and not rules.binds_creator:
        told.append("The creator's buy in the launch itself is spared all this; what it gets is told on chain.")
    elif rules.binds_creator:
        told.append("All this binds the creator's buy in the launch too.")
    told += _raise(sale.graduation)
    if deadline:
        told.append(
            f"What is not sold out by {datetime.fromtimestamp(deadline, UTC):%d %b %Y %H:%M} UTC ends the sale: "
            "tokens go back, and the reserve with the launch fees is shared among those who return them."
        )
    return told


def _raise(terms: GraduationTerms) -> Iterator[str]:
    if terms.venue == "raydium":
        yield (
            "The pool opens at Raydium, where creators earn no fees. Should Raydium not take it, the launchpad's own "
            "pool does: at once where the chain shows why, after a week whatever the reason."
        )
    if terms.payout:
        whole = terms.payout
        yield (
            f"{terms.liquidity_bps / 100:g} % of the raise becomes liquidity. The other "
            f"{100 - terms.liquidity_bps / 100:g} % vests over {duration(whole.duration_seconds)}: "
            f"{_shares(whole.team_bps)}."
        )
    if terms.liquidity_lock_seconds:
        yield f"The pool's shares are locked for {duration(terms.liquidity_lock_seconds)}, then they are the creator's."


def _shares(team_bps: int) -> str:
    if team_bps == BPS:
        return "all of it is the team's"
    return f"{team_bps / 100:g} % of it is the team's, the rest the treasury's"


def duration(seconds: int) -> str:
    """Seconds as people say them."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size and seconds % size == 0:
            count = seconds // size
            return f"{count} {name}{'s' if count > 1 else ''}"
    return f"{seconds} second{'s' if seconds != 1 else ''}"


def _fee(fee: LaunchFee) -> Iterator[str]:
    if fee.start_bps:
        how = f"to half of it every {duration(fee.half_life)}, and " if fee.half_life else ""
        yield (
            f"A buy in the first second pays {fee.start_bps / 100:g} % more. The fee falls {how}"
            f"to nothing within {duration(fee.seconds)}; it becomes liquidity of the pool."
        )


def _tiers(rules: OpeningRules) -> Iterator[str]:
    if rules.allowlist:
        yield f"For {duration(rules.allowlist.seconds)} from the opening only wallets on the creator's list buy."
    if rules.holders:
        beside = "beside them " if rules.allowlist else ""
        yield (
            f"For {duration(rules.holders.seconds)}{' more' if rules.allowlist else ''} {beside}wallets buy that "
            "pledge the community's token; it comes back when the rules are over."
        )
    if rules.tier_seconds:
        yield f"Everybody buys after {duration(rules.tier_seconds)}."


def _window(rules: OpeningRules, sale_supply: int, decimals: int) -> Iterator[str]:
    if rules.wallet_cap_bps:
        cap = short(Fraction(wallet_cap(rules, sale_supply), 10**decimals))
        yield (
            f"For {duration(rules.window_seconds)} from the opening a wallet buys at most {cap} tokens, "
            f"{rules.wallet_cap_bps / 100:g} % of the sale. One person can have many wallets: no rule sees that."
        )
    if rules.one_buy_per_slot:
        yield f"For {duration(rules.window_seconds)} from the opening a wallet buys once a slot, which is 0.4 seconds."
