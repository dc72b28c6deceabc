"""Token lists, token pages and launched projects."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from api.deps import CursorQuery, MintPath, ServicesDep, limit_query
from api.errors import documented
from api.hot import hot, hot_look
from launchpad.cache import Policy
from launchpad.db import Look
from launchpad.fees.table import indexed_table
from launchpad.paging import Listing, Reading
from launchpad.schemas import ADDRESS_PATTERN, MAX_SEARCH, Page, search_text
from launchpad.tokens import catalog, syncing
from launchpad.tokens.queries import TokenFilter
from launchpad.tokens.schemas import (
    CurveStatus,
    HolderView,
    LaunchpadToken,
    Program,
    ProjectPage,
    ProjectState,
    SyncState,
    TokenDetails,
    TokenPage,
    TokenSort,
)

router = APIRouter(tags=["tokens"])

_LIST_GRACE = 0.05
# Figures follow their trades within a second, and move with time alone.
_FIGURES_SECONDS = 1.0


class PageParameters(BaseModel):
    """What every list of tokens takes."""

    search: str | None = Field(
        None, max_length=MAX_SEARCH, description="Part of the name or symbol, or a whole address."
    )
    order: Literal["asc", "desc"] = "desc"
    cursor: str | None = Field(None, max_length=512, description="`meta.next` of the page before.")
    page: int | None = Field(None, ge=1, le=1000, description="Page number, instead of a cursor.")
    limit: int = Field(50, ge=1, le=100)

    @property
    def search_text(self) -> str | None:
        """What is searched for, None for everything."""
        return search_text(self.search)


class TokenParameters(PageParameters):
    """What the token list takes."""

    sort: TokenSort | None = Field(None, description="What to sort by; `volume_24h` by default.")
    sort_by: TokenSort | None = Field(None, alias="sortBy", description="The same as `sort`.")
    status: CurveStatus | None = None
    creator: str | None = Field(None, pattern=ADDRESS_PATTERN, description="Only tokens of this creator.")
    min_liquidity: int | None = Field(
        None, alias="minLiquidity", ge=0, lt=2**63, description="Least real reserve, lamports."
    )
    max_age: int | None = Field(
        None, alias="maxAge", ge=1, le=10**9, description="Launched at most so many seconds ago."
    )
    program: Program | None = Field(None, description="Program that trades them: `amm` or `raydium` after graduation.")

    def filter(self) -> TokenFilter:
        """The same for the catalog."""
        return TokenFilter(
            sort=self.sort or self.sort_by or "volume_24h",
            descending=self.order == "desc",
            search=self.search_text,
            creator=self.creator,
            status=self.status,
            min_liquidity=self.min_liquidity,
            max_age=self.max_age,
            program=self.program,
        )


class ProjectParameters(PageParameters):
    """What the project list takes."""

    state: ProjectState | None = Field(None, description="`upcoming` before the curve opens, `ended` once sold out.")
    filter: ProjectState | None = Field(None, description="The same as `state`.")
    sort: TokenSort = "launched_at"


@router.get("/api/v1/tokens", response_model=TokenPage, summary="List tokens", responses=documented())
async def list_tokens(request: Request, services: ServicesDep, asked: Annotated[TokenParameters, Query()]) -> Response:
    """Launched tokens with price, market value, progress and trading of the last day."""

    async def read(look: Look) -> Listing:
        return await catalog.token_rows(look, services.settings, asked.filter(), asked.limit, asked.cursor, asked.page)

    return await hot_look(request, services, Policy(ttl=_FIGURES_SECONDS, channel="market", grace=_LIST_GRACE), read)


@router.get("/api/v1/tokens/{mint}", response_model=TokenDetails, summary="One token", responses=documented(404))
async def read_token(mint: MintPath, request: Request, services: ServicesDep) -> Response:
    """A token with its curve, allocations, vesting, analytics and largest holders."""

    async def read(look: Look) -> Reading:
        return await catalog.token_page(look, services.settings, mint)

    return await hot_look(request, services, Policy(ttl=_FIGURES_SECONDS, channel=f"token:{mint}"), read)


@router.get(
    "/api/v1/tokens/{mint}/holders", response_model=Page[HolderView], summary="Holders", responses=documented(404)
)
async def list_holders(
    mint: MintPath,
    request: Request,
    services: ServicesDep,
    cursor: CursorQuery = None,
    limit: Annotated[int, limit_query(200)] = 50,
) -> Response:
    """Wallets that hold some, largest first, each with what it is to the token."""

    async def read(look: Look) -> Listing:
        return await catalog.list_holders(look, mint, limit, cursor)

    return await hot_look(request, services, Policy(ttl=5, channel=f"token:{mint}"), read)


@router.get(
    "/api/launchpad/token/{mint}",
    response_model=LaunchpadToken,
    summary="A launched project in one body",
    responses=documented(404),
)
async def read_launchpad_token(mint: MintPath, request: Request, services: ServicesDep) -> Response:
    """Token details, state, curve, every fee with its limit, referral and tax figures, and links to explorers."""

    async def read(look: Look) -> LaunchpadToken:
        found = await catalog.launchpad_token(look, services.settings, mint)
        found.fees = await indexed_table(services.chain, look, mint)
        return found

    return await hot_look(request, services, Policy(ttl=_FIGURES_SECONDS, channel=f"token:{mint}"), read)


@router.get(
    "/api/launchpad/projects", response_model=ProjectPage, summary="Launched projects by state", responses=documented()
)
async def list_projects(
    request: Request, services: ServicesDep, asked: Annotated[ProjectParameters, Query()]
) -> Response:
    """Launched projects, each with curve progress, market value and liquidity."""
    which = TokenFilter(
        sort=asked.sort,
        descending=asked.order == "desc",
        state=asked.state or asked.filter,
        search=asked.search_text,
    )

    async def read(look: Look) -> ProjectPage:
        return await catalog.list_projects(look, services.settings, which, asked.limit, asked.cursor, asked.page)

    return await hot_look(request, services, Policy(ttl=_FIGURES_SECONDS, channel="market", grace=_LIST_GRACE), read)


@router.get(
    "/api/sync/launchpad/{mint}",
    response_model=SyncState,
    summary="Price and progress straight from the chain",
    responses=documented(404),
)
async def sync_token(mint: MintPath, request: Request, services: ServicesDep) -> Response:
    """The curve account as it is now; the indexed state when the cluster does not answer in time."""

    async def compute() -> SyncState:
        return await syncing.sync_state(services.database, services.chain, mint)

    # One slot long: asking the cluster more often could not tell anything new.
    return await hot(request, services, Policy(ttl=0.4, channel=f"token:{mint}"), compute)
