"""Many transfers, burns or launches in one request."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from api.deps import ServicesDep
from api.errors import documented
from launchpad.bulk import launches, service
from launchpad.bulk.schemas import BuildBulk, BulkRequest, BulkView, LaunchManyRequest, LaunchManyView, SubmitBulk

router = APIRouter(prefix="/api/batch-operations", tags=["bulk"])
OperationPath = Annotated[UUID, Path(description="The operation's id.")]
_CHANGES = documented(404, 409)


@router.post("", summary="Many transfers and burns", responses=documented(), status_code=201)
async def create_operation(body: BulkRequest, services: ServicesDep) -> BulkView:
    """Checks every item and keeps the request: totals, rents and fees before anything is signed.

    Items that cannot be done are refused together: `error.items` lists each with its index.
    """
    return await service.create(services.database, services.chain, body)


@router.post("/launches", summary="Many launches", responses=documented())
async def build_launches(body: LaunchManyRequest, services: ServicesDep) -> LaunchManyView:
    """Transactions for each launch to sign, or why it has none; one that fails does not stop the others."""
    return await launches.build(services.database, services.chain, services.settings, body)


@router.get("/{operation}", summary="An operation", responses=documented(404))
async def read_operation(operation: OperationPath, services: ServicesDep) -> BulkView:
    """Every item with its status, asked of the chain."""
    return await service.show(services.database, services.chain, operation)


@router.post("/{operation}/build", summary="Transactions of an operation", responses=_CHANGES)
async def build_operation(operation: OperationPath, body: BuildBulk, services: ServicesDep) -> BulkView:
    """Unsigned transactions for what is neither done nor on its way; also the way to try failed items again.

    What may still land is handed out as it is, so that nothing can be done twice.
    """
    return await service.build(services.database, services.chain, operation, body)


@router.post("/{operation}/submit", summary="Send an operation", responses=_CHANGES, status_code=202)
async def submit_operation(operation: OperationPath, body: SubmitBulk, services: ServicesDep) -> BulkView:
    """Sends its signed transactions, each on its own; follow them by reading the operation."""
    return await service.submit(services.database, services.chain, services.settings, operation, body)
