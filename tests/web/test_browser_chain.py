"""What time and forks do to the chain reaches the pages: locks open, and trades of dead forks go."""

import asyncio

import pytest
from playwright.async_api import expect

from launchpad.chain import keys
from launchpad.client import FirstBuy, LaunchpadClient, Lock, sol, units
from launchpad.db import connect_directly
from launchpad.indexer.fold import undo
from tests.web.people import TestWallet

SUPPLY = units("1000000000", 9)


@pytest.fixture
async def pad(cluster, airdrop):
    """A funded wallet that launches and trades without a browser."""
    keypair = keys.generate()
    await airdrop(keys.address_of(keypair), 5)
    async with LaunchpadClient(cluster.rpc_url, keypair) as pad:
        yield pad


async def opened(person, mint, trades):
    """The token's page once this many of its trades are indexed."""
    while True:
        answer = await person.context.request.get(f"{person.origin}/api/v1/tokens/{mint}/trades")
        if answer.ok and len((await answer.json())["data"]) == trades:
            return await person.open(f"/token/{mint}")
        await asyncio.sleep(0.05)


async def test_released_tokens_are_claimed_on_the_portfolio_page(meet, pad):
    lock = Lock(cliff_seconds=1, duration_seconds=2)
    launched = await pad.launch(
        "Slow Drawer", "DRAW", "https://example.org/d.json", supply=SUPPLY, first_buy=FirstBuy(sol("0.1"), lock=lock)
    )
    person = await meet(wallet=TestWallet(keypair=pad.keypair))
    await opened(person, launched.mint, 1)
    await person.connect("Test Wallet")
    page = await person.open("/portfolio")
    row = page.locator("#unlocks li")
    # The page itself notices that the last second of the lock is over.
    await expect(row).to_contain_text("All released")
    await row.get_by_role("button", name="Claim").click()
    await expect(row).to_contain_text("0 of 3.536M")
    await expect(row.get_by_role("button", name="Claim")).to_be_disabled()
    await expect(page.locator(f'.positions tr[data-mint="{launched.mint}"]')).to_contain_text("Slow Drawer")
    assert await pad.token_balance(launched.mint) == launched.first_buy


async def test_a_trade_of_a_dead_fork_leaves_the_page(meet, pad, origin):
    launched = await pad.launch("Two Roads", "ROAD", "https://example.org/r.json", supply=SUPPLY)
    await pad.buy(launched.mint, quote_in=sol("0.2"))
    reader = await meet()
    page = await opened(reader, launched.mint, 1)
    price, progress = page.locator('[data-live="price"]'), page.locator('[data-live="progress"]')
    before = [await place.text_content() for place in (price, progress)]
    await expect(page.locator(".network")).to_have_attribute("data-live", "live")

    lost = await pad.buy(launched.mint, quote_in=sol("0.3"))
    places = page.locator(f'[data-trade^="{lost.signature}"]')
    await expect(places).to_have_count(2)  # a row of the table, a line of the room
    await expect(price).not_to_have_text(before[0])

    connection = await connect_directly(origin.settings.database_url)
    async with connection.transaction():
        await undo(connection, [lost.signature])
    await connection.close()
    await expect(places).to_have_count(0)
    await expect(page.locator("#trades tr")).to_have_count(1)
    await expect(price).to_have_text(before[0])
    await expect(progress).to_have_text(before[1])
    await expect(page.locator('[data-live="trades"]')).to_have_text("1")
