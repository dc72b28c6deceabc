"""Signing in with a wallet, and the sessions that come of it."""

import base64
import binascii
import unicodedata
from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis

from launchpad.accounts import memory, queries
from launchpad.accounts.credentials import hash_of, new_secret
from launchpad.accounts.devices import device_name
from launchpad.accounts.errors import SignInExpiredError, SignInFailedError
from launchpad.accounts.schemas import Challenge, SessionInfo, SignedIn, VerifyRequest
from launchpad.accounts.siws import CHALLENGE_TTL, MAX_MESSAGE_BYTES, SignInInput, message_text, new_input
from launchpad.chain.keys import verify_signature
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.errors import InvalidInputError, NotFoundError

ABSOLUTE_LIFE = timedelta(days=14)
IDLE_LIFE = timedelta(hours=24)
_SEEN_EVERY = timedelta(minutes=1)
_SIGNATURE_BYTES = 64


class SessionNotFoundError(NotFoundError):
    """The account has no such session."""

    code = "SESSION_NOT_FOUND"


class InvalidNameError(InvalidInputError):
    """A display name that cannot be shown safely."""

    code = "INVALID_NAME"


async def ask_to_sign_in(
    database: Database, settings: Settings, *, origin: str, browser: str, address: str | None = None
) -> Challenge:
    """A challenge for the page at `origin`, kept for five minutes and bound to the `browser` secret."""
    now = datetime.now(UTC)
    request_id = new_secret()
    challenge = new_input(settings, origin, request_id, now)
    expires_at = now + CHALLENGE_TTL
    async with database.session() as session:
        stored = challenge.model_dump(by_alias=True)
        await queries.add_challenge(session, request_id, stored, hash_of(browser), expires_at)
    return Challenge(
        request_id=request_id,
        input=challenge,
        message=message_text(challenge, address) if address else None,
        expires_at=expires_at,
    )


async def sign_in(
    database: Database, redis: Redis, answer: VerifyRequest, *, browser: str, device: str, old_secret: str | None = None
) -> tuple[str, SignedIn]:
    """Check a wallet's answer; the new session's secret (for the cookie only) and the session.

    A session that the browser had before ends. Raises SignInExpiredError and
    SignInFailedError; a challenge is spent by the attempt, also by a failed one.
    """
    now = datetime.now(UTC)
    async with database.session() as session:
        stored = await queries.take_challenge(session, answer.request_id, hash_of(browser), now)
    if stored is None:
        raise SignInExpiredError("This sign-in request has expired or was already used: ask for a new one.")
    if not _is_proven(SignInInput.model_validate(stored), answer):
        raise SignInFailedError("The wallet's signature does not prove this address: try to sign in again.")
    opened = await _open_session(database, answer.address, device, old_secret, now)
    if old_secret:
        await memory.SESSIONS.mark_ended(redis, hash_of(old_secret))
    return opened


async def _open_session(
    database: Database, address: str, device: str, old_secret: str | None, now: datetime
) -> tuple[str, SignedIn]:
    secret = new_secret()
    expires_at = now + ABSOLUTE_LIFE
    async with database.session() as session:
        name = await queries.touch_account(session, address)
        if old_secret:
            await queries.end_session(session, hash_of(old_secret))
        await queries.add_session(session, hash_of(secret), address, device[:200], now, expires_at)
    return secret, SignedIn(address, name, hash_of(secret), expires_at)


def _is_proven(challenge: SignInInput, answer: VerifyRequest) -> bool:
    """Whether exactly this challenge was signed by exactly this address."""
    try:
        signed = base64.b64decode(answer.signed_message, validate=True)
        signature = base64.b64decode(answer.signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    if len(signed) > MAX_MESSAGE_BYTES or len(signature) != _SIGNATURE_BYTES:
        return False
    expected = message_text(challenge, answer.address).encode()
    return signed == expected and verify_signature(answer.address, signed, signature)


async def session_of(database: Database, secret: str, redis: Redis | None = None) -> SignedIn | None:
    """The live session behind a cookie's value, or None; notes the use once a minute."""
    return await session_named(database, hash_of(secret), redis)


async def session_named(database: Database, id_hash: str, redis: Redis | None = None) -> SignedIn | None:
    """The live session of that hash, or None: as Redis remembers it, else as Postgres has it."""
    now = datetime.now(UTC)
    if redis is None:
        return await _stored_session(database, id_hash, now)
    recalled = await memory.recall(redis, id_hash, now)
    if recalled.known:
        return recalled.who
    who = await _stored_session(database, id_hash, now)
    if who is not None:
        await memory.remember(redis, who)
    return who


async def _stored_session(database: Database, id_hash: str, now: datetime) -> SignedIn | None:
    async with database.session() as session:
        row = await queries.live_session(session, id_hash, now, now - IDLE_LIFE)
        if row is None:
            return None
        address, name, expires_at, last_seen_at = row
        if now - last_seen_at > _SEEN_EVERY:
            await queries.see_session(session, id_hash, now)
    return SignedIn(address, name, id_hash, expires_at)


async def sign_out(database: Database, redis: Redis, secret: str) -> None:
    """End the session behind a cookie's value; harmless when there is none."""
    async with database.session() as session:
        found = await queries.end_session(session, hash_of(secret))
    if found:
        await memory.SESSIONS.mark_ended(redis, hash_of(secret))


async def list_sessions(database: Database, who: SignedIn) -> list[SessionInfo]:
    """Every device on which this account is signed in."""
    now = datetime.now(UTC)
    async with database.read() as session:
        rows = await queries.sessions_of(session, who.address, now, now - IDLE_LIFE)
    return [
        SessionInfo(
            id=row.id_hash,
            name=device_name(row.device),
            device=row.device,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            expires_at=row.expires_at,
            current=row.id_hash == who.session_hash,
        )
        for row in rows
    ]


async def revoke_session(database: Database, redis: Redis, who: SignedIn, session_id: str) -> None:
    """End one of the account's own sessions; raises SessionNotFoundError."""
    async with database.session() as session:
        found = await queries.end_session(session, session_id, who.address)
    if not found:
        raise SessionNotFoundError("There is no such session: it may have ended already.")
    await memory.SESSIONS.mark_ended(redis, session_id)


async def revoke_other_sessions(database: Database, redis: Redis, who: SignedIn) -> None:
    """End every session of the account but the one that asks."""
    async with database.session() as session:
        ended = await queries.end_other_sessions(session, who.address, who.session_hash)
    await memory.SESSIONS.mark_ended(redis, *ended)


async def rename(database: Database, redis: Redis, who: SignedIn, name: str | None) -> str | None:
    """Change what the account is shown by; raises InvalidNameError for what could deceive."""
    clean = _clean_name(name) if name is not None else None
    async with database.session() as session:
        await queries.set_display_name(session, who.address, clean)
        now = datetime.now(UTC)
        sessions = await queries.sessions_of(session, who.address, now, now - IDLE_LIFE)
    await memory.SESSIONS.forget(redis, *(row.id_hash for row in sessions))
    return clean


def _clean_name(name: str) -> str:
    """The name in NFKC with single spaces; control, format and private characters are refused."""
    clean = " ".join(unicodedata.normalize("NFKC", name).split())
    hidden = any(unicodedata.category(char).startswith("C") for char in clean)
    if not clean or hidden or len(clean) > 32:  # noqa: PLR2004  the column's width
        raise InvalidNameError("Use 1 to 32 visible characters.", field="display_name")
    return clean
