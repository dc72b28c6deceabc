"""Launching a token."""

from fastapi import APIRouter

from api.deps import ServicesDep
from api.errors import documented
from launchpad.tokens import launching
from launchpad.tokens.launch_schemas import BuiltLaunch, CurvePreview, CurvePreviewRequest, LaunchRequest

router = APIRouter(prefix="/api/launchpad", tags=["launching"])


@router.post("/deploy-token", summary="A launch to sign", responses=documented(404, 409))
async def build_launch(body: LaunchRequest, services: ServicesDep) -> BuiltLaunch:
    """Transactions that mint the token, split its supply, open its curve and make the first buy, in one step.

    The server makes the mint's key and signs for it alone; name `mint` to bring and sign with your own.
    """
    return await launching.build_launch(services.database, services.chain, services.settings, body)


@router.post("/curve-preview", summary="What a curve would be", responses=documented())
async def preview_curve(body: CurvePreviewRequest, services: ServicesDep) -> CurvePreview:
    """Prices along the curve, the raise, what it means for buyers, and the whole cost, before anything is signed."""
    return await launching.preview_curve(services.chain, services.settings, body)
