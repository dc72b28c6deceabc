"""Allowlists are kept by their root, and forgotten when no sale names them."""

import pytest
from solders.pubkey import Pubkey
from sqlalchemy import text

from launchpad.chain import allowlist
from launchpad.db import Database
from launchpad.tokens import allowlists
from launchpad.tokens.allowlists import NoAllowlistError

WALLETS = [str(Pubkey(bytes([number] * 32))) for number in range(1, 6)]
STRANGER = str(Pubkey(bytes([9] * 32)))


@pytest.fixture
async def database(database_url):
    found = Database(database_url)
    yield found
    await found.close()


async def age(database, days):
    async with database.session() as session:
        await session.execute(
            text("UPDATE allowlists SET stored_at = now() - make_interval(days => :days)"), {"days": days}
        )


async def named(database, root):
    """Has terms on chain name a list."""
    async with database.session() as session:
        sale = '{"opening": {"allowlist": {"root": "' + root + '"}}}'
        await session.execute(text("INSERT INTO sale_terms VALUES ('terms', CAST(:sale AS jsonb))"), {"sale": sale})


async def test_a_listed_wallet_gets_the_proof_that_the_program_takes(database):
    root = await allowlists.store(database, WALLETS)
    assert await allowlists.store(database, [*reversed(WALLETS), WALLETS[0]]) == root
    proof = await allowlists.proof_under(database, root, WALLETS[3])
    assert proof is not None
    assert allowlist.is_listed(bytes.fromhex(root), WALLETS[3], proof)
    assert await allowlists.proof_under(database, root, STRANGER) is None
    assert await allowlists.proof_under(database, "00" * 32, WALLETS[3]) is None


async def test_lists_that_no_sale_names_are_forgotten_after_a_day(database):
    root, other = await allowlists.store(database, WALLETS), await allowlists.store(database, WALLETS[:2])
    await named(database, other)
    await age(database, 2)
    await allowlists.store(database, WALLETS[:3])
    assert await allowlists.proof_under(database, root, WALLETS[0]) is None
    assert await allowlists.proof_under(database, other, WALLETS[0]) is not None


async def test_a_sale_without_a_list_has_no_proofs(database):
    with pytest.raises(NoAllowlistError):
        await allowlists.show(database, STRANGER, WALLETS[0])
