"""Whether this process reaches everything that it needs: for containers and for people."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import httpx
from redis.asyncio import Redis

from launchpad.config import Settings
from launchpad.redaction import redact

_PATIENCE = 5.0


@dataclass(frozen=True)
class Health:
    """One thing that was asked: its name, whether it answered, and what it said where it did not."""

    name: str
    ok: bool
    problem: str = ""


async def check(settings: Settings) -> list[Health]:
    """Ask the database, Redis and the first RPC endpoint, side by side; never raises."""
    asked: dict[str, Callable[[Settings], Awaitable[None]]] = {"database": _database, "redis": _redis, "rpc": _rpc}
    return list(await asyncio.gather(*(_ask(name, question, settings) for name, question in asked.items())))


async def _ask(name: str, question: Callable[[Settings], Awaitable[None]], settings: Settings) -> Health:
    try:
        async with asyncio.timeout(_PATIENCE):
            await question(settings)
    except Exception as error:  # noqa: BLE001 - every way to fail is an answer here
        return Health(name, ok=False, problem=redact(str(error)) or type(error).__name__)
    return Health(name, ok=True)


async def _database(settings: Settings) -> None:
    connection = await asyncpg.connect(settings.require_database().replace("+asyncpg", "", 1))
    await connection.close()


async def _redis(settings: Settings) -> None:
    async with Redis.from_url(settings.require_redis()) as client:
        await client.ping()


async def _rpc(settings: Settings) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "getHealth"}
    async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=False) as client:
        answer = (await client.post(settings.rpc_urls[0], json=request)).raise_for_status().json()
    if answer.get("result") != "ok":
        raise ConnectionError(str(answer.get("error", answer)))
