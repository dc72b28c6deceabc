"""Sending what was signed, and following it."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import AfterValidator

from api import metrics
from api.deps import ServicesDep
from api.errors import documented
from launchpad.errors import LaunchpadError
from launchpad.schemas import SIGNATURE_PATTERN, require_signature
from launchpad.transactions import service
from launchpad.transactions.schemas import SubmitRequest, TransactionView

router = APIRouter(prefix="/api/transactions", tags=["transactions"])


@router.post("", summary="Send a signed transaction", status_code=202, responses=documented(409, 410))
async def submit(body: SubmitRequest, services: ServicesDep) -> TransactionView:
    """Signatures are verified, the transaction is simulated and kept, then sent until it is confirmed or expires.

    Sending the same transaction again is harmless: it answers with where the first one stands.
    """
    try:
        view = await service.submit(services.database, services.chain, services.settings, body)
    except LaunchpadError as error:
        metrics.SUBMITTED.labels(error.code).inc()
        raise
    metrics.SUBMITTED.labels("sent").inc()
    return view


@router.get("/{signature}", summary="Where a transaction stands", responses=documented(404))
async def read_transaction(
    signature: Annotated[
        str,
        Path(pattern=SIGNATURE_PATTERN, description="The transaction's first signature."),
        AfterValidator(require_signature),
    ],
    response: Response,
    services: ServicesDep,
) -> TransactionView:
    """Sent, confirmed, finalized, failed with the program's message, or expired; asked of the cluster where needed."""
    response.headers["Cache-Control"] = "no-store"
    return await service.transaction_status(services.database, services.chain, services.settings, signature)
