"""Launching a token."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.deps import MintPath, ServicesDep
from api.errors import documented
from launchpad.schemas import ADDRESS_PATTERN
from launchpad.tokens import allowlists, graduating, launching, presets, standards, venues
from launchpad.tokens.launch_schemas import (
    BuiltLaunch,
    CurvePreview,
    CurvePreviewRequest,
    LaunchRequest,
    PresetView,
    StandardView,
    VenueView,
)
from launchpad.tokens.rules_schemas import PositionView, ProofView

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


@router.get("/presets", summary="Launch options that go well together", responses=documented())
async def list_presets() -> list[PresetView]:
    """Named sets of `rules`, `graduation` and `batch`, each with what it means for buyers."""
    return presets.listed()


@router.get("/venues", summary="Where sales graduate to", responses=documented())
async def list_venues(services: ServicesDep) -> list[VenueView]:
    """Each venue with what it costs, and whether it takes pools on this cluster now."""
    return await venues.listed(services.chain)


@router.get("/standards", summary="Kinds of mints", responses=documented())
async def list_standards(services: ServicesDep) -> list[StandardView]:
    """What a launch's `standard` can be, why one would choose which, and whether this cluster has it."""
    return await standards.listed(services.chain)


@router.get("/token/{mint}/allowlist/{wallet}", summary="A wallet's place on an allowlist", responses=documented(404))
async def read_proof(
    mint: MintPath, wallet: Annotated[str, Path(pattern=ADDRESS_PATTERN)], services: ServicesDep
) -> ProofView:
    """The proof with which anybody can admit the wallet to the first stage of the sale."""
    return await allowlists.show(services.database, mint, wallet)


@router.get("/token/{mint}/position/{wallet}", summary="A wallet's place in an opening", responses=documented(404))
async def read_position(
    mint: MintPath, wallet: Annotated[str, Path(pattern=ADDRESS_PATTERN)], services: ServicesDep
) -> PositionView:
    """By which tiers a wallet was admitted to a sale with rules, what it bought under them, and whether it left."""
    async with services.database.look() as look:
        return await graduating.position_of(look, mint, wallet)
