"""How the transactions of an operation ended, asked of the chain."""

from collections.abc import Sequence
from typing import Any

from launchpad.bulk import queries
from launchpad.chain.bulk import journal
from launchpad.chain.client import ChainClient
from launchpad.chain.errors import transaction_error
from launchpad.db import Database
from launchpad.errors import LaunchpadError
from launchpad.tables.bulk import BulkOperation, BulkTransaction

_EXPIRED = {
    "code": "TX_EXPIRED",
    "message": "It was not included in time, so it can never land any more: build it again.",
}
# As many statuses are asked for at once.
_AT_ONCE = 256
_SEEN = frozenset({"confirmed", "finalized"})
# Signature, and the TransactionError as JSON where it failed.
Ended = tuple[str, Any]


async def settle(
    database: Database, chain: ChainClient, operation: BulkOperation, rows: Sequence[BulkTransaction]
) -> None:
    """Bring what is still open up to what the chain says.

    A transaction that the chain does not know stays open until its blockhash has expired in
    finalized blocks: before that it may still land, also one that was signed and sent elsewhere.
    """
    opened = [row for row in rows if row.status in ("built", "sent")]
    if not opened:
        return
    # Asked first: what landed until then is known after it.
    height = await chain.rpc.get_block_height("finalized")
    ended = await _ended(chain, [row for row in opened if row.signature])
    if any(row.signature is None for row in opened):
        ended |= await _sent_elsewhere(chain, operation, rows)
    for row in opened:
        values = await _outcome(chain, row, ended.get(row.number), height)
        if values:
            await _note(database, row, values)


async def _ended(chain: ChainClient, rows: Sequence[BulkTransaction]) -> dict[int, Ended]:
    """By number: those of our sending that are in a block."""
    found: dict[int, Ended] = {}
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        statuses = await chain.rpc.get_signature_statuses([str(row.signature) for row in part], search_history=True)
        for row, status in zip(part, statuses, strict=True):
            if status and status["confirmationStatus"] in _SEEN:
                found[row.number] = (str(row.signature), status["err"])
    return found


async def _sent_elsewhere(
    chain: ChainClient, operation: BulkOperation, rows: Sequence[BulkTransaction]
) -> dict[int, Ended]:
    """By number: those that nobody handed in here, by their memos; what belongs to another row is not asked again."""
    ours = {row.signature for row in rows}
    listed = await journal.landed(chain.rpc, operation.payer, operation.mark, operation.created_at.timestamp())
    by_items = {tuple(one.items): one for one in reversed(listed) if one.signature not in ours}
    waiting = [row for row in rows if row.status == "built" and tuple(row.items) in by_items]
    return {row.number: (by_items[tuple(row.items)].signature, by_items[tuple(row.items)].error) for row in waiting}


async def _outcome(chain: ChainClient, row: BulkTransaction, ended: Ended | None, height: int) -> dict[str, Any] | None:
    if ended and ended[1] is None:
        return {"status": "confirmed", "signature": ended[0], "error": None}
    if ended:
        told = await chain.status(ended[0])
        return {
            "status": "failed",
            "signature": ended[0],
            "error": reason(told.error or transaction_error(ended[1])),
        }
    if height > row.last_valid_block_height:
        return {"status": "expired", "error": _EXPIRED}
    return None


def reason(error: LaunchpadError) -> dict[str, str]:
    """Why an item failed, as it is kept and shown."""
    return {"code": error.code, "message": error.message}


async def _note(database: Database, row: BulkTransaction, values: dict[str, Any]) -> None:
    async with database.session() as session:
        await queries.settle(session, row.operation_id, row.number, **values)
    for name, value in values.items():
        setattr(row, name, value)
