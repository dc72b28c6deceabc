"""What must be true after every transaction, whoever sent it and whatever it was.

Everything is judged from the accounts before and after: nothing here knows what an instruction means.
"""

import struct
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from solders.pubkey import Pubkey
from solders.transaction_status import InstructionErrorFieldless

from launchpad.chain.vesting_math import vested
from tests.fuzz.damage import INSTRUCTIONS
from tests.fuzz.reading import (
    FEE,
    Content,
    amount_of,
    changes,
    contents,
    holding_of,
    lamports_of,
    mint_of,
    reserve,
    supply_of,
)
from tests.fuzz.wealth import attackers_gain_nothing_by_themselves
from tests.fuzz.world import BY_ID, Outcome, World, decode
from tests.programs.harness import SYSTEM, WSOL
from tests.programs.vesting.grants import Terms

# Refusals that say that a program was not ready for what it got.
CRASHES = [
    InstructionErrorFieldless.ProgramFailedToComplete,
    InstructionErrorFieldless.ComputationalBudgetExceeded,
    InstructionErrorFieldless.UnbalancedInstruction,
    InstructionErrorFieldless.ProgramEnvironmentSetupFailure,
    InstructionErrorFieldless.CallDepth,
    InstructionErrorFieldless.RentEpochModified,
]
COUNTERS = {"launches"}
LOCKED_SHARES = 1_000
# Fields whose keys may act for an account.
OWNERS = {"authority", "creator", "owner", "beneficiary", "update_authority", "pending_creator", "pending_authority"}
TERMS = ("amount", "start", "cliff", "end", "period")


class BrokenRuleError(AssertionError):
    """A rule that was broken: `rule` names it, the message says how."""

    def __init__(self, rule: str, said: str) -> None:
        self.rule = rule
        super().__init__(f"{rule}: {said}")


def check(world: World, outcome: Outcome) -> None:
    """Raises BrokenRuleError for the first rule that does not hold."""
    for rule in RULES:
        for said in rule(world, outcome):
            raise BrokenRuleError(rule.__name__, said)


def no_program_crashes(_: World, outcome: Outcome) -> Iterator[str]:
    error = getattr(outcome.error, "err", None)
    if error in CRASHES and not _claims_more_than_it_has(outcome):
        yield f"{outcome.error}: {' / '.join(outcome.logs[-4:])}"


def a_failure_changes_nothing_but_the_fee(_: World, outcome: Outcome) -> Iterator[str]:
    if outcome.error is None:
        return
    payer, fee = outcome.message.account_keys[0], FEE * len(outcome.signers)
    for key in outcome.changed:
        before, after = outcome.before[key], outcome.after[key]
        paid = before and after and key == payer and after.lamports == before.lamports - fee
        if not (paid and before and after and (before.data, before.owner) == (after.data, after.owner)):
            yield f"{key} changed though the transaction failed"


def lamports_are_conserved(_: World, outcome: Outcome) -> Iterator[str]:
    if INSTRUCTIONS in outcome.changed:
        # The runtime writes that account anew in every transaction, whatever somebody sent there.
        return
    before, after = (lamports_of(each) for each in (outcome.before, outcome.after))
    fee = FEE * len(outcome.signers)
    if after != before - fee:
        yield f"{after - before:+} lamports, with a fee of {fee}"


def tokens_are_conserved(_: World, outcome: Outcome) -> Iterator[str]:
    """What the accounts of a mint gained together is what its supply gained; wrapped SOL is backed."""
    mints = {mint for key in outcome.changed for mint in (mint_of(outcome, key),) if mint}
    for mint in mints:
        gained = sum(
            amount_of(outcome.after[key], mint) - amount_of(outcome.before[key], mint) for key in outcome.before
        )
        created = supply_of(outcome.after.get(mint)) - supply_of(outcome.before.get(mint))
        if mint != WSOL and gained != created:
            yield f"holders of {mint} gained {gained}, its supply {created}"


def who_did_not_sign_loses_nothing(world: World, outcome: Outcome) -> Iterator[str]:
    """Neither lamports nor tokens; the accounts of programs are judged by their own rules below."""
    if outcome.error is not None:
        return
    strangers = set(world.wallets) - outcome.signers
    for key in outcome.changed:
        before, after = outcome.before[key], outcome.after[key]
        if key in strangers and lamports_of({key: after}) < lamports_of({key: before}):
            yield f"{key} lost lamports without having signed"
        held = holding_of(before)
        if held and held[1] in strangers and amount_of(after, held[0]) < held[2]:
            yield f"{held[1]} lost {held[2] - amount_of(after, held[0])} of {held[0]} without having signed"


def rights_pass_on_by_consent(_: World, outcome: Outcome) -> Iterator[str]:
    """A key in an account of ours changes only by the signature of somebody whom the account named before, or
    to one that was offered the place before."""
    for key, before, after in contents(outcome):
        if before is None or after is None:
            continue
        owners, offered = _consent(outcome, key, before)
        for name, value in before.items():
            # What was nobody's may be filled: a graduate's curve names its pool, once.
            changed = isinstance(value, Pubkey) and value != SYSTEM and after.get(name) != value
            if changed and not owners & outcome.signers and after.get(name) not in offered:
                yield f"{name} of {key} changed from {value} to {after.get(name)}, signed by nobody it named"


def _consent(outcome: Outcome, key: Pubkey, content: Content) -> tuple[set[Pubkey], set[Pubkey]]:
    """Whom an account names, itself or through the accounts of ours that it names, and to whom a place was offered."""
    named = {value for name, value in content.items() if isinstance(value, Pubkey) and "mint" not in name} - {SYSTEM}
    linked = [content]
    for other, account in outcome.before.items():
        found = decode(account)
        if found and other != key and (other in named or named & {found[2].get("router"), found[2].get("curve")}):
            linked.append(found[2])
    owners = named | {value for each in linked[1:] for name, value in each.items() if name in OWNERS}
    # An offer that is taken back becomes the default key, which can do nothing.
    places = {value for each in linked for name, value in each.items() if name.startswith(("pending_", "new_"))}
    return owners, places | {SYSTEM}


def parameters_change_by_their_authority(_: World, outcome: Outcome) -> Iterator[str]:
    for key, kind, before, after in changes(outcome):
        if kind != "Config" or before is None:
            continue
        changed = {name for name in before if after is None or after.get(name) != before[name]} - COUNTERS
        if changed and not {before["authority"], before["pending_authority"]} & outcome.signers:
            yield f"{', '.join(sorted(changed))} of the config {key} changed without its authority"


def curves_hold_what_they_owe(world: World, outcome: Outcome) -> Iterator[str]:
    for key, kind, _before, curve in changes(outcome):
        if kind != "Curve" or curve is None:
            continue
        account = outcome.after[key]
        assert account is not None
        owed = curve["quote_reserve"] + sum(curve.get(name, 0) for name in OWED)
        if account.lamports - curve["rent_reserve"] < owed:
            yield f"curve {key} has {account.lamports - curve['rent_reserve']} lamports and owes {owed}"
        if curve["rent_reserve"] < world.chain.rent(len(account.data)):
            yield f"curve {key} is not rent-exempt"
        if curve["status"] in ("Trading", "Complete") and curve["quote_reserve"] != reserve(curve, curve["sold"]):
            yield f"curve {key} holds {curve['quote_reserve']} for {curve['sold']} sold, not F(sold)"
        if (curve["status"] in ("Complete", "Graduated")) != (curve["sold"] == curve["sale_supply"]):
            yield f"curve {key} is {curve['status']} with {curve['sold']} of {curve['sale_supply']} sold"
        kept = curve["sale_supply"] - curve["sold"] + curve["liquidity_supply"]
        there = amount_of(world.account(curve["base_vault"]), curve["mint"])
        if curve["status"] != "Graduated" and there < kept:
            yield f"the vault of curve {key} has {there} tokens and owes {kept}"


def pools_hold_what_they_owe(world: World, outcome: Outcome) -> Iterator[str]:
    for key, kind, before, pool in changes(outcome):
        if kind != "Pool" or pool is None:
            continue
        base = amount_of(world.account(pool["base_vault"]), pool["base_mint"])
        quote = amount_of(world.account(pool["quote_vault"]), pool["quote_mint"])
        owed = pool["quote_reserve"] + pool["protocol_fees"] + pool["creator_fees"]
        if base < pool["base_reserve"] or quote < owed:
            yield f"the vaults of pool {key} have {base}, {quote} and owe {pool['base_reserve']}, {owed}"
        if supply_of(world.account(pool["lp_mint"])) > pool["lp_supply"] - LOCKED_SHARES:
            yield f"pool {key} has more shares outside than it counts"
        if before and _worth(pool) < _worth(before):
            yield f"a share of pool {key} is worth less"


def schedules_hold_what_they_owe(world: World, outcome: Outcome) -> Iterator[str]:
    for key, kind, before, schedule in changes(outcome):
        if kind != "Schedule" or schedule is None:
            continue
        escrowed = amount_of(world.account(schedule["escrow"]), schedule["mint"])
        if escrowed < schedule["amount"] - schedule["claimed"]:
            yield f"schedule {key} has {escrowed} and owes {schedule['amount'] - schedule['claimed']}"
        due = (
            schedule["amount"]
            if schedule["revoked_at"]
            else vested(Terms(*(schedule[each] for each in TERMS)), world.now)
        )
        if schedule["claimed"] > due:
            yield f"schedule {key} paid {schedule['claimed']} of {due} vested"
        if before and schedule["claimed"] < before["claimed"]:
            yield f"schedule {key} forgot what it had paid"


def routers_hold_what_they_owe(_: World, outcome: Outcome) -> Iterator[str]:
    for key, kind, before, router in changes(outcome):
        account = outcome.after[key]
        if kind != "Router" or router is None or account is None:
            continue
        owed = router["deposit"] + router["income"] - router["paid"]
        if account.lamports < owed:
            yield f"router {key} has {account.lamports} lamports and owes {owed}"
        if before and router["paid"] < before["paid"]:
            yield f"router {key} forgot what it had paid"


def batches_hold_what_they_owe(_: World, outcome: Outcome) -> Iterator[str]:
    for key, kind, _before, batch in changes(outcome):
        account = outcome.after[key]
        if kind != "Batch" or batch is None or account is None:
            continue
        owed = batch["refund_left"] if batch["status"] == "Settled" else batch["deposits"]
        if account.lamports < batch["rent_reserve"] + owed:
            yield f"batch {key} has {account.lamports - batch['rent_reserve']} lamports and owes {owed}"


def fees_go_where_they_belong(world: World, outcome: Outcome) -> Iterator[str]:
    """Creator fees fall by the creator's signature; what protocol fees fall by arrives at the recipient."""
    for key, kind, before, after in changes(outcome):
        if (
            kind not in ("Curve", "Pool")
            or before is None
            or after is None
            or after["status" if kind == "Curve" else "bump"] == "Graduated"
        ):
            continue
        routed = decode(outcome.before.get(before["creator"])) is not None
        if after["creator_fees"] < before["creator_fees"] and before["creator"] not in outcome.signers and not routed:
            yield f"the creator fees of {key} were taken without {before['creator']}"
        taken = before["protocol_fees"] - after["protocol_fees"]
        if taken > 0:
            recipients = [_recipient(world, "bonding_curve" if kind == "Curve" else "amm"), *_replaced(outcome)]
            if not any(_arrived(outcome, each, recipient) for each in outcome.before for recipient in recipients):
                yield f"{taken} protocol fees of {key} did not arrive at {recipients[0]}"


OWED = ("protocol_fees", "creator_fees", "launch_fees", "team_payout", "treasury_payout")
RULES: list[Callable[[World, Outcome], Iterator[str]]] = [
    no_program_crashes,
    a_failure_changes_nothing_but_the_fee,
    lamports_are_conserved,
    tokens_are_conserved,
    who_did_not_sign_loses_nothing,
    rights_pass_on_by_consent,
    parameters_change_by_their_authority,
    curves_hold_what_they_owe,
    pools_hold_what_they_owe,
    schedules_hold_what_they_owe,
    routers_hold_what_they_owe,
    batches_hold_what_they_owe,
    fees_go_where_they_belong,
    attackers_gain_nothing_by_themselves,
]


def _claims_more_than_it_has(outcome: Outcome) -> bool:
    """Whether a text in the failing call's bytes is longer than they are.

    Borsh makes room for up to a mebibyte before it reads, and a program has 32 KiB: it stops at once, having
    done nothing, and only its sender has paid.
    """
    failing = outcome.step.instructions[outcome.error.index - 1]
    program = BY_ID.get(failing.program_id)
    spec = next((each for each in (program.idl["instructions"] if program else ()) if _is(each, failing.data)), None)
    if program is None or spec is None:
        return False
    data, at = bytes(failing.data), 8
    try:
        for each in spec["args"]:
            _, at = program.codec._decode(each["type"], data, at)
    except (struct.error, IndexError):
        return True
    except UnicodeDecodeError:
        return False
    return at > len(data)


def _is(spec: dict[str, Any], data: bytes) -> bool:
    return bytes(spec["discriminator"]) == bytes(data[:8])


def _recipient(world: World, program: str) -> Pubkey:
    return Pubkey(bytes(next(iter(world.objects[program, "Config"].values()))["fee_recipient"]))


def _replaced(outcome: Outcome) -> list[Pubkey]:
    """Whom configs named before this transaction, which may have paid them before it named others."""
    old = [before for _, kind, before, _ in changes(outcome) if kind == "Config" and before]
    return [Pubkey(bytes(config["fee_recipient"])) for config in old if "fee_recipient" in config]


def _arrived(outcome: Outcome, key: Pubkey, owner: Pubkey) -> bool:
    before, after = outcome.before[key], outcome.after[key]
    held = holding_of(after)
    if held and held[1] == owner:
        return held[2] > amount_of(before, held[0])
    return key == owner


def _worth(pool: Content) -> Fraction:
    return Fraction(pool["base_reserve"] * pool["quote_reserve"], pool["lp_supply"] ** 2)
