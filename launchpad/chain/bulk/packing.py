"""From items to transactions: as many items in each as a packet holds, and one that would fail stands alone."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.instruction import Instruction

from launchpad.chain.bulk.checking import Plan
from launchpad.chain.bulk.items import BulkItem, Problem, memo_text
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.errors import InsufficientFundsError, TransactionFailedError
from launchpad.chain.instructions.solana import create_token_account
from launchpad.chain.instructions.tokens import burn_checked, memo, transfer_checked
from launchpad.chain.transactions import Draft, fits

# A new token account takes some 25 000 compute units, and all of a transaction 1 400 000.
_MOST_ITEMS = 24
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Part:
    """One transaction to sign, and the items in it."""

    items: list[int]
    built: BuiltTransaction


def instructions(plan: Plan, mark: str, indices: Sequence[int]) -> list[Instruction]:
    """What does these items, with the memo that names them."""
    done = [memo(memo_text(mark, indices))]
    for index in indices:
        done += _of_item(plan, plan.items[index])
    return done


def _of_item(plan: Plan, item: BulkItem) -> list[Instruction]:
    program, decimals = plan.programs[item.mint], plan.tokens[item.mint].mint.decimals
    source, amount = plan.source(item), (item.amount, decimals)
    if item.recipient is None:
        return [burn_checked(program, item.mint, source, plan.payer, amount)]
    target = plan.target(item)
    made = [create_token_account(plan.payer, item.recipient, item.mint, program)] if target in plan.missing else []
    return [*made, transfer_checked(program, item.mint, (source, target), plan.payer, amount)]


def pack(
    plan: Plan, mark: str, indices: Iterable[int], table: AddressLookupTableAccount | None = None
) -> list[list[int]]:
    """The items in their order, cut where the next one would not fit any more."""
    packed: list[list[int]] = []
    for index in indices:
        tried = [*packed[-1], index] if packed else []
        if tried and len(tried) <= _MOST_ITEMS and fits(_draft(plan, mark, tried, table)):
            packed[-1] = tried
        else:
            packed.append([index])
    return packed


def _draft(plan: Plan, mark: str, indices: Sequence[int], table: AddressLookupTableAccount | None) -> Draft:
    return Draft(plan.payer, instructions(plan, mark, indices), (), [table] if table else [])


async def build(
    chain: ChainClient, plan: Plan, mark: str, indices: Iterable[int]
) -> tuple[list[Part], dict[int, Problem]]:
    """Transactions that would succeed now, and the items that would not.

    Raises InsufficientFundsError where the wallet cannot pay fees and rents.
    """
    packed = pack(plan, mark, indices, await chain.lookup_table())
    gate = asyncio.Semaphore(_AT_ONCE)
    problems: dict[int, Problem] = {}

    async def one(items: list[int]) -> list[Part]:
        async with gate:
            try:
                return [Part(items, await chain.build(plan.payer, instructions(plan, mark, items)))]
            except InsufficientFundsError:
                raise
            except TransactionFailedError as error:
                refused = error
        if len(items) == 1:
            problems[items[0]] = Problem(refused.code, refused.message)
            return []
        # One of them is at fault: the others need not wait for it.
        half = len(items) // 2
        return [*await one(items[:half]), *await one(items[half:])]

    built = await asyncio.gather(*(one(items) for items in packed))
    return [part for parts in built for part in parts], problems
