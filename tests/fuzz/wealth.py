"""What the attackers have together, and that it does not grow by what they do alone."""

from collections.abc import Iterator
from fractions import Fraction

from solders.account import Account
from solders.pubkey import Pubkey

from tests.fuzz.reading import FEE, Accounts, Content, changes, contents, holding_of, reserve
from tests.fuzz.world import ATTACKERS, Outcome, World, decode
from tests.programs.harness import WSOL

# Accounts that hold what belongs to many.
DIVIDING = {"Pool", "Batch", "Deposit", "Router"}
# Fields that name who gets an account's lamports back.
RETURNED_TO = ("referrer", "rent_payer", "wallet")


def attackers_gain_nothing_by_themselves(world: World, outcome: Outcome) -> Iterator[str]:
    """With nobody else signing, their SOL, their claims and what the curve would pay for their tokens never grow.

    Left out are the end of a sale and whatever divides what many paid, which have rules of their own above, and
    claims that somebody passed on to them.
    """
    attackers = set(world.groups[ATTACKERS])
    if outcome.error is not None or not outcome.signers <= attackers | _made_here(world, outcome):
        return
    touched = {kind for _, kind, _, _ in changes(outcome)}
    if touched & DIVIDING or any(_passed_on(*states) for _, *states in contents(outcome)):
        return
    curves = [(before, after) for _, kind, before, after in changes(outcome) if kind == "Curve" and after]
    if any(
        after["status"] != (before or after)["status"] and after["status"] != "Complete" for before, after in curves
    ):
        return
    had, have = (_wealth(world, outcome, attackers, side) for side in (0, 1))
    if have > had:
        yield f"the attackers' {had} became {have}"


def _wealth(world: World, outcome: Outcome, owners: set[Pubkey], side: int) -> Fraction:
    accounts = outcome.after if side else outcome.before
    total = Fraction(
        sum(
            account.lamports for key, account in accounts.items() if account and _theirs(key, account, owners, accounts)
        )
    )
    if side == 0:
        # The fee was never theirs to keep.
        total -= FEE * len(outcome.signers)
    for _, kind, *states in changes(outcome):
        content = states[side]
        if content is None:
            continue
        if kind == "Schedule" and content["mint"] == WSOL and content["beneficiary"] in owners:
            total += content["amount"] - content["claimed"]
        if kind == "Curve":
            total += _claim(content, owners) + _value(content, _tokens(world, accounts, owners, content["mint"]))
    return total


def _theirs(key: Pubkey, account: Account, owners: set[Pubkey], accounts: Accounts) -> bool:
    held = holding_of(account)
    keeper = decode(accounts.get(held[1])) if held else None
    if keeper and keeper[2].get("wallet") in owners:
        # A pledge in escrow, with its rent.
        return True
    found = decode(account)
    lent = found is not None and any(found[2].get(name) in owners for name in RETURNED_TO)
    return key in owners or bool(held and held[1] in owners) or lent


def _claim(curve: Content, owners: set[Pubkey]) -> int:
    return int(curve["creator_fees"]) if curve["creator"] in owners else 0


def _value(curve: Content, held: int) -> Fraction:
    sold = curve["sold"]
    if curve["status"] == "Refunding":
        return Fraction(curve["quote_reserve"] * min(held, sold), sold) if sold else Fraction(0)
    if curve["status"] in ("Trading", "Complete"):
        return Fraction(curve["quote_reserve"] - reserve(curve, max(0, sold - held)))
    return Fraction(0)


def _tokens(world: World, accounts: Accounts, owners: set[Pubkey], mint: Pubkey) -> int:
    """What the owners hold of a mint, what schedules keep for them included."""
    known = {key for key, (kept, _) in world.token_accounts.items() if kept == mint} | set(accounts)
    total = 0
    for key in known:
        held = holding_of(accounts[key] if key in accounts else world.account(key))
        total += held[2] if held and held[0] == mint and held[1] in owners else 0
    for key, content in world.objects["vesting", "Schedule"].items():
        found = decode(accounts[key]) if key in accounts else (None, None, content)
        state = found[2] if found else None
        if state and state["mint"] == mint and state["beneficiary"] in owners:
            total += state["amount"] - state["claimed"]
    return total


def _made_here(world: World, outcome: Outcome) -> set[Pubkey]:
    """Signers who are nobody's wallet: the keys of new mints."""
    return {key for key in outcome.signers if world.group_of(key) is None}


def _passed_on(before: Content | None, after: Content | None) -> bool:
    """Whether a claim went to somebody else, as its owner wished, or to whom the terms name."""
    claimants = ("creator", "beneficiary", "team_payout", "treasury_payout")
    return bool(before and after and any(before.get(each) != after.get(each) for each in claimants))
