"""What has run its course is forgotten, what has not is kept."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select, text

from launchpad.outbox import head
from launchpad.tables.accounts import Account, Session, SignInChallenge
from launchpad.tables.bulk import BulkOperation, BulkTransaction
from launchpad.tables.chain import SentTransaction
from launchpad.tables.live import OutboxRow
from launchpad.worker import retention
from launchpad.worker.retention import forget_expired, forget_told

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


async def _count(database, table):
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize("at_once", [2, 5000])
async def test_told_events_are_kept_for_seven_days(database, monkeypatch, at_once):
    monkeypatch.setattr(retention, "ROWS_AT_ONCE", at_once)
    published = [NOW - 8 * DAY] * 5 + [NOW - 6 * DAY] * 2 + [NOW]
    values = [
        {"id": seq, "channel": "market", "type": "x", "seq": seq, "data": {}, "published_at": time}
        for seq, time in enumerate(published, 1)
    ]
    async with database.session() as session:
        await session.execute(insert(OutboxRow), values)
    assert await forget_told(database) == 5
    assert await _count(database, OutboxRow) == 3


async def test_a_channel_whose_events_are_forgotten_keeps_its_number(database):
    rows = [("token:old", 1, 7), ("token:old", 2, 8), ("token:both", 4, None), ("token:both", 5, 9)]
    values = [
        {"id": place, "channel": channel, "type": "x", "seq": seq, "market_seq": market, "data": {}}
        | {"published_at": NOW - (1 if (channel, seq) == ("token:both", 5) else 8) * DAY}
        for place, (channel, seq, market) in enumerate(rows, 1)
    ]
    async with database.session() as session:
        await session.execute(insert(OutboxRow), values)
    assert await forget_told(database) == 3
    assert [await head(database, name) for name in ("token:old", "token:both", "market")] == [2, 5, 9]
    async with database.read() as session:
        noted = await session.execute(text("SELECT channel, seq FROM channel_heads ORDER BY channel"))
    assert [tuple(row) for row in noted] == [("market", 8), ("token:old", 2)]


async def test_sessions_and_challenges_go_when_they_have_run_out(database):
    async with database.session() as session:
        await session.execute(insert(Account).values(address="alice"))
        for number, expires_at in enumerate((NOW - DAY, NOW + DAY)):
            values = {"id_hash": str(number), "address": "alice", "device": "d", "expires_at": expires_at}
            await session.execute(insert(Session).values(**values))
            challenge = {"request_id": str(number), "message_input": {}, "browser_hash": "b", "expires_at": expires_at}
            await session.execute(insert(SignInChallenge).values(**challenge))
    assert await forget_expired(database) == 2
    assert (await _count(database, Session), await _count(database, SignInChallenge)) == (1, 1)


async def test_transactions_go_long_after_their_end_and_never_before_it(database):
    ends = [("finalized", NOW - 31 * DAY), ("failed", NOW - 29 * DAY), ("sent", None), ("confirmed", NOW - 31 * DAY)]
    async with database.session() as session:
        for number, (status, settled_at) in enumerate(ends):
            values = {"signature": str(number), "payer": "p", "wire": "", "last_valid_block_height": 1}
            await session.execute(insert(SentTransaction).values(**values, status=status, settled_at=settled_at))
    assert await forget_expired(database) == 1
    async with database.read() as session:
        left = await session.execute(text("SELECT status FROM sent_transactions ORDER BY signature"))
    assert list(left.scalars()) == ["failed", "sent", "confirmed"]


async def test_operations_on_many_items_are_kept_for_ninety_days(database):
    whole = {"payer": "p", "mark": "m", "items": [], "tokens": [], "cost": {}}
    async with database.session() as session:
        for days in (91, 89):
            values = whole | {"id": uuid4(), "created_at": NOW - days * DAY}
            await session.execute(insert(BulkOperation).values(**values))
            part = {"operation_id": values["id"], "number": 0, "items": [], "wire": "", "status": "confirmed"}
            await session.execute(insert(BulkTransaction).values(**part, last_valid_block_height=1))
    assert await forget_expired(database) == 1
    assert (await _count(database, BulkOperation), await _count(database, BulkTransaction)) == (1, 1)
