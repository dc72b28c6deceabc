"""Seeing transactions that were handed to us through to their end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import RowMapping

from launchpad.chain.errors import RpcError, expired, transaction_error
from launchpad.chain.rpc import RpcPool
from launchpad.db import Database
from launchpad.worker import queries

log = structlog.get_logger(__name__)

# getSignatureStatuses takes no more.
AT_ONCE = 256


@dataclass
class SettleJob:
    """Resends what has not landed, and notes what landed, failed or expired."""

    database: Database
    rpc: RpcPool

    async def run(self) -> None:
        """One turn over the oldest open transactions."""
        async with self.database.read() as session:
            rows = await queries.open_transactions(session, AT_ONCE)
        if not rows:
            return
        # The height is taken first: what has no status after that and is past its height can never land.
        height = await self.rpc.get_block_height()
        statuses = await self.rpc.get_signature_statuses([row["signature"] for row in rows], search_history=True)
        for row, status in zip(rows, statuses, strict=True):
            await self._one(row, status, height)

    async def _one(self, row: RowMapping, status: Mapping[str, Any] | None, height: int) -> None:
        if status is None:
            await self._unseen(row, height)
        elif status["err"] is not None:
            await self._settle(row, "failed", status["slot"], transaction_error(status["err"]).body()["error"])
        elif status["confirmationStatus"] != "processed" and status["confirmationStatus"] != row["status"]:
            await self._settle(row, status["confirmationStatus"], status["slot"], None)

    async def _unseen(self, row: RowMapping, height: int) -> None:
        if height > row["last_valid_block_height"]:
            await self._settle(row, "expired", None, expired().body()["error"])
            return
        if not row["open_air"]:
            return
        try:
            await self.rpc.send(row["wire"])
        except RpcError as error:
            log.info("worker.not_resent", signature=row["signature"], error=error.message)

    async def _settle(self, row: RowMapping, status: str, slot: int | None, error: object) -> None:
        async with self.database.session() as session:
            await queries.settle_transaction(session, row["signature"], status, slot, error)
