"""Who earns what, where it went, and the routers that divide it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.deps import MintPath, ServicesDep, limit_query
from api.errors import documented
from launchpad.fees import handover, income, routing, table, viewing
from launchpad.fees import revenue as money
from launchpad.fees.schemas import (
    AcceptOwner,
    BuiltRouting,
    ByAnybody,
    ByOwner,
    CancelRelease,
    ChangeShares,
    ClaimShare,
    CreateRouter,
    FeeTable,
    OfferOwner,
    OfToken,
    ProposeRelease,
    RevenueKind,
    RevenuePage,
    RouterList,
    RouterView,
    TakeToken,
)
from launchpad.schemas import ADDRESS_PATTERN, AddressIn

router = APIRouter(prefix="/api/fees", tags=["fees"])
RouterPath = Annotated[str, Path(pattern=ADDRESS_PATTERN, description="The router's address.")]
_CHANGES = documented(403, 404, 409)


@router.get("/tokens/{mint}", summary="Fee table of a token", responses=documented(404))
async def read_fee_table(mint: MintPath, services: ServicesDep) -> FeeTable:
    """Every fee of a token as the chain has it: rate, recipient, and the account that says so."""
    return await table.fee_table(services.chain, mint)


@router.get("/revenue", summary="Every lamport of fees", responses=documented())
async def list_revenue(
    services: ServicesDep,
    mint: Annotated[AddressIn | None, Query(description="Only of this token.")] = None,
    kind: Annotated[RevenueKind | None, Query(description="Only of this kind.")] = None,
    after: Annotated[str | None, Query(max_length=512, description="`meta.next` of the page before.")] = None,
    limit: Annotated[int, limit_query(200)] = 50,
) -> RevenuePage:
    """What protocol, creators, referrers, liquidity, keepers and routers earned and were paid, by transaction."""
    async with services.database.look(behind=True) as look:
        return await money.revenue(look, limit, mint, kind, after)


@router.get("/routers", summary="Routers of a wallet", responses=documented())
async def list_routers(
    services: ServicesDep, wallet: Annotated[AddressIn, Query(description="Creator, owner or recipient.")]
) -> RouterList:
    """Routers that the wallet created, owns or is paid by, newest first."""
    return await viewing.of_wallet(services.database, wallet)


@router.post("/routers", summary="Create a router", responses=_CHANGES)
async def create_router(body: CreateRouter, services: ServicesDep) -> BuiltRouting:
    """An unsigned transaction that creates a router without recipients; ask for its shares next."""
    return await routing.create(services.chain, body)


@router.get("/routers/{router}", summary="A router", responses=documented(404))
async def read_router(router: RouterPath, services: ServicesDep) -> RouterView:
    """Recipients, what each can claim, what is proposed, and the tokens behind it."""
    return await viewing.view(services.chain, services.database, router)


@router.post("/routers/{router}/shares", summary="Change a router's shares", responses=_CHANGES)
async def change_shares(router: RouterPath, body: ChangeShares, services: ServicesDep) -> BuiltRouting:
    """The next unsigned transaction on the way to these shares; ask again until `done`."""
    return await routing.change_shares(services.chain, router, body)


@router.post("/routers/{router}/apply", summary="Apply proposed shares", responses=_CHANGES)
async def apply_shares(router: RouterPath, body: ByAnybody, services: ServicesDep) -> BuiltRouting:
    """An unsigned transaction of anybody's that makes the proposed shares hold, after the time lock."""
    return await routing.apply(services.chain, router, body.payer)


@router.post("/routers/{router}/cancel", summary="Cancel proposed shares", responses=_CHANGES)
async def cancel_proposal(router: RouterPath, body: ByOwner, services: ServicesDep) -> BuiltRouting:
    """An unsigned transaction that throws proposed shares away."""
    return await routing.cancel(services.chain, router, body.owner)


@router.post("/routers/{router}/fix", summary="Fix a router's shares for good", responses=_CHANGES)
async def fix_shares(router: RouterPath, body: ByOwner, services: ServicesDep) -> BuiltRouting:
    """An unsigned transaction after which neither shares nor tokens of the router can change."""
    return await routing.fix(services.chain, router, body.owner)


@router.post("/routers/{router}/owner", summary="Offer a router to another owner", responses=_CHANGES)
async def offer_owner(router: RouterPath, body: OfferOwner, services: ServicesDep) -> BuiltRouting:
    """An unsigned transaction that names the next owner, who has to accept; without one it withdraws the offer."""
    return await routing.offer_owner(services.chain, router, body)


@router.post("/routers/{router}/accept", summary="Become a router's owner", responses=_CHANGES)
async def accept_owner(router: RouterPath, body: AcceptOwner, services: ServicesDep) -> BuiltRouting:
    """An unsigned transaction by which the wallet that was offered a router takes it over."""
    return await routing.accept_owner(services.chain, router, body.new_owner)


@router.post("/routers/{router}/adopt", summary="Hand a token to a router", responses=_CHANGES)
async def adopt_token(router: RouterPath, body: OfToken, services: ServicesDep) -> BuiltRouting:
    """An unsigned transaction that makes the router a token's creator: by him, or after his offer by anybody."""
    return await handover.adopt(services.chain, router, body.payer, body.mint)


@router.post("/routers/{router}/collect", summary="Collect a token's fees", responses=_CHANGES)
async def collect_fees(router: RouterPath, body: OfToken, services: ServicesDep) -> BuiltRouting:
    """An unsigned transaction of anybody's that brings in what curve and pool owe the router."""
    return await income.collect(services.chain, router, body.payer, body.mint)


@router.post("/routers/{router}/unwrap", summary="Unwrap SOL that was sent", responses=_CHANGES)
async def unwrap(router: RouterPath, body: ByAnybody, services: ServicesDep) -> BuiltRouting:
    """An unsigned transaction of anybody's that turns wrapped SOL at the router into income of all recipients."""
    return await income.unwrap(services.chain, router, body.payer)


@router.post("/routers/{router}/claim", summary="Pay a recipient", responses=_CHANGES)
async def claim_share(router: RouterPath, body: ClaimShare, services: ServicesDep) -> BuiltRouting:
    """An unsigned transaction of anybody's that pays a recipient all that is his."""
    return await income.claim(services.chain, router, body.payer, body.recipient)


@router.post("/routers/{router}/release", summary="Propose that a token leaves", responses=_CHANGES)
async def propose_release(router: RouterPath, body: ProposeRelease, services: ServicesDep) -> BuiltRouting:
    """An unsigned transaction that starts the time lock of a token's way out, or of taking an offer back."""
    return await handover.propose_release(services.chain, router, body)


@router.post("/routers/{router}/keep", summary="Cancel a release", responses=_CHANGES)
async def cancel_release(router: RouterPath, body: CancelRelease, services: ServicesDep) -> BuiltRouting:
    """An unsigned transaction that withdraws a token's release before it is carried out."""
    return await handover.cancel_release(services.chain, router, body.owner, body.mint)


@router.post("/routers/{router}/leave", summary="Offer a released token", responses=_CHANGES)
async def release_token(router: RouterPath, body: OfToken, services: ServicesDep) -> BuiltRouting:
    """An unsigned transaction of anybody's that offers a token to its next creator, after the time lock."""
    return await handover.release(services.chain, router, body.payer, body.mint)


@router.post("/routers/{router}/take", summary="Take a released token", responses=_CHANGES)
async def take_token(router: RouterPath, body: TakeToken, services: ServicesDep) -> BuiltRouting:
    """An unsigned transaction by which the wallet that was offered a token becomes its creator."""
    return await handover.take(services.chain, router, body.new_creator, body.mint)
