"""Comparing the stored rows with the chain itself, and mending what differs."""

import asyncio
import base64
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

import asyncpg
import structlog
from sqlalchemy import RowMapping

from launchpad.chain.accounts import CurveState, PoolState, decode_account
from launchpad.chain.addresses import AMM, BONDING_CURVE, WRAPPED_SOL
from launchpad.chain.rpc import RpcPool
from launchpad.chain.tokens import data_of
from launchpad.config import Settings
from launchpad.db import Database, connect_directly
from launchpad.indexer import repair
from launchpad.indexer.listener import Found
from launchpad.worker import queries

log = structlog.get_logger(__name__)

# What the data of a curve's and a pool's account begin with.
_CURVE = sha256(b"account:Curve").digest()[:8]
_POOL = sha256(b"account:Pool").digest()[:8]
T = TypeVar("T")
HOLDERS_AT_ONCE = 100
PAGE = 1000
# The indexer may be a moment behind the chain: what differs is looked at again before it is mended.
PATIENCE = (1.0, 2.0, 4.0)


@dataclass
class ReconcileJob:
    """Curves, pools and holders against the chain."""

    settings: Settings
    database: Database
    rpc: RpcPool

    async def run(self) -> None:
        """One turn: every curve and pool, and the holders of the tokens that moved last."""
        connection = await connect_directly(self.settings.require_database())
        try:
            for address, mint in (await self._differing()).items():
                await self._mend(connection, mint, address)
            await self._correct_holders(connection)
        finally:
            connection.terminate()

    async def _differing(self) -> dict[str, str]:
        """Curves and pools whose row still differs after the indexer had time to follow: address to mint."""
        suspects: dict[str, str] = {}
        for pause in PATIENCE:
            differing = await self._compare()
            suspects = {a: m for a, m in differing.items() if a in suspects} if suspects else differing
            if not suspects:
                break
            await asyncio.sleep(pause)
        return suspects

    async def _compare(self) -> dict[str, str]:
        curves, pools = await fetch_curves(self.rpc), await fetch_pools(self.rpc)
        async with self.database.read() as session:
            stored = {row["address"]: row for row in await queries.curves(session)}
            kept = {row["address"]: row for row in await queries.pools(session)}
        differing = {a: curve.mint for a, curve in curves.items() if not agrees(stored.get(a), curve)}
        launched = {curve.mint for curve in curves.values()}
        ours = {a: pool for a, pool in pools.items() if pool.base_mint in launched and pool.quote_mint == WRAPPED_SOL}
        return differing | {a: pool.base_mint for a, pool in ours.items() if not pool_agrees(kept.get(a), pool)}

    async def _mend(self, connection: asyncpg.Connection, mint: str, address: str) -> None:
        """Index what is missing of a curve or a pool; when nothing is, fold its token anew."""
        listed = await self._signatures(address)
        async with self.database.read() as session:
            unknown = set(await queries.unknown_signatures(session, list(listed)))
        missing = [Found(signature, listed[signature]) for signature in listed if signature in unknown]
        for start in range(0, len(missing), PAGE):
            await repair.index_again(connection, self.rpc, missing[start : start + PAGE])
        if not missing:
            await repair.fold_anew(connection, mint)
        log.warning("worker.market_mended", mint=mint, address=address, missing=len(missing))

    async def _signatures(self, address: str) -> dict[str, int]:
        """Every successful transaction of an account with its slot, oldest first."""
        listed: list[tuple[str, int]] = []
        before: str | None = None
        while True:
            page = await self.rpc.get_signatures_for_address(address, before=before, limit=PAGE, commitment="confirmed")
            listed += [(entry["signature"], entry["slot"]) for entry in page if entry["err"] is None]
            if len(page) < PAGE:
                return dict(reversed(listed))
            before = page[-1]["signature"]

    async def _correct_holders(self, connection: asyncpg.Connection) -> None:
        async with self.database.read() as session:
            mints = await queries.recently_moved(session, HOLDERS_AT_ONCE)
        for mint in mints:
            corrected = await repair.correct_balances(connection, self.rpc, mint)
            if corrected:
                log.info("worker.balances_corrected", mint=mint, accounts=corrected)


async def fetch_curves(rpc: RpcPool) -> dict[str, CurveState]:
    """Every curve account of the cluster, by address."""
    return await _fetch_all(rpc, CurveState, BONDING_CURVE, _CURVE)


async def fetch_pools(rpc: RpcPool) -> dict[str, PoolState]:
    """Every pool account of the cluster, by address."""
    return await _fetch_all(rpc, PoolState, AMM, _POOL)


async def _fetch_all(rpc: RpcPool, kind: type[T], program: str, begins: bytes) -> dict[str, T]:
    tag = {"offset": 0, "bytes": base64.b64encode(begins).decode(), "encoding": "base64"}
    config = {"encoding": "base64", "commitment": "confirmed", "filters": [{"memcmp": tag}]}
    entries = await rpc.call("getProgramAccounts", [program, config])
    return {entry["pubkey"]: decode_account(kind, data_of(entry["account"])) for entry in entries}


def agrees(row: RowMapping | None, curve: CurveState) -> bool:
    """Whether a stored curve says what the account says."""
    if row is None:
        return False
    stored = (row["status"], int(row["sold"]), row["quote_reserve"], row["protocol_fees"], row["creator_fees"])
    account = (curve.status, curve.sold, curve.quote_reserve, curve.protocol_fees, curve.creator_fees)
    return stored == account and row["creator"] == curve.creator


def pool_agrees(row: RowMapping | None, pool: PoolState) -> bool:
    """Whether a stored pool says what the account says."""
    if row is None:
        return False
    amounts = ("lp_supply", "base_reserve", "quote_reserve", "protocol_fees", "creator_fees")
    return all(int(row[name]) == getattr(pool, name) for name in amounts) and row["creator"] == pool.creator
