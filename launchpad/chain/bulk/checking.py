"""A request before anything is built: what it moves, what it costs, and every item that could not be done."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from launchpad.amounts import decimal_text, shifted
from launchpad.chain import pda
from launchpad.chain.addresses import TOKEN_PROGRAMS
from launchpad.chain.borsh import UndecodableError
from launchpad.chain.bulk.items import BulkItem, BulkRefusedError, Problem, Wanted
from launchpad.chain.curve_math import U64_MAX
from launchpad.chain.extensions import mint_extensions
from launchpad.chain.instructions.solana import TOKEN_ACCOUNT_BYTES
from launchpad.chain.rpc import RpcPool
from launchpad.chain.tokens import MintState, data_of, parse_mint, parse_token_account

Accounts = dict[str, dict[str, Any] | None]
# As many accounts are asked for at once.
_AT_ONCE = 100
_HOOK, _NON_TRANSFERABLE = 14, 9
_REFUSED = {
    _HOOK: "moves only with accounts that its transfer hook asks for: it cannot be sent in bulk",
    _NON_TRANSFERABLE: "cannot be transferred at all",
}
# A token account with the marks that associated accounts of Token-2022 mints carry.
_EXTENDED_BYTES = 170


@dataclass(frozen=True, slots=True)
class Moved:
    """A token of the request: `amount` is what leaves the wallet in all, `held` what its account has. Base units."""

    mint: MintState
    amount: int
    held: int
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A request that can be done. `missing` are the token accounts to be made; `rent` is for all of them, lamports."""

    payer: str
    items: list[BulkItem]
    tokens: dict[str, Moved]
    missing: frozenset[str] = frozenset()
    rent: int = 0
    programs: dict[str, str] = field(default_factory=dict)

    def target(self, item: BulkItem) -> str:
        """The recipient's token account."""
        return pda.associated_token(str(item.recipient), item.mint, self.programs[item.mint])

    def source(self, item: BulkItem) -> str:
        """The payer's token account."""
        return pda.associated_token(self.payer, item.mint, self.programs[item.mint])


async def check(rpc: RpcPool, payer: str, wanted: Sequence[Wanted], only: Collection[int] | None = None) -> Plan:
    """The plan of a request; BulkRefusedError with a problem for each item that cannot be done.

    With `only` these items alone are judged, summed and paid for: the others are done already.
    """
    judged = range(len(wanted)) if only is None else only
    mints = list(dict.fromkeys(each.mint for each in wanted))
    tokens = await _tokens(rpc, payer, mints)
    recipients = await _fetch(rpc, dict.fromkeys(each.recipient for each in wanted if each.recipient))
    items, problems = _items(wanted, tokens, recipients, payer)
    _refuse({index: problem for index, problem in problems.items() if index in judged})
    chosen = [(index, item) for index, item in enumerate(items) if index in judged]
    moved = _totals([item for _, item in chosen], tokens)
    _refuse(_short(chosen, moved))
    programs = {mint: token.mint.token_program for mint, token in moved.items()}
    return await _with_rent(rpc, Plan(payer, items, moved, programs=programs), [item for _, item in chosen])


def _refuse(problems: dict[int, Problem]) -> None:
    if problems:
        count = len(problems)
        message = f"{count} {'item' if count == 1 else 'items'} cannot be done: change or leave out what is listed."
        raise BulkRefusedError(message, problems)


async def _tokens(rpc: RpcPool, payer: str, mints: Sequence[str]) -> dict[str, Moved]:
    found, tokens = await _fetch(rpc, mints), {}
    for mint, account in found.items():
        try:
            state = parse_mint(mint, account) if account else None
        except UndecodableError:
            continue
        if state and account:
            kinds = [each.number for each in mint_extensions(data_of(account))]
            tokens[mint] = Moved(state, 0, 0, next((_REFUSED[kind] for kind in kinds if kind in _REFUSED), None))
    sources = {mint: pda.associated_token(payer, mint, token.mint.token_program) for mint, token in tokens.items()}
    held = await _fetch(rpc, sources.values())
    return {
        mint: Moved(token.mint, 0, _amount(held[sources[mint]], token.mint.token_program), token.refusal)
        for mint, token in tokens.items()
    }


def _amount(account: dict[str, Any] | None, program: str) -> int:
    return parse_token_account(data_of(account)).amount if account and account["owner"] == program else 0


def _items(
    wanted: Sequence[Wanted], tokens: dict[str, Moved], recipients: Accounts, payer: str
) -> tuple[list[BulkItem], dict[int, Problem]]:
    items: list[BulkItem] = []
    problems: dict[int, Problem] = {}
    for index, each in enumerate(wanted):
        token = tokens.get(each.mint)
        problem = _fault(each, token, recipients, payer)
        amount = _base_units(each, token.mint.decimals) if token and not problem else 0
        if isinstance(amount, Problem):
            problem, amount = amount, 0
        if problem:
            problems[index] = problem
        items.append(BulkItem(each.action, each.mint, amount, each.recipient))
    return items, problems


def _fault(each: Wanted, token: Moved | None, recipients: Accounts, payer: str) -> Problem | None:
    if token is None:
        return Problem("NOT_A_TOKEN", f"There is no token {each.mint} on this cluster: check the address.")
    if each.action == "burn":
        return Problem("RECIPIENT_OF_BURN", "A burn has no recipient: leave it out.") if each.recipient else None
    if token.refusal:
        return Problem("CANNOT_TRANSFER", f"This token {token.refusal}.")
    if each.recipient is None:
        return Problem("NO_RECIPIENT", "A transfer needs a recipient.")
    return _fault_of_recipient(each.recipient, recipients[each.recipient], payer)


def _fault_of_recipient(recipient: str, account: dict[str, Any] | None, payer: str) -> Problem | None:
    """Why tokens must not go there: what a wrong column or a copied mint would lose for good."""
    if recipient == payer:
        return Problem("RECIPIENT_IS_PAYER", "This is the wallet that pays: leave it out.")
    if account and account["owner"] in TOKEN_PROGRAMS:
        return Problem("RECIPIENT_IS_TOKEN", "This is a token or a token account: name the wallet that owns it.")
    if account and account.get("executable"):
        return Problem("RECIPIENT_IS_PROGRAM", "This is a program, and nobody could move what it gets.")
    return None


def _base_units(each: Wanted, decimals: int) -> int | Problem:
    """The amount of an item; a Problem where there is none, or it is too fine or too large."""
    if (each.amount is None) == (each.tokens is None):
        return Problem("INVALID_AMOUNT", "Say either `amount` in base units or `tokens`, one of the two.")
    try:
        value = Decimal(each.amount) if each.amount is not None else shifted(Decimal(str(each.tokens)), decimals)
    except InvalidOperation:
        return Problem("INVALID_AMOUNT", f"{each.tokens!r} is no amount: write a number such as 0.5.")
    if not value.is_finite() or value != value.to_integral_value():
        return Problem("INVALID_AMOUNT", f"This token has {decimals} decimals: write no more.")
    if not 0 < value <= U64_MAX:
        return Problem("INVALID_AMOUNT", "An amount must be more than nothing, and fit 64 bits of base units.")
    return int(value)


def _totals(items: Iterable[BulkItem], tokens: dict[str, Moved]) -> dict[str, Moved]:
    sums = dict.fromkeys(tokens, 0)
    for item in items:
        sums[item.mint] += item.amount
    return {mint: Moved(token.mint, sums[mint], token.held, token.refusal) for mint, token in tokens.items()}


def _short(items: Iterable[tuple[int, BulkItem]], tokens: dict[str, Moved]) -> dict[int, Problem]:
    """The items from where a token of the wallet does not suffice any more."""
    left = {mint: token.held for mint, token in tokens.items()}
    problems = {}
    for index, item in items:
        left[item.mint] -= item.amount
        if left[item.mint] < 0:
            token = tokens[item.mint]
            held, asked = (_whole(amount, token.mint.decimals) for amount in (token.held, token.amount))
            message = (
                f"The wallet's account holds {held} of this token, and the items before and with this ask {asked}."
            )
            problems[index] = Problem("INSUFFICIENT_TOKENS", message)
    return problems


def _whole(amount: int, decimals: int) -> str:
    return decimal_text(shifted(Decimal(amount), -decimals))


async def _with_rent(rpc: RpcPool, plan: Plan, items: Sequence[BulkItem]) -> Plan:
    targets = {plan.target(item): plan.programs[item.mint] for item in items if item.recipient}
    found = await _fetch(rpc, targets)
    missing = frozenset(address for address, account in found.items() if account is None)
    sizes = {program: await rpc.get_rent(_size(program)) for program in set(targets.values())}
    rent = sum(sizes[targets[address]] for address in missing)
    return Plan(plan.payer, plan.items, plan.tokens, missing, rent, plan.programs)


def _size(program: str) -> int:
    return TOKEN_ACCOUNT_BYTES if program == TOKEN_PROGRAMS[0] else _EXTENDED_BYTES


async def _fetch(rpc: RpcPool, addresses: Iterable[str]) -> Accounts:
    """Each account by its address."""
    asked = list(addresses)
    found: Accounts = {}
    for start in range(0, len(asked), _AT_ONCE):
        part = asked[start : start + _AT_ONCE]
        found |= dict(zip(part, await rpc.get_accounts(part), strict=True))
    return found
