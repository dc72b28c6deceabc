"""How a token came about and where its supply is: launch record, allocations, curve, locks, holders. Pure."""

from dataclasses import fields

from launchpad.chain import vesting_math
from launchpad.chain.accounts import LaunchState
from launchpad.chain.inspecting import CurveFacts, TokenFacts
from launchpad.chain.inspecting_locks import LockFacts
from launchpad.verification.graduates import graduation
from launchpad.verification.schemas import Fact, Finding, Severity
from launchpad.verification.wording import amount, day, found, percent, share, short

_TOP = 10
_CONCENTRATED_BPS, _TOO_CONCENTRATED_BPS = 2_000, 5_000
_STATUS: dict[str, tuple[Severity, str]] = {
    "trading": ("info", "Its curve sells, and buys back at any time."),
    "complete": ("info", "Its curve is sold out."),
    "graduated": ("info", "Its curve sold out, and its liquidity moved to a pool."),
    "refunding": ("warning", "Its curve missed its goal and pays back."),
}


def standing(token: TokenFacts, now: int) -> list[Finding]:
    """Findings about where a token comes from and where it is; `now` in Unix seconds."""
    return [
        _origin(token),
        _supply(token),
        *_allocations(token),
        *(_curve(token.curve) if token.curve else [_no_curve(token)]),
        *graduation(token, now),
        *(_lock(lock, token.mint.decimals, now) for lock in token.locks),
        *_first_buy(token),
        _holders(token),
    ]


def _origin(token: TokenFacts) -> Finding:
    if token.launch:
        sentence = f"Launched here on {day(token.launch.created_at)} by {short(token.launch.creator)}."
        facts: dict[str, Fact] = {"creator": token.launch.creator, "created_at": token.launch.created_at}
        return found("info", "LAUNCHED_HERE", token.launch_record, sentence, **facts)
    sentence = "Made elsewhere: the rules of this launchpad do not bind it."
    return found("info", "MADE_ELSEWHERE", token.mint.mint, sentence, token_program=token.mint.token_program)


def _supply(token: TokenFacts) -> Finding:
    mint, supply = token.mint, amount(token.mint.supply, token.mint.decimals)
    facts: dict[str, Fact] = {"supply": str(mint.supply), "decimals": mint.decimals}
    if token.launch is None:
        return found("info", "SUPPLY", mint.mint, f"{supply} tokens exist.", **facts)
    launch = token.launch
    promised = launch.supply + launch.minted
    facts |= {"launched_with": str(launch.supply), "supply_mode": launch.supply_mode}
    if mint.supply > promised:
        sentence = (
            f"{supply} tokens exist, more than the {amount(promised, mint.decimals)} that its launch record knows."
        )
        return found("danger", "SUPPLY_EXCEEDS_RECORD", mint.mint, sentence, **facts)
    burned = f", {amount(promised - mint.supply, mint.decimals)} were burned" if mint.supply < promised else ""
    return found("good", "SUPPLY_MATCHES_RECORD", mint.mint, f"{supply} tokens exist, as launched{burned}.", **facts)


def _allocations(token: TokenFacts) -> list[Finding]:
    if token.launch is None:
        return []
    launch, record = token.launch, token.launch_record
    shares = {each.name: int(getattr(launch.allocations, each.name)) for each in fields(launch.allocations)}
    told = ", ".join(f"{percent(bps)} {name.removesuffix('_bps')}" for name, bps in shares.items() if bps)
    findings = [found("info", "ALLOCATIONS", record, f"The supply was split into {told}.", **shares)]
    if shares.get("team_bps"):
        findings.append(_team(launch, record, {lock.address for lock in token.locks}))
    return findings


def _team(launch: LaunchState, record: str, locks: set[str]) -> Finding:
    if launch.team_schedule in locks:
        sentence = "The team's share went into a lock of its own when the token was launched."
        return found("good", "TEAM_LOCKED", record, sentence, team_schedule=launch.team_schedule)
    return found(
        "warning", "TEAM_UNLOCKED", record, "The team's share is in no lock.", team_schedule=launch.team_schedule
    )


def _no_curve(token: TokenFacts) -> Finding:
    return found("info", "NO_CURVE", token.mint.mint, "It has no curve here, so it cannot be bought or sold here.")


def _curve(curve: CurveFacts) -> list[Finding]:
    state = curve.state
    severity, sentence = _STATUS.get(state.status, ("info", f"Its curve is {state.status}."))
    facts: dict[str, Fact] = {"status": state.status, "sold": str(state.sold), "sale_supply": str(state.sale_supply)}
    status = found(severity, "CURVE_STATUS", curve.address, sentence, **facts)
    return [status, _backing(curve), _stock(curve)] if state.status in {"trading", "complete"} else [status]


def _backing(curve: CurveFacts) -> Finding:
    """Whether the curve's account holds the lamports that it owes to sellers and to who has fees to claim."""
    state = curve.state
    owed = state.owed + state.rent_reserve
    facts: dict[str, Fact] = {"lamports": str(curve.lamports), "owed": str(owed), "reserve": str(state.quote_reserve)}
    if curve.lamports >= owed:
        sentence = f"The curve holds all of the {amount(state.quote_reserve, 9)} SOL with which it buys back."
        return found("good", "CURVE_BACKED", curve.address, sentence, **facts)
    return found(
        "danger", "CURVE_SHORT_OF_SOL", curve.address, "The curve holds less SOL than it owes to sellers.", **facts
    )


def _stock(curve: CurveFacts) -> Finding:
    """Whether the vault holds what is yet to be sold, and what is kept for liquidity."""
    state = curve.state
    needed = state.sale_supply - state.sold + state.liquidity_supply
    facts: dict[str, Fact] = {"vault": str(curve.vault), "needed": str(needed)}
    if curve.vault >= needed:
        sentence = f"Its vault holds the {amount(needed, state.decimals)} tokens that are for sale or for liquidity."
        return found("good", "CURVE_STOCKED", state.base_vault, sentence, **facts)
    return found(
        "danger", "CURVE_SHORT_OF_TOKENS", state.base_vault, "Its vault holds fewer tokens than it sells.", **facts
    )


def _lock(lock: LockFacts, decimals: int, now: int) -> Finding:
    terms = lock.state
    owed = terms.amount - terms.claimed
    left = terms.amount - vesting_math.vested(terms, now, revoked_at=terms.revoked_at)
    facts: dict[str, Fact] = {
        "schedule": lock.address,
        "beneficiary": terms.beneficiary,
        "amount": str(terms.amount),
        "locked": str(left),
        "held": str(lock.held),
        "end": terms.end,
        "revocable": terms.revocable,
    }
    if lock.held < owed:
        sentence = f"A lock for {short(terms.beneficiary)} holds fewer tokens than it promises."
        return found("danger", "LOCK_SHORT", lock.escrow, sentence, **facts)
    if not left:
        sentence = f"A lock of {amount(terms.amount, decimals)} for {short(terms.beneficiary)} has run out."
        return found("info", "LOCK_OVER", lock.escrow, sentence, **facts)
    sentence = (
        f"{amount(left, decimals)} tokens are locked for {short(terms.beneficiary)}, the last until {day(terms.end)}"
    )
    if terms.revocable:
        sentence += f"; {short(terms.grantor)} can take back what has not been released."
        return found("info", "LOCK_REVOCABLE", lock.escrow, sentence, **facts)
    return found("good", "LOCK_HELD", lock.escrow, f"{sentence}; nobody can undo that.", **facts)


def _first_buy(token: TokenFacts) -> list[Finding]:
    if token.launch is None:
        return []
    launch, record = token.launch, token.launch_record
    if not launch.first_buy:
        return [found("good", "FIRST_BUY_NONE", record, "The creator bought nothing in the launch.", first_buy="0")]
    part = percent(share(launch.first_buy, launch.supply))
    facts: dict[str, Fact] = {"first_buy": str(launch.first_buy), "lock": launch.first_buy_lock}
    if launch.first_buy_lock in {lock.address for lock in token.locks}:
        sentence = f"The creator bought {part} of the supply in the launch, and it went into a lock."
        return [found("good", "FIRST_BUY_LOCKED", record, sentence, **facts)]
    sentence = f"The creator bought {part} of the supply in the launch without a lock, and can sell it at any time."
    return [found("warning", "FIRST_BUY_UNLOCKED", record, sentence, **facts)]


def _holders(token: TokenFacts) -> Finding:
    """How much the ten largest wallets hold; what lies in the curve's vault, its pool or a lock is nobody's."""
    mint = token.mint
    if token.holders is None:
        return found("info", "HOLDERS_UNKNOWN", mint.mint, "It has too many holders for this check to count them.")
    apart = {lock.escrow for lock in token.locks} | ({token.curve.state.base_vault} if token.curve else set())
    if token.graduate and token.graduate.pool:
        apart.add(token.graduate.pool.base_vault)
    wallets: dict[str, int] = {}
    for holder in token.holders:
        if holder.account not in apart:
            wallets[holder.owner] = wallets.get(holder.owner, 0) + holder.amount
    held = sum(sorted(wallets.values(), reverse=True)[:_TOP])
    bps = share(held, mint.supply)
    sentence = f"The ten largest wallets hold {percent(bps)} of the supply."
    facts: dict[str, Fact] = {"top_10": str(held), "top_10_bps": bps}
    if bps >= _TOO_CONCENTRATED_BPS:
        return found(
            "warning", "HOLDERS_CONCENTRATED", mint.mint, f"{sentence} They can move the price at will.", **facts
        )
    severity: Severity = "info" if bps >= _CONCENTRATED_BPS else "good"
    return found(severity, "HOLDERS", mint.mint, sentence, **facts)
