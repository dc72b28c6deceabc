"""Transfers and burns of one wallet by the hundred: kept, built, signed by its owner, sent, and followed to the end.

No item is in two transactions that could both land: what may still land is handed out again as it
is, and only what failed or expired is built anew.
"""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID, uuid4

from launchpad.bulk import queries, settling, views
from launchpad.bulk.errors import BulkNotFoundError, BulkNothingLeftError, ForeignTransactionError
from launchpad.bulk.schemas import BuildBulk, BulkItemIn, BulkRequest, BulkView, SubmitBulk
from launchpad.chain import keys
from launchpad.chain.bulk import checking, lists, packing
from launchpad.chain.bulk.checking import Plan
from launchpad.chain.bulk.items import BulkItem, BulkRefusedError, Problem, Wanted, mark_of
from launchpad.chain.bulk.packing import Part
from launchpad.chain.client import ChainClient
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.errors import InvalidInputError, LaunchpadError
from launchpad.tables.bulk import BulkOperation, BulkTransaction
from launchpad.transactions import service as sending
from launchpad.transactions.schemas import SubmitRequest

Found = tuple[BulkOperation, list[BulkTransaction]]
_OPEN = frozenset({"built", "sent"})
_AT_ONCE = 8


async def create(database: Database, chain: ChainClient, asked: BulkRequest) -> BulkView:
    """Keep a request that can be done; nothing is built yet.

    Raises BulkRefusedError with every item or line at fault, and ListTooLongError.
    """
    plan = await _plan(chain, asked)
    operation_id = uuid4()
    mark = mark_of(asked.payer, str(operation_id), plan.items)
    packed = packing.pack(plan, mark, range(len(plan.items)), await chain.lookup_table())
    async with database.session() as session:
        symbols = await queries.symbols(session, list(plan.tokens))
        operation = BulkOperation(
            id=operation_id,
            payer=asked.payer,
            mark=mark,
            items=[_kept(item) for item in plan.items],
            tokens=views.tokens(plan, symbols),
            cost=views.cost(plan, len(packed)),
            problems={},
            created_at=datetime.now(UTC),
        )
        await queries.add(session, operation)
    return views.view(operation, [])


async def _plan(chain: ChainClient, asked: BulkRequest) -> Plan:
    if (asked.items is None) == (asked.csv is None):
        raise InvalidInputError("Give either `items` or `csv`, one of the two.", field="items")
    if asked.csv is None:
        return await checking.check(chain.rpc, asked.payer, [_wanted(each) for each in asked.items or ()])
    wanted, lines = lists.parse(asked.csv, asked.mint)
    try:
        return await checking.check(chain.rpc, asked.payer, wanted)
    except BulkRefusedError as error:
        raise lists.of_lines(error, dict(enumerate(lines))) from error


def _wanted(each: BulkItemIn) -> Wanted:
    return Wanted(
        each.action, each.mint, each.recipient, None if each.amount is None else int(each.amount), each.tokens
    )


async def show(database: Database, chain: ChainClient, operation_id: UUID) -> BulkView:
    """The operation as the chain has it now; raises BulkNotFoundError."""
    return views.view(*await _settled(database, chain, operation_id))


async def build(database: Database, chain: ChainClient, operation_id: UUID, asked: BuildBulk) -> BulkView:
    """Transactions for what is neither done nor on its way.

    Those that wait for a signature and may still land are handed out again. Raises
    BulkNotFoundError, BulkNothingLeftError, BulkRefusedError, InsufficientFundsError.
    """
    operation, rows = await _settled(database, chain, operation_id)
    chosen = set(range(len(operation.items))) if asked.items is None else set(asked.items)
    free = sorted(chosen & set(range(len(operation.items))) - _taken(rows))
    if not free:
        if any(row.status == "built" for row in rows):
            return views.view(operation, rows)
        raise BulkNothingLeftError("Every item is done or on its way: wait for what was sent, then look again.")
    wanted = [Wanted(item["action"], item["mint"], item["recipient"], int(item["amount"])) for item in operation.items]
    plan = await checking.check(chain.rpc, operation.payer, wanted, free)
    parts, problems = await packing.build(chain, plan, operation.mark, free)
    return await _keep(database, operation_id, parts, problems)


async def submit(
    database: Database, chain: ChainClient, settings: Settings, operation_id: UUID, asked: SubmitBulk
) -> BulkView:
    """Send signed transactions of the operation, each on its own; what is refused is told at its items.

    Raises BulkNotFoundError, ForeignTransactionError, BadSignatureError; then nothing was sent.
    """
    _, rows = await _find(database, operation_id)
    matched = [(_row_of(signed, rows), signed) for signed in dict.fromkeys(asked.transactions)]
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(row: BulkTransaction, signed: str) -> None:
        async with gate:
            await _send(database, chain, settings, row, signed)

    await asyncio.gather(*(one(row, signed) for row, signed in matched if row.status in _OPEN))
    return views.view(*await _find(database, operation_id))


def _row_of(signed: str, rows: Iterable[BulkTransaction]) -> BulkTransaction:
    keys.verify_transaction(signed)
    message = keys.describe_transaction(signed).message
    for row in rows:
        if keys.describe_transaction(row.wire).message == message:
            return row
    raise ForeignTransactionError("This transaction is none that was built for this operation: build it again.")


async def _send(database: Database, chain: ChainClient, settings: Settings, row: BulkTransaction, signed: str) -> None:
    signature = keys.transaction_signature(signed)
    # Noted before it is sent: whatever happens to this process, nobody builds its items again too early.
    async with database.session() as session:
        await queries.settle(session, row.operation_id, row.number, status="sent", signature=signature, error=None)
    request = SubmitRequest(transaction=signed, last_valid_block_height=row.last_valid_block_height)
    try:
        await sending.submit(database, chain, settings, request)
    except LaunchpadError as error:
        async with database.session() as session:
            values = {"status": "failed", "error": settling.reason(error)}
            await queries.settle(session, row.operation_id, row.number, **values)


async def _settled(database: Database, chain: ChainClient, operation_id: UUID) -> Found:
    operation, rows = await _find(database, operation_id)
    await settling.settle(database, chain, operation, rows)
    return operation, rows


async def _find(database: Database, operation_id: UUID) -> Found:
    async with database.read() as session:
        found = await queries.find(session, operation_id)
    if found is None:
        raise BulkNotFoundError("There is no such operation: check the address.")
    return found


def _taken(rows: Iterable[BulkTransaction]) -> set[int]:
    """Items that are done, or that a transaction may still do."""
    return {index for row in rows if row.status in {*_OPEN, "confirmed"} for index in row.items}


async def _keep(database: Database, operation_id: UUID, parts: list[Part], problems: dict[int, Problem]) -> BulkView:
    """Add built transactions, but none with an item that another request took meanwhile."""
    async with database.session() as session:
        found = await queries.find(session, operation_id, lock=True)
        if found is None:
            raise BulkNotFoundError("There is no such operation any more.")
        _, rows = found
        taken = _taken(rows)
        added = [
            BulkTransaction(
                operation_id=operation_id,
                number=len(rows) + place,
                items=part.items,
                wire=part.built.transaction,
                last_valid_block_height=part.built.last_valid_block_height,
                status="built",
            )
            for place, part in enumerate(part for part in parts if not taken & set(part.items))
        ]
        await queries.add_transactions(session, added)
        told = {str(index): {"code": found.code, "message": found.message} for index, found in problems.items()}
        await queries.set_problems(session, operation_id, told)
    return views.view(*await _find(database, operation_id))


def _kept(item: BulkItem) -> dict[str, object]:
    return {
        "action": item.action,
        "mint": item.mint,
        "recipient": item.recipient,
        "amount": str(item.amount),
    }
