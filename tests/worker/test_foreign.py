"""Tokens from elsewhere get their names from their mints."""

import base64

import pytest
from sqlalchemy import select, text

from launchpad.chain.addresses import TOKEN_2022
from launchpad.chain.keys import address_of, generate
from launchpad.tables.tokens import Token
from launchpad.worker.foreign import ATTEMPTS, ForeignMintJob
from tests.telling import number_all
from tests.worker.conftest import CREATOR, MINT


def _text(value):
    return len(value.encode()).to_bytes(4, "little") + value.encode()


def _mint(key, name, symbol, uri):
    """A Token-2022 mint of nine decimals with its metadata, byte by byte."""
    base = bytes(36) + (777).to_bytes(8, "little") + bytes((9, 1)) + bytes(36)
    metadata = bytes(32) + bytes(key.pubkey()) + _text(name) + _text(symbol) + _text(uri) + bytes(4)
    extension = (19).to_bytes(2, "little") + len(metadata).to_bytes(2, "little") + metadata
    data = base.ljust(165, b"\x00") + b"\x01" + extension
    return {"owner": TOKEN_2022, "data": [base64.b64encode(data).decode(), "base64"]}


class Accounts:
    """The one thing that the job asks of a node."""

    def __init__(self, accounts):
        self.accounts = accounts
        self.asked = 0

    async def get_account(self, address):
        self.asked += 1
        return self.accounts.get(address)


@pytest.fixture
def foreign(launch, database):
    """`await foreign(mint)`: a token as its curve alone shows it."""

    async def foreign(mint):
        await launch("", mint=mint)
        async with database.session() as session:
            await session.execute(text("UPDATE tokens SET name = left(mint, 8), symbol = left(mint, 4)"))

    return foreign


async def test_a_mint_names_its_token(database, foreign, database_url):
    key = generate()
    mint = address_of(key)
    await foreign(mint)
    job = ForeignMintJob(database, Accounts({mint: _mint(key, "From\x00 afar", "AFAR", "https://example.com/a.json")}))
    await job.run()
    await number_all(database_url)
    async with database.read() as session:
        token = await session.scalar(select(Token).where(Token.mint == mint))
        told = (await session.execute(text("SELECT data FROM outbox WHERE channel = 'market'"))).scalar_one()
    assert (token.name, token.symbol, token.uri, token.supply) == (
        "From afar",
        "AFAR",
        "https://example.com/a.json",
        777,
    )
    assert (told["symbol"], told["creator"]) == ("AFAR", CREATOR)
    await job.run()
    assert job.rpc.asked == 1


@pytest.mark.parametrize("account", [None, {"owner": "somebody", "data": ["", "base64"]}])
async def test_a_mint_that_says_nothing_is_asked_a_few_times(database, foreign, account):
    await foreign(MINT)
    job = ForeignMintJob(database, Accounts({MINT: account}))
    for _ in range(ATTEMPTS + 2):
        await job.run()
    assert job.rpc.asked == ATTEMPTS


async def test_tokens_of_our_launcher_are_left_alone(database, launch):
    await launch("ipfs://somewhere")
    job = ForeignMintJob(database, Accounts({}))
    await job.run()
    assert job.rpc.asked == 0
