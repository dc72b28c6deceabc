"""`launchpad keys tier`."""

from uuid import UUID

import typer
from redis.asyncio import Redis

from launchpad.api_keys import service
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.errors import InvalidInputError


async def move(settings: Settings, key: str, tier: str) -> None:
    """Move a key to another tier and say so; InvalidInputError, UnknownTierError, ApiKeyNotFoundError."""
    try:
        key_id = UUID(key)
    except ValueError as error:
        raise InvalidInputError(f"{key} is no id of a key: its owner finds it at /api-keys.", field="key") from error
    database, redis = Database.from_settings(settings), Redis.from_url(settings.require_redis())
    try:
        await service.set_tier(database, redis, settings, key_id, tier)
    finally:
        await redis.aclose()
        await database.close()
    typer.echo(f"{key_id} may ask for {settings.tiers[tier]} requests a second now.")
