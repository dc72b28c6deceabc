"""Sending what users signed: verified, simulated, kept, and only then sent."""

import asyncio
from typing import Any

import structlog

from launchpad.chain import keys
from launchpad.chain.client import ChainClient, TransactionStatus
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.errors import LaunchpadError, NotFoundError, UnavailableError
from launchpad.tables.chain import SentTransaction
from launchpad.tokens.catalog import explorer_links
from launchpad.transactions import queries
from launchpad.transactions.schemas import Status, SubmitRequest, TransactionView

_LOG = structlog.get_logger(__name__)
# A blockhash can be used for this many blocks after its own.
_BLOCKHASH_LIFE = 150
_LOG_ATTEMPTS, _LOG_SECONDS = 8, 0.25
_SETTLED = frozenset({"finalized", "expired", "failed"})
_STATUS_OF: dict[str, Status] = {
    "unknown": "sent",
    "processed": "sent",
    "confirmed": "confirmed",
    "finalized": "finalized",
    "failed": "failed",
}


class TransactionNotFoundError(NotFoundError):
    """Neither we nor the cluster know a transaction of that signature."""

    code = "TRANSACTION_NOT_FOUND"


async def submit(database: Database, chain: ChainClient, settings: Settings, request: SubmitRequest) -> TransactionView:
    """Send a signed transaction and keep at it until it is confirmed or expires; a repeat changes nothing.

    Raises BadTransactionError, BadSignatureError, and what the simulation says
    (ProgramFailedError with the program's message, InsufficientFundsError,
    BlockhashExpiredError), ExecutorUnavailableError; then nothing was sent.
    """
    chain.executor(request.executor)
    keys.verify_transaction(request.transaction)
    facts = keys.describe_transaction(request.transaction)
    signature = keys.transaction_signature(request.transaction)
    known = await _find(database, signature)
    if known is not None:
        return _view(known, settings)
    limit = await _last_height(chain, request.last_valid_block_height)
    # Kept before it is sent: whatever happens to this process, the worker sees it through.
    async with database.session() as session:
        await queries.add(session, signature, facts.payer, request.transaction, limit, request.executor)
    await _send(database, chain, signature, request, limit)
    links = explorer_links(settings, signature=signature)
    return TransactionView(
        signature=signature, status="sent", executor=request.executor, last_valid_block_height=limit, links=links
    )


async def _send(database: Database, chain: ChainClient, signature: str, request: SubmitRequest, limit: int) -> None:
    try:
        await chain.submit(request.transaction, limit, request.executor)
    except UnavailableError as error:
        _LOG.warning("transactions.send_later", signature=signature, error=error.message)
    except LaunchpadError:
        # Its simulation failed, so it was not sent and will not be.
        async with database.session() as session:
            await queries.forget(session, signature)
        raise


async def _last_height(chain: ChainClient, claimed: int | None) -> int:
    """The caller's own limit, but never beyond what any blockhash can reach."""
    furthest = await chain.rpc.get_block_height() + _BLOCKHASH_LIFE
    return min(claimed, furthest) if claimed is not None else furthest


async def _find(database: Database, signature: str) -> SentTransaction | None:
    async with database.read() as session:
        return await queries.find(session, signature)


async def transaction_status(
    database: Database, chain: ChainClient, settings: Settings, signature: str
) -> TransactionView:
    """Where a transaction stands, asked of the cluster unless that is settled; raises TransactionNotFoundError."""
    row = await _find(database, signature)
    if row is not None and row.status in _SETTLED and "message" in (row.error or {"message": ""}):
        return _view(row, settings)
    told = await _told(chain, signature)
    if row is None and told.state == "unknown":
        message = "No transaction of this signature is known here or on chain. It may have expired unsent."
        raise TransactionNotFoundError(message)
    status = _STATUS_OF[told.state]
    error = _error_of(told.error) if told.error else None
    if row is None:
        links = explorer_links(settings, signature=signature)
        return TransactionView(signature=signature, status=status, slot=told.slot, error=error, links=links)
    if told.state != "unknown" and status != "sent" and (status != row.status or error):
        async with database.session() as session:
            await queries.settle(session, signature, status, slot=told.slot, error=error)
        row = await _find(database, signature) or row
    return _view(row, settings)


async def _told(chain: ChainClient, signature: str) -> TransactionStatus:
    """What the cluster says. A failure is known a moment before its log is, and the log has the program's words."""
    told = await chain.status(signature)
    for _ in range(_LOG_ATTEMPTS):
        if told.error is None or told.error.logs:
            break
        await asyncio.sleep(_LOG_SECONDS)
        told = await chain.status(signature)
    return told


def _error_of(error: LaunchpadError) -> dict[str, Any]:
    inner: Any = error.body()["error"]
    return dict(inner)


def _view(row: SentTransaction, settings: Settings) -> TransactionView:
    return TransactionView(
        signature=row.signature,
        status=row.status,
        executor=row.executor,
        slot=row.slot,
        error=row.error,
        last_valid_block_height=row.last_valid_block_height,
        sent_at=row.sent_at,
        settled_at=row.settled_at,
        links=explorer_links(settings, signature=row.signature),
    )
