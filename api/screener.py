"""The screener: tokens by expression, and views of it that people keep."""

import asyncio
import zlib
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from api.deps import Member, ServicesDep
from api.errors import documented
from api.hot import hot_look
from api.services import Services
from launchpad.cache import Policy
from launchpad.chain.keys import is_address
from launchpad.db import Look
from launchpad.errors import InvalidInputError
from launchpad.schemas import MAX_SEARCH, search_text
from launchpad.screener import service, views
from launchpad.screener.lexing import MAX_LENGTH
from launchpad.screener.presets import PresetName
from launchpad.screener.schemas import MAX_COLUMNS, ScreenerFields, ScreenerPage, ViewIn, ViewList, ViewOut

router = APIRouter(prefix="/api/v1/screener", tags=["tokens"])
ViewPath = Annotated[str, Path(max_length=36, description="The view's id.")]

MAX_ROWS = 500
MAX_COMPACT = 10_000
MAX_MINTS = 100
# Figures follow their trades within a second.
_POLICY = Policy(ttl=1.0)
# The quickest level: three quarters of the bytes are saved already.
_GZIP_LEVEL, _GZIP_WINDOW = 1, 31


class ScreenerParameters(BaseModel):
    """What the screener takes."""

    filter: str = Field(
        "",
        max_length=MAX_LENGTH,
        description="An expression, such as `volume_24h > 1000 and age < 2h and (holders >= 50 or venue = amm)`.",
    )
    preset: PresetName = Field("all", description="A screen by name; `filter` asks for more on top of it.")
    search: str | None = Field(None, max_length=MAX_SEARCH, description="Part of name or symbol, or a mint.")
    mints: str | None = Field(
        None, max_length=45 * MAX_MINTS, description=f"Only these, at most {MAX_MINTS}, by commas."
    )
    sort: str | None = Field(None, max_length=32, description="Any field that sorts; the preset's own by default.")
    order: Literal["asc", "desc"] = "desc"
    columns: str | None = Field(None, max_length=2_000, description=f"What is shown, at most {MAX_COLUMNS}, by commas.")
    form: Literal["rows", "compact"] = Field("rows", description="Rows as objects, or as arrays in order of `columns`.")
    cursor: str | None = Field(None, max_length=512, description="`meta.next` of the page before.")
    limit: int = Field(100, ge=1, le=MAX_COMPACT, description=f"Up to {MAX_ROWS}; up to {MAX_COMPACT} compact rows.")
    total: bool = Field(True, description="Whether `meta.total` is wanted.")

    def ask(self) -> service.Ask:
        """The same for the slice; raises InvalidInputError."""
        if self.form == "rows" and self.limit > MAX_ROWS:
            message = f"At most {MAX_ROWS} rows come as objects: ask for form=compact, or for less."
            raise InvalidInputError(message, field="limit")
        return service.Ask(
            preset=self.preset,
            filter=self.filter,
            search=search_text(self.search),
            mints=self._mints(),
            sort=self.sort,
            descending=self.order == "desc",
            columns=_listed(self.columns, MAX_COLUMNS, "columns") if self.columns else service.USUAL_COLUMNS,
            limit=self.limit,
            cursor=self.cursor,
            total=self.total,
        )

    def _mints(self) -> tuple[str, ...] | None:
        if self.mints is None:
            return None
        mints = _listed(self.mints, MAX_MINTS, "mints")
        if not all(is_address(mint) for mint in mints):
            raise InvalidInputError("One of the mints is no Solana address: copy it again.", field="mints")
        return mints


def _listed(text: str, most: int, field: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if len(found) > most:
        raise InvalidInputError(f"There are more than {most} {field}: leave some out.", field=field)
    return found


@dataclass(frozen=True, slots=True)
class _Answer:
    """Bytes that are ready."""

    body: bytes

    def json(self) -> bytes:
        """The wire's bytes."""
        return self.body


@router.get("", response_model=ScreenerPage, summary="Screen tokens", responses=documented(503))
async def screen(request: Request, services: ServicesDep, asked: Annotated[ScreenerParameters, Query()]) -> Response:
    """Tokens by an expression over any figure, in any order and columns, up to 10 000 in one answer.

    Fields, their kinds and the presets are at `/api/v1/screener/fields`. An expression that cannot be read is
    answered with `column` and `length` of what is wrong in it, and `known`, what would be understood there.
    """
    ask, compact = asked.ask(), asked.form == "compact"

    async def read(look: Look) -> _Answer:
        found = await service.screen(look, services.settings, ask)
        return _Answer(await service.encoded(found, compact=compact))

    if compact and "gzip" in request.headers.get("accept-encoding", ""):
        return await _zipped(request, services, ask)
    return await hot_look(request, services, _POLICY, read)


async def _zipped(request: Request, services: Services, ask: service.Ask) -> Response:
    """Compact rows, compressed once for all who ask: thousands of them are megabytes otherwise."""

    async def compute() -> bytes:
        async with services.database.look(behind=True) as look:
            found = await service.screen(look, services.settings, ask)
        body = await service.encoded(found, compact=True)
        return await asyncio.to_thread(zlib.compress, body, _GZIP_LEVEL, _GZIP_WINDOW)

    key = f"gzip:{request.url.path}?{request.url.query}"
    entry = await services.cache.get(key, _POLICY, compute)
    headers = {"Content-Encoding": "gzip", "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    return Response(entry.body, media_type="application/json", headers=headers)


@router.get("/fields", summary="What a screen can ask for", responses=documented())
async def list_fields() -> ScreenerFields:
    """Every field with its kind, what can be shown, and the presets with the expressions that they stand for."""
    return service.fields()


@router.get("/views", summary="One's kept views", responses=documented(401))
async def list_views(member: Member, services: ServicesDep) -> ViewList:
    """By name."""
    async with services.database.read() as session:
        return await views.list_views(session, member.address)


@router.post("/views", summary="Keep a view", responses=documented(401, 409), status_code=201)
async def save_view(body: ViewIn, member: Member, services: ServicesDep) -> ViewOut:
    """A screen by name, at most 50 of them; one of the same name is replaced and keeps its id."""
    async with services.database.session() as session:
        return await views.save_view(session, member.address, body)


@router.get("/views/{view}", summary="A view", responses=documented(404))
async def read_view(view: ViewPath, services: ServicesDep) -> ViewOut:
    """Anybody's, by its id: that is how views are shared."""
    async with services.database.read() as session:
        return await views.read_view(session, view)


@router.delete("/views/{view}", summary="Forget a view", responses=documented(401, 404), status_code=204)
async def delete_view(view: ViewPath, member: Member, services: ServicesDep) -> None:
    """One of one's own."""
    async with services.database.session() as session:
        await views.delete_view(session, member.address, view)
