"""A whole operation by one key that is at hand: checked, built, signed, sent, and waited for.

Run again with the same items and label it does only what the chain does not know as done.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Literal

from launchpad.chain import keys
from launchpad.chain.bulk import checking, journal, packing
from launchpad.chain.bulk.checking import Plan
from launchpad.chain.bulk.items import BulkItem, Problem, Wanted, mark_of
from launchpad.chain.bulk.packing import Part
from launchpad.chain.client import ChainClient
from launchpad.chain.keys import Keypair
from launchpad.errors import LaunchpadError

# How far back an operation is looked for in the wallet's history.
_HISTORY_SECONDS = 90 * 86_400
_AT_ONCE = 8
_LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Result:
    """How one item went. `done_before` says that an earlier run did it."""

    item: BulkItem
    status: Literal["confirmed", "failed"]
    signature: str | None = None
    error: Problem | None = None
    done_before: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is left to do. `plan` has tokens and rents of it; `done` are the items that the chain has already."""

    plan: Plan
    mark: str
    left: list[int]
    done: dict[int, str]
    transactions: int


async def estimate(chain: ChainClient, payer: str, wanted: Sequence[Wanted], label: str) -> Estimate:
    """What an operation still has to do, and what that takes; raises BulkRefusedError."""
    amounts = await checking.check(chain.rpc, payer, wanted, only=())
    mark = mark_of(payer, label, amounts.items)
    landed = await journal.landed(chain.rpc, payer, mark, time() - _HISTORY_SECONDS)
    done = {index: one.signature for one in landed if one.error is None for index in one.items}
    left = [index for index in range(len(wanted)) if index not in done]
    plan = await checking.check(chain.rpc, payer, wanted, left)
    packed = packing.pack(plan, mark, left, await chain.lookup_table())
    return Estimate(plan, mark, left, done, len(packed))


async def run(
    chain: ChainClient,
    wallet: Keypair,
    wanted: Sequence[Wanted],
    *,
    label: str = "",
    notes: Path | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> list[Result]:
    """Do what is not done yet; a result per item, in order. Raises BulkRefusedError, InsufficientFundsError.

    `notes` is a folder that remembers until when transactions of an interrupted run may land:
    the next one waits for that before it builds any anew.
    """
    payer = keys.address_of(wallet)
    first = await estimate(chain, payer, wanted, label)
    note = notes / f"{first.mark}.json" if notes else None
    if note and await _wait(chain, note, report):
        first = await estimate(chain, payer, wanted, label)
    report(f"Building {first.transactions} transactions")
    parts, problems = await packing.build(chain, first.plan, first.mark, first.left)
    if note and parts:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps(max(part.built.last_valid_block_height for part in parts)), encoding="utf-8")
    report(f"Sending {len(parts)} transactions")
    sent = await _send_all(chain, wallet, parts, first.plan)
    if note:
        note.unlink(missing_ok=True)
    items = first.plan.items
    known = {
        index: Result(items[index], "confirmed", signature, done_before=True) for index, signature in first.done.items()
    }
    failed = {index: Result(items[index], "failed", error=problem) for index, problem in problems.items()}
    found = known | failed | sent
    return [found[index] for index in range(len(items))]


async def _send_all(chain: ChainClient, wallet: Keypair, parts: Sequence[Part], plan: Plan) -> dict[int, Result]:
    gate, results = asyncio.Semaphore(_AT_ONCE), dict[int, Result]()

    async def one(part: Part) -> None:
        signed = keys.sign_transaction(part.built.transaction, wallet)
        signature, error = keys.transaction_signature(signed), None
        async with gate:
            try:
                await chain.submit(signed, part.built.last_valid_block_height)
                await chain.confirm(signature, part.built.last_valid_block_height)
            except LaunchpadError as refused:
                error = Problem(refused.code, refused.message)
        status: Literal["confirmed", "failed"] = "failed" if error else "confirmed"
        results.update({index: Result(plan.items[index], status, signature, error) for index in part.items})

    await asyncio.gather(*(one(part) for part in parts))
    return results


async def _wait(chain: ChainClient, note: Path, report: Callable[[str], None]) -> bool:
    """Wait until nothing of an interrupted run can land any more; whether there was one."""
    height = _noted(note)
    if height is None:
        return False
    report("Waiting until nothing of an earlier run can land any more")
    while await chain.rpc.get_block_height("finalized") <= height:  # noqa: ASYNC110 - the cluster makes blocks
        await asyncio.sleep(_LOOK_SECONDS)
    return True


def _noted(note: Path) -> int | None:
    """The last block height of an interrupted run's transactions, None where there was none."""
    with suppress(OSError, ValueError):
        return int(json.loads(note.read_text(encoding="utf-8")))
    return None
