"""A token with a room, and two people."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from launchpad.db import Database
from launchpad.tables.accounts import Account
from launchpad.tables.tokens import Token
from launchpad.tables.trades import Holder

MINT = "Mint111111111111111111111111111111111111111"
ALICE = "A1ice111111111111111111111111111111111111111"
BOB = "Bob11111111111111111111111111111111111111111"
SUPPLY = 1_000_000


def token_row(mint: str = MINT, creator: str = ALICE) -> dict:
    return {
        "mint": mint,
        "creator": creator,
        "curve": mint[:-1] + "2",
        "token_program": "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb",
        "name": "Room",
        "symbol": "ROOM",
        "uri": "",
        "decimals": 9,
        "supply": SUPPLY,
        "supply_mode": "fixed",
        "creation_fee": 0,
        "launched_at": datetime.now(UTC),
        "slot": 1,
        "signature": "s",
    }


@pytest.fixture
async def database(database_url):
    database = Database(database_url, pool_size=4)
    async with database.session() as session:
        await session.execute(insert(Token).values(**token_row()))
        await session.execute(insert(Account), [{"address": ALICE, "display_name": "alice"}, {"address": BOB}])
    yield database
    await database.close()


@pytest.fixture
def hold(database):
    async def hold(owner: str, balance: int, mint: str = MINT) -> None:
        async with database.session() as session:
            await session.execute(insert(Holder).values(mint=mint, owner=owner, balance=balance))

    return hold
