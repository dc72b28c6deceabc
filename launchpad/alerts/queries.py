"""The SQL of rules and of what fired, as their owners see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, RowMapping, delete, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.alerts import Alert, AlertRule, AlertState
from launchpad.tables.tokens import Curve, Token


async def lock_owner(session: AsyncSession, owner: str) -> None:
    """Let one request of this person at a time count and add, until the transaction ends."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('alerts'), hashtext(:owner))"), {"owner": owner})


async def count_rules(session: AsyncSession, owner: str) -> int:
    """How many rules somebody has."""
    statement = select(func.count()).where(AlertRule.owner == owner, AlertRule.deleted_at.is_(None))
    return await session.scalar(statement) or 0


async def rules_of(session: AsyncSession, owner: str, limit: int) -> Sequence[AlertRule]:
    """Somebody's rules, newest first."""
    statement = select(AlertRule).where(AlertRule.owner == owner, AlertRule.deleted_at.is_(None))
    return (await session.scalars(statement.order_by(AlertRule.created_at.desc()).limit(limit))).all()


async def rule(session: AsyncSession, owner: str, rule_id: UUID) -> AlertRule | None:
    """One of somebody's rules, locked."""
    statement = select(AlertRule).where(
        AlertRule.id == rule_id, AlertRule.owner == owner, AlertRule.deleted_at.is_(None)
    )
    found: AlertRule | None = await session.scalar(statement.with_for_update())
    return found


async def tokens(session: AsyncSession, mints: Sequence[str]) -> dict[str, RowMapping]:
    """What is needed of tokens: mint, name, symbol, creator, decimals, price (lamports per base unit)."""
    statement = (
        select(Token.mint, Token.name, Token.symbol, Token.creator, Token.decimals, Curve.price)
        .join(Curve, Curve.mint == Token.mint)
        .where(Token.mint.in_(mints))
    )
    return {row["mint"]: row for row in (await session.execute(statement)).mappings()}


async def set_states(session: AsyncSession, rule_id: UUID, values: Sequence[Mapping[str, Any]]) -> None:
    """What a rule remembers from now on, and nothing else."""
    await session.execute(delete(AlertState).where(AlertState.rule_id == rule_id))
    if values:
        await session.execute(insert(AlertState).values([dict(each) | {"rule_id": rule_id} for each in values]))


async def database_now(session: AsyncSession) -> datetime:
    """The database's clock: the one that rules are compared by."""
    now: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    return now


async def alerts_of(
    session: AsyncSession, owner: str, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Alert]:
    """What fired for somebody, newest first."""
    statement = select(Alert).where(Alert.owner == owner)
    if before is not None:
        statement = statement.where(tuple_(Alert.created_at, Alert.id) < before)
    return (await session.scalars(statement.order_by(Alert.created_at.desc(), Alert.id.desc()).limit(limit))).all()


async def unread(session: AsyncSession, owner: str) -> int:
    """How many alerts of somebody are unread."""
    statement = select(func.count()).where(Alert.owner == owner, Alert.read_at.is_(None))
    return await session.scalar(statement) or 0


async def mark_read(session: AsyncSession, owner: str, ids: Sequence[UUID] | None) -> None:
    """Note that somebody saw these alerts, or all of them."""
    statement = update(Alert).where(Alert.owner == owner, Alert.read_at.is_(None))
    if ids is not None:
        statement = statement.where(Alert.id.in_(ids))
    await session.execute(statement.values(read_at=func.clock_timestamp()))


async def forget(session: AsyncSession, alerts: timedelta, rules: timedelta, limit: int) -> int:
    """Delete at most `limit` alerts that fired long ago, and rules that were removed long ago; how many alerts."""
    old = select(Alert.id).where(Alert.created_at < func.now() - alerts).limit(limit)
    gone: Sequence[Row[tuple[UUID]]] = (
        await session.execute(delete(Alert).where(Alert.id.in_(old)).returning(Alert.id))
    ).all()
    await session.execute(delete(AlertRule).where(AlertRule.deleted_at < func.now() - rules))
    return len(gone)
