"""Names and documents of classic tokens follow what their metadata says."""

import base64

import pytest
from solders.pubkey import Pubkey
from sqlalchemy import select, text

from launchpad.chain.addresses import TOKEN
from launchpad.chain.keys import address_of, generate
from launchpad.chain.metaplex import METAPLEX, metadata_account
from launchpad.tables.tokens import Token
from launchpad.worker import listed
from launchpad.worker.listed import ListedJob
from tests.metaplex import metadata_data
from tests.telling import number_all
from tests.worker.conftest import CREATOR


def account(mint, authority, *, mutable=True):
    """What the program keeps of a mint: Example, EXM, ipfs://x."""
    keys = (Pubkey.from_string(each) for each in (mint, authority))
    data = metadata_data(*keys, mutable=mutable)
    return {"owner": METAPLEX, "data": [base64.b64encode(data).decode(), "base64"]}


class Accounts:
    """The one thing that the job asks of a node."""

    def __init__(self, accounts):
        self.accounts = {metadata_account(mint): found for mint, found in accounts.items()}
        self.asked = []

    async def get_accounts(self, addresses):
        self.asked.append(len(addresses))
        return [self.accounts.get(address) for address in addresses]


@pytest.fixture
def classic(launch, database):
    """`await classic()`: the mint of a classic token whose metadata is the creator's."""

    async def make(authority=CREATOR):
        mint = address_of(generate())
        await launch("ipfs://old", mint=mint)
        async with database.session() as session:
            statement = (
                "UPDATE tokens SET token_program = :program, launch_record = :mint, update_authority = :authority, "
                "metadata_hash = repeat('a', 64), metadata_fetched_at = now(), metadata_attempts = 3 WHERE mint = :mint"
            )
            await session.execute(text(statement), {"program": TOKEN, "mint": mint, "authority": authority})
        return mint

    return make


async def stored(database, mint):
    async with database.read() as session:
        return await session.scalar(select(Token).where(Token.mint == mint))


async def test_other_texts_are_taken_over_told_and_their_document_fetched_again(database, database_url, classic):
    mint, heir = await classic(), address_of(generate())
    job = ListedJob(database, Accounts({mint: account(mint, heir)}))
    await job.run()
    token = await stored(database, mint)
    assert (token.name, token.symbol, token.uri, token.update_authority) == ("Example", "EXM", "ipfs://x", heir)
    assert (token.metadata_hash, token.metadata_fetched_at, token.metadata_attempts) == (None, None, 0)
    await job.run()
    await number_all(database_url)
    async with database.read() as session:
        told = (await session.execute(text("SELECT data FROM outbox WHERE channel = 'market'"))).scalars().all()
    assert [(each["name"], each["creator"]) for each in told if each["mint"] == mint] == [("Example", CREATOR)]


async def test_what_became_final_is_not_asked_again(database, classic):
    mint = await classic()
    accounts = Accounts({mint: account(mint, CREATOR, mutable=False)})
    job = ListedJob(database, accounts)
    await job.run()
    assert (await stored(database, mint)).update_authority is None
    await job.run()
    assert accounts.asked == [1]


async def test_a_missing_account_changes_nothing(database, classic):
    mint = await classic()
    await ListedJob(database, Accounts({})).run()
    assert (await stored(database, mint)).uri == "ipfs://old"


async def test_all_of_many_tokens_have_their_turn(database, classic, monkeypatch):
    monkeypatch.setattr(listed, "AT_ONCE", 2)
    mints = [await classic() for _ in range(3)]
    accounts = Accounts({mint: account(mint, CREATOR) for mint in mints})
    job = ListedJob(database, accounts)
    for _ in range(2):
        await job.run()
    assert accounts.asked == [2, 1]
    assert [(await stored(database, mint)).name for mint in mints] == ["Example"] * 3
