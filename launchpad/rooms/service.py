"""The verbs of rooms.

Each runs inside the caller's transaction. Whatever a room shows changes together
with its sequence number and its outbox row, so that readers can tell by the
number alone whether they have missed anything.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from launchpad import live
from launchpad.ids import uuid7
from launchpad.moments import iso
from launchpad.rooms import queries
from launchpad.rooms.errors import (
    DuplicateMessageError,
    LinksNeedHoldingError,
    MessageNotFoundError,
    NotYourMessageError,
    ReplyElsewhereError,
    RoomNotFoundError,
    SlowModeError,
)
from launchpad.rooms.schemas import (
    EditMessage,
    HistoryPage,
    HistoryRequest,
    MessageView,
    PostMessage,
    ReactionView,
    ReactToMessage,
)
from launchpad.tables.rooms import Message, Room

DUPLICATE_WINDOW = timedelta(seconds=30)
# Lines of alerts are not to drown what people say.
ALERT_PAUSE = timedelta(seconds=30)
SHOWN_REACTORS = 20
# One holder in a hundred parts of the supply stands out in the room.
TOP_HOLDER_SHARE = 100

_LINK = re.compile(
    r"(?:https?://|www\.|\b[a-z0-9-]{2,}\.(?:com|net|org|io|xyz|me|gg|app|fun|finance|ru|cn)\b)", re.IGNORECASE
)


def badges(*, is_creator: bool, balance: int, supply: int) -> list[str]:
    """What an author is to the token: `creator`, then `top-holder` (1 % and more) or `holder`."""
    found = ["creator"] if is_creator else []
    if balance > 0:
        found.append("top-holder" if balance * TOP_HOLDER_SHARE >= supply else "holder")
    return found


async def open_room(session: AsyncSession, mint: str) -> int:
    """The head of the token's room, opened on first use; RoomNotFoundError for unknown mints."""
    head = await queries.head(session, mint)
    if head is None:
        await queries.open_room(session, mint)
        head = await queries.head(session, mint)
    if head is None:
        raise RoomNotFoundError("There is no room for this mint: no such token was launched here.", mint=mint)
    return head


async def post_message(session: AsyncSession, author: str, post: PostMessage) -> MessageView:
    """Say something in a room; a repeat of the same `client_id` returns the first result.

    Raises RoomNotFoundError, SlowModeError, DuplicateMessageError, LinksNeedHoldingError
    and ReplyElsewhereError; then nothing was written.
    """
    room = await _lock_room(session, post.mint)
    # Looked up under the room's lock, so that two repeats cannot both be first.
    repeated = await queries.posted_as(session, author, post.client_id)
    if repeated is not None:
        return await view(session, repeated.id)
    now = await queries.database_now(session)
    marks = await _badges_of(session, post.mint, author)
    await _check_reply(session, post)
    await _check_manners(session, author, post, room.slow_mode_seconds, now)
    if _LINK.search(post.body) and not marks:
        raise LinksNeedHoldingError("Only holders may post links here. Say it without the link, or buy some first.")
    message = _new_message(author, post, _advance(room), now)
    session.add(message)
    await session.flush()
    await live.publish(session, _posted(message, await queries.display_name(session, author), marks))
    return await view(session, message.id)


async def post_alert(session: AsyncSession, author: str, mint: str, body: str, key: UUID) -> str | None:
    """Write the line of an alert whose rule is `author`'s; why it was not written, else None.

    Only the creator's, and not often; the same `key` again writes nothing and is no refusal.
    """
    room = await _lock_room(session, mint)
    if await queries.posted_as(session, author, key) is not None:
        return None
    now = await queries.database_now(session)
    marks = await _badges_of(session, mint, author)
    if "creator" not in marks:
        return "Whoever made the rule is not the token's creator any more."
    last = await queries.last_alert(session, mint)
    if last is not None and now - last < ALERT_PAUSE:
        return f"The room is told of one alert in {int(ALERT_PAUSE.total_seconds())} s."
    post = PostMessage(mint=mint, body=body, client_id=key)
    message = _new_message(author, post, _advance(room), now, kind="alert")
    session.add(message)
    await session.flush()
    await live.publish(session, _posted(message, await queries.display_name(session, author), marks))
    return None


async def _lock_room(session: AsyncSession, mint: str) -> Room:
    """The room, locked until the transaction ends: its events are written one after the other."""
    await open_room(session, mint)
    room = await queries.lock(session, mint)
    if room is None:  # pragma: no cover - rooms are never removed while they are open
        raise RoomNotFoundError("There is no room for this mint.", mint=mint)
    return room


def _advance(room: Room) -> int:
    room.head_seq += 1
    return room.head_seq


async def _badges_of(session: AsyncSession, mint: str, author: str) -> list[str]:
    standing = await queries.standing(session, mint, author)
    return badges(is_creator=standing.is_creator, balance=standing.balance, supply=standing.supply)


async def _check_reply(session: AsyncSession, post: PostMessage) -> None:
    if post.reply_to is None:
        return
    parent = await queries.find(session, post.reply_to)
    if parent is None or parent.mint != post.mint or parent.deleted_at is not None:
        raise ReplyElsewhereError("The message you reply to is gone. Send yours without the reply.", field="reply_to")


async def _check_manners(session: AsyncSession, author: str, post: PostMessage, slow_mode: int, now: datetime) -> None:
    last = await queries.last_post(session, post.mint, author)
    if last is None:
        return
    wait = last.created_at + timedelta(seconds=slow_mode) - now
    if slow_mode and wait > timedelta(0):
        message = f"This room is in slow mode: one message every {slow_mode} s."
        raise SlowModeError(message, retry_after_ms=int(wait.total_seconds() * 1000) + 1)
    if last.body == post.body and now - last.created_at < DUPLICATE_WINDOW:
        raise DuplicateMessageError("You have just said that.")


def _new_message(author: str, post: PostMessage, seq: int, now: datetime, kind: str = "said") -> Message:
    return Message(
        id=uuid7(now),
        mint=post.mint,
        seq=seq,
        author=author,
        body=post.body,
        kind=kind,
        reply_to=post.reply_to,
        client_id=post.client_id,
        created_at=now,
    )


def _posted(message: Message, name: str | None, marks: list[str]) -> live.MessagePosted:
    return live.MessagePosted(
        mint=message.mint,
        seq=message.seq,
        id=str(message.id),
        kind=kind_of(message),
        client_id=str(message.client_id),
        author=message.author,
        author_name=name,
        badges=marks,
        body=message.body,
        reply_to=str(message.reply_to) if message.reply_to else None,
        created_at=iso(message.created_at),
    )


def kind_of(message: Message) -> Literal["said", "alert"]:
    """Whether somebody said it, or a rule of the author's wrote it."""
    return "alert" if message.kind == "alert" else "said"


async def edit_message(session: AsyncSession, author: str, edit: EditMessage) -> MessageView:
    """Change one's own message; raises MessageNotFoundError or NotYourMessageError."""
    message = await _own_message(session, author, edit.id)
    if message.kind != "said":
        raise NotYourMessageError("The line of an alert cannot be changed. You can delete it.")
    room = await _lock_room(session, message.mint)
    if message.body != edit.body:
        message.body, message.edited_at = edit.body, await queries.database_now(session)
        seen = {"mint": message.mint, "id": str(message.id), "body": message.body}
        event = live.MessageEdited(**seen, seq=_advance(room), edited_at=iso(message.edited_at))
        await session.flush()
        await live.publish(session, event)
    return await view(session, message.id)


async def delete_message(session: AsyncSession, author: str, message_id: UUID) -> None:
    """Take back one's own message; raises MessageNotFoundError or NotYourMessageError."""
    message = await _own_message(session, author, message_id)
    room = await _lock_room(session, message.mint)
    message.body, message.deleted_at = "", await queries.database_now(session)
    event = live.MessageDeleted(mint=message.mint, seq=_advance(room), id=str(message.id))
    await session.flush()
    await live.publish(session, event)


async def react(session: AsyncSession, author: str, request: ReactToMessage) -> int:
    """Put or take an emoji; returns how many of it the message has now. Repeats change nothing."""
    message = await _standing_message(session, request.id)
    room = await _lock_room(session, message.mint)
    changed = await queries.set_reaction(session, message.id, author, request.emoji, on=request.on)
    count = await queries.reaction_count(session, message.id, request.emoji)
    if not changed:
        return count
    event = live.ReactionChanged(
        mint=message.mint,
        seq=_advance(room),
        id=str(message.id),
        author=author,
        emoji=request.emoji,
        added=request.on,
        count=count,
    )
    await live.publish(session, event)
    return count


async def _own_message(session: AsyncSession, author: str, message_id: UUID) -> Message:
    message = await _standing_message(session, message_id)
    if message.author != author:
        raise NotYourMessageError("Only the author can change a message.")
    return message


async def _standing_message(session: AsyncSession, message_id: UUID) -> Message:
    message = await queries.find(session, message_id)
    if message is None or message.deleted_at is not None:
        raise MessageNotFoundError("This message is gone.")
    return message


async def history(session: AsyncSession, request: HistoryRequest) -> HistoryPage:
    """A page of messages, oldest first; RoomNotFoundError for unknown mints."""
    head = await open_room(session, request.mint)
    rows = await queries.page(session, request.mint, request.before, request.limit + 1)
    shown = rows[: request.limit][::-1]
    return HistoryPage(messages=await _views(session, shown), head=head, more=len(rows) > request.limit)


async def view(session: AsyncSession, message_id: UUID) -> MessageView:
    """One message as it is shown; it must exist."""
    return (await _views(session, [await queries.one(session, message_id)]))[0]


async def _views(session: AsyncSession, rows: Sequence[queries.MessageRow]) -> list[MessageView]:
    reactions: dict[UUID, list[ReactionView]] = {}
    for message_id, emoji, count, authors in await queries.reactions_of(session, [row[0].id for row in rows]):
        reactions.setdefault(message_id, []).append(
            ReactionView(emoji=emoji, count=count, authors=list(authors[:SHOWN_REACTORS]))
        )
    return [_view(row, reactions.get(row[0].id, [])) for row in rows]


def _view(row: queries.MessageRow, reactions: list[ReactionView]) -> MessageView:
    message, name, creator, balance, supply = row
    marks = badges(is_creator=creator == message.author, balance=int(balance), supply=int(supply or 0))
    return MessageView(
        id=str(message.id),
        mint=message.mint,
        seq=message.seq,
        kind=kind_of(message),
        client_id=str(message.client_id),
        author=message.author,
        author_name=name,
        badges=marks,
        body=message.body,
        reply_to=str(message.reply_to) if message.reply_to else None,
        created_at=iso(message.created_at),
        edited_at=iso(message.edited_at) if message.edited_at else None,
        deleted=message.deleted_at is not None,
        reactions=reactions,
    )
