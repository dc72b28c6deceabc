"""Market events: follow one token, or all of them, and search."""

from pydantic import Field

from chat.connections import Connection
from chat.server import Ack, Chat, Event
from launchpad.errors import InvalidInputError
from launchpad.markets import snapshots
from launchpad.rooms.schemas import JoinRoom, Request, RoomRequest
from launchpad.schemas import MAX_SEARCH, search_text


class SubscribeMarket(Request):
    """Follow the market; `after` is the last sequence number that the client has."""

    after: int | None = Field(None, ge=0)


class SearchTokens(Request):
    """Find tokens by what someone typed: part of a name or symbol, or a whole address."""

    query: str = Field(max_length=MAX_SEARCH)


async def subscribe_token(chat: Chat, connection: Connection, request: JoinRoom) -> Ack:
    """What is known of one token (`token:snapshot`, `token:history`), then its trades and news.

    With `after` only what was missed since.
    """
    return await chat.follow(connection, f"token:{request.mint}", request.after)


async def unsubscribe_token(chat: Chat, connection: Connection, request: RoomRequest) -> Ack:
    """Stop following a token."""
    await chat.fanout.leave(connection.engine_sid, f"token:{request.mint}")
    return {}


async def subscribe_market(chat: Chat, connection: Connection, request: SubscribeMarket) -> Ack:
    """The largest tokens (`market:snapshot`), then launches and trades of all; with `after` what was missed since."""
    return await chat.follow(connection, "market", request.after)


async def unsubscribe_market(chat: Chat, connection: Connection, _request: Request) -> Ack:
    """Stop following the market."""
    await chat.fanout.leave(connection.engine_sid, "market")
    return {}


async def search_tokens(chat: Chat, connection: Connection, request: SearchTokens) -> Ack:
    """Tokens by part of the name or symbol, or by a whole address; answered with `search:results`."""
    query = search_text(request.query)
    if query is None:
        raise InvalidInputError("Type part of a name, a symbol or an address.", field="query")
    async with chat.database.look() as look:
        found = await snapshots.search(look, chat.settings, query)
    await chat.sio.emit(found.event, found.model_dump(mode="json"), to=connection.sid)
    return {"count": len(found.tokens)}


EVENTS = [
    Event(("subscribe:token",), JoinRoom, subscribe_token, bare="mint"),
    Event(("unsubscribe:token",), RoomRequest, unsubscribe_token, bare="mint"),
    Event(("subscribe:market",), SubscribeMarket, subscribe_market),
    Event(("unsubscribe:market",), Request, unsubscribe_market),
    # Looks through every token: two a second are as many as people type.
    Event(("search:tokens",), SearchTokens, search_tokens, cost=10, bare="query"),
]
