"""Whether this process is well."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.deps import ServicesDep
from api.errors import documented
from launchpad.transactions import queries

router = APIRouter(tags=["operations"])

_PATIENCE_SECONDS = 2.0


class Component(BaseModel):
    """One thing that answers depend on."""

    ok: bool
    problem: str | None = None


class HealthReport(BaseModel):
    """`ok` when everything answers, `degraded` when only the cluster does not, `down` otherwise."""

    status: Literal["ok", "degraded", "down"]
    cluster: str
    components: dict[Literal["database", "redis", "rpc"], Component]
    indexed_slot: int | None = Field(description="Newest slot that the indexer has written.")
    chain_slot: int | None = Field(description="The cluster's newest confirmed slot.")


@router.get("/health", summary="Whether this process runs", responses=documented())
async def read_liveness() -> dict[str, str]:
    """Answers as long as the process does; asks nothing of anyone else."""
    return {"status": "ok"}


@router.get("/api/health", summary="Whether everything answers", responses=documented())
async def read_health(services: ServicesDep, response: Response) -> HealthReport:
    """Database, Redis and cluster, each asked now; 503 only when pages could not be served."""
    found: dict[str, int | None] = {}

    async def database() -> None:
        async with services.database.read() as session:
            found["indexed"] = await queries.indexed_slot(session)

    async def redis() -> None:
        await services.redis.ping()

    async def rpc() -> None:
        found["chain"] = await services.chain.rpc.get_slot("confirmed")

    answers = await asyncio.gather(_asked(database), _asked(redis), _asked(rpc))
    components = dict(zip(("database", "redis", "rpc"), answers, strict=True))
    status: Literal["ok", "degraded", "down"] = "ok"
    if not components["database"].ok or not components["redis"].ok:
        status = "down"
        response.status_code = 503
    elif not components["rpc"].ok:
        status = "degraded"
    response.headers["Cache-Control"] = "no-store"
    return HealthReport(
        status=status,
        cluster=services.settings.cluster,
        components=components,
        indexed_slot=found.get("indexed"),
        chain_slot=found.get("chain"),
    )


async def _asked(question: Callable[[], Awaitable[None]]) -> Component:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await question()
    except Exception as error:  # noqa: BLE001  every way to fail is an answer here
        return Component(ok=False, problem=type(error).__name__)
    return Component(ok=True)
