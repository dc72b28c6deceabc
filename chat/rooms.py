"""Room events: join, leave, talk, read back."""

from chat.connections import Connection
from chat.server import Ack, Chat, Event
from launchpad.rooms import service
from launchpad.rooms.schemas import (
    EditMessage,
    HistoryRequest,
    JoinRoom,
    MessageRequest,
    PostMessage,
    ReactToMessage,
    RoomRequest,
)


def channel_of(mint: str) -> str:
    """The live channel of a token's room."""
    return f"room:{mint}"


async def join(chat: Chat, connection: Connection, request: JoinRoom) -> Ack:
    """Enter a room: live events from now on, what was missed since `after`, and how many are here."""
    async with chat.database.session() as session:
        await service.open_room(session, request.mint)
    ack = await chat.listen(connection, channel_of(request.mint), request.after)
    await chat.sio.enter_room(connection.sid, channel_of(request.mint))
    connection.rooms.add(request.mint)
    return {**ack, "count": await chat.presence.enter(request.mint, connection.sid)}


async def leave(chat: Chat, connection: Connection, request: RoomRequest) -> Ack:
    """Leave a room; harmless when one is not in it."""
    await chat.fanout.leave(connection.engine_sid, channel_of(request.mint))
    await chat.sio.leave_room(connection.sid, channel_of(request.mint))
    connection.rooms.discard(request.mint)
    await chat.presence.leave(request.mint, connection.sid)
    return {}


async def send(chat: Chat, connection: Connection, request: PostMessage) -> Ack:
    """Say something; acknowledged with the message and its sequence number."""
    author = await chat.require_author(connection)
    await chat.require_pace(author)
    async with chat.database.session() as session:
        message = await service.post_message(session, author, request)
    return {"id": message.id, "seq": message.seq, "message": message.model_dump()}


async def history(chat: Chat, _connection: Connection, request: HistoryRequest) -> Ack:
    """A page of older messages."""
    async with chat.database.session() as session:
        return (await service.history(session, request)).model_dump()


async def edit(chat: Chat, connection: Connection, request: EditMessage) -> Ack:
    """Change one's own message."""
    author = await chat.require_author(connection)
    await chat.require_pace(author)
    async with chat.database.session() as session:
        return {"message": (await service.edit_message(session, author, request)).model_dump()}


async def delete(chat: Chat, connection: Connection, request: MessageRequest) -> Ack:
    """Take back one's own message."""
    author = await chat.require_author(connection)
    async with chat.database.session() as session:
        await service.delete_message(session, author, request.id)
    return {}


async def react(chat: Chat, connection: Connection, request: ReactToMessage) -> Ack:
    """Put an emoji on a message, or take it back."""
    author = await chat.require_author(connection)
    await chat.require_pace(author)
    async with chat.database.session() as session:
        return {"count": await service.react(session, author, request)}


async def typing(chat: Chat, connection: Connection, request: RoomRequest) -> Ack:
    """Tell the others in the room that one is writing; kept nowhere."""
    author = await chat.require_author(connection)
    if request.mint in connection.rooms:
        data = {"mint": request.mint, "author": author}
        await chat.sio.emit("typing", data, room=channel_of(request.mint), skip_sid=connection.sid)
    return {}


async def presence(chat: Chat, _connection: Connection, request: RoomRequest) -> Ack:
    """How many sockets are in a room, over all processes."""
    return {"count": await chat.presence.count(request.mint)}


EVENTS = [
    Event(("room:join", "chat:join"), JoinRoom, join),
    Event(("room:leave", "chat:leave"), RoomRequest, leave),
    Event(("message:send", "chat:message"), PostMessage, send),
    Event(("message:history", "chat:history"), HistoryRequest, history),
    Event(("message:edit", "chat:edit"), EditMessage, edit),
    Event(("message:delete", "chat:delete"), MessageRequest, delete),
    Event(("message:react", "chat:reaction"), ReactToMessage, react),
    Event(("typing",), RoomRequest, typing),
    Event(("presence", "chat:presence"), RoomRequest, presence),
]
