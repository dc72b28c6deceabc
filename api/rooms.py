"""What was said in a token's room."""

from typing import Annotated, cast

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.deps import CursorQuery, MintPath, ServicesDep, limit_query
from api.errors import documented
from launchpad import paging
from launchpad.rooms import service as rooms
from launchpad.rooms.schemas import HistoryRequest, MessageView
from launchpad.schemas import PageMeta

router = APIRouter(tags=["rooms"])


class MessagePage(BaseModel):
    """A page of messages, oldest first; `meta.next` leads to older ones."""

    data: list[MessageView]
    meta: PageMeta
    head: int = Field(description="The room's newest sequence number: join with `after` this to miss nothing.")


@router.get("/api/v1/rooms/{mint}/messages", summary="Messages of a token's room", responses=documented(404))
async def list_messages(
    mint: MintPath,
    response: Response,
    services: ServicesDep,
    cursor: CursorQuery = None,
    limit: Annotated[int, limit_query(200)] = 50,
) -> MessagePage:
    """The newest messages, or those before the page that the cursor comes from; within a page the oldest first."""
    before = cast("tuple[int]", paging.decode(cursor, (int,)))[0] if cursor else None
    async with services.database.session() as session:
        page = await rooms.history(session, HistoryRequest(mint=mint, before=before, limit=limit))
    response.headers["Cache-Control"] = "no-store"
    older = paging.encode((page.messages[0].seq,)) if page.more and page.messages else None
    meta = PageMeta(next=older, limit=limit, has_more=page.more)
    return MessagePage(data=page.messages, meta=meta, head=page.head)
