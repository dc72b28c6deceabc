"""A person's own alerts, as they fire."""

from pydantic import Field

from chat.connections import Connection
from chat.server import Ack, Chat, Event
from launchpad.rooms.schemas import Request


class SubscribeAlerts(Request):
    """Hear one's own alerts; `after` is the last sequence number that the client has."""

    after: int | None = Field(None, ge=0)


async def subscribe(chat: Chat, connection: Connection, request: SubscribeAlerts) -> Ack:
    """The alerts of whoever is signed in on this socket, from now on; acknowledged with what was missed.

    The acknowledgement names the channel: `user:<address>`.
    """
    owner = await chat.require_author(connection)
    channel = f"user:{owner}"
    return {"channel": channel, **await chat.listen(connection, channel, request.after)}


async def unsubscribe(chat: Chat, connection: Connection, _request: Request) -> Ack:
    """Stop hearing one's own alerts."""
    for channel in chat.fanout.channels(connection.engine_sid):
        if channel.startswith("user:"):
            await chat.fanout.leave(connection.engine_sid, channel)
    return {}


EVENTS = [
    Event(("subscribe:alerts",), SubscribeAlerts, subscribe),
    Event(("unsubscribe:alerts",), Request, unsubscribe),
]
