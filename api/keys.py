"""Keys for programs, as their owners manage them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from api.deps import Member, ServicesDep
from api.errors import documented
from launchpad.api_keys import service
from launchpad.api_keys.schemas import ApiKeyList, CreatedApiKey, NewApiKey

router = APIRouter(prefix="/api/v1/api-keys", tags=["accounts"])

KeyId = Annotated[UUID, Path(alias="key_id", description="The id out of the list of keys.")]


@router.post("", status_code=201, summary="Make a key for programs", responses=documented(401, 403, 409))
async def create_key(body: NewApiKey, member: Member, services: ServicesDep) -> CreatedApiKey:
    """A key that raises limits, at most 10 of an account. It is told this once and kept as a hash only."""
    return await service.create(services.database, services.settings, member.address, body.name)


@router.get("", summary="Your keys", responses=documented(401))
async def list_keys(member: Member, services: ServicesDep) -> ApiKeyList:
    """Keys that hold, newest first, with their tiers and last uses."""
    return ApiKeyList(data=await service.list_keys(services.database, services.settings, member.address))


@router.delete("/{key_id}", status_code=204, summary="Revoke a key", responses=documented(401, 403, 404))
async def revoke_key(key_id: KeyId, member: Member, services: ServicesDep) -> None:
    """Requests with it are refused from now on."""
    await service.revoke(services.database, services.redis, member.address, key_id)
