"""The page of everything that a wallet can claim."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import insert, text, update

from launchpad.accounts import queries as accounts
from launchpad.accounts.credentials import hash_of, new_secret
from launchpad.chain.sale_terms import HoldersTier, OpeningRules, SaleTerms
from launchpad.tables.sales import Position

DAY = timedelta(days=1)


@pytest.fixture
async def owner(pages, market):
    """The creator of the market's tokens, signed in."""
    secret, now = new_secret(), datetime.now(UTC)
    async with market.database.session() as session:
        await accounts.touch_account(session, market.creator)
        await accounts.add_session(session, hash_of(secret), market.creator, "here", now, now + DAY)
    pages.cookies.set("sid", secret)
    return pages


def offers(html: str) -> list[tuple[str, dict, str]]:
    rows = html.split('<li class="claim"')[1:]
    return [
        (
            re.search(r'data-kind="(\w+)"', row)[1],
            json.loads(unescape(re.search(r'data-body="([^"]*)"', row)[1])),
            row,
        )
        for row in rows
    ]


async def test_fees_unlocks_and_refunds_stand_with_what_is_asked_for_them(owner, market):
    now = datetime.now(UTC)
    mint = market.tokens["ORB"]
    await market.lock(mint, starts_at=now - 9 * DAY, cliff_at=now - 8 * DAY, ends_at=now - DAY)
    missed = await market.add("Missed", "MISS", status="refunding")
    await market.give(missed, market.creator, 7 * 10**9)
    html = (await owner.get("/claims")).text
    found = {kind: (body, row) for kind, body, row in offers(html)}
    assert found["creator_fees"][0] == {"mint": mint, "creator": market.creator}
    assert "0.06 SOL" in found["creator_fees"][1]
    assert found["vesting"][0]["beneficiary"] == market.creator
    assert "100M ORB" in found["vesting"][1]
    assert found["refund"][0] == {"mint": missed, "holder": market.creator}
    assert "7 MISS" in found["refund"][1]
    assert re.search(r'id="waiting-sol">(<[^>]+>)?0.06 SOL<', html)


async def test_the_place_in_an_opening_waits_with_what_was_pledged(owner, market):
    mint, community = await market.add("Ruled", "RULE", age_minutes=60), market.tokens["ORB"]
    tier = HoldersTier(community, 5 * 10**9, 60)
    await market.promise(mint, SaleTerms(opening=OpeningRules(holders=tier)))
    now = datetime.now(UTC)
    async with market.database.session() as session:
        place = {"mint": mint, "wallet": market.creator, "opened_at": now, "pledged_at": now, "position": 1}
        await session.execute(insert(Position), place)
    [(body, row)] = [(body, row) for kind, body, row in offers((await owner.get("/claims")).text) if kind == "position"]
    assert body == {"mint": mint, "wallet": market.creator}
    assert "5 ORB" in row
    assert "that you pledged." in row
    async with market.database.session() as session:
        await session.execute(update(Position).values(closed_at=now))
    assert "that you pledged" not in (await owner.get("/claims")).text


async def test_nothing_to_claim_says_so(owner, market):
    async with market.database.session() as session:
        await session.execute(text("UPDATE curves SET creator_fees = 0 WHERE creator = :c"), {"c": market.creator})
    assert 'id="nothing">' in (await owner.get("/claims")).text


async def test_a_guest_is_asked_to_connect(pages, market):
    assert 'id="guest"' in (await pages.get("/claims")).text
