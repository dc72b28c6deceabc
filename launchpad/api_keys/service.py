"""Making, showing and revoking keys, and telling whose a request's key is.

A key raises what its holder may ask for; it signs nobody in, and changes nothing of an account.
"""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from redis.asyncio import Redis

from launchpad.accounts.credentials import hash_of, new_secret
from launchpad.api_keys import memory, queries
from launchpad.api_keys.errors import ApiKeyNotFoundError, TooManyApiKeysError, UnknownTierError
from launchpad.api_keys.schemas import ApiKeyView, CreatedApiKey, Holder
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.errors import InvalidInputError
from launchpad.tables.api_keys import ApiKey

PREFIX = "lp_"
MAX_KEYS = 10
_LENGTH = len(PREFIX) + 43
_SHOWN = 11


async def create(database: Database, settings: Settings, owner: str, name: str) -> CreatedApiKey:
    """A new key of the lowest tier; InvalidInputError, TooManyApiKeysError. Nobody can show the key again."""
    clean = " ".join(name.split())
    if not clean or not clean.isprintable():
        raise InvalidInputError("Give the key a name of visible characters.", field="name")
    secret = PREFIX + new_secret()
    key = ApiKey(
        id=uuid4(),
        key_hash=hash_of(secret),
        owner=owner,
        name=clean,
        start=secret[:_SHOWN],
        tier=next(iter(settings.tiers)),
    )
    async with database.session() as session:
        await queries.lock_account(session, owner)
        if await queries.count_of(session, owner) >= MAX_KEYS:
            raise TooManyApiKeysError(f"You have {MAX_KEYS} keys: revoke one that you do not need.")
        await queries.add(session, key)
        return CreatedApiKey(key=secret, **_view(key, settings).model_dump())


async def list_keys(database: Database, settings: Settings, owner: str) -> list[ApiKeyView]:
    """The keys of an account that hold, newest first."""
    async with database.read() as session:
        return [_view(key, settings) for key in await queries.keys_of(session, owner)]


async def revoke(database: Database, redis: Redis, owner: str, key_id: UUID) -> None:
    """End one of the account's keys at once, everywhere; ApiKeyNotFoundError."""
    async with database.session() as session:
        key_hash = await queries.revoke(session, owner, key_id)
    if key_hash is None:
        raise ApiKeyNotFoundError("You have no such key: it may be revoked already.")
    await memory.KEYS.mark_ended(redis, key_hash)


async def set_tier(database: Database, redis: Redis, settings: Settings, key_id: UUID, tier: str) -> None:
    """Move anybody's key to another tier; UnknownTierError, ApiKeyNotFoundError."""
    if tier not in settings.tiers:
        raise UnknownTierError(f"There is no tier called {tier}: choose one of {', '.join(settings.tiers)}.")
    async with database.session() as session:
        key_hash = await queries.set_tier(session, key_id, tier)
    if key_hash is None:
        raise ApiKeyNotFoundError("There is no such key, or it was revoked.")
    await memory.KEYS.forget(redis, key_hash)


def may_be_key(secret: str) -> bool:
    """Whether a text has the form of a key."""
    return len(secret) == _LENGTH and secret.startswith(PREFIX)


async def recalled(redis: Redis, secret: str) -> memory.Recalled:
    """What is known of a key without asking Postgres."""
    return await memory.recall(redis, hash_of(secret))


async def holder_of(database: Database, redis: Redis, secret: str) -> Holder | None:
    """Who holds a key, as Postgres has it; None for one that is none of ours or was revoked. Notes the use."""
    key_hash = hash_of(secret)
    async with database.session() as session:
        key = await queries.use(session, key_hash, datetime.now(UTC))
        if key is None:
            return None
        holder = Holder(str(key.id), key.owner, key.tier)
    await memory.remember(redis, key_hash, holder)
    return holder


def per_second(settings: Settings, tier: str) -> int:
    """What a tier may ask for in a second; one that is configured no more counts as the lowest."""
    tiers = settings.tiers
    return tiers.get(tier, next(iter(tiers.values())))


def _view(key: ApiKey, settings: Settings) -> ApiKeyView:
    return ApiKeyView(
        id=key.id,
        name=key.name,
        start=key.start,
        tier=key.tier,
        requests_per_second=per_second(settings, key.tier),
        created_at=key.created_at,
        last_used_at=key.last_used_at,
    )
