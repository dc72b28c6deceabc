"""All SQL of keys."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.accounts import Account
from launchpad.tables.api_keys import ApiKey


async def lock_account(session: AsyncSession, owner: str) -> None:
    """Let one transaction at a time count and add an account's keys."""
    await session.execute(select(Account.address).where(Account.address == owner).with_for_update())


async def count_of(session: AsyncSession, owner: str) -> int:
    """How many keys of an account hold."""
    statement = select(func.count()).where(ApiKey.owner == owner, ApiKey.revoked_at.is_(None))
    return await session.scalar(statement) or 0


async def add(session: AsyncSession, key: ApiKey) -> None:
    """Keep a key."""
    session.add(key)
    await session.flush()
    await session.refresh(key)


async def keys_of(session: AsyncSession, owner: str) -> Sequence[ApiKey]:
    """The keys of an account that hold, newest first."""
    statement = select(ApiKey).where(ApiKey.owner == owner, ApiKey.revoked_at.is_(None))
    return (await session.scalars(statement.order_by(ApiKey.created_at.desc(), ApiKey.id))).all()


async def revoke(session: AsyncSession, owner: str, key_id: UUID) -> str | None:
    """End a key of an account; its hash, None where there is none that holds."""
    statement = (
        update(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.owner == owner, ApiKey.revoked_at.is_(None))
        .values(revoked_at=func.now())
        .returning(ApiKey.key_hash)
    )
    found: str | None = await session.scalar(statement)
    return found


async def set_tier(session: AsyncSession, key_id: UUID, tier: str) -> str | None:
    """Move a key to another tier; its hash, None where there is none that holds."""
    statement = (
        update(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None))
        .values(tier=tier)
        .returning(ApiKey.key_hash)
    )
    found: str | None = await session.scalar(statement)
    return found


async def use(session: AsyncSession, key_hash: str, now: datetime) -> ApiKey | None:
    """The key of a hash that holds, with the use noted."""
    statement = (
        update(ApiKey)
        .where(ApiKey.key_hash == key_hash, ApiKey.revoked_at.is_(None))
        .values(last_used_at=now)
        .returning(ApiKey)
    )
    found: ApiKey | None = await session.scalar(statement)
    return found
