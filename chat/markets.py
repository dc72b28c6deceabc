"""Market events: follow one token, or all of them."""

from pydantic import Field

from chat.connections import Connection
from chat.server import Ack, Chat, Event
from launchpad.rooms.schemas import JoinRoom, Request, RoomRequest


class SubscribeMarket(Request):
    """Follow the market; `after` is the last sequence number that the client has."""

    after: int | None = Field(None, ge=0)


async def subscribe_token(chat: Chat, connection: Connection, request: JoinRoom) -> Ack:
    """Trades and news of one token from now on, and what was missed since `after`."""
    return await chat.listen(connection, f"token:{request.mint}", request.after)


async def unsubscribe_token(chat: Chat, connection: Connection, request: RoomRequest) -> Ack:
    """Stop following a token."""
    await chat.fanout.leave(connection.engine_sid, f"token:{request.mint}")
    return {}


async def subscribe_market(chat: Chat, connection: Connection, request: SubscribeMarket) -> Ack:
    """Launches and trades of every token from now on, and what was missed since `after`."""
    return await chat.listen(connection, "market", request.after)


async def unsubscribe_market(chat: Chat, connection: Connection, _request: Request) -> Ack:
    """Stop following the market."""
    await chat.fanout.leave(connection.engine_sid, "market")
    return {}


EVENTS = [
    Event(("subscribe:token",), JoinRoom, subscribe_token),
    Event(("unsubscribe:token",), RoomRequest, unsubscribe_token),
    Event(("subscribe:market",), SubscribeMarket, subscribe_market),
    Event(("unsubscribe:market",), Request, unsubscribe_market),
]
