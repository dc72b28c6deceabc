"""What the jobs work on: settings without a chain, a database, a token."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from launchpad.config import Settings
from launchpad.tables.tokens import Token

MINT = "Mint111111111111111111111111111111111111111"
CREATOR = "Creator1111111111111111111111111111111111111"


@pytest.fixture
def store_settings(database_url):
    return Settings(_env_file=None, database_url=database_url)


@pytest.fixture
def launch(database):
    """`await launch(uri, ...)`: a token whose document is at `uri`."""

    async def launch(uri, mint=MINT, metadata_hash=None):
        async with database.session() as session:
            await session.execute(
                insert(Token).values(
                    mint=mint,
                    creator=CREATOR,
                    curve=f"curve of {mint}"[:44],
                    token_program="TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb",
                    name="Example",
                    symbol="EXM",
                    uri=uri,
                    metadata_hash=metadata_hash,
                    decimals=9,
                    supply=10**18,
                    supply_mode="fixed",
                    creation_fee=0,
                    launched_at=datetime.now(UTC),
                    slot=1,
                    signature=f"launch of {mint}",
                )
            )

    return launch
