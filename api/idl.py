"""The programs' interfaces, by version."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.errors import documented
from launchpad.chain import idls
from launchpad.schemas import Address

router = APIRouter(prefix="/api/idl", tags=["verification"])

ProgramPath = Annotated[str, Path(min_length=1, max_length=64, description="A program's name or its address.")]


class IdlVersion(BaseModel):
    """One version of an interface."""

    version: str
    released: Annotated[bool, Field(description="Whether its account orders are fixed for good.")]
    instructions: Annotated[
        dict[str, list[str]], Field(description="Accounts in order; `:s` signs, `:w` written, `?` optional.")
    ]
    url: str


class IdlVersions(BaseModel):
    """The versions of a program's interface, newest first."""

    program: str
    address: Address
    versions: list[IdlVersion]


@router.get("/{program}", summary="A program's interface", responses=documented(404))
async def read_idl(
    program: ProgramPath,
    version: Annotated[
        str | None, Query(max_length=32, description="A published version; absent for the current.")
    ] = None,
) -> dict[str, Any]:
    """The Anchor IDL of a program as it is built now, or of a published version."""
    return idls.of_version(program, version) if version else idls.current(program)


@router.get("/{program}/versions", summary="Versions of a program's interface", responses=documented(404))
async def read_idl_versions(program: ProgramPath) -> IdlVersions:
    """Every published version with each instruction's accounts in their order."""
    name, address = idls.resolve(program)
    published = [
        IdlVersion(
            version=one.version,
            released=one.released,
            instructions=one.instructions,
            url=f"/api/idl/{name}?version={one.version}",
        )
        for one in idls.versions(name)
    ]
    return IdlVersions(program=name, address=address, versions=published)
