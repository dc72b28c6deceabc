"""All SQL of sign-in and sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.accounts import Account, Session, SignInChallenge


async def add_challenge(
    session: AsyncSession, request_id: str, message_input: dict[str, Any], browser_hash: str, expires_at: datetime
) -> None:
    """Keep a challenge; those that expired go at the same time."""
    await session.execute(delete(SignInChallenge).where(SignInChallenge.expires_at < func.now()))
    session.add(
        SignInChallenge(
            request_id=request_id, message_input=message_input, browser_hash=browser_hash, expires_at=expires_at
        )
    )


async def take_challenge(
    session: AsyncSession, request_id: str, browser_hash: str, now: datetime
) -> dict[str, Any] | None:
    """Remove a live challenge of this browser and return its input, in one statement: nobody gets it twice."""
    statement = (
        delete(SignInChallenge)
        .where(
            SignInChallenge.request_id == request_id,
            SignInChallenge.browser_hash == browser_hash,
            SignInChallenge.expires_at > now,
        )
        .returning(SignInChallenge.message_input)
    )
    return await session.scalar(statement)


async def touch_account(session: AsyncSession, address: str) -> str | None:
    """Make sure that the account exists and was seen now; its display name."""
    statement = (
        insert(Account)
        .values(address=address)
        .on_conflict_do_update(index_elements=[Account.address], set_={"last_seen_at": func.now()})
        .returning(Account.display_name)
    )
    return await session.scalar(statement)


async def set_display_name(session: AsyncSession, address: str, name: str | None) -> None:
    """Change what an account is shown by."""
    await session.execute(update(Account).where(Account.address == address).values(display_name=name))


async def add_session(
    session: AsyncSession, id_hash: str, address: str, device: str, now: datetime, expires_at: datetime
) -> None:
    """Keep a new session; expired ones of the same account go."""
    await session.execute(delete(Session).where(Session.address == address, Session.expires_at < now))
    session.add(
        Session(
            id_hash=id_hash, address=address, device=device, created_at=now, last_seen_at=now, expires_at=expires_at
        )
    )


async def live_session(
    session: AsyncSession, id_hash: str, now: datetime, idle_since: datetime
) -> Row[tuple[str, str | None, datetime, datetime]] | None:
    """Address, display name, expiry and last sight of a session that neither expired nor idled away."""
    statement = (
        select(Session.address, Account.display_name, Session.expires_at, Session.last_seen_at)
        .join(Account, Account.address == Session.address)
        .where(Session.id_hash == id_hash, Session.expires_at > now, Session.last_seen_at > idle_since)
    )
    return (await session.execute(statement)).one_or_none()


async def see_session(session: AsyncSession, id_hash: str, now: datetime) -> None:
    """Note that a session was used."""
    await session.execute(update(Session).where(Session.id_hash == id_hash).values(last_seen_at=now))


async def sessions_of(session: AsyncSession, address: str, now: datetime, idle_since: datetime) -> list[Session]:
    """The live sessions of an account, newest first."""
    statement = (
        select(Session)
        .where(Session.address == address, Session.expires_at > now, Session.last_seen_at > idle_since)
        .order_by(Session.created_at.desc())
    )
    return list(await session.scalars(statement))


async def end_session(session: AsyncSession, id_hash: str, address: str | None = None) -> bool:
    """Remove a session, of `address` only when that is given; whether there was one."""
    statement = delete(Session).where(Session.id_hash == id_hash)
    if address is not None:
        statement = statement.where(Session.address == address)
    return await session.scalar(statement.returning(Session.id_hash)) is not None


async def end_other_sessions(session: AsyncSession, address: str, keep: str) -> list[str]:
    """Remove every session of an account but one; the hashes of those removed."""
    statement = delete(Session).where(Session.address == address, Session.id_hash != keep).returning(Session.id_hash)
    return list(await session.scalars(statement))
