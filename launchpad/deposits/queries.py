"""All SQL that reads batch launches and their deposits."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.db import Look
from launchpad.tables.deposits import BatchLaunch, Deposit

_DEPOSITORS = "(SELECT count(*) FROM deposits d WHERE d.mint = b.mint AND (d.amount > 0 OR d.claimed_at IS NOT NULL))"
_BATCH = f"""SELECT b.*, {_DEPOSITORS} AS depositors, t.name, t.symbol, t.image_uri, t.creator, t.decimals, t.supply,
  c.segments, c.sale_supply, c.raise_target, c.protocol_fee_bps, c.creator_fee_bps, c.status AS curve_status,
  c.deadline
FROM batches b JOIN tokens t ON t.mint = b.mint JOIN curves c ON c.mint = b.mint"""  # noqa: S608  fixed text


async def of_token(look: Look, mint: str) -> asyncpg.Record | None:
    """A token's batch with what its page needs, None where it has none."""
    return await look.row(f"{_BATCH} WHERE b.mint = :mint", mint=mint)


async def open_ones(look: Look, limit: int, after: tuple[int, str] | None) -> Sequence[asyncpg.Record]:
    """Batches that take deposits, those that close soonest first."""
    key = "(to_timestamp(CAST(:closes_at AS bigint)), CAST(:mint AS text))"
    beyond = f"AND (b.closes_at, b.mint) > {key}" if after else ""
    place = {"closes_at": after[0], "mint": after[1]} if after else {}
    statement = f"""{_BATCH} WHERE b.status = 'open' AND b.closes_at > now() {beyond}
      ORDER BY b.closes_at, b.mint LIMIT :limit"""
    return await look.rows(statement, limit=limit, **place)


async def largest(look: Look, mint: str, limit: int) -> Sequence[asyncpg.Record]:
    """Deposits of a batch, largest first, with what those who claimed have got."""
    statement = """SELECT wallet, amount, amount + coalesce(paid + refund, 0) AS put_in, changed_at,
      claimed_at, base_amount, refund, paid
    FROM deposits WHERE mint = :mint AND (amount > 0 OR claimed_at IS NOT NULL)
    ORDER BY put_in DESC, wallet LIMIT :limit"""
    return await look.rows(statement, mint=mint, limit=limit)


async def of_wallet(look: Look, wallet: str) -> Sequence[asyncpg.Record]:
    """Deposits of a wallet, newest first, each with its batch."""
    statement = """SELECT d.*, b.status, b.closes_at, b.withdraw_until, b.settled_deposits, b.deposits,
      b.base_amount AS bought, b.refund AS left_over, t.name, t.symbol, t.decimals
    FROM deposits d JOIN batches b ON b.mint = d.mint JOIN tokens t ON t.mint = d.mint
    WHERE d.wallet = :wallet AND (d.amount > 0 OR d.claimed_at IS NOT NULL)
    ORDER BY d.position DESC LIMIT 200"""
    return await look.rows(statement, wallet=wallet)


async def due(session: AsyncSession, limit: int) -> list[str]:
    """Mints of batches whose window is over and that nobody settled, longest first."""
    statement = (
        select(BatchLaunch.mint)
        .where(BatchLaunch.status == "open", BatchLaunch.closes_at <= datetime.now().astimezone())
        .order_by(BatchLaunch.closes_at)
        .limit(limit)
    )
    return list(await session.scalars(statement))


async def claims_of_wallet(session: AsyncSession, wallet: str) -> list[tuple[int, str, int, int, datetime]]:
    """What a wallet got of batches, oldest first: position, mint, base units, lamports paid, time."""
    statement = (
        select(Deposit.position, Deposit.mint, Deposit.base_amount, Deposit.paid, Deposit.claimed_at)
        .where(Deposit.wallet == wallet, Deposit.claimed_at.is_not(None))
        .order_by(Deposit.position)
    )
    rows = await session.execute(statement)
    return [(position, mint, int(base or 0), paid or 0, at) for position, mint, base, paid, at in rows if at]
