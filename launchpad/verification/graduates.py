"""A graduate: its pool, what was burned, who can take the liquidity out and when, and what the raise paid. Pure."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from launchpad.amounts import decimal_text, shifted
from launchpad.chain import curve_math, vesting_math
from launchpad.chain.accounts import CurveState
from launchpad.chain.inspecting import TokenFacts
from launchpad.chain.inspecting_graduates import GraduateFacts, PoolFacts, ShareFacts
from launchpad.chain.inspecting_locks import LockFacts
from launchpad.verification.schemas import Fact, Finding, Severity
from launchpad.verification.wording import amount, day, found, percent, share, short

_SOL = 9
_SAME = 100
_VENUES = {"amm": "a pool of this launchpad", "raydium": "a pool at Raydium"}
# Who can take out more than this can end the market.
_MUCH_BPS = 5_000


def graduation(token: TokenFacts, now: int) -> list[Finding]:
    """Findings about a token that graduated, none before; `now` in Unix seconds."""
    done, curve = token.graduate, token.curve
    if done is None or curve is None:
        return []
    if done.pool is None:
        sentence = "Its curve names a pool that is not there: what was raised cannot be found."
        return [found("danger", "POOL_MISSING", curve.address, sentence, pool=done.named)]
    return [
        _pool(done.pool, curve.state),
        _price(done.pool, curve.state),
        *_burned(token, curve.vault),
        *_liquidity(done.pool, done.shares, now),
        *_payouts(done, curve.state, curve.address, now),
    ]


def _pool(pool: PoolFacts, curve: CurveState) -> Finding:
    held = f"{amount(pool.base, curve.decimals)} tokens and {amount(pool.quote, _SOL)} SOL"
    sentence = f"It trades in {_VENUES[pool.venue]}, {short(pool.address)}, which its curve opened: {held} lie in it."
    facts: dict[str, Fact] = {"pool": pool.address, "venue": pool.venue}
    facts |= {"base_reserve": str(pool.base), "quote_reserve": str(pool.quote)}
    return found("good" if pool.quote else "warning", "POOL_OPEN", pool.address, sentence, **facts)


def _price(pool: PoolFacts, curve: CurveState) -> Finding:
    base, quote, _ = curve_math.spot(curve.segments, curve_math.sale_supply(curve.segments))
    hundredths = round(Fraction(100 * pool.quote, max(pool.base, 1)) / Fraction(quote, base))
    times = decimal_text(shifted(Decimal(hundredths), -2))
    told = "that" if hundredths == _SAME else f"{times} times that"
    sentence = f"Its price is {told} at which its curve ended."
    return found("info", "POOL_PRICE", pool.address, sentence, hundredths_of_end=hundredths)


def _burned(token: TokenFacts, vault: int) -> Iterator[Finding]:
    """What was kept for the pool and did not fit is burned; what lies in the vault was sent there afterwards."""
    assert token.curve  # noqa: S101 - the caller looked
    place, decimals = token.curve.state.base_vault, token.curve.state.decimals
    facts: dict[str, Fact] = {"vault": str(vault)}
    if token.launch:
        gone = max(token.launch.supply + token.launch.minted - token.mint.supply, 0)
        facts["burned"] = str(gone)
        told = "All tokens kept for the pool went into it: none were left to burn."
        if gone:
            told = f"{amount(gone, decimals)} tokens were burned, all that the pool had no room for: none were kept."
        yield found("good", "LEFTOVERS_BURNED", token.mint.mint, told, **facts)
    if vault:
        sentence = f"{amount(vault, decimals)} tokens lie in the curve's vault, sent there by others: nobody gets them."
        yield found("info", "VAULT_NOT_EMPTY", place, sentence, **facts)


def _liquidity(pool: PoolFacts, shares: ShareFacts | None, now: int) -> Iterator[Finding]:
    """Every share is one of four: of nobody, waiting on the curve's account, in a schedule, or in a wallet."""
    if shares is None or not pool.shares:
        return
    gone = max(pool.shares - shares.tokens, 0)
    if part := share(gone, pool.shares):
        sentence = f"{percent(part)} of its liquidity stays for good: nobody has those shares, so nobody takes it out."
        yield found("good", "LIQUIDITY_BURNED", pool.lp_mint, sentence, shares=str(gone), bps=part)
    if part := share(shares.waiting, pool.shares):
        sentence = f"{percent(part)} of its liquidity waits on the curve's account until it is put into its lock."
        yield found("good", "LIQUIDITY_WAITS", pool.lp_mint, sentence, shares=str(shares.waiting), bps=part)
    held = 0
    for lock in shares.locks:
        held += lock.held
        yield _lock(lock, pool, now)
    free = max(shares.tokens - shares.waiting - held, 0)
    if part := share(free, pool.shares):
        severity: Severity = "warning" if part > _MUCH_BPS else "info"
        sentence = f"{percent(part)} of its liquidity belongs to wallets that can take it out at any time."
        yield found(severity, "LIQUIDITY_FREE", pool.lp_mint, sentence, shares=str(free), bps=part)


def _lock(lock: LockFacts, pool: PoolFacts, now: int) -> Finding:
    terms = lock.state
    part, owner = percent(share(lock.held, pool.shares)), short(terms.beneficiary)
    facts: dict[str, Fact] = {"schedule": lock.address, "beneficiary": terms.beneficiary, "until": terms.end}
    facts |= {"shares": str(lock.held), "revocable": terms.revocable}
    if now >= terms.end:
        sentence = f"The lock of {part} of its liquidity is over: {owner} can take it out at any time."
        return found("warning", "LIQUIDITY_LOCK_OVER", lock.escrow, sentence, **facts)
    if terms.revocable or vesting_math.vested(terms, now, revoked_at=terms.revoked_at):
        sentence = f"{part} of its liquidity is locked for {owner} until {day(terms.end)}, but not all of it till then."
        return found("warning", "LIQUIDITY_LOCK_LOOSE", lock.escrow, sentence, **facts)
    sentence = f"{part} of its liquidity is locked until {day(terms.end)}; nobody can take it out before, then {owner}."
    return found("good", "LIQUIDITY_LOCKED", lock.escrow, sentence, **facts)


def _payouts(done: GraduateFacts, curve: CurveState, address: str, now: int) -> Iterator[Finding]:
    promised = done.terms.payout
    if promised is None:
        sentence = "Nobody is paid out of the raise: all of it went into the pool."
        yield found("good", "PAYOUT_NONE", address, sentence, liquidity_bps=done.terms.liquidity_bps)
        return
    waits = (("team", curve.team_payout, promised.team), ("treasury", curve.treasury_payout, promised.treasury))
    for kind, lamports, wallet in waits:
        if lamports:
            sol, owner = amount(lamports, _SOL), short(wallet)
            sentence = f"{sol} SOL of the raise are for the {kind}, {owner}, and wait to be put into their schedule."
            facts: dict[str, Fact] = {"kind": kind, "beneficiary": wallet, "amount": str(lamports)}
            yield found("info", "PAYOUT_WAITS", address, sentence, **facts)
    for lock in done.payouts:
        yield _payout(lock, now)


def _payout(lock: LockFacts, now: int) -> Finding:
    terms, owner = lock.state, short(lock.state.beneficiary)
    left = terms.amount - vesting_math.vested(terms, now, revoked_at=terms.revoked_at)
    facts: dict[str, Fact] = {"schedule": lock.address, "beneficiary": terms.beneficiary, "until": terms.end}
    facts |= {"amount": str(terms.amount), "locked": str(left), "claimed": str(terms.claimed)}
    sol = amount(terms.amount, _SOL)
    if lock.held < terms.amount - terms.claimed:
        sentence = f"The schedule that pays {sol} SOL of the raise to {owner} holds less than it promises."
        return found("danger", "PAYOUT_SHORT", lock.escrow, sentence, **facts)
    if not left:
        sentence = f"{sol} SOL of the raise were paid to {owner}: all of it is released."
        return found("info", "PAYOUT_OVER", lock.escrow, sentence, **facts)
    sentence = (
        f"{sol} SOL of the raise are paid to {owner} step by step until {day(terms.end)}; "
        f"{amount(left, _SOL)} SOL are not released yet."
    )
    return found("info", "PAYOUT_SCHEDULED", lock.escrow, sentence, **facts)
