"""The SQL of rooms."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.accounts import Account
from launchpad.tables.rooms import Message, Reaction, Room
from launchpad.tables.tokens import Token
from launchpad.tables.trades import Holder

# A message, its author's name, the token's creator, the author's balance and the supply.
MessageRow = Row[tuple[Message, str | None, str, Decimal, Decimal]]


class Standing(NamedTuple):
    """What a wallet is to a token."""

    is_creator: bool
    balance: int
    supply: int


async def open_room(session: AsyncSession, mint: str) -> None:
    """Make the room of a launched token if it is not there; nothing for unknown mints."""
    known = select(Token.mint).where(Token.mint == mint)
    await session.execute(insert(Room).from_select(["mint"], known).on_conflict_do_nothing())


async def lock(session: AsyncSession, mint: str) -> Room | None:
    """The room's row, locked until the transaction ends, or None where there is no such room."""
    return await session.get(Room, mint, with_for_update=True, populate_existing=True)


async def head(session: AsyncSession, mint: str) -> int | None:
    """The room's newest sequence number, or None where there is no such room."""
    found: int | None = await session.scalar(select(Room.head_seq).where(Room.mint == mint))
    return found


async def find(session: AsyncSession, message_id: UUID) -> Message | None:
    """One message, deleted or not."""
    return await session.get(Message, message_id)


async def posted_as(session: AsyncSession, author: str, client_id: UUID) -> Message | None:
    """The message that this author already posted under this client id."""
    statement = select(Message).where(Message.author == author, Message.client_id == client_id)
    found: Message | None = await session.scalar(statement)
    return found


async def last_post(session: AsyncSession, mint: str, author: str) -> Message | None:
    """The author's newest message in the room that still stands; lines of alerts do not count."""
    statement = (
        select(Message)
        .where(Message.mint == mint, Message.author == author, Message.kind == "said", Message.deleted_at.is_(None))
        .order_by(Message.seq.desc())
        .limit(1)
    )
    found: Message | None = await session.scalar(statement)
    return found


async def last_alert(session: AsyncSession, mint: str) -> datetime | None:
    """When the room was last told of an alert, as far as the last hundred messages say."""
    newest = (
        select(Message.kind, Message.created_at).where(Message.mint == mint).order_by(Message.seq.desc()).limit(100)
    )
    told = newest.subquery()
    found: datetime | None = await session.scalar(select(func.max(told.c.created_at)).where(told.c.kind == "alert"))
    return found


async def standing(session: AsyncSession, mint: str, address: str) -> Standing:
    """Creator or not, indexed balance and the token's supply, for badges."""
    statement = (
        select(Token.creator, func.coalesce(Holder.balance, 0), Token.supply)
        .outerjoin(Holder, (Holder.mint == Token.mint) & (Holder.owner == address))
        .where(Token.mint == mint)
    )
    row = (await session.execute(statement)).one_or_none()
    return Standing(False, 0, 0) if row is None else Standing(row[0] == address, int(row[1]), int(row[2]))


async def display_name(session: AsyncSession, address: str) -> str | None:
    """The name that the person chose, if any."""
    name: str | None = await session.scalar(select(Account.display_name).where(Account.address == address))
    return name


def _messages() -> Select[tuple[Message, str | None, str, Decimal, Decimal]]:
    """Messages with what their authors are called and what they hold."""
    return (
        select(Message, Account.display_name, Token.creator, func.coalesce(Holder.balance, 0), Token.supply)
        .outerjoin(Account, Account.address == Message.author)
        .outerjoin(Token, Token.mint == Message.mint)
        .outerjoin(Holder, (Holder.mint == Message.mint) & (Holder.owner == Message.author))
    )


async def page(session: AsyncSession, mint: str, before: int | None, limit: int) -> Sequence[MessageRow]:
    """Up to `limit` messages older than `before`, newest first."""
    statement = _messages().where(Message.mint == mint).order_by(Message.seq.desc()).limit(limit)
    if before is not None:
        statement = statement.where(Message.seq < before)
    return (await session.execute(statement)).all()


async def one(session: AsyncSession, message_id: UUID) -> MessageRow:
    """One message with its author's facts; it must exist."""
    return (await session.execute(_messages().where(Message.id == message_id))).one()


async def reactions_of(
    session: AsyncSession, ids: Sequence[UUID]
) -> Sequence[Row[tuple[UUID, str, int, Sequence[str]]]]:
    """(message, emoji, count, up to 20 authors) for each emoji on these messages, oldest emoji first."""
    authors = func.array_agg(Reaction.author)
    statement = (
        select(Reaction.message_id, Reaction.emoji, func.count(), authors)
        .where(Reaction.message_id.in_(ids))
        .group_by(Reaction.message_id, Reaction.emoji)
        .order_by(func.min(Reaction.created_at))
    )
    return (await session.execute(statement)).all()


async def set_reaction(session: AsyncSession, message_id: UUID, author: str, emoji: str, *, on: bool) -> bool:
    """Put or take one reaction; returns whether anything changed."""
    if on:
        values = {"message_id": message_id, "author": author, "emoji": emoji}
        statement = insert(Reaction).values(**values).on_conflict_do_nothing().returning(literal(1))
        return await session.scalar(statement) is not None
    row = await session.get(Reaction, (message_id, author, emoji))
    if row is None:
        return False
    await session.delete(row)
    await session.flush()
    return True


async def reaction_count(session: AsyncSession, message_id: UUID, emoji: str) -> int:
    """How many people chose this emoji on this message."""
    statement = select(func.count()).where(Reaction.message_id == message_id, Reaction.emoji == emoji)
    return await session.scalar(statement) or 0


async def database_now(session: AsyncSession) -> datetime:
    """The database's clock: the one that stamped the messages."""
    now: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    return now
