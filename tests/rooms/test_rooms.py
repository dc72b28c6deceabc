import asyncio
from uuid import UUID, uuid4

import orjson
import pytest
from pydantic import ValidationError
from sqlalchemy import select, update

from launchpad import live
from launchpad.rooms import service
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
    MAX_BODY,
    EditMessage,
    HistoryRequest,
    MessageView,
    PostMessage,
    ReactToMessage,
    clean_text,
)
from launchpad.tables.live import OutboxEntry
from launchpad.tables.rooms import Room

from .conftest import ALICE, BOB, MINT, SUPPLY

ELSEWHERE = "E1sewhere1111111111111111111111111111111111"


def saying(body: str = "hello", **fields) -> PostMessage:
    return PostMessage(**{"mint": MINT, "body": body, "client_id": uuid4(), **fields})


async def post(database, author: str, message: PostMessage) -> MessageView:
    async with database.session() as session:
        return await service.post_message(session, author, message)


async def told(database) -> list[tuple[int | None, str, dict]]:
    async with database.read() as session:
        rows = await session.scalars(select(OutboxEntry).order_by(OutboxEntry.id))
        waiting = [one for row in rows for one in live.unpacked(row.events)]
    return [(one.seq, one.type, orjson.loads(one.data)) for one in waiting]


async def test_a_message_is_stored_and_told_under_the_same_number(database):
    message = await post(database, ALICE, saying("gm"))
    assert (message.seq, message.body, message.author_name, message.badges) == (1, "gm", "alice", ["creator"])
    [(seq, kind, data)] = await told(database)
    assert (seq, kind, data["id"], data["body"]) == (1, "message.posted", message.id, "gm")
    assert UUID(message.id).version == 7


async def test_numbers_have_no_gaps_however_many_speak_at_once(database):
    messages = await asyncio.gather(*(post(database, BOB, saying(f"{n}")) for n in range(20)))
    assert sorted(m.seq for m in messages) == list(range(1, 21))


async def test_a_repeat_returns_the_first_result_and_takes_no_number(database):
    message = saying("once")
    first, second = await asyncio.gather(post(database, BOB, message), post(database, BOB, message))
    assert first.id == second.id
    assert (await post(database, BOB, saying("next"))).seq == 2
    assert len(await told(database)) == 2


async def test_an_unknown_mint_has_no_room(database):
    with pytest.raises(RoomNotFoundError):
        await post(database, ALICE, saying(mint=ELSEWHERE))
    with pytest.raises(RoomNotFoundError):
        async with database.session() as session:
            await service.history(session, HistoryRequest(mint=ELSEWHERE))


async def test_the_same_words_again_are_refused(database):
    await post(database, BOB, saying("buy now"))
    with pytest.raises(DuplicateMessageError):
        await post(database, BOB, saying("buy now"))
    assert (await post(database, ALICE, saying("buy now"))).seq == 2


async def test_slow_mode_says_how_long_to_wait(database):
    await post(database, BOB, saying("one"))
    async with database.session() as session:
        await session.execute(update(Room).values(slow_mode_seconds=60))
    with pytest.raises(SlowModeError) as refused:
        await post(database, BOB, saying("two"))
    assert 0 < refused.value.details["retry_after_ms"] <= 60_000


@pytest.mark.parametrize("body", ["see https://scam.example", "www.scam.example", "go to scam.xyz now"])
async def test_links_need_a_holding(database, hold, body):
    with pytest.raises(LinksNeedHoldingError):
        await post(database, BOB, saying(body))
    await hold(BOB, 1)
    assert (await post(database, BOB, saying(body))).badges == ["holder"]


async def test_one_percent_of_the_supply_makes_a_top_holder(database, hold):
    await hold(BOB, SUPPLY // 100)
    assert (await post(database, BOB, saying())).badges == ["top-holder"]


async def test_a_reply_names_a_message_of_the_same_room(database):
    parent = await post(database, ALICE, saying("question"))
    reply = await post(database, BOB, saying("answer", reply_to=UUID(parent.id)))
    assert reply.reply_to == parent.id
    with pytest.raises(ReplyElsewhereError):
        await post(database, BOB, saying("lost", reply_to=uuid4()))


async def test_authors_change_their_own_messages_only(database):
    message = await post(database, ALICE, saying("tpyo"))
    async with database.session() as session:
        edited = await service.edit_message(session, ALICE, EditMessage(id=UUID(message.id), body="typo"))
    assert (edited.body, edited.edited_at is not None) == ("typo", True)
    async with database.session() as session:
        with pytest.raises(NotYourMessageError):
            await service.edit_message(session, BOB, EditMessage(id=UUID(message.id), body="hacked"))
        with pytest.raises(NotYourMessageError):
            await service.delete_message(session, BOB, UUID(message.id))
    assert [(seq, kind) for seq, kind, _ in await told(database)] == [(1, "message.posted"), (2, "message.edited")]


async def test_an_edit_that_changes_nothing_is_not_told(database):
    message = await post(database, ALICE, saying("same"))
    async with database.session() as session:
        await service.edit_message(session, ALICE, EditMessage(id=UUID(message.id), body="same"))
    assert len(await told(database)) == 1


async def test_a_deleted_message_keeps_its_place_and_loses_its_words(database):
    message = await post(database, ALICE, saying("regret"))
    async with database.session() as session:
        await service.delete_message(session, ALICE, UUID(message.id))
    async with database.session() as session:
        page = await service.history(session, HistoryRequest(mint=MINT))
        with pytest.raises(MessageNotFoundError):
            await service.delete_message(session, ALICE, UUID(message.id))
    assert [(m.seq, m.body, m.deleted) for m in page.messages] == [(1, "", True)]
    assert page.head == 2


async def test_reactions_count_people_and_repeats_change_nothing(database):
    message = await post(database, ALICE, saying("moon"))
    rocket = ReactToMessage(id=UUID(message.id), emoji="🚀")
    async with database.session() as session:
        assert await service.react(session, ALICE, rocket) == 1
        assert await service.react(session, BOB, rocket) == 2
        assert await service.react(session, BOB, rocket) == 2
    async with database.session() as session:
        shown = (await service.view(session, UUID(message.id))).reactions
        assert [(r.emoji, r.count, sorted(r.authors)) for r in shown] == [("🚀", 2, sorted([ALICE, BOB]))]
        assert await service.react(session, BOB, rocket.model_copy(update={"on": False})) == 1
        assert await service.react(session, BOB, rocket.model_copy(update={"on": False})) == 1
    assert [seq for seq, *_ in await told(database)] == [1, 2, 3, 4]


async def test_history_is_paged_backwards_and_read_forwards(database):
    for n in range(7):
        await post(database, BOB, saying(f"{n}"))
    async with database.session() as session:
        newest = await service.history(session, HistoryRequest(mint=MINT, limit=3))
        older = await service.history(session, HistoryRequest(mint=MINT, limit=4, before=newest.messages[0].seq))
    assert [m.body for m in newest.messages] == ["4", "5", "6"]
    assert ([m.body for m in older.messages], newest.more, older.more) == (["0", "1", "2", "3"], True, False)


def test_text_loses_what_could_deceive():
    assert clean_text(" a\u202eb\u0000\r\n\n\n\n\nc\t ") == "ab\n\nc"
    assert clean_text("👨‍👩‍👧 é") == "👨‍👩‍👧 é"


@pytest.mark.parametrize("body", ["", " \u202e\n", "x" * (MAX_BODY + 1), "x" * 10_000])
def test_empty_and_endless_messages_are_refused(body):
    with pytest.raises(ValidationError):
        saying(body)
